// How it starts: found as psql finds it, wrong in one line, fast after SETUP=print.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { connections } from '../../examples/dashboard/connection.js';
import { segments } from '../../examples/dashboard/settings.js';
import { Page, demo, ends, json, makeDatabase, psql, serve, test } from './harness.js';

export async function tests() {
	const at = (database, rest = {}) => ({ DATABASE: `host=${demo.folder} user=postgres dbname=${database}`, ...rest });
	const says = (env) => {
		const { status, out, err } = ends(env);
		assert.equal(status, 1, out);
		assert.equal(out, '');
		assert.match(err, /^nps: [^\n]*\n$/, 'it is one line');
		return err.slice(5, -1);
	};

	await test('what is wrong is said in one line', () => {
		assert.equal(says(at('nowhere')), 'database "nowhere" does not exist');
		assert.equal(says({ DATABASE: `host=${demo.folder} user=nobody_here dbname=dashboard` }), 'role "nobody_here" does not exist');
		assert.match(says({ DATABASE: 'postgres://127.0.0.1:1/x' }), /^connect ECONNREFUSED 127\.0\.0\.1:1$/);
		assert.equal(says(at('postgres')), 'the database “postgres” has no extension nps: CREATE EXTENSION nps makes it');
		assert.equal(says(at('dashboard', { TABLE: 'feedback' })), 'the database “dashboard” has no table or view “feedback”; TABLE names the answers');
		assert.equal(says(at('dashboard', { TABLE: 'not; a name' })), 'the database “dashboard” has no table or view “not; a name”; TABLE names the answers');
		assert.equal(says(at('dashboard', { SCORE: 'nps_score' })),
			'responses has no column “nps_score”; it has response_id, customer_id, answered_at, plan, country, score, comment');
		assert.match(says(at('dashboard', { SEGMENTS: 'plan,tier' })), /^responses has no column “tier”; it has /);
		assert.equal(says(at('dashboard', { SCORE: 'comment' })), 'the column “comment” is of type text; scores are numbers: cast them in a view, and name that by TABLE');
		assert.equal(says(at('dashboard', { AT: 'plan' })), 'the column “plan” is of type text; AT names a date or a timestamp');
		assert.equal(says(at('dashboard', { ZONE: 'Atlantis' })), 'time zone "Atlantis" not recognized');
		assert.equal(says(at('dashboard', { SEGMENTS: 'plan,plan' })), 'SEGMENTS names “plan” twice');
		assert.match(says(at('dashboard', { SEGMENTS: 'a"b' })), /^SEGMENTS can't be read from “a"b” on/);
		assert.equal(says(at('dashboard', { MINIMUM: 'few' })), 'MINIMUM is few, which is not a whole number from 0 to 1000000');
		assert.equal(says(at('dashboard', { TALLIES: 'nothing' })), 'the database has no roll-up “nothing”, which TALLIES names');
		assert.equal(says(at('dashboard', { TALLIES: 'responses' })), 'the roll-up responses has no column “day” of type date');
		assert.equal(says(at('dashboard', { INVITATIONS: 'nothing' })), 'the database has no table or view “nothing”, which INVITATIONS names');
		assert.equal(says({ PGSERVICE: 'nothing', HOME: '/nonexistent' }), 'definition of service "nothing" not found');
		assert.match(says(at('dashboard', { PORT: new URL(demo.base).port })), /^cannot listen on port \d+ of 127\.0\.0\.1: listen EADDRINUSE/);
		psql('CREATE ROLE stranger LOGIN');
		assert.equal(says({ DATABASE: `host=${demo.folder} user=stranger dbname=dashboard` }), 'permission denied for table responses');
	});

	await test('a wrong password is an error, the right one comes from ~/.pgpass, a service or the environment', async () => {
		const home = mkdtempSync(`${os.tmpdir()}/nps-home-`);

		try {
			psql("CREATE ROLE guarded LOGIN PASSWORD 'se:cret'; GRANT SELECT ON responses, responses_nps, responses_nps_scores TO guarded");
			// The throwaway server trusts all; for this role it asks.
			const [[hba]] = psql('SHOW hba_file');
			psql(`CREATE TEMP TABLE rules (line text); COPY rules FROM '${hba}'; COPY (SELECT 'local all guarded scram-sha-256' UNION ALL SELECT line FROM rules WHERE line ~ '^(local|host)') TO '${hba}'; SELECT pg_reload_conf()`);
			await new Promise((resolve) => setTimeout(resolve, 300));
			const guarded = { DATABASE: undefined, PGHOST: demo.folder, PGUSER: 'guarded', PGDATABASE: 'dashboard', HOME: home };
			assert.match(says({ ...guarded, PGPASSWORD: 'wrong' }), /^password authentication failed for user "guarded"$/);
			assert.equal(says(guarded), 'no password supplied for user "guarded": PGPASSWORD or ~/.pgpass may hold it');
			writeFileSync(`${home}/.pgpass`, `elsewhere:*:*:*:nothing\n${demo.folder}:5432:dashboard:guarded:se\\:cret\n`, { mode: 0o600 });
			writeFileSync(`${home}/.pg_service.conf`, `# a comment\n[other]\nhost=nowhere\n[page]\nhost = ${demo.folder}\nuser=guarded\npassword=se:cret\ndbname=dashboard\n`);
			for (const env of [guarded, { ...guarded, PGPASSFILE: '/nonexistent', PGPASSWORD: 'se:cret' },
				{ DATABASE: 'service=page', HOME: home, PGPASSFILE: '/nonexistent' }, { PGSERVICE: 'page', HOME: home, PGPASSFILE: '/nonexistent' },
				{ DATABASE: `postgresql://guarded:se%3Acret@${encodeURIComponent(demo.folder)}:5432/dashboard?application_name=mine`, HOME: '/nonexistent' }]) {
				const child = await serve('dashboard', { DATABASE: undefined, ...env });
				assert.equal((await json(child.base, 'api/figures?only=overall')).overall.rows[0].responses, '65546');
			}
		} finally {
			rmSync(home, { recursive: true });
		}
	});

	await test('connection strings are read as psql reads them', () => {
		const first = (text, env = {}) => { const [{ password, ...rest }] = connections(text, env); return { ...rest, password: typeof password === 'function' ? 'from a file' : password }; };

		assert.deepEqual(((one) => [one.host, one.port, one.user, one.database, one.password])(first('postgres://me:p%40ss@db.example.com:5433/crm')), ['db.example.com', 5433, 'me', 'crm', 'p@ss']);
		assert.deepEqual(((one) => [one.host, one.port, one.user, one.database])(first("host='my host' port=1 user=o\\'neil dbname='two words'")), ['my host', 1, "o'neil", 'two words']);
		assert.deepEqual(((one) => [one.host, one.user, one.database])(first('', { PGHOST: 'h', PGUSER: 'u' })), ['h', 'u', 'u']);
		assert.equal(first('crm', { PGHOST: 'h' }).user, os.userInfo().username, 'no user name falls back on the system’s');
		assert.equal(first('postgres://[::1]/x').host, '::1');
		assert.deepEqual(connections('postgres://h/x').map((one) => Boolean(one.ssl)), [true, false], 'sslmode=prefer');
		assert.deepEqual(connections('postgres://h/x?sslmode=verify-full').map((one) => one.ssl.rejectUnauthorized), [true]);
		assert.deepEqual(connections('postgres://h/x', { PGSSLMODE: 'disable' }).map((one) => one.ssl), [false]);
		assert.throws(() => connections('postgres://a,b/x'), /several hosts/);
		assert.throws(() => connections('host=h nonsense'), /can be read: nonsense/);
		assert.throws(() => connections('host=h sslmode=maybe'), /invalid sslmode value: "maybe"/);
	});

	await test('no query, and nothing of the server or the page, names a column of the demo', () => {
		const folder = 'examples/dashboard';
		const files = ['', 'sql/', 'public/'].flatMap((sub) => readdirSync(`${folder}/${sub}`).filter((name) => /\.(js|sql|html)$/.test(name)).map((name) => `${folder}/${sub}${name}`));

		assert(files.length > 20);
		for (const file of files)
			assert.doesNotMatch(readFileSync(file, 'utf8').replace("TABLE: 'responses', SCORE: 'score', AT: 'answered_at'", ''), /answered_at|customer_id|response_id|\bplan\b|\bcountry\b/, file);
	});

	await test('SEGMENTS takes any name and label', () => {
		assert.deepEqual(segments(''), []);
		assert.deepEqual(segments(' tier , region=Sales region,"a,b"="x, ""y""","say ""hi"""'), [{ column: 'tier', label: 'tier' }, { column: 'region', label: 'Sales region' },
			{ column: 'a,b', label: 'x, "y"' }, { column: 'say "hi"', label: 'say "hi"' }]);
	});

	await test('it is served under the names that HOSTS allows, no other', async () => {
		const child = await serve('dashboard', { HOSTS: 'nps.example.com, Other.example' });
		const { port } = new URL(child.base);
		const { request } = await import('node:http');
		const status = (host) => new Promise((resolve) => request({ port, host: '127.0.0.1', path: '/api/choices', headers: { Host: host } }, (response) => { response.resume(); resolve(response.statusCode); }).end());

		assert.deepEqual(await Promise.all(['localhost', `127.0.0.1:${port}`, 'nps.example.com', 'NPS.example.com:443', 'other.example'].map(status)), [200, 200, 200, 200, 200]);
		assert.deepEqual(await Promise.all(['example.com', 'nps.example.com.evil.example'].map(status)), [403, 403]);
	});

	const shop = `CREATE TABLE answers (at timestamptz, score int, tier text, remark text, who int, called_on date);
		INSERT INTO answers SELECT timestamptz '2026-01-01 00:30 Europe/Paris' + n * interval '1 hour', n % 12 - (n % 500 = 0)::int * 50, CASE n % 4 WHEN 0 THEN NULL ELSE 'T' || n % 4 END,
			CASE WHEN n % 3 = 0 THEN 'remark ' || n END, n % 200, CASE WHEN n % 7 = 0 THEN '2026-06-01'::date END FROM generate_series(1, 3000) AS n`;
	const env = { TABLE: 'answers', AT: 'at', SEGMENTS: 'tier', COMMENT: 'remark', CUSTOMER: 'who', CALLED: 'called_on', ZONE: 'Europe/Paris' };
	const compared = async (base) => {
		const { asked, ...rest } = await json(base, 'api/figures?from=2026-01-01&until=2026-04-30&each=month&benchmark=-30&in.tier=T1&none=tier');
		void asked;
		return Object.fromEntries(Object.entries(rest).map(([name, { rows, error }]) => [name, error ?? rows]));
	};
	let raw;

	await test('SETUP=print prints SQL that makes roll-ups, which are found and give the same figures', async () => {
		makeDatabase('shop', shop);
		raw = await compared((await serve('shop', env)).base);
		assert.equal(raw.trend.length, 4);
		assert.equal(raw.trend[0].responses, psql(`SELECT count(*) FROM answers WHERE score BETWEEN 0 AND 10 AND (tier = 'T1' OR tier IS NULL)
			AND (at AT TIME ZONE 'Europe/Paris') < '2026-02-01'`, { database: 'shop' })[0][0]);
		for (const setup of ['print', 'materialized']) {
			makeDatabase(`shop_${setup}`, shop);
			const { out, status } = ends(at(`shop_${setup}`, { ...env, SETUP: setup }));
			assert.equal(status, 0);
			assert.equal(psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'answers_nps%'", { database: `shop_${setup}` })[0][0], '0', 'printing makes nothing');
			psql(out, { database: `shop_${setup}` });
			const child = await serve(`shop_${setup}`, env);
			const { kind, as_of: asOf } = await json(child.base, 'api/choices');
			assert.equal(kind, setup === 'print' ? 'live' : 'materialized');
			assert.equal(asOf === null, setup === 'print');
			assert.deepEqual(await compared(child.base), raw);
		}
	});

	await test('a live roll-up shows the last answer at once, a materialized view says as of when', async () => {
		const add = "INSERT INTO answers VALUES ('2026-04-30 12:00 Europe/Paris', 9, 'T1', 'late', 7, NULL)";
		const child = { print: await serve('shop_print', env), materialized: await serve('shop_materialized', env) };
		const total = async (name) => Number((await json(child[name].base, 'api/figures?from=2026-01-01&until=2026-04-30&only=overall')).overall.rows[0].responses);
		const before = await total('print');

		psql(add, { database: 'shop_print' });
		psql(add, { database: 'shop_materialized' });
		assert.equal(await total('print'), before + 1);
		assert.equal(await total('materialized'), before);
		assert.equal((await json(child.materialized.base, 'api/comments?q=late')).count, 1, 'comments are of this moment');
		const it = await (await Page.open(child.materialized.base)).go('?period=all');
		const [[asOf]] = psql("SELECT to_char(as_of AT TIME ZONE 'Europe/Paris', 'FMDD FMMonth YYYY \"at\" HH24:MI') FROM answers_nps LIMIT 1", { database: 'shop_materialized' });
		assert((await it.text('#source')).startsWith(`As of ${asOf} · latest answer of `), await it.text('#source'));
		psql('REFRESH MATERIALIZED VIEW CONCURRENTLY answers_nps', { database: 'shop_materialized' });
		assert.equal(await total('materialized'), before + 1);
		await it.close();
		const live = await (await Page.open(child.print.base)).go('?period=all');
		assert.match(await live.text('#source'), /^Live, to the last answer · .* · days in Europe\/Paris$/);
		await live.close();
	});

	await test('a roll-up that lacks a column, is empty or may not be read is passed over, with a word', async () => {
		psql('ALTER TABLE answers ADD region text; GRANT SELECT ON answers TO stranger', { database: 'shop_materialized' });
		const child = await serve('shop_materialized', { ...env, SEGMENTS: 'tier,region' });
		assert.match(child.said, /nps: the roll-up answers_nps has no column “region”, so the answers themselves are read; SETUP=print has the SQL for it\n/);
		assert.equal((await json(child.base, 'api/choices')).kind, 'answers');
		const other = await serve('shop_materialized', { ...env, DATABASE: `host=${demo.folder} user=stranger dbname=shop_materialized` });
		assert.match(other.said, /nps: the roll-up answers_nps may not be read/);
		psql('REFRESH MATERIALIZED VIEW answers_nps WITH NO DATA', { database: 'shop_materialized' });
		assert.match((await serve('shop_materialized', env)).said, /nps: the roll-up answers_nps has not been filled yet/);
	});

	await test('views, partitioned tables, and tables of one’s own for tallies', async () => {
		makeDatabase('kinds', `${shop};
			CREATE SCHEMA "My schema"; CREATE VIEW "My schema"."A view" AS SELECT at, score::text::numeric(5,2) AS score, tier::varchar(3) AS tier, remark, who, called_on FROM answers;
			CREATE TABLE parts (LIKE answers) PARTITION BY RANGE (at);
			CREATE TABLE p1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-03-01'); CREATE TABLE p2 PARTITION OF parts DEFAULT;
			INSERT INTO parts SELECT * FROM answers; ANALYZE parts;
			CREATE TABLE mine AS SELECT (at AT TIME ZONE 'Europe/Paris')::date AS day, tier, nps_tally(score) AS tally FROM answers WHERE score BETWEEN 0 AND 10 GROUP BY 1, 2`);
		for (const table of ['My schema.A view', '"My schema"."A view"', 'parts', 'public.parts'])
			assert.deepEqual(await compared((await serve('kinds', { ...env, TABLE: table })).base), raw, table);
		const child = await serve('kinds', { ...env, TALLIES: 'mine' });
		assert.deepEqual(await compared(child.base), raw);
		assert.equal((await json(child.base, 'api/choices')).kind, 'table');
		for (const table of ['parts', 'My schema.A view']) {
			const { out, err } = ends(at('kinds', { ...env, TABLE: table, SETUP: 'print' }));
			assert.equal(err, '');
			psql(out, { database: 'kinds' });
		}
		assert.match(ends(at('kinds', { ...env, TABLE: 'My schema.A view', SETUP: 'print' })).out, /is no table: indexes belong on the tables below it/);
		assert.deepEqual(await compared((await serve('kinds', { ...env, TABLE: 'parts' })).base), raw);
		assert.deepEqual(await compared((await serve('kinds', { ...env, TABLE: 'My schema.A view' })).base), raw);
	});

	await test('who has been called is not to be called; the response rate', async () => {
		psql(`CREATE TABLE invitations (sent date, tier text); INSERT INTO invitations SELECT '2026-01-01'::date + n % 120, 'T' || n % 4 FROM generate_series(1, 6000) AS n`, { database: 'shop' });
		const { base } = await serve('shop', { ...env, INVITATIONS: 'invitations', INVITED: 'sent' });
		const period = 'from=2026-01-01&until=2026-03-31';
		const [[invited, answered]] = psql(`SELECT (SELECT count(*) FROM invitations WHERE sent < '2026-04-01' AND tier = 'T1'),
			(SELECT count(*) FROM answers WHERE score BETWEEN 0 AND 10 AND tier = 'T1' AND (at AT TIME ZONE 'Europe/Paris') < '2026-04-01')`, { database: 'shop' });
		assert.deepEqual((await json(base, `api/figures?${period}&in.tier=T1&only=rate`)).rate.rows, [{ invited, answered, pct: (100 * answered / invited).toFixed(1) }]);
		const it = await (await Page.open(base)).go(`?${period}&in.tier=T1`);
		assert.match(await it.text('#rate'), /^Response rate\d+\.\d % ?/);
		await it.close();
		const { rows } = await json(base, 'api/comments?period=all&calls=1');
		const called = new Set(psql('SELECT remark FROM answers WHERE called_on IS NOT NULL', { database: 'shop' }).flat());
		assert(rows.length > 0 && rows.every((row) => row.comment === null || !called.has(row.comment)));
	});

	await test('a part that is slow is given up, and the others are there', async () => {
		makeDatabase('slow', `CREATE TABLE base AS SELECT now() - n * interval '1 hour' AS answered_at, n % 11 AS score, 'comment' AS comment FROM generate_series(1, 2000) AS n;
			CREATE VIEW responses AS SELECT answered_at, score, comment, pg_sleep(CASE WHEN score = 7 THEN 0.05 ELSE 0 END) IS NULL AS plan FROM base;
			CREATE MATERIALIZED VIEW responses_nps AS SELECT (answered_at AT TIME ZONE 'UTC')::date AS day, false AS plan, nps_tally(score) AS tally FROM base GROUP BY 1`);
		const { base } = await serve('slow', { SEGMENTS: 'plan', COMMENT: 'comment', TIMEOUT: '1' });
		const it = await (await Page.open(base)).go('?in.plan=false');
		assert.equal(await it.text('#spread .failed'), 'This part took too long and was given up; the others hold.');
		assert.match(await it.text('#score .big'), /^−?\d/);
		assert.equal((await it.table('trend')).length, 12);
		await it.close();
	});

	await test('one who goes away does not keep the database busy', async () => {
		const { base } = await serve('slow', { SEGMENTS: 'plan', COMMENT: 'comment', TIMEOUT: '600' });
		const gone = new AbortController();
		const busy = () => psql("SELECT count(*) FROM pg_stat_activity WHERE datname = 'slow' AND application_name = 'nps dashboard' AND state = 'active'")[0][0];

		fetch(`${base}api/figures?in.plan=false&only=spread`, { signal: gone.signal }).then((response) => response.text()).catch(() => {});
		for (let i = 0; i < 50 && busy() === '0'; i++)
			await new Promise((resolve) => setTimeout(resolve, 100));
		assert.equal(busy(), '1');
		gone.abort();
		for (let i = 0; i < 60 && busy() !== '0'; i++)
			await new Promise((resolve) => setTimeout(resolve, 100));
		assert.equal(busy(), '0');
		assert.equal((await json(base, 'api/figures?only=overall')).status, 200, 'and the page is still served');
	});
}
