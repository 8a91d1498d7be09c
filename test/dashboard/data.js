// Data as real tables have them: NULLs, scores off the scale, strange names, long
// values, forty segments, nothing at all.

import assert from 'node:assert/strict';
import { Page, complaints, demo, json, makeDatabase, plain, psql, serve, test } from './harness.js';

const long = 'Une très longue région qui n’en finit pas, '.repeat(4).trim();
const table = `"Réponses d'avril"`;
const score = '"How likely are you to recommend us?"';

// Answers over the last 500 days: 40 regions and more, one of them tiny.
const make = `
	CREATE TYPE tier AS ENUM ('Gold', 'Silver');
	CREATE TABLE ${table} (${score} numeric(4,1), "When, exactly" timestamp, "Sales ""region""" text, tier tier, "from" boolean, "Why?" varchar(5000), client text);
	SELECT setseed(0.5);
	INSERT INTO ${table}
	SELECT CASE WHEN n % 53 = 0 THEN NULL ELSE least(10, floor(11 * sqrt(random()))) END,
		now()::timestamp - (n % 500) * interval '1 day' - random() * interval '1 day',
		CASE n % 41 WHEN 0 THEN NULL WHEN 1 THEN '${long.replaceAll("'", "''")}' WHEN 2 THEN '' WHEN 3 THEN '<b>bold</b> & "quoted"' ELSE 'Region ' || n % 41 END,
		CASE n % 3 WHEN 0 THEN 'Gold'::tier WHEN 1 THEN 'Silver' END, n % 7 = 0,
		CASE n % 5 WHEN 0 THEN E'First line\\nsecond line' WHEN 1 THEN '50% off_ \\ ' || repeat('averyveryverylongword', 20) WHEN 2 THEN '=1+1' WHEN 3 THEN '   ' END, 'c' || n % 3000
	FROM generate_series(1, 12000) AS n;
	INSERT INTO ${table} VALUES
		(8.5, now() - interval '1 minute', 'Tiny', 'Gold', true, 'eight and a half', 'x'), (11, now() - interval '1 minute', 'Tiny', 'Gold', true, 'eleven', 'y'),
		(-99, now() - interval '1 minute', 'Tiny', 'Gold', true, 'not asked', 'y'), ('NaN', now() - interval '1 minute', 'Tiny', NULL, NULL, 'not a number', NULL),
		(9, 'infinity', 'Tiny', NULL, NULL, 'for ever', NULL), (0, '2099-01-01', 'Tiny', NULL, NULL, 'the future', NULL), (0, NULL, 'Tiny', NULL, NULL, 'undated', NULL);`;

const variables = {
	TABLE: "Réponses d'avril", SCORE: 'How likely are you to recommend us?', AT: 'When, exactly', SEGMENTS: '"Sales ""region"""="Region, sold",tier,from',
	COMMENT: 'Why?', CUSTOMER: 'client',
};

// Asks for the whole list, page after page.
async function all(base, filters) {
	const rows = [];
	let next = '';

	for (let page = 0; page < 1000; page++) {
		const answer = await json(base, `api/comments?${filters}${next}`);
		assert.equal(answer.status, 200, answer.error);
		rows.push(...answer.rows);
		if (!answer.next)
			return rows;
		next = `&cursor=${encodeURIComponent(answer.next.cursor)}&skip=${answer.next.skip}`;
	}
	throw new Error('the pages have no end');
}

export async function tests() {
	complaints.length = 0;
	makeDatabase('strange', make);
	// The role may read that table and nothing else, and the extension is elsewhere.
	psql(`CREATE ROLE reader LOGIN; CREATE SCHEMA survey; ALTER EXTENSION nps SET SCHEMA survey; GRANT USAGE ON SCHEMA survey TO reader;
		GRANT SELECT ON ${table} TO reader; ALTER ROLE reader SET default_transaction_read_only = on`, { database: 'strange' });
	const ask = (text) => psql(`SET search_path = public, survey; ${text}`, { database: 'strange' });
	const period = `"When, exactly" >= (date_trunc('month', now()) - interval '11 months')::timestamp AND "When, exactly" < (date_trunc('month', now()) + interval '1 month')::timestamp`;
	const region = '"Sales ""region"""';
	const { base } = await serve('strange', { ...variables, DATABASE: undefined, PGHOST: demo.folder, PGUSER: 'reader', PGDATABASE: 'strange', ZONE: 'UTC' });
	const encoded = encodeURIComponent('in.Sales "region"');
	const figures = await json(base, 'api/figures');

	await test('strange names, with nothing but the right to SELECT: every figure is there, and right', async () => {
		for (const [name, answer] of Object.entries(figures))
			assert.equal(answer.error, undefined, name);
		const [[nps, n]] = ask(`SELECT round(nps(${score}), 1), count(*) FROM ${table} WHERE ${score} BETWEEN 0 AND 10 AND ${period}`);
		assert.deepEqual([figures.overall.rows[0].score, figures.overall.rows[0].responses], [nps, n]);
		assert.deepEqual(figures.segments.rows.map((row) => [row.segment ?? '–', row.score, row.responses]), ask(`SELECT ${region}, round(nps(${score}), 1), count(*)
			FROM ${table} WHERE ${score} BETWEEN 0 AND 10 AND ${period} GROUP BY 1 ORDER BY nps(${score}) DESC, 1`));
		assert.equal(figures.segments.rows.length, 42);
		assert.deepEqual(ask(`SELECT count(*) FROM pg_class WHERE relname ~ '_nps' AND relkind IN ('r', 'v', 'm')`), [['0']], 'nothing was created');
	});

	await test('scores off the scale and answers without a date are left out, and counted', () => {
		assert.deepEqual(figures.left_out.rows, [{ off_scale: '3', undated: '1' }]);
		assert.equal(figures.spread.rows.reduce((sum, row) => sum + Number(row.answers), 0), Number(figures.overall.rows[0].responses));
		assert(Number(figures.spread.rows[8].answers) > 0);
	});

	await test('a period by name ends with the latest answer that is not of the future', async () => {
		const { last, today } = await json(base, 'api/choices');
		assert.equal(last, today);
		assert.equal((await json(base, 'api/figures?period=all&only=overall')).asked.until, today);
	});

	await test('filters: NULL, the empty text, more than 100 characters, several at once', async () => {
		for (const [filter, condition] of [
			['none=Sales%20%22region%22', `${region} IS NULL`],
			[`${encoded}=`, `${region} = ''`],
			[`${encoded}=${encodeURIComponent(long)}`, `length(${region}) > 100`],
			[`${encoded}=${encodeURIComponent('<b>bold</b> & "quoted"')}&${encoded}=${encodeURIComponent(long)}&none=Sales%20%22region%22`, `(${region} IS NULL OR length(${region}) > 20)`],
			['in.tier=Gold', "tier = 'Gold'"], ['none=tier&in.tier=Silver', "tier IS DISTINCT FROM 'Gold'"], ['in.from=true', '"from"'],
		]) {
			const answer = await json(base, `api/figures?${filter}`);
			assert.equal(answer.status, 200, answer.error);
			for (const part of Object.values(answer))
				assert.equal(part.error, undefined);
			assert.equal(answer.overall.rows[0].responses, ask(`SELECT count(*) FROM ${table} WHERE ${score} BETWEEN 0 AND 10 AND ${period} AND ${condition}`)[0][0], filter);
			const listed = await all(base, `${filter}&category=passive`);
			assert.equal(listed.length, Number(ask(`SELECT count(*) FROM ${table} WHERE ${score} >= 7 AND ${score} < 9 AND ${period} AND ${condition} AND "Why?" ~ '\\S'`)[0][0]), filter);
		}
		assert.equal((await json(base, `api/figures?${encoded}=${encodeURIComponent(`${long}.`)}`)).status, 400);
		const many = Array.from({ length: 300 }, () => `${encoded}=${encodeURIComponent(long)}`).join('&');
		assert.equal((await json(base, `api/figures?${many}&only=overall`)).status, 200, 'an address of 100 kB');
	});

	await test('all comments, page after page, none twice, none lost; also those off the scale', async () => {
		const rows = await all(base, '');
		const expected = ask(`SELECT "Why?", "When, exactly" FROM ${table} WHERE ${period} AND "Why?" ~ '\\S' ORDER BY "When, exactly" DESC`);

		assert.equal(rows.length, Number(ask(`SELECT count(*) FROM ${table} WHERE ${period} AND "Why?" ~ '\\S'`)[0][0]));
		assert.deepEqual(rows.map((row) => row.at), [...rows.map((row) => row.at)].sort().reverse());
		assert(expected.length >= rows.length);
		assert.deepEqual(rows.filter((row) => row.score !== null && row.category === null).map((row) => row.score).sort(), ['-99.0', '11.0', 'NaN']);
		assert(rows.some((row) => row.score === null && row.category === null), 'and those without a score');
	});

	await test('pages hold where thousands have the same time', async () => {
		makeDatabase('ties', `CREATE TABLE responses (answered_at date, score int, comment text);
			INSERT INTO responses SELECT '2026-03-01'::date + n % 3, n % 11, 'Good ' || n % 2 FROM generate_series(1, 3000) AS n`);
		const ties = await serve('ties', { COMMENT: 'comment' });

		assert.equal((await all(ties.base, 'period=all')).length, 3000);
		assert.equal((await json(ties.base, 'api/comments?period=all')).count, 101);
		assert.equal((await json(ties.base, 'api/choices')).segments.length, 0);
	});

	await test('comments are searched: each word, in any case, and % _ \\ are themselves', async () => {
		const found = async (words) => (await json(base, `api/comments?q=${encodeURIComponent(words)}`)).count;
		const counted = (condition) => Math.min(101, Number(ask(`SELECT count(*) FROM ${table} WHERE ${period} AND ${condition}`)[0][0]));

		assert.equal(await found('EIGHT half'), 1);
		assert.equal(await found('second FIRST'), counted(`"Why?" LIKE 'First%'`));
		assert.equal(await found('50% off_ \\'), counted(`"Why?" LIKE '50%'`));
		assert.equal(await found('5_% o'), 0);
		assert.equal(await found("'; SELECT"), 0);
	});

	await test('the list to call back: detractors who gave no better answer since', async () => {
		const rows = await all(base, 'calls=1');
		const expected = ask(`SELECT count(*) FROM ${table} AS a WHERE ${score} < 7 AND ${score} >= 0 AND ${period} AND NOT EXISTS (SELECT FROM ${table} AS later
			WHERE later.client = a.client AND later."When, exactly" > a."When, exactly" AND later.${score} BETWEEN 7 AND 10)`)[0][0];

		assert.equal(rows.length, Number(expected));
		assert(rows.every((row) => row.category === 'detractor' && row.call_back));
		const detractors = await all(base, 'category=detractor');
		assert(detractors.some((row) => row.call_back) && detractors.some((row) => !row.call_back));
	});

	await test('the CSV file has the whole list, with the filters, and no formula', async () => {
		const get = async (filters) => {
			const response = await fetch(`${base}api/comments.csv?${filters}`);
			const bytes = new Uint8Array(await response.arrayBuffer());
			assert.deepEqual([...bytes.slice(0, 3)], [0xef, 0xbb, 0xbf], 'the mark of UTF-8');
			return { type: response.headers.get('content-type'), as: response.headers.get('content-disposition'), lines: new TextDecoder().decode(bytes).trimEnd().split('\r\n') };
		};
		const english = await get('calls=1&in.tier=Gold');
		const french = await get('calls=1&in.tier=Gold&lang=fr');

		assert.equal(english.type, 'text/csv; charset=utf-8');
		assert.match(english.as, /^attachment; filename="calls-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.csv"$/);
		assert.equal(english.lines[0], `"When, exactly",How likely are you to recommend us?,category,client,Why?,"Region, sold",tier,from`);
		assert.equal(french.lines[0], 'When, exactly;How likely are you to recommend us?;category;client;Why?;Region, sold;tier;from');
		assert.equal(english.lines.length, 1 + (await all(base, 'calls=1&in.tier=Gold')).length);
		assert(english.lines.some((line) => line.includes(",'=1+1,")));
		assert(!english.lines.some((line) => line.includes(',=')));
		assert(english.lines.some((line) => line.includes('"First line\nsecond line"')));
	});

	const it = await Page.open(base, { locale: 'en-GB' });
	const { page } = it;

	for (const width of [1200, 390])
		await test(`forty segments, long names and a benchmark at the edge: nothing leaves its card at ${width}`, async () => {
			await page.setViewportSize({ width, height: 900 });
			for (const filters of ['?benchmark=100', '?benchmark=-100&by=tier', '?benchmark=2&each=week', '?period=last-30-days&benchmark=-12.345678']) {
				await it.go(filters);
				assert.deepEqual(await it.sticksOut(), [], filters);
			}
			await it.go('?benchmark=40');
			await it.picture(`strange-${width}`);
		});

	await test('a segment below the minimum is greyed, not judged, and stretches no axis', async () => {
		await page.setViewportSize({ width: 1200, height: 900 });
		await it.go('?benchmark=-60');
		const tiny = (await it.table('segments')).find((row) => row[0] === 'Tiny');

		assert.deepEqual(tiny.slice(1), ['1', '0.0', ...tiny.slice(3, 5), 'too few answers']);
		assert.equal(await page.locator('#segments svg [data-mark=dot][stroke="var(--quiet)"]').count(), 1);
		assert.equal((await it.table('funnel')).find((row) => row[0] === 'Tiny')[7], 'too few answers');
		const ticks = (await page.locator('#segments svg [data-mark="x-axis tick label"] text').allTextContents()).map(plain).map(Number);
		assert(Math.min(...ticks) >= -70 && Math.max(...ticks) <= 60, `the axis goes from ${ticks[0]} to ${ticks.at(-1)}`);
	});

	await test('the month that is not over looks it, and n is at every point', async () => {
		const rows = await it.table('trend');

		assert.deepEqual(rows.map((row) => row[6]), [...Array(11).fill(''), 'incomplete']);
		assert.equal(await page.locator('#trend svg [data-mark=line][stroke-dasharray]').count(), 1);
		assert.equal(await page.locator('#trend svg [data-mark=dot] [fill="var(--surface)"]').count(), 1);
		const drawn = await page.locator('#trend svg [data-mark=text] text').allTextContents();
		for (const row of rows)
			assert(drawn.includes(Number(plain(row[1])) > 999 ? `${(plain(row[1]) / 1000).toFixed(1).replace('.0', '')}k` : row[1]), `${row[1]} is not among ${drawn}`);
	});

	await test('“(none)” can be selected on the page', async () => {
		await it.go();
		await page.locator('.several', { hasText: 'tier' }).locator('summary').click();
		await it.changing(() => page.getByRole('checkbox', { name: '(none)' }).click());
		assert.equal(await it.text('#scope').then((text) => text.split('; ').slice(1).join('; ')), 'tier: (none)');
		assert.equal(plain(await it.text('#shares .big')), ask(`SELECT count(*) FROM ${table} WHERE ${score} BETWEEN 0 AND 10 AND ${period} AND tier IS NULL`)[0][0]);
		assert.match(page.url(), /none=tier/);
		assert.equal(await it.text('#left_out'), '1 answer off the scale is left out · 1 answer without a date is left out');
	});

	await test('a click on a month or a segment leads to its comments, and back', async () => {
		await it.go();
		const list = () => page.locator('#comments .found').textContent();
		const whole = await list();
		const box = await page.locator('#trend svg').boundingBox();
		const answered = () => page.waitForResponse(/api\/comments\?/);

		await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
		await Promise.all([answered(), page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)]);
		await page.locator('#comments .drill').waitFor();
		const month = /Only of (.*\d{4}) /.exec(await it.text('#comments .drill'))[1];
		assert((await it.table('trend')).some((row) => row[0] === month), month);
		const shownDays = await page.locator('#comments li .quiet').allTextContents();
		assert(shownDays.length > 0 && shownDays.filter((text) => / · /.test(text)).every((text) => text.includes(month)), shownDays[0]);
		await Promise.all([answered(), page.getByRole('button', { name: 'Show those of all again' }).click()]);
		await page.waitForFunction((text) => document.querySelector('#comments .found').textContent === text, whole);

		await page.locator('#segments summary').click();
		await Promise.all([answered(), page.getByRole('button', { name: 'Comments of (none)' }).first().click()]);
		await page.locator('#comments .drill').waitFor();
		assert((await page.locator('#comments li').allTextContents()).every((text) => text.includes('· (none), ')));
		assert.equal(await page.evaluate(() => document.activeElement.id), 'comments');
	});

	await test('comments are paged, searched and exported on the page', async () => {
		await it.go();
		const first = await page.locator('#comments li').allTextContents();
		const answered = () => page.waitForResponse(/api\/comments\?/);
		const turned = async (name, number) => {
			await page.getByRole('button', { name }).click();
			await page.getByText(`Page ${number}`, { exact: true }).waitFor();
			return page.locator('#comments li').allTextContents();
		};

		assert.equal(first.length, 20);
		assert.notDeepEqual(await turned('Older', 2), first);
		assert.deepEqual(await turned('Newer', 1), first);
		await Promise.all([answered(), page.getByLabel('Show').selectOption('all')]);
		await Promise.all([answered(), page.getByLabel('Search').fill('eleven')]);
		await page.getByText('1 comment', { exact: true }).waitFor();
		assert.match(await it.text('#comments li'), /^eleven11\.0, off the scale · /);
		assert.match(page.url(), /show=all&q=eleven/);
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download as CSV').click()]);
		assert.match(download.suggestedFilename(), /^comments-.*\.csv$/);
		assert.match(await page.locator('#download').getAttribute('href'), /q=eleven/);
	});

	await test('text from the table is text, never HTML', async () => {
		psql(`INSERT INTO ${table} VALUES (0, now() - interval '1 second', '<img src=x onerror="document.title=1">', 'Gold', true, '<img src=x onerror="document.title=1"> & <b>bold</b>', '<i>c</i>')`, { database: 'strange' });
		await it.go('?period=last-30-days');
		assert((await it.text('#comments li')).startsWith('<img src=x onerror="document.title=1"> & <b>bold</b>'));
		assert.equal(await page.locator('main img, main b, form img').count(), 0);
		assert.notEqual(await page.title(), '1');
	});
	await it.close();

	await test('an empty table, and one with a single answer', async () => {
		makeDatabase('empty', `CREATE TABLE responses (answered_at timestamptz, score int, plan text, comment text)`);
		const { base: empty } = await serve('empty', { SEGMENTS: 'plan', COMMENT: 'comment' });
		const other = await (await Page.open(empty)).go();
		assert.equal(await other.page.getByRole('alert').textContent(), 'There are no answers yet.');
		psql(`INSERT INTO responses VALUES (now(), 9, NULL, NULL)`, { database: 'empty' });
		await other.page.waitForTimeout(2100);
		await other.go('?benchmark=0');
		assert.match(await other.text('#score'), /100\.0.*Only 1 answer: too few to go by/);
		assert.deepEqual(await other.sticksOut(), []);
		assert.equal(await other.page.locator('.failed').count(), 0);
		await other.close();
	});

	await test('a table with neither segments nor comments shows what there is', async () => {
		makeDatabase('bare', `CREATE TABLE answers (day date, score double precision); INSERT INTO answers SELECT '2026-01-01'::date + n % 60, n % 11 FROM generate_series(1, 500) AS n`);
		const { base: bare } = await serve('bare', { TABLE: 'answers', AT: 'day' });
		const other = await (await Page.open(bare)).go('?period=all&benchmark=10');
		assert.deepEqual(await other.page.locator('.card:visible').evaluateAll((cards) => cards.map((card) => card.id)), ['trend', 'monthly', 'spread']);
		assert.equal(await other.page.locator('.several').count(), 0);
		assert.match(await other.text('#score .big'), /−\d+\.\d/);
		await other.picture('bare');
		await other.close();
	});

	await test('no error on the console', () => assert.deepEqual(complaints.filter((text) => !/ERR_ABORTED/.test(text)), []));
}
