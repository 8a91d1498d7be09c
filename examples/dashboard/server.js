// The dashboard's server: one page, and the figures for it as JSON.  Each figure
// comes from one of the queries in sql/.  settings.js has what the environment
// may say, connection.js how the database is found, source.js what is read there.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import querystring from 'node:querystring';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { csv, listed } from './comments.js';
import { Database } from './database.js';
import { BadRequest, parse } from './filters.js';
import { settings as readSettings } from './settings.js';
import { setup } from './setup.js';
import { pieces } from './source.js';

const figures = ['overall', 'trend', 'segments', 'movers', 'segment_trend', 'funnel', 'spread', 'left_out', 'rate'];
const ofSegments = ['segments', 'movers', 'segment_trend', 'funnel'];
const smallMultiples = '12';

// An error in words on one line; where two addresses of a host fail, the reasons are inside.
const reason = (error) => (error.message || error.errors?.[0]?.message || String(error)).replace(/\s*\n\s*/g, ' ');

// An error for the page: a code that it has words for, and the words in English.
const report = (error) => (error instanceof BadRequest
	? { code: error.code, details: error.details, error: error.message }
	: { code: error.code === '57014' ? 'slow' : 'database', details: { reason: reason(error) }, error: reason(error) });

// The figures that there are for this source, or those of them that are asked for.
function wanted(source, only) {
	const there = figures.filter((name) => (source.segments.length > 0 || !ofSegments.includes(name)) && (source.invitations || name !== 'rate'));

	if (only === undefined)
		return there;
	const strange = only.split(',').find((name) => !there.includes(name));
	if (strange !== undefined)
		throw new BadRequest('unknown_filter', { name: strange }, `There is no figure “${strange}”.`);
	return only.split(',');
}

function serve(settings, source, database) {
	const app = express();
	const page = fileURLToPath(new URL('public', import.meta.url));
	const module = (path) => readFileSync(new URL(`node_modules/${path}`, import.meta.url), 'utf8');
	const allowed = ['127.0.0.1', 'localhost', '[::1]', ...settings.hosts];

	app.disable('x-powered-by');
	app.set('query parser', (text) => querystring.parse(text, '&', '=', { maxKeys: 0 }));
	app.use((request, response, next) => {
		// No other site may read the answers through a name that leads here.
		if (!allowed.includes((request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')))
			return response.status(403).json({ code: 'host', details: {}, error: 'This page is not served under that name; HOSTS allows others.' });
		response.set({
			'Cache-Control': 'no-store',
			// Plot puts a style element into each chart.
			'Content-Security-Policy': "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
			'Referrer-Policy': 'no-referrer',
			'X-Content-Type-Options': 'nosniff',
		});
		next();
	});

	// What there is to choose from, and where it comes from.
	app.get('/api/choices', async (request, response) => {
		const facts = await database.facts(true);
		response.json({
			title: settings.title, minimum: settings.minimum, zone: settings.zone, kind: source.kind, ...facts,
			segments: source.segments.map(({ name, label, key }) => ({ name, label, ...facts.choices[key] })),
			choices: undefined,
			comments: source.comment !== null, calls: source.customer !== null || source.comment !== null, rate: source.invitations !== null,
		});
	});

	// All figures of one snapshot, one a line as soon as it is there: an error in one spares the others.
	app.get('/api/figures', async (request, response) => {
		const facts = await database.facts();
		const asked = parse(request.query, source, facts);
		const names = wanted(source, request.query.only);
		await database.check(asked.chosen);
		const values = { ...asked.values, ...asked.chosen, minimum: settings.minimum, most: smallMultiples, as_of: facts.as_of_here };

		await database.snapshot(response, async (query) => {
			response.type('application/x-ndjson');
			response.write(`${JSON.stringify({ name: 'asked', ...asked.values, by: asked.by?.name ?? '' })}\n`);
			for (const name of names) {
				const since = performance.now();
				const answer = await query(name, pieces(source, asked), values).then((rows) => ({ rows }), report);
				response.write(`${JSON.stringify({ name, ms: Math.round(performance.now() - since), ...answer })}\n`);
			}
			response.end();
		});
	});

	app.get('/api/comments', async (request, response) => {
		const asked = parse(request.query, source, await database.facts());
		await database.check(asked.chosen);
		await database.snapshot(response, async (query) => response.json(await listed(source, asked, query)));
	});
	app.get('/api/comments.csv', async (request, response) => {
		const asked = parse(request.query, source, await database.facts());
		await database.check(asked.chosen);
		await database.snapshot(response, (query, client) => csv(source, asked, client, response, request.query.lang));
	});

	app.use(express.static(page));
	for (const [path, file] of [['/d3.js', 'd3/dist/d3.min.js'], ['/plot.js', '@observablehq/plot/dist/plot.umd.min.js']]) {
		const text = module(file);
		app.get(path, (request, response) => response.type('js').send(text));
	}
	app.use((request, response) => response.status(404).json({ code: 'nothing', details: {}, error: 'There is nothing here.' }));
	app.use((error, request, response, next) => {
		if (!(error instanceof BadRequest))
			console.error(`nps: ${reason(error)}`);
		if (response.headersSent)
			return response.destroy();
		response.status(error instanceof BadRequest ? 400 : 503).json(report(error));
	});

	// A filter may hold many long values, and they all are in the address.
	const server = http.createServer({ maxHeaderSize: 1 << 20 }, app);
	server.on('error', (error) => {
		console.error(`nps: cannot listen on port ${settings.port} of ${settings.listen}: ${reason(error)}; PORT and LISTEN name others`);
		process.exit(1);
	});
	server.listen(settings.port, settings.listen, () => {
		const { address, family, port } = server.address();
		console.log(`The dashboard: http://${family === 'IPv6' ? `[${address}]` : address}:${port}/ (Ctrl-C ends it)`);
	});
}

try {
	const settings = readSettings();
	const database = new Database(settings);
	const source = await database.open();

	if (settings.setup !== '') {
		process.stdout.write(await setup(source, database));
		await database.close();
	} else {
		for (const notice of source.notices)
			console.error(`nps: ${notice}`);
		for (const signal of ['SIGINT', 'SIGTERM'])
			process.on(signal, () => process.exit(0));
		serve(settings, source, database);
	}
} catch (error) {
	console.error(`nps: ${reason(error)}`);
	process.exit(1);
}
