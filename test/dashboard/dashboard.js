// What make test-dashboard runs: starts the dashboard as make dashboard does,
// opens it in Chromium, compares what it shows with what psql says, and ends
// it.  With SCREENSHOTS=folder it leaves pictures there.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';

// The packages are the dashboard's.
const { chromium } = createRequire(new URL('../../examples/dashboard/package.json', import.meta.url))('playwright-core');

const bindir = execFileSync(process.env.PG_CONFIG || 'pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
let passed = 0;
let failed = 0;
let base;
let folder;
let page;

// Runs one test and counts it.
async function test(name, body) {
	try {
		await body();
		passed++;
		console.log(`ok - ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok - ${name}\n${String(error.stack ?? error).replace(/^/gm, '#   ')}`);
	}
}

// What psql answers, as rows of texts; NULL is the dash that the page shows.
function psql(text, variables = {}) {
	const output = execFileSync(`${bindir}/psql`, [
		'-XAtq', '-v', 'ON_ERROR_STOP=1', '-F', '\t', '-P', 'null=–', '-h', folder, '-U', 'postgres', '-d', 'dashboard',
		...Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]),
	], { input: text, encoding: 'utf8', env: { ...process.env, PGPORT: '5432', PGOPTIONS: '-c timezone=UTC' } });
	return output.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

// Figures as the page writes them, and without their sign as SQL does.
const shown = (text) => text.replace('-', '−');
const plain = (text) => text.replace('−', '-').replace('+', '').replaceAll(',', '');

// Waits until the page shows what was asked last.
const settled = () => page.waitForSelector('main[aria-busy=false]', { state: 'attached' });

// Opens the page with these filters.
async function open(filters = '') {
	await page.goto(base + filters);
	await settled();
}

// Does something, and waits for the figures that it asks for.
async function changing(action) {
	await Promise.all([page.waitForResponse(/api\/figures/, { timeout: 10000 }), action()]);
	await settled();
}

// A text on the page.
const textOf = (selector) => page.locator(selector).first().textContent();

// A filter, by the name that a screen reader says.
const field = (name) => page.getByRole(name === 'Benchmark' ? 'spinbutton' : 'combobox', { name, exact: true });

// The rows of the table behind a chart.
const tableOf = (id) => page.locator(`#${id} tbody tr`).evaluateAll((rows) =>
	rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

// The score of some answers by the formula that the extension replaces.
const score = (where) => psql(`SELECT round(100.0 * (count(*) FILTER (WHERE score >= 9)
	- count(*) FILTER (WHERE score <= 6)) / nullif(count(score), 0), 1) FROM responses WHERE ${where}`)[0][0];

const in2024 = "answered_at >= '2024-01-01' AND answered_at < '2025-01-01'";
const in2025 = "answered_at >= '2025-01-01' AND answered_at < '2026-01-01'";

// Starts what make dashboard runs and reads from it where page and data are.
function start() {
	const child = spawn('tools/dashboard', {
		env: { ...process.env, PORT: '0' }, detached: true, stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';

	child.exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
	return new Promise((resolve, reject) => {
		child.stdout.on('data', (data) => {
			output += data;
			base = /The dashboard: (http:\S+)/.exec(output)?.[1];
			folder = /psql -h (\S+)/.exec(output)?.[1];
			if (base && folder)
				resolve(child);
		});
		child.exited.then((status) => reject(new Error(`make dashboard ended with ${status}:\n${output}`)));
	});
}

// Whether somebody listens there.
const listens = (host) => new Promise((resolve) => {
	const socket = net.connect({ host, port: new URL(base).port, timeout: 2000 }, () => resolve(true));
	socket.on('error', () => resolve(false));
	socket.on('timeout', () => resolve(false));
	socket.on('close', () => socket.destroy());
});

// Every test that needs the page.
async function tests(browser) {
	const requests = [];
	const complaints = [];
	const watch = (watched) => {
		watched.on('request', (request) => requests.push(request.url()));
		watched.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
		watched.on('pageerror', (error) => complaints.push(error.message));
	};

	page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
	watch(page);
	await open();

	await test('it listens on loopback only', async () => {
		assert(base.startsWith('http://127.0.0.1:'), base);
		assert(await listens('127.0.0.1'));
		for (const { address, internal } of Object.values(os.networkInterfaces()).flat())
			assert(internal || !await listens(address), `it listens on ${address}`);
	});

	await test('the score and its margin are those of the answers', async () => {
		const [[margin, lower, upper, answers]] = psql(`SELECT round(nps_margin(t), 1), round(lower(nps_interval(t)), 1),
			round(upper(nps_interval(t)), 1), nps_responses(t) FROM (SELECT nps_tally(score) FROM responses WHERE ${in2025}) AS a (t)`);

		assert.equal(await textOf('#score .big'), shown(`${score(in2025)} ± ${margin}`));
		assert.equal(await textOf('#score .quiet'), shown(`95 % interval ${lower} to ${upper}`));
		assert.equal(plain(await textOf('#shares .big')), answers);
	});

	await test('the change is the difference of the scores, and real by nps_test', async () => {
		const [[difference, lower, upper, real]] = psql(`SELECT round(nps_score(b) - nps_score(a), 1), round(lower, 1),
			round(upper, 1), p_value < 0.05 FROM (SELECT nps_tally(score) FILTER (WHERE ${in2024}), nps_tally(score)
			FILTER (WHERE ${in2025}) FROM responses) AS t (a, b), nps_test(b, a)`);

		assert.equal(real, 't');
		assert.equal(await textOf('#real'), '✓ real');
		assert.match(await textOf('#change .big'), new RegExp(`^\\+${difference} `));
		assert.match(await textOf('#change'), new RegExp(`from ${score(in2024)} in the period before`));
		assert((await textOf('#change')).includes(`95 % interval +${lower} to +${upper}, p < 0.001`));
	});

	await test('a change that may be chance is called that', async () => {
		await open('?from=2025-07&until=2025-07');
		const [[p]] = psql(`SELECT round(p_value::numeric, 3) FROM (SELECT
			nps_tally(score) FILTER (WHERE answered_at >= '2025-07-01' AND answered_at < '2025-08-01'),
			nps_tally(score) FILTER (WHERE answered_at >= '2025-06-01' AND answered_at < '2025-07-01')
			FROM responses) AS t (a, b), nps_test(a, b)`);

		assert(Number(p) >= 0.05);
		assert.equal(await textOf('#real'), '≈ may be chance');
		assert((await textOf('#change')).includes(`p = ${p}`));
	});

	await test('the trend is the score of each month', async () => {
		await open();
		const rows = await tableOf('trend');

		assert.equal(rows.length, 12);
		assert.deepEqual(rows.map((row) => plain(row[2])), psql(`SELECT round(100.0 * (count(*) FILTER (WHERE score >= 9)
			- count(*) FILTER (WHERE score <= 6)) / count(score), 1) FROM responses WHERE ${in2025}
			GROUP BY date_trunc('month', answered_at) ORDER BY date_trunc('month', answered_at)`).flat());
		assert.deepEqual(rows.map((row) => [row[1], row[3], row[4]].map(plain)), psql(`SELECT count(score),
			round(lower(nps_interval(nps_tally(score))), 1), round(upper(nps_interval(nps_tally(score))), 1)
			FROM responses WHERE ${in2025} GROUP BY date_trunc('month', answered_at) ORDER BY date_trunc('month', answered_at)`));
		assert.deepEqual(rows.filter((row) => row[5] === 'yes').map((row) => row[0]), ['March 2025', 'April 2025'], 'the outage');
		await open('?from=2025-03&until=2025-03');
		assert.deepEqual((await tableOf('trend')).map((row) => row[5]), ['yes'], 'the month before is outside the period');
		await open('?from=2024-01&until=2024-02');
		assert.deepEqual((await tableOf('trend')).map((row) => row[5]), ['–', 'no'], 'the first month has none before');
	});

	await test('the shares are those of each month', async () => {
		await open();
		assert.deepEqual((await tableOf('monthly')).map((row) => row.slice(1)), psql(`SELECT
			round(100.0 * count(*) FILTER (WHERE score <= 6) / count(score), 1),
			round(100.0 * count(*) FILTER (WHERE score IN (7, 8)) / count(score), 1),
			round(100.0 * count(*) FILTER (WHERE score >= 9) / count(score), 1) FROM responses WHERE ${in2025}
			GROUP BY date_trunc('month', answered_at) ORDER BY date_trunc('month', answered_at)`));
		assert.equal(await page.locator('#monthly svg [aria-label=bar] rect').count(), 36);
	});

	await test('the segments are ranked, by plan and by country', async () => {
		for (const by of ['plan', 'country']) {
			await open(`?by=${by}`);
			assert.deepEqual((await tableOf('segments')).map((row) => [row[0], plain(row[2])]), psql(`SELECT ${by},
				round(100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(score), 1) AS nps
				FROM responses WHERE ${in2025} GROUP BY 1 ORDER BY nps DESC`));
			assert.equal(await page.locator('#segments svg [aria-label=dot]').count(), (await tableOf('segments')).length);
		}
	});

	await test('the benchmark is the user’s, and segments are judged by it', async () => {
		await open();
		assert.equal(await textOf('#target .big'), '–');
		await changing(async () => {
			await field('Benchmark').fill('19.5');
			await page.keyboard.press('Enter');
		});
		for (const [segment, , , lower, upper, verdict] of await tableOf('segments'))
			assert.equal(verdict, Number(plain(lower)) > 19.5 ? 'above' : Number(plain(upper)) < 19.5 ? 'below' : 'unclear', segment);
		assert.deepEqual(new Set((await tableOf('segments')).map((row) => row[5])), new Set(['above', 'unclear', 'below']));
		assert.match(await textOf('#segments svg'), /benchmark 19\.5/);
		assert.equal(plain(await textOf('#target .big')),
			psql(`SELECT nps_promoters_needed(nps_tally(score), 19.5) FROM responses WHERE ${in2025}`)[0][0]);
	});

	await test('a benchmark off the scale is not asked for', async () => {
		await open();
		const before = requests.length;

		await field('Benchmark').fill('150');
		await page.keyboard.press('Enter');
		await page.waitForTimeout(300);
		assert.equal(requests.length, before);
		assert.equal(await field('Benchmark').evaluate((input) => input.validity.rangeOverflow), true);
	});

	await test('what moved the score adds up to its change', async () => {
		await open('?from=2025-03&until=2025-03');
		const rows = await tableOf('movers');
		const change = Number(plain((await textOf('#change .big')).split(' ')[0]));

		assert.deepEqual(rows.map((row) => [0, 1, 2, 6, 7, 8].map((column) => plain(row[column]))), psql(`WITH plans AS (
			SELECT plan, nps_tally(score) FILTER (WHERE answered_at < '2025-03-01') AS a,
				nps_tally(score) FILTER (WHERE answered_at >= '2025-03-01') AS b
			FROM responses WHERE answered_at >= '2025-02-01' AND answered_at < '2025-04-01' GROUP BY plan)
			SELECT plan, round(nps_score(a), 1), round(nps_score(b), 1), round(rate, 2), round(mix, 2), round(total, 2)
			FROM plans, (SELECT sum(a), sum(b) FROM plans) AS whole (all_a, all_b), nps_change(a, b, all_a, all_b)
			ORDER BY abs(total) DESC`));
		assert(Math.abs(rows.reduce((sum, row) => sum + Number(plain(row[8])), 0) - change) < 0.1);
		assert.equal(rows[0][0], 'Basic');
		assert(rows[0][8].startsWith('−'));
	});

	await test('filters change every figure, and the address keeps them', async () => {
		await open();
		const before = await textOf('#score .big');

		await changing(() => field('Plan').selectOption('Pro'));
		await changing(() => field('Country').selectOption('FR'));
		await changing(() => field('From').selectOption('2025-06'));
		await changing(() => field('To').selectOption('2025-08'));
		const expected = score("plan = 'Pro' AND country = 'FR' AND answered_at >= '2025-06-01' AND answered_at < '2025-09-01'");

		assert.notEqual(await textOf('#score .big'), before);
		assert((await textOf('#score .big')).startsWith(`${shown(expected)} ±`));
		assert.deepEqual((await tableOf('trend')).map((row) => row[0]), ['June 2025', 'July 2025', 'August 2025']);
		assert.deepEqual((await tableOf('segments')).map((row) => row[0]), ['Pro']);
		assert.equal(await textOf('#scope'), 'June 2025 to August 2025, Pro, FR');
		assert(!(await page.locator('#comments li').allTextContents()).some((text) => !text.includes('Pro, FR')));
		await page.reload();
		await settled();
		assert((await textOf('#score .big')).startsWith(`${shown(expected)} ±`));
	});

	await test('psql runs the dashboard’s queries as they are', async () => {
		const variables = { from: '2025-06-01', until: '2025-08-01', plan: 'Pro', country: 'FR', by: 'plan', benchmark: '20' };

		for (const file of readdirSync('examples/dashboard/sql'))
			assert(psql(readFileSync(`examples/dashboard/sql/${file}`, 'utf8'), variables).length > 0, file);
	});

	await test('a period without one before it has no change', async () => {
		await open('?from=2024-01&until=2024-06');
		assert.equal(await textOf('#change .big'), '–');
		assert.match(await textOf('#change'), /No answers in the period before/);
		assert.match(await textOf('#movers'), /Nothing to compare/);
	});

	await test('the comments are the latest, detractors first', async () => {
		await open();
		assert.deepEqual(await page.locator('#comments h3').allTextContents(), ['From detractors', 'From passives', 'From promoters']);
		assert.deepEqual(await page.locator('#comments li.detractor').evaluateAll((items) => items.map((item) => item.firstChild.textContent)),
			psql(`SELECT comment FROM responses WHERE comment IS NOT NULL AND score <= 6 AND ${in2025} ORDER BY answered_at DESC, response_id DESC LIMIT 6`).flat());
		assert.equal(await page.locator('#comments .passive .call, #comments .promoter .call').count(), 0);
	});

	await test('who has given a better answer since is not called back', async () => {
		const customers = await page.locator('#comments .call').allTextContents();
		const customer = /\d+/.exec(customers[0])[0];

		psql(`INSERT INTO responses VALUES (0, ${customer}, '2026-01-02', 'Pro', 'FR', 9, NULL)`);
		await open();
		psql('DELETE FROM responses WHERE response_id = 0');
		assert((await textOf('#comments li.detractor')).includes(`Customer ${customer} has given a better answer since`));
		assert.equal(await page.locator('#comments .call').count(), customers.length - 1);
	});

	await test('a comment is text, never HTML', async () => {
		psql(`INSERT INTO responses VALUES (-1, 1, '2025-12-31 23:59:59', 'Pro', 'FR', 0, '<img src=x onerror="document.title=1"> & <b>bold</b>')`);
		await open();
		psql('DELETE FROM responses WHERE response_id = -1');
		assert((await textOf('#comments li.detractor')).startsWith('<img src=x onerror="document.title=1"> & <b>bold</b>'));
		assert.equal(await page.locator('#comments img, #comments b').count(), 0);
	});

	await test('months without answers are gaps, never 0', async () => {
		const gone = ['2025-05', '2025-06', '2025-08'].map((month) => `'${month}-01'`).join();

		psql(`CREATE TABLE kept AS SELECT * FROM responses WHERE date_trunc('month', answered_at)::date IN (${gone});
			DELETE FROM responses WHERE date_trunc('month', answered_at)::date IN (${gone});
			REFRESH MATERIALIZED VIEW monthly_tallies`);
		try {
			await open();
			await picture('gaps', page);
			const rows = await tableOf('trend');

			assert.equal(rows.length, 12);
			assert.deepEqual(rows.filter((row) => row[2] === '–').map((row) => row.slice(0, 5)),
				['May 2025', 'June 2025', 'August 2025'].map((month) => [month, '0', '–', '–', '–']));
			for (const mark of ['line', 'area'])
				assert.equal((await page.locator(`#trend svg [aria-label=${mark}] path`).first().getAttribute('d')).match(/M/g).length, 3, `${mark} in three pieces`);
			assert.equal(await page.locator('#trend svg [aria-label=dot] path, #trend svg [aria-label=dot] circle').count(), 9);
			assert.equal(await page.locator('#monthly svg [aria-label=bar] rect').count(), 27);
			await open('?from=2025-05&until=2025-06');
			assert.equal(await textOf('#score .big'), '–');
			for (const id of ['score', 'change', 'trend', 'monthly', 'segments'])
				assert.match(await textOf(`#${id}`), /No answers in this period/);
			assert.equal(await page.locator('#figures svg').count(), 0);
		} finally {
			psql('INSERT INTO responses SELECT * FROM kept; DROP TABLE kept; REFRESH MATERIALIZED VIEW monthly_tallies');
		}
	});

	await test('what is asked for is checked', async () => {
		const status = async (filters, headers) => {
			const response = await page.request.get(`${base}api/figures?${filters}`, { headers });
			return [response.status(), (await response.json()).error];
		};
		const period = 'from=2025-01&until=2025-12';

		assert.deepEqual(await status(`${period}&benchmark=150`), [400, '“benchmark” must be a number from -100 to 100.']);
		assert.deepEqual(await status('from=2025-01'), [400, '“until” must be a month such as 2025-03.']);
		assert.deepEqual(await status('from=2025-13&until=2025-12'), [400, '“from” must be a month such as 2025-03.']);
		assert.deepEqual(await status('from=2025-12&until=2025-01'), [400, 'The period ends before it begins.']);
		assert.deepEqual(await status(`${period}&by=score`), [400, '“by” must be plan or country.']);
		assert.deepEqual(await status(`${period}&plan=a&plan=b`), [400, '“plan” must be a name.']);
		assert.deepEqual(await status(`${period}&plan=%00`), [400, '“plan” must be a name.']);
		assert.deepEqual(await status(`${period}&plan=${encodeURIComponent("'; DROP TABLE responses; --")}`), [200, undefined]);
		assert.deepEqual(await status(period, { Host: 'example.com' }), [403, 'This page is for this machine only.']);
		for (const benchmark of ['-100', '100', '0.5', '-99.25'])
			assert.equal((await status(`${period}&benchmark=${benchmark}`))[0], 200, benchmark);
	});

	await test('a period that ends before it begins is a message', async () => {
		await open('?from=2025-12&until=2025-01');
		assert.equal(await page.getByRole('alert').textContent(), 'The period ends before it begins.');
		assert.equal(await page.locator('#figures').isVisible(), false);
		await changing(() => field('From').selectOption('2025-01'));
		assert.equal(await page.getByRole('alert').textContent(), '');
		assert.equal(await page.locator('#figures').isVisible(), true);
	});

	await test('by keyboard alone: skip, choose, open a table', async () => {
		await open();
		const focused = () => page.evaluate(() => document.activeElement.name ?? document.activeElement.id ?? '');
		const order = [];

		await page.keyboard.press('Tab');
		assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
		for (let i = 0; i < 6; i++) {
			await page.keyboard.press('Tab');
			order.push(await focused());
		}
		assert.deepEqual(order, ['from', 'until', 'plan', 'country', 'by', 'benchmark']);
		await field('Plan').focus();
		await changing(() => page.keyboard.press('ArrowDown'));
		assert((await textOf('#score .big')).startsWith(`${shown(score(`plan = 'Basic' AND ${in2025}`))} ±`));
		await page.locator('#trend summary').focus();
		await page.keyboard.press('Enter');
		assert.equal(await page.locator('#trend table').isVisible(), true);
		await page.keyboard.press('Tab');
		assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'region', 'the table scrolls by keyboard');
		await page.locator('.skip').focus();
		await page.keyboard.press('Enter');
		assert.equal(await focused(), 'figures');
	});

	await test('a screen reader finds names, tables and news', async () => {
		await open('?benchmark=20');
		assert.equal(await page.locator('#figures svg').count(), 4);
		for (const id of ['trend', 'monthly', 'segments', 'movers']) {
			const svg = page.locator(`#${id} svg`);

			assert.equal(await svg.getAttribute('role'), 'img');
			assert.match(await svg.getAttribute('aria-label'), /\w+ .*The table below has the figures\.$/);
			assert.notEqual(await textOf(`#${id} caption`), '');
			assert.equal(await page.locator(`#${id} thead th:not([scope=col]), #${id} tbody th:not([scope=row])`).count(), 0);
		}
		for (const input of await page.locator('select, input').all())
			assert.equal(await input.evaluate((element) => element.labels.length), 1);
		assert.match(await page.getByRole('status').textContent(), /^Score 18\.8, plus or minus 0\.6: January 2025/);
		assert.equal(await page.getAttribute('html', 'lang'), 'en');
	});

	for (const scheme of ['light', 'dark'])
		for (const [name, width] of [['desktop', 1200], ['phone', 390]])
			await test(`${scheme}, on a ${name}: nothing sticks out, text has contrast`, async () => {
				page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
				watch(page);
				await open('?benchmark=20');
				assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
				for (const svg of await page.locator('#figures svg').all())
					assert(await svg.evaluate((element) => element.clientWidth <= element.parentElement.clientWidth));
				await picture(`${name}-${scheme}`, page);
				for (const [ratio, pair] of await page.evaluate(contrasts))
					assert(ratio >= 4.5, `${pair}: ${ratio}`);
			});

	await test('a narrower window gets narrower charts', async () => {
		await open();
		await page.setViewportSize({ width: 1100, height: 900 });
		await page.waitForTimeout(300);
		const drawn = async () => Number(await page.locator('#trend svg').getAttribute('width'));
		const wide = await drawn();

		await page.setViewportSize({ width: 320, height: 900 });
		await page.waitForTimeout(300);
		assert(await drawn() < wide, 'drawn anew, not shrunk');
		assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling at 320');
	});

	await test('no error on the console', () => assert.deepEqual(complaints.filter((text) => !text.includes('400 (Bad Request)')), []));

	await test('an error of the database is a message, not an empty chart', async () => {
		psql('ALTER MATERIALIZED VIEW monthly_tallies RENAME TO elsewhere');
		try {
			await changing(() => field('Plan').selectOption('Pro'));
			assert.equal(await page.getByRole('alert').textContent(), 'The database gave no figures: relation "monthly_tallies" does not exist');
			assert.equal(await page.locator('#figures').isVisible(), false);
			await picture('error', page);
			await page.reload();
			await page.getByText('The database gave no figures').waitFor();
			await page.goto(`${base}?plan=Free`);
			await page.getByText('The database gave no figures').waitFor();
		} finally {
			psql('ALTER MATERIALIZED VIEW elsewhere RENAME TO monthly_tallies');
		}
		await open();
		assert.equal(await page.getByRole('alert').textContent(), '');
		assert.equal(await page.locator('#figures').isVisible(), true);
	});

	await test('broken connections are replaced', async () => {
		await open();
		psql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'nps dashboard'");
		await page.waitForTimeout(300);
		await open();
		assert.equal(await page.locator('#figures').isVisible(), true);
	});

	await test('no request leaves this machine', () => {
		assert(requests.length > 20);
		assert.deepEqual(requests.filter((url) => !url.startsWith(base) && !url.startsWith('data:')), []);
	});
}

// A picture of the whole page, if they are wanted.
async function picture(name, of) {
	if (!process.env.SCREENSHOTS)
		return;
	mkdirSync(process.env.SCREENSHOTS, { recursive: true });
	await of.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
}

// Runs in the page: the contrast of each text with what lies below it.
function contrasts() {
	const luminance = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255)
		.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
		.reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
	const below = (element) => {
		const colour = getComputedStyle(element).backgroundColor;
		return colour !== 'rgba(0, 0, 0, 0)' || !element.parentElement ? colour : below(element.parentElement);
	};

	return [...document.querySelectorAll('h1, h2, h3, p, label, summary, footer, select, .badge, .call')].map((element) => {
		const [light, dark] = [getComputedStyle(element).color, below(element)].map(luminance).sort((a, b) => b - a);
		return [(light + 0.05) / (dark + 0.05), `${element.tagName} ${element.className} ${element.textContent.slice(0, 20)}`];
	});
}

const child = await start().catch((error) => {
	console.log(`not ok - ${error.message}\n0 passed, 1 failed`);
	process.exit(1);
});
// Whatever happens, nothing that was started here stays.
const end = () => { try { process.kill(-child.pid, 'SIGINT'); } catch { /* it has ended */ } };
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(signal, () => process.exit(1));

await test('the whole run ends', async () => {
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
	try {
		await tests(browser);
	} finally {
		await browser.close();
	}
});

await test('Ctrl-C ends all, and nothing is left', async () => {
	end();
	assert.equal(await child.exited, 130);
	assert(!existsSync(folder), `${folder} is left`);
	assert(!await listens('127.0.0.1'), 'somebody still listens');
	const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
		try {
			return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
		} catch {
			return false;
		}
	});
	assert.deepEqual(left, [], 'a process is left');
});

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
