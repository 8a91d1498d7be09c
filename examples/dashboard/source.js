// Where the figures come from: the table of answers, and the roll-up of its
// tallies if there is one.  Everything that a query needs to know of them is
// here, as pieces of SQL with every name quoted by the server.

// An error that tells its user all in one line.
export class Trouble extends Error {}

const scores = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
const times = ['date', 'timestamp without time zone', 'timestamp with time zone'];

// A name that PostgreSQL does not cut into that of something else.
const longestEnd = '_nps_months_scores_changes'.length;
export function named(table, end) {
	let base = table;

	while (Buffer.byteLength(base) > 63 - longestEnd)
		base = [...base].slice(0, -1).join('');
	return base + end;
}

// Finds a relation by the name that a user gave: as it stands, or as SQL.
async function relation(client, name) {
	const seen = async (how) => (await client.query(`SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
		c.relispopulated AS filled, pg_catalog.format('%I.%I', n.nspname, c.relname) AS sql,
		CASE WHEN c.relkind = 'p' THEN (SELECT sum(greatest(p.reltuples, 0)) FROM pg_catalog.pg_partition_tree(c.oid) AS t
			JOIN pg_catalog.pg_class AS p ON p.oid = t.relid) ELSE c.reltuples END AS rows
		FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
		WHERE c.oid = pg_catalog.to_regclass(${how}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`, [name])).rows[0];
	const exact = "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(part), '.') FROM pg_catalog.unnest(pg_catalog.string_to_array($1, '.')) AS part)";
	// What can't be a name in SQL is none, and no reason to stop.
	const tried = (how) => seen(how).catch((error) => (['42602', '42601', '0A000'].includes(error.code) ? undefined : Promise.reject(error)));

	return await tried('pg_catalog.quote_ident($1)') ?? await tried(exact) ?? await tried('$1');
}

// Its columns, each with the type below its domains.
async function columns(client, { oid }) {
	return (await client.query(`WITH RECURSIVE found AS (
			SELECT attnum, attname, atttypid AS type, atttypid AS base FROM pg_catalog.pg_attribute
			WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped
			UNION ALL
			SELECT attnum, attname, found.type, typbasetype FROM found JOIN pg_catalog.pg_type ON oid = base WHERE typtype = 'd'
		)
		SELECT attname AS name, pg_catalog.quote_ident(attname) AS sql, pg_catalog.format_type(base, NULL) AS type,
		       pg_catalog.format('%I.%I', nspname, typname) AS cast, typname, CASE WHEN typtype = 'e' THEN 'E' ELSE typcategory END AS category
		FROM found JOIN pg_catalog.pg_type AS t ON t.oid = base JOIN pg_catalog.pg_namespace AS n ON n.oid = typnamespace
		WHERE typtype <> 'd' ORDER BY attnum`, [oid])).rows;
}

// The column of that name, else the one that SQL would take it for.
function column(among, name, { name: table }) {
	const found = among.find((one) => one.name === name) ?? among.find((one) => one.name === name.toLowerCase());

	if (!found)
		throw new Trouble(`${table} has no column “${name}”; it has ${among.map((one) => one.name).join(', ')}`);
	return found;
}

// Values of these types are compared as they are, so that an index serves; others as text.
const comparable = ({ category }) => ['S', 'N', 'B', 'E', 'D'].includes(category);

// Looks at the database, says what is wrong with what it was told, and gives
// the source of all figures.
export async function look(client, settings) {
	const [extension] = (await client.query(`SELECT pg_catalog.quote_ident(nspname) AS schema,
		pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS usable
		FROM pg_catalog.pg_extension JOIN pg_catalog.pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'nps'`)).rows;
	if (!extension)
		throw new Trouble(`the database “${client.database}” has no extension nps: CREATE EXTENSION nps makes it`);
	if (!extension.usable)
		throw new Trouble(`${client.user} may not use the extension nps: GRANT USAGE ON SCHEMA ${extension.schema} TO ${client.user} allows it`);
	await client.query('SELECT now() AT TIME ZONE $1', [settings.zone]);

	const table = await relation(client, settings.table);
	if (!table)
		throw new Trouble(`the database “${client.database}” has no table or view “${settings.table}”; TABLE names the answers`);
	const all = await columns(client, table);
	const picked = {};
	for (const [role, name] of Object.entries(settings.columns))
		picked[role] = name === '' ? null : column(all, name, table);
	if (!scores.includes(picked.score.type))
		throw new Trouble(`the column “${picked.score.name}” is of type ${picked.score.type}; scores are numbers: cast them in a view, and name that by TABLE`);
	if (!times.includes(picked.at.type))
		throw new Trouble(`the column “${picked.at.name}” is of type ${picked.at.type}; AT names a date or a timestamp`);
	const segments = settings.segments.map(({ column: name, label }, i) => ({ ...column(all, name, table), label, key: `s${i}` }));

	// Without the right to read them this says so.
	const needed = new Set([...Object.values(picked).filter(Boolean), ...segments].map((one) => one.sql));
	await client.query(`SELECT ${[...needed].join(', ')} FROM ${table.sql} LIMIT 0`);

	const source = {
		settings, table, segments, extension: extension.schema, ...picked,
		zone: client.escapeLiteral(settings.zone), notices: [], kind: 'answers', rolled: null, months: null, scores: null, monthScores: null, invitations: null,
	};
	await findTallies(client, source);
	if (settings.invitations !== '')
		await findInvitations(client, source);
	// Stops what a page that is gone has asked for; not every system can tell.
	source.watches = await client.query("SET client_connection_check_interval = '2s'").then(() => true, () => false);
	return source;
}

// Says why a relation can't serve as roll-up, or gives it.
async function rollup(client, source, name, wanted) {
	const found = await relation(client, name);

	if (!found)
		return {};
	const among = await columns(client, found);
	const [{ readable }] = (await client.query("SELECT pg_catalog.has_table_privilege($1::oid, 'SELECT') AS readable", [found.oid])).rows;
	const lacks = [...wanted, ...source.segments.map((one) => [one.name])].find(([one, type]) =>
		!among.some((other) => other.name === one && (!type || other.typname === type)));
	const why = !readable ? 'may not be read' : !found.filled ? 'has not been filled yet' : lacks && `has no column “${lacks[0]}”${lacks[1] ? ` of type ${lacks[1]}` : ''}`;
	return { found: { ...found, asOf: among.some((one) => one.name === 'as_of') }, why };
}

// A name with its schema, as SQL.
const quote = (name) => `"${name.replaceAll('"', '""')}"`;
export const beside = (schema, name) => `${quote(schema)}.${quote(name)}`;

async function findTallies(client, source) {
	const { settings: { tallies }, table } = source;
	const name = tallies || beside(table.schema, named(table.name, '_nps'));
	// Its own columns would be taken for segments of their name.
	const { found, why } = source.segments.some((one) => ['day', 'tally', 'score', 'as_of'].includes(one.name)) ? {}
		: await rollup(client, source, name, [['day', 'date'], ['tally', 'nps_tally']]);

	if (tallies && (!found || why))
		throw new Trouble(found ? `the roll-up ${found.name} ${why}` : `the database has no roll-up “${tallies}”, which TALLIES names`);
	if (why)
		source.notices.push(`the roll-up ${found.name} ${why}, so the answers themselves are read; SETUP=print has the SQL for it`);
	if (!found || why)
		return;
	source.kind = found.kind === 'm' ? 'materialized' : found.kind === 'v' ? 'live' : 'table';
	source.rolled = found;
	// Coarser and finer ones beside it are used where they answer the question.
	for (const [role, end, more] of [['months', '_months', []], ['scores', '_scores', [['score', 'int4']]], ['monthScores', '_months_scores', [['score', 'int4']]]]) {
		const other = await rollup(client, source, beside(found.schema, found.name + end), [['day', 'date'], ['tally', 'nps_tally'], ...more]);
		source[role] = other.found && !other.why ? other.found : null;
	}
}

async function findInvitations(client, source) {
	const { settings } = source;
	const found = await relation(client, settings.invitations);

	if (!found)
		throw new Trouble(`the database has no table or view “${settings.invitations}”, which INVITATIONS names`);
	const among = await columns(client, found);
	const at = column(among, settings.invited, found);
	if (!times.includes(at.type))
		throw new Trouble(`the column “${at.name}” of ${found.name} is of type ${at.type}; INVITED names a date or a timestamp`);
	await client.query(`SELECT ${at.sql} FROM ${found.sql} LIMIT 0`);
	source.invitations = { ...found, at, segments: source.segments.filter((one) => among.some((other) => other.name === one.name)) };
}

// The day of a time, where the page's users are.
export const dayOf = (source, at, prefix = '') => ({
	date: `${prefix}${at.sql}`,
	'timestamp without time zone': `${prefix}${at.sql}::date`,
	'timestamp with time zone': `(${prefix}${at.sql} AT TIME ZONE ${source.zone})::date`,
}[at.type]);

// A condition on a time that an index on it serves, from the first of these
// days to the end of the second.
function within(source, at, from, until) {
	const [start, end] = [`:'${from}'::date`, `(:'${until}'::date + 1)`];

	if (at.type === 'date')
		return `${at.sql} >= ${start} AND ${at.sql} < ${end}`;
	if (at.type === 'timestamp without time zone')
		return `${at.sql} >= ${start}::timestamp AND ${at.sql} < ${end}::timestamp`;
	return `${at.sql} >= ${start}::timestamp AT TIME ZONE ${source.zone} AND ${at.sql} < ${end}::timestamp AT TIME ZONE ${source.zone}`;
}

// The conditions of the filters: for each segment a list of values, NULL for "(none)".
function filtered(segments, chosen, except) {
	return segments.filter(({ key }) => chosen[key] && key !== except).map((one) => {
		const is = comparable(one) ? `${one.sql} = ANY (:'${one.key}'::text[]::${one.cast}[])` : `${one.sql}::text = ANY (:'${one.key}'::text[])`;
		return chosen[one.key].includes(null) ? `(${is} OR ${one.sql} IS NULL)` : is;
	});
}

const where = (conditions) => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`);

// Counted is what is on the scale; NaN, which is above all numbers, is not.
export const counted = ({ score }) => `${score.sql} BETWEEN 0 AND 10`;

// The relations that the queries in sql/ read: tallies (day, segment, tally),
// scores (score, answers), and so on.
export function pieces(source, { by, chosen, values }) {
	const { table, at, score, segments, invitations } = source;
	// Where nothing is finer than a month, tallies by month do: day is its first.
	const whole = values.whole_months && ['month', 'quarter', 'year'].includes(values.each);
	const rolled = (whole && source.months) || source.rolled;
	const spread = (whole && source.monthScores) || source.scores;
	const segment = by ? `${by.sql}::text` : 'NULL::text';
	const filters = filtered(segments, chosen);
	const tallies = (from) => (rolled
		? `(SELECT day, ${segment} AS segment, tally FROM ${rolled.sql}${where([`day BETWEEN :'${from}'::date AND :'until'::date`, ...filters])})`
		: `(SELECT ${dayOf(source, at)} AS day, ${segment} AS segment, nps_tally(${score.sql}) AS tally FROM ${table.sql}${
			where([counted(source), within(source, at, from, 'until'), ...filters])} GROUP BY 1, 2)`);

	return {
		tallies: tallies('from'),
		tallies_before: tallies('before'),
		tallies_trend: tallies('first'),
		scores: spread
			? `(SELECT score, sum(nps_responses(tally)) AS answers FROM ${spread.sql}${where(["day BETWEEN :'from'::date AND :'until'::date", ...filters])} GROUP BY score)`
			: `(SELECT floor(${score.sql})::integer AS score, count(*) AS answers FROM ${table.sql}${
				where([counted(source), within(source, at, 'from', 'until'), ...filters])} GROUP BY 1)`,
		off_scale: `(SELECT FROM ${table.sql}${where([`${score.sql} NOT BETWEEN 0 AND 10`, within(source, at, 'from', 'until'), ...filters])})`,
		undated: `(SELECT FROM ${table.sql}${where([`${at.sql} IS NULL`, `${score.sql} IS NOT NULL`, ...filters])})`,
		...(invitations ? {
			invitations: `(SELECT FROM ${invitations.sql}${where([within(source, invitations.at, 'from', 'until'), ...filtered(invitations.segments, chosen)])})`,
		} : {}),
	};
}

// The answers behind the figures, for comments and calls, newest first.  Where a
// filter has several values, an index on that column and the time gives the
// newest of each, and the newest of those are what is wanted.
export function answers(source, { chosen, category, calls, search, cursor }) {
	const { table, at, score, comment, customer, called, id, segments } = source;
	const wanted = segments.find((one) => chosen[one.key]?.length > 1 && !chosen[one.key].includes(null) && comparable(one));
	const conditions = [within(source, at, 'from', 'until'), ...filtered(segments, chosen, wanted?.key)];

	if (calls || category)
		conditions.push(`nps_is_${calls ? 'detractor' : category}(${score.sql})`);
	if (comment && !calls)
		conditions.push(`${comment.sql} IS NOT NULL`, `${comment.sql}::text ~ '\\S'`);
	if (comment)
		search.forEach((_, i) => conditions.push(`${comment.sql}::text ILIKE :'word${i}'`));
	if (calls && called)
		conditions.push(`${called.sql} ${called.type === 'boolean' ? 'IS NOT TRUE' : 'IS NULL'}`);
	if (calls && customer)
		conditions.push(better(source, 'answers').replace(/^EXISTS/, 'NOT EXISTS'));
	if (cursor)
		conditions.push(`${at.sql} <= :'cursor'::${at.cast}`);

	// Equal in all that is shown: then it does not matter which comes first.
	const order = [`${at.sql} DESC`, ...[id, score, comment, customer, ...segments].filter(Boolean).map((one) =>
		(comparable(one) ? `${one.sql} DESC NULLS LAST` : `${one.sql}::text DESC NULLS LAST`))];
	const from = `SELECT * FROM ${table.sql} AS answers`;
	if (!wanted)
		return { order: order.join(', '), sql: `(${from}${where(conditions)})`, limited: (limit) => `(${from}${where(conditions)} ORDER BY ${order.join(', ')} LIMIT ${limit})` };
	const each = (end) => `(SELECT found.* FROM unnest(:'${wanted.key}'::text[]::${wanted.cast}[]) AS wanted (value), LATERAL (${from}${
		where([`answers.${wanted.sql} = wanted.value`, ...conditions])}${end}) AS found)`;
	return { order: order.join(', '), sql: each(''), limited: (limit) => each(` ORDER BY ${order.join(', ')} LIMIT ${limit}`) };
}

// Has the author of this answer given a better one since?
export function better({ table, at, score, customer }, alias) {
	return `EXISTS (SELECT FROM ${table.sql} AS later WHERE later.${customer.sql} = ${alias}.${customer.sql}
		AND later.${at.sql} > ${alias}.${at.sql} AND later.${score.sql} BETWEEN 7 AND 10)`;
}

// The last answer of a passive or a promoter that each author of these gave: one
// look at an index for each, or one at the table where there is none.
export const lastBetter = ({ table, at, score, customer }) => (customer
	? `(SELECT later.${customer.sql} AS customer, max(later.${at.sql}) AS at FROM ${table.sql} AS later
		JOIN (SELECT DISTINCT ${customer.sql} AS customer FROM page) AS authors ON later.${customer.sql} = authors.customer
		WHERE later.${score.sql} BETWEEN 7 AND 10 GROUP BY 1)`
	: '(SELECT NULL AS customer, NULL::date AS at)');
