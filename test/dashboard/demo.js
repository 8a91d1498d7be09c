// The dashboard of make dashboard: its figures are those of the answers.

import assert from 'node:assert/strict';
import net from 'node:net';
import os from 'node:os';
import { Page, complaints, demo, json, plain, psql, requests, shown, test } from './harness.js';

// The score of some answers by the formula that the extension replaces.
const score = (where) => psql(`SELECT round(100.0 * (count(*) FILTER (WHERE score >= 9)
	- count(*) FILTER (WHERE score <= 6)) / nullif(count(score), 0), 1) FROM responses WHERE ${where}`)[0][0];
const in2024 = "answered_at >= '2024-01-01' AND answered_at < '2025-01-01'";
const in2025 = "answered_at >= '2025-01-01' AND answered_at < '2026-01-01'";

// Whether somebody listens there.
export const listens = (host) => new Promise((resolve) => {
	const socket = net.connect({ host, port: new URL(demo.base).port, timeout: 2000 }, () => resolve(true));
	socket.on('error', () => resolve(false));
	socket.on('timeout', () => resolve(false));
	socket.on('close', () => socket.destroy());
});

export async function tests() {
	const it = await (await Page.open(demo.base)).go();
	const { page } = it;
	const field = (name, role = 'combobox') => page.getByRole(role, { name, exact: true });
	const tick = async (label, ...values) => {
		await page.locator('.several', { hasText: label }).locator('summary').click();
		for (const value of values)
			await it.changing(() => page.getByRole('checkbox', { name: value, exact: true }).click());
		await page.keyboard.press('Escape');
	};

	await test('it listens on loopback only', async () => {
		assert(demo.base.startsWith('http://127.0.0.1:'), demo.base);
		assert(await listens('127.0.0.1'));
		for (const { address, internal } of Object.values(os.networkInterfaces()).flat())
			assert(internal || !await listens(address), `it listens on ${address}`);
	});

	await test('the score and its margin are those of the answers', async () => {
		const [[margin, lower, upper, answers]] = psql(`SELECT round(nps_margin(t), 1), round(lower(nps_interval(t)), 1),
			round(upper(nps_interval(t)), 1), nps_responses(t) FROM (SELECT nps_tally(score) FROM responses WHERE ${in2025}) AS a (t)`);

		assert.equal(await it.text('#score .big'), shown(`${score(in2025)} ± ${margin}`));
		assert.equal(await it.text('#score .quiet'), shown(`95 % interval ${lower} to ${upper}`));
		assert.equal(plain(await it.text('#shares .big')), answers);
		assert.match(await it.text('#source'), /^Live, to the last answer · latest answer of 31 December 2025 · days in UTC$/);
	});

	await test('the change is the difference of the scores, and real by nps_test', async () => {
		const [[difference, lower, upper, real]] = psql(`SELECT round(nps_score(b) - nps_score(a), 1), round(lower, 1),
			round(upper, 1), p_value < 0.05 FROM (SELECT nps_tally(score) FILTER (WHERE ${in2024}), nps_tally(score)
			FILTER (WHERE ${in2025}) FROM responses) AS t (a, b), nps_test(b, a)`);

		assert.equal(real, 't');
		assert.equal(await it.text('#real'), '▲ real');
		assert.match(await it.text('#change .big'), new RegExp(`^\\+${difference} `));
		assert((await it.text('#change')).includes(`from ${score(in2024)} in the period before95`), 'a whole period before is not remarked upon');
		assert((await it.text('#change')).includes(`95 % interval +${lower} to +${upper}, p < 0.001`));
		await it.go('?from=2025-07-01&until=2025-07-31');
		const [[p]] = psql(`SELECT round(p_value::numeric, 3) FROM (SELECT
			nps_tally(score) FILTER (WHERE answered_at >= '2025-07-01' AND answered_at < '2025-08-01'),
			nps_tally(score) FILTER (WHERE answered_at >= '2025-06-01' AND answered_at < '2025-07-01')
			FROM responses) AS t (a, b), nps_test(a, b)`);
		assert(Number(p) >= 0.05);
		assert.equal(await it.text('#real'), '≈ may be chance');
		assert((await it.text('#change')).includes(`p = ${p}`));
	});

	await test('the period before says how many of its months have data', async () => {
		await it.go('?from=2024-05-01&until=2024-12-31&each=month');
		assert.match(await it.text('#change'), /in the period before, of which 4 of 8 months have answers/);
		await it.go('?from=2024-01-01&until=2024-06-30');
		assert.equal(await it.text('#change .big'), '–');
		assert.match(await it.text('#change'), /No answers in the period before/);
		assert.match(await it.text('#movers'), /Nothing to compare/);
	});

	await test('the trend is the score of each month; ▲ is a rise, ▼ a fall', async () => {
		await it.go();
		const rows = await it.table('trend');

		assert.equal(rows.length, 12);
		assert.deepEqual(rows.map((row) => [row[2], row[1], row[3], row[4]].map(plain)), psql(`SELECT round(100.0 * (count(*) FILTER (WHERE score >= 9)
			- count(*) FILTER (WHERE score <= 6)) / count(score), 1), count(score),
			round(lower(nps_interval(nps_tally(score))), 1), round(upper(nps_interval(nps_tally(score))), 1)
			FROM responses WHERE ${in2025} GROUP BY date_trunc('month', answered_at) ORDER BY date_trunc('month', answered_at)`));
		assert.deepEqual(rows.filter((row) => !['unclear', '–'].includes(row[5])).map((row) => [row[0], row[5]]),
			[['March 2025', '▼ a real fall'], ['April 2025', '▲ a real rise']], 'the outage');
		assert.equal(await page.locator('#trend svg path[fill="var(--detractor)"]').count(), 1);
		await it.go('?from=2025-03-01&until=2025-03-31&each=month');
		assert.deepEqual((await it.table('trend')).map((row) => row[5]), ['▼ a real fall'], 'the month before is outside the period');
		await it.go('?from=2024-01-01&until=2024-02-29&each=month');
		assert.deepEqual((await it.table('trend')).map((row) => row[5]), ['–', 'unclear'], 'the first month has none before');
	});

	await test('the marks of the trend are adjusted by Holm', async () => {
		await it.go('?from=2024-01-01&until=2025-12-31&each=week');
		const raw = psql(`SELECT (nps_test(tally, lag(tally) OVER (ORDER BY week))).p_value
			FROM (SELECT date_trunc('week', answered_at) AS week, nps_tally(score) AS tally FROM responses WHERE answered_at < '2026-01-01' GROUP BY 1) AS weeks`)
			.flat().filter((p) => p !== '–').map(Number).sort((a, b) => a - b);
		let kept = 0;
		while (raw[kept] * (raw.length - kept) < 0.05)
			kept++;
		const marked = (await it.table('trend')).filter((row) => /real/.test(row[5])).length;

		assert.equal(marked, kept);
		assert(raw.filter((p) => p < 0.05).length > kept, 'without adjustment there would be more');
	});

	await test('days, weeks, quarters and the last 30 days', async () => {
		await it.go('?period=last-30-days');
		assert.equal(await it.text('#scope'), '2 December 2025 to 31 December 2025; all answers');
		assert.equal((await it.table('trend')).length, 30);
		assert((await it.text('#score .big')).startsWith(`${score("answered_at >= '2025-12-02' AND answered_at < '2026-01-01'")} ±`));
		await it.go('?from=2025-01-01&until=2025-12-31&each=quarter');
		assert.deepEqual((await it.table('trend')).map((row) => [row[0], row[2]]), psql(`SELECT to_char(answered_at, '"Q"Q YYYY'), round(nps(score), 1)
			FROM responses WHERE ${in2025} GROUP BY 1 ORDER BY 1`));
		await it.go('?from=2025-12-01&until=2025-12-31&each=week');
		assert.equal((await it.table('trend'))[0][0], 'week of 1 December 2025');
		assert.equal(await it.text('#trend h2'), 'Score by week');
	});

	await test('the shares are those of each month', async () => {
		await it.go();
		assert.deepEqual((await it.table('monthly')).map((row) => row.slice(1)), psql(`SELECT
			round(100.0 * count(*) FILTER (WHERE score <= 6) / count(score), 1),
			round(100.0 * count(*) FILTER (WHERE score IN (7, 8)) / count(score), 1),
			round(100.0 * count(*) FILTER (WHERE score >= 9) / count(score), 1) FROM responses WHERE ${in2025}
			GROUP BY date_trunc('month', answered_at) ORDER BY date_trunc('month', answered_at)`));
		assert.equal(await page.locator('#monthly svg [data-mark=bar] rect').count(), 36);
	});

	await test('the spread counts every score from 0 to 10', async () => {
		assert.deepEqual((await it.table('spread')).map((row) => row.slice(0, 2).map(plain)),
			psql(`SELECT score, count(*) FROM responses WHERE score IS NOT NULL AND ${in2025} GROUP BY score ORDER BY score`));
	});

	await test('the segments are ranked, by plan and by country, each with its n', async () => {
		for (const by of ['plan', 'country']) {
			await it.go(`?by=${by}`);
			assert.deepEqual((await it.table('segments')).map((row) => [row[0], plain(row[2]), plain(row[1])]), psql(`SELECT ${by},
				round(100.0 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(score), 1) AS nps, count(score)
				FROM responses WHERE ${in2025} GROUP BY 1 ORDER BY nps DESC`));
			for (const row of await it.table('segments'))
				assert((await it.text('#segments svg')).includes(`n = ${row[1]}`));
		}
	});

	await test('the benchmark is the user’s, and segments are judged by it, adjusted by Holm', async () => {
		await it.go();
		assert.equal(await it.text('#target .big'), '–');
		await it.changing(async () => {
			await field('Benchmark', 'spinbutton').fill('19.5');
			await page.keyboard.press('Enter');
		});
		const p = psql(`SELECT plan, p_value, difference FROM (SELECT plan, nps_tally(score) FROM responses WHERE ${in2025} GROUP BY 1) AS plans (plan, tally),
			nps_test(tally, 19.5, method => 'score') ORDER BY p_value`);
		const expected = new Map(p.map(([plan, , difference], i) => [plan, Math.max(...p.slice(0, i + 1).map((row, j) => row[1] * (p.length - j))) >= 0.05 ? 'unclear'
			: difference > 0 ? 'above the benchmark' : 'below']));
		for (const [segment, , , , , verdict] of await it.table('segments'))
			assert.equal(verdict, expected.get(segment), segment);
		assert.deepEqual(new Set(expected.values()), new Set(['above the benchmark', 'unclear', 'below']));
		assert.match(await it.text('#segments svg'), /benchmark 19\.5/);
		assert.equal(plain(await it.text('#target .big')),
			psql(`SELECT nps_promoters_needed(nps_tally(score), 19.5) FROM responses WHERE ${in2025}`)[0][0]);
	});

	await test('what moved the score adds up to its change', async () => {
		await it.go('?from=2025-03-01&until=2025-03-31');
		const rows = await it.table('movers');
		const change = Number(plain((await it.text('#change .big')).split(' ')[0]));

		assert.deepEqual(rows.map((row) => [0, 1, 2, 6, 7, 8].map((column) => plain(row[column]))), psql(`WITH plans AS (
			SELECT plan, nps_tally(score) FILTER (WHERE answered_at < '2025-03-01') AS a,
				nps_tally(score) FILTER (WHERE answered_at >= '2025-03-01') AS b
			FROM responses WHERE answered_at >= '2025-02-01' AND answered_at < '2025-04-01' GROUP BY plan)
			SELECT plan, round(nps_score(a), 1), round(nps_score(b), 1), round(rate, 2), round(mix, 2), round(total, 2)
			FROM plans, (SELECT sum(a), sum(b) FROM plans) AS whole (all_a, all_b), nps_change(a, b, all_a, all_b)
			ORDER BY abs(total) DESC`));
		assert(Math.abs(rows.reduce((sum, row) => sum + Number(plain(row[8])), 0) - change) < 0.1);
		assert.deepEqual([rows[0][0], rows[0][3]], ['Basic', 'a real fall']);
		assert.deepEqual(new Set(rows.slice(1).map((row) => row[3])), new Set(['unclear']));
	});

	await test('the trend of each segment', async () => {
		await it.go();
		const [first] = await it.table('segment_trend');
		const expected = Object.fromEntries(psql(`SELECT plan, round(nps(score), 1) || ' (' || to_char(count(score), 'FM9,999') || ')' FROM responses
			WHERE answered_at >= '2025-01-01' AND answered_at < '2025-02-01' GROUP BY 1`));

		assert.deepEqual(await page.locator('#segment_trend thead th').allTextContents(), ['Step', 'Free', 'Basic', 'Pro', 'Enterprise']);
		assert.deepEqual(first.slice(1).map((text) => text.replace('−', '-')), ['Free', 'Basic', 'Pro', 'Enterprise'].map((plan) => expected[plan]));
		assert.equal(await page.locator('#segment_trend svg').count(), 4);
	});

	await test('the funnel’s limits are those of chance', async () => {
		const [[overall, deviation]] = psql(`SELECT nps_score(t), nps_stderr(t) * sqrt(nps_responses(t)) FROM (SELECT nps_tally(score) FROM responses WHERE ${in2025}) AS a (t)`);

		for (const [plan, n, nps, ...rest] of await it.table('funnel')) {
			const limits = [-1.959964, 1.959964, -3.090232, 3.090232].map((z) => Number(overall) + z * deviation / Math.sqrt(Number(plain(n))));
			rest.slice(0, 4).forEach((limit, i) => assert(Math.abs(Number(plain(limit)) - limits[i]) < 0.051, `${plan}: ${limit}, ${limits[i]}`));
			assert.equal(rest[4], Number(plain(nps)) > limits[3] ? 'above the outer line' : Number(plain(nps)) < limits[2] ? 'below it' : 'within', plan);
		}
	});

	await test('filters with several values change every figure, and the address keeps them', async () => {
		await it.go();
		await tick('Plan', 'Pro', 'Free');
		await tick('Country', 'FR');
		await field('Period').selectOption('custom');
		await it.changing(() => page.getByLabel('From', { exact: true }).fill('2025-06-01'));
		await it.changing(() => page.getByLabel('To', { exact: true }).fill('2025-08-31'));
		await it.changing(() => field('Steps').selectOption('month'));
		const expected = score("plan IN ('Pro', 'Free') AND country = 'FR' AND answered_at >= '2025-06-01' AND answered_at < '2025-09-01'");
		const check = async () => {
			assert((await it.text('#score .big')).startsWith(`${shown(expected)} ±`), `${await it.text('#score .big')} is not ${expected}`);
			assert.deepEqual((await it.table('trend')).map((row) => row[0]), ['June 2025', 'July 2025', 'August 2025']);
			assert.deepEqual((await it.table('segments')).map((row) => row[0]), ['Pro', 'Free']);
			assert.equal(await it.text('#scope'), 'June 2025 to August 2025; Plan: Free or Pro; Country: FR');
			const places = await page.locator('#comments li').allTextContents();
			assert.equal(places.length, 20);
			assert(places.every((text) => /(Pro|Free), FR/.test(text)) && places.some((text) => text.includes('Pro,')) && places.some((text) => text.includes('Free,')));
		};

		await check();
		await page.reload();
		await it.settled();
		await check();
	});

	await test('months without answers are gaps, never 0', async () => {
		const gone = ['2025-05', '2025-06', '2025-08'].map((month) => `'${month}-01'`).join();

		psql(`CREATE TABLE kept AS SELECT * FROM responses WHERE date_trunc('month', answered_at)::date IN (${gone});
			DELETE FROM responses WHERE date_trunc('month', answered_at)::date IN (${gone})`);
		try {
			await it.go();
			await it.picture('gaps');
			const rows = await it.table('trend');

			assert.equal(rows.length, 12);
			assert.deepEqual(rows.filter((row) => row[2] === '–').map((row) => row.slice(0, 5)),
				['May 2025', 'June 2025', 'August 2025'].map((month) => [month, '0', '–', '–', '–']));
			for (const mark of ['line', 'area'])
				assert.equal((await page.locator(`#trend svg [data-mark=${mark}] path`).first().getAttribute('d')).match(/M/g).length, 3, `${mark} in three pieces`);
			assert.equal(await page.locator('#trend svg [data-mark=dot] path, #trend svg [data-mark=dot] circle').count(), 9);
			assert.equal(await page.locator('#monthly svg [data-mark=bar] rect').count(), 27);
			await it.go('?from=2025-05-01&until=2025-06-30');
			assert.equal(await it.text('#score .big'), '–');
			for (const id of ['score', 'change', 'trend', 'monthly', 'segments', 'segment_trend', 'funnel', 'spread'])
				assert.match(await it.text(`#${id}`), /No answers in this period/, id);
			assert.equal(await page.locator('#figures svg').count(), 0);
		} finally {
			psql(`INSERT INTO responses SELECT * FROM kept; DROP TABLE kept`);
		}
	});

	await test('what is asked for is checked', async () => {
		const says = async (filters, headers) => {
			const { status, error } = await json(demo.base, `api/figures?${filters}`, headers);
			return [status, error];
		};
		const period = 'from=2025-01-01&until=2025-12-31';

		assert.deepEqual(await says(`${period}&benchmark=150`), [400, '“benchmark” must be a number from -100 to 100.']);
		assert.deepEqual(await says('from=2025-01-01'), [400, '“until” must be a day such as 2026-01-31, not “undefined”.']);
		assert.deepEqual(await says('from=2025-02-30&until=2025-12-01'), [400, '“from” must be a day such as 2026-01-31, not “2025-02-30”.']);
		assert.deepEqual(await says('from=2025-12-01&until=2025-01-31'), [400, 'The period ends before it begins.']);
		assert.deepEqual(await says(`${period}&by=score`), [400, 'There is no segment “score”.']);
		assert.deepEqual(await says(`${period}&in.score=9`), [400, 'There is no filter “in.score”.']);
		assert.deepEqual(await says(`${period}&in.plan=Gold`), [400, 'No answer has Plan “Gold”.']);
		assert.deepEqual(await says(`${period}&none=plan`), [400, 'No answer has Plan “(none)”.']);
		assert.deepEqual(await says(`${period}&in.plan=%00`), [400, '“in.plan” must be a text.']);
		assert.deepEqual(await says(`${period}&in.plan=${encodeURIComponent("'; DROP TABLE responses; --")}`), [400, 'No answer has Plan “\'; DROP TABLE responses; --”.']);
		assert.deepEqual(await says('period=all&each=day'), [400, 'The period has 731 steps: choose longer ones.']);
		assert.equal((await fetch(`${demo.base}nothing`)).status, 404);
		for (const benchmark of ['-100', '100', '0.5', '-99.25'])
			assert.equal((await says(`${period}&benchmark=${benchmark}&only=overall`))[0], 200, benchmark);
	});

	await test('what is wrong in an address is an error line, and a change mends it', async () => {
		const alarm = page.getByRole('alert');

		await it.go('?from=2025-12-01&until=2025-01-31');
		assert.equal(await alarm.textContent(), 'The period ends before it begins.');
		assert.equal(await page.locator('#cards').isVisible(), false);
		await it.changing(() => field('Period').selectOption('last-year'));
		assert.equal(await alarm.textContent(), '');
		assert.equal(await page.locator('#cards').isVisible(), true);
		await it.go('?in.plan=Gold');
		assert.equal(await alarm.textContent(), 'No answer has Plan “Gold”.');
		assert.equal(await page.locator('#cards').isVisible(), false);
		await it.go('?by=nothing');
		assert.equal(await alarm.textContent(), 'There is no filter or segment “nothing”.');
		await it.go('?colour=red');
		assert.equal(await alarm.textContent(), 'There is no filter or segment “colour”.');
	});

	await test('a benchmark off the scale is not asked for', async () => {
		await it.go();
		const before = requests.length;

		await field('Benchmark', 'spinbutton').fill('150');
		await page.keyboard.press('Enter');
		await page.waitForTimeout(300);
		assert.equal(requests.length, before);
		assert.match(await page.getByRole('alert').textContent(), /must be a number from −100 to 100/);
	});

	await test('a narrower window gets narrower charts', async () => {
		await it.go();
		await page.setViewportSize({ width: 1100, height: 900 });
		await page.waitForTimeout(200);
		const drawn = async () => Number(await page.locator('#trend svg').getAttribute('width'));
		const wide = await drawn();

		await page.setViewportSize({ width: 320, height: 900 });
		await page.waitForTimeout(200);
		assert(await drawn() < wide, 'drawn anew, not shrunk');
		assert.deepEqual(await it.sticksOut(), []);
		await page.setViewportSize({ width: 1200, height: 900 });
	});

	await test('broken connections are replaced', async () => {
		psql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'nps dashboard'");
		await page.waitForTimeout(200);
		await it.go();
		assert.equal(await page.locator('#cards').isVisible(), true);
	});

	await test('a part that fails says so in its own card', async () => {
		psql('ALTER VIEW responses_nps_months_scores RENAME TO elsewhere');
		complaints.length = 0;
		try {
			await it.go();
			assert.equal(await it.text('#spread .failed'), 'This part could not be computed: relation "public.responses_nps_months_scores" does not exist');
			assert.equal(await page.locator('.failed').count(), 1);
			assert.equal((await it.table('trend')).length, 12);
			await it.picture('failed-part');
		} finally {
			psql('ALTER VIEW elsewhere RENAME TO responses_nps_months_scores');
		}
	});

	await test('no error on the console, no request that leaves this machine', () => {
		assert.deepEqual(complaints, []);
		assert(requests.length > 20);
		assert.deepEqual(requests.filter((url) => !url.startsWith(demo.base) && !url.startsWith('data:')), []);
	});
	await it.close();
}
