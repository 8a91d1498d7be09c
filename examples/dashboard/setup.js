// SETUP=print: the SQL that makes the dashboard fast, for a DBA to read and run.
// The dashboard itself runs none of it.

import { Trouble, beside, counted, dayOf, named } from './source.js';

// Is this server's nps one that keeps roll-ups up to date by itself?
const live = "SELECT pg_catalog.to_regprocedure(pg_catalog.format('%s.nps_create_rollup(name, regclass)', :'schema'::text)) IS NOT NULL AS there";

export async function setup(source, database) {
	const { settings, table, at, score, comment, customer, segments, invitations } = source;
	const taken = segments.find((one) => ['day', 'tally', 'score', 'as_of'].includes(one.name));
	if (taken)
		throw new Trouble(`a roll-up has a column “${taken.name}” of its own: give this segment another name in a view, and name that by TABLE`);
	const name = (end) => beside(table.schema, named(table.name, `_nps${end}`));
	const columns = ['day', ...segments.map((one) => one.sql)];
	const base = ['r', 'p'].includes(table.kind);
	const index = (on, what, condition) => `CREATE INDEX ON ${on} (${what})${condition ? ` WHERE ${condition}` : ''};\n`;
	const month = {
		date: `date_trunc('month', ${at.sql}::timestamp)::date`, 'timestamp without time zone': `date_trunc('month', ${at.sql})::date`,
		'timestamp with time zone': `date_trunc('month', ${at.sql} AT TIME ZONE ${source.zone})::date`,
	}[at.type];
	const definition = (day, more, tally) => `SELECT ${[`${day} AS day`, ...segments.map((one) => one.sql), ...more, tally].join(', ')}
FROM ${table.sql}
WHERE ${counted(source)} AND ${at.sql} IS NOT NULL
GROUP BY ${[...columns, ...more].map((_, i) => i + 1).join(', ')}`;
	const whole = [`floor(${score.sql})::integer AS score`];
	const grant = `-- To whom the page connects as:\n-- GRANT SELECT ON ${['', '_months', '_scores', '_months_scores'].map(name).join(', ')} TO ...;\n\n`;
	let text = `-- For the dashboard on ${table.sql}: tallies by day${segments.map((one) => `, ${one.sql}`).join('')}.
-- Nothing here changes the answers.  Run it as the owner of the table.

${source.extension === 'public' ? '' : `SET search_path = "$user", public, ${source.extension};\n\n`}`;

	const isLive = settings.setup !== 'materialized' && base && await database.snapshot(null, async (query) =>
		(await query(live, {}, { schema: source.extension }))[0].there);
	const rollups = [['', dayOf(source, at), []], ['_months', month, []], ['_scores', dayOf(source, at), whole], ['_months_scores', month, whole]];
	text += '-- By day, and by month for whole months; the last two for the spread of the scores.\n';
	for (const [end, day, more] of rollups)
		text += isLive
			? `CREATE VIEW ${name(`${end}_now`)} AS\n${definition(day, more, `nps_tally(${score.sql}) AS tally`)};\nSELECT nps_create_rollup(${
				[named(table.name, `_nps${end}`), name(`${end}_now`)].map((one) => `'${one.replaceAll("'", "''")}'`).join(', ')});\n\n`
			: `CREATE MATERIALIZED VIEW ${name(end)} AS\n${definition(day, more, `nps_tally(${score.sql}) AS tally, now() AS as_of`)};
CREATE UNIQUE INDEX ON ${name(end)} (${[...columns, ...(more.length > 0 ? ['score'] : [])].join(', ')});
ANALYZE ${name(end)};\n\n`;
	if (!isLive)
		text += `-- To be run as often as the page is to be up to date, for example by cron:
${rollups.map(([end]) => `-- REFRESH MATERIALIZED VIEW CONCURRENTLY ${name(end)};\n`).join('')}
`;

	text += grant;

	if (base) {
		text += '-- For the comments, the calls, and what is off the scale.  CONCURRENTLY, outside a\n-- transaction, lets others write meanwhile.\n';
		text += index(table.sql, at.sql);
		text += index(table.sql, at.sql, `${score.sql} NOT BETWEEN 0 AND 10`);
		if (comment) {
			text += index(table.sql, at.sql, `${comment.sql} IS NOT NULL`);
			for (const one of segments)
				text += index(table.sql, `${one.sql}, ${at.sql}`, `${comment.sql} IS NOT NULL`);
		}
		if (customer)
			text += index(table.sql, `${customer.sql}, ${at.sql}`);
		text += index(table.sql, at.sql, `nps_is_detractor(${score.sql})`);
		if (comment)
			text += `-- For the search in comments:\n-- CREATE EXTENSION pg_trgm;\n-- CREATE INDEX ON ${table.sql} USING gin (${comment.sql} gin_trgm_ops) WHERE ${comment.sql} IS NOT NULL;\n`;
		if (invitations && ['r', 'p'].includes(invitations.kind) && invitations.oid !== table.oid)
			text += index(invitations.sql, invitations.at.sql);
	} else
		text += `-- ${table.sql} is no table: indexes belong on the tables below it.\n`;
	return text;
}
