// The dashboard's server: one page, and the figures for it as JSON.  Each
// figure comes from one of the queries in sql/; libpq's variables (PGHOST,
// PGDATABASE ...) say which database, PORT where to listen on this machine.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express from 'express';
import pg from 'pg';

const port = Number(process.env.PORT || 8765);
const queries = ['overall', 'trend', 'segments', 'movers', 'comments'];

// Reads a file that lies beside this one.
const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

// Makes a query that psql runs as well, with its variables written as in
// :'plan', into one that takes parameters: $1, $2 ...
function load(name) {
	const parameters = [];
	const text = read(`sql/${name}.sql`).replace(/:'(\w+)'/g, (_, parameter) => {
		if (!parameters.includes(parameter))
			parameters.push(parameter);
		return `$${parameters.indexOf(parameter) + 1}`;
	});
	return { name, text, parameters };
}

// What may be asked for: how it must look, and what holds without it.
const month = { form: /^(19|20)\d\d-(0[1-9]|1[0-2])$/, is: 'a month such as 2025-03' };
const name = { form: /^[^\0]{0,100}$/, is: 'a name', otherwise: '' };
const filters = {
	from: month,
	until: month,
	plan: name,
	country: name,
	by: { form: /^(plan|country)$/, is: 'plan or country', otherwise: 'plan' },
	benchmark: {
		form: /^(-?(100(\.0+)?|\d{1,2}|\d{0,2}\.\d{1,6}))?$/,
		is: 'a number from -100 to 100',
		otherwise: '',
	},
};

// An error of the one who asks, not of this server.
class BadRequest extends Error {}

// Takes the filters from a query string, or says which one is wrong.
function parse(query) {
	const values = {};

	for (const [key, { form, is, otherwise }] of Object.entries(filters)) {
		values[key] = query[key] ?? otherwise;
		if (typeof values[key] !== 'string' || !form.test(values[key]))
			throw new BadRequest(`“${key}” must be ${is}.`);
	}
	if (values.from > values.until)
		throw new BadRequest('The period ends before it begins.');
	return { ...values, from: `${values.from}-01`, until: `${values.until}-01` };
}

const pool = new pg.Pool({
	application_name: 'nps dashboard',
	connectionTimeoutMillis: 5000,
	statement_timeout: 10000,
});
// An idle connection that breaks is replaced when it is needed next.
pool.on('error', (error) => console.error(`nps: ${error.message}`));

// Runs queries on one snapshot, so that no two figures contradict each other.
async function run(loaded, values) {
	const client = await pool.connect();
	const answer = {};

	try {
		await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
		for (const { name, text, parameters } of loaded)
			answer[name] = (await client.query(text, parameters.map((key) => values[key]))).rows;
		await client.query('COMMIT');
		client.release();
		return answer;
	} catch (error) {
		client.release(true);
		throw error;
	}
}

const app = express();
const loaded = queries.map(load);
const choices = [load('choices')];

app.disable('x-powered-by');
app.use((request, response, next) => {
	// No other site may read the answers through a name that leads here.
	if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ''))
		return response.status(403).json({ error: 'This page is for this machine only.' });
	response.set({
		'Cache-Control': 'no-store',
		// Plot puts a style element into each chart.
		'Content-Security-Policy': "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'",
		'Referrer-Policy': 'no-referrer',
		'X-Content-Type-Options': 'nosniff',
	});
	next();
});
app.get('/api/choices', async (request, response) => {
	response.json((await run(choices, {})).choices[0]);
});
app.get('/api/figures', async (request, response) => {
	response.json(await run(loaded, parse(request.query)));
});
app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));
for (const [path, file] of [['/d3.js', 'd3/dist/d3.min.js'], ['/plot.js', '@observablehq/plot/dist/plot.umd.min.js']])
	app.get(path, (request, response) => response.type('js').send(read(`node_modules/${file}`)));
app.use((error, request, response, next) => {
	if (error instanceof BadRequest)
		return response.status(400).json({ error: error.message });
	// Where two addresses of a host fail, the reasons are inside.
	const reason = error.message || error.errors?.[0]?.message || String(error);
	console.error(`nps: ${reason}`);
	response.status(500).json({ error: `The database gave no figures: ${reason}` });
});

if (!Number.isInteger(port) || port < 0 || port > 65535) {
	console.error(`nps: PORT is ${process.env.PORT}, which is no port`);
	process.exit(1);
}
const server = app.listen(port, '127.0.0.1', (error) => {
	if (error) {
		console.error(`nps: cannot listen on port ${port}: ${error.message}; PORT names another`);
		process.exit(1);
	}
	console.log(`The dashboard: http://127.0.0.1:${server.address().port}/ (Ctrl-C ends it)`);
});
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => process.exit(0));
