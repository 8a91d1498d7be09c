// The answers themselves: a page of comments, or whom to call back, and the
// same list as a file for a spreadsheet.

import { answers, dayOf, lastBetter } from './source.js';
import { compose } from './database.js';

const pageSize = 20;
const mostCounted = 100;

// What is shown of an answer.
function shown(source, calls) {
	const { score, at, comment, customer, called, segments } = source;
	const text = (one) => (one ? `answers.${one.sql}::text` : 'NULL::text');
	const onScale = `answers.${score.sql} BETWEEN 0 AND 10`;
	const done = [
		...(customer ? [`coalesce(better.at > answers.${at.sql}, false)`] : []),
		...(called ? [`answers.${called.sql} ${called.type === 'boolean' ? 'IS TRUE' : 'IS NOT NULL'}`] : []),
	];
	const calling = calls ? 'true' : `coalesce(nps_is_detractor(answers.${score.sql}), false) AND NOT (${done.join(' OR ') || 'false'})`;

	return `answers.${at.sql}::text AS at, to_char(${dayOf(source, at, 'answers.')}, 'YYYY-MM-DD') AS day, answers.${score.sql}::text AS score,
		CASE WHEN ${onScale} THEN nps_category(answers.${score.sql}) END::text AS category,
		${text(customer)} AS customer, ${text(comment)} AS comment, ${customer || comment ? calling : 'NULL'} AS call_back,
		ARRAY[${segments.map(text).join(', ')}]::text[] AS segments`;
}

// The values of a query for answers: words to search for are patterns.
const valuesOf = ({ values, chosen, search, cursor }) => ({
	...values, ...chosen, cursor,
	...Object.fromEntries(search.map((word, i) => [`word${i}`, `%${word.replace(/[\\%_]/g, '\\$&')}%`])),
});

// A page, how to ask for the next, and, for the first, how many there are.  The
// place of a page is a time and how many answers of that time came before, so
// that any page costs as little as the first.
export async function listed(source, asked, query) {
	const found = answers(source, asked);
	const limit = pageSize + 1;
	const values = valuesOf(asked);
	const rows = await query('comments', {
		shown: shown(source, asked.calls), page: found.limited(asked.values.skip + limit), order: found.order,
		better: lastBetter(source), author: source.customer ? `answers.${source.customer.sql}` : 'NULL',
	}, { ...values, limit });
	const page = rows.slice(0, pageSize);
	let next = null;
	let count = null;

	if (rows.length > pageSize) {
		const { at } = page.at(-1);
		const same = page.filter((row) => row.at === at).length;
		next = { cursor: at, skip: same + (asked.cursor === at ? asked.values.skip : 0) };
	}
	if (!asked.cursor)
		count = rows.length <= pageSize ? rows.length
			: await query(`SELECT count(*)::integer FROM (SELECT FROM ${found.limited(mostCounted + 1)} AS answers LIMIT ${mostCounted + 1}) AS counted`,
				{}, values, 1000).then(([row]) => row.count, () => null);
	return { rows: page, next, count, more: count !== null && count > mostCounted };
}

// A field of a CSV file.  What a spreadsheet would take for a formula becomes text.
const field = (value, separator) => {
	const text = value === null ? '' : /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
	return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

// The whole list, however long, in pieces.  A spreadsheet in French separates
// by semicolons; the mark at the beginning tells it that this is UTF-8.
export async function csv(source, asked, client, response, lang) {
	const separator = lang === 'fr' ? ';' : ',';
	const line = (values) => `${values.map((value) => field(value, separator)).join(separator)}\r\n`;
	const found = answers(source, asked);
	const { score, at, comment, customer, segments } = source;
	const columns = [['day', at.name], ['score', score.name], ['category', 'category'],
		...(customer ? [['customer', customer.name]] : []), ...(comment ? [['comment', comment.name]] : [])];
	const { text, values } = compose('DECLARE answers NO SCROLL CURSOR FOR SELECT :shown FROM :page AS answers ORDER BY :order',
		{ shown: shown(source, true), page: found.sql, order: found.order }, valuesOf(asked));

	await client.query(text, values);
	response.set('Content-Disposition', `attachment; filename="${asked.calls ? 'calls' : 'comments'}-${asked.values.from}-${asked.values.until}.csv"`);
	response.type('text/csv; charset=utf-8');
	response.write(`\uFEFF${line([...columns.map(([, name]) => name), ...segments.map((one) => one.label)])}`);
	for (;;) {
		const { rows } = await client.query('FETCH 1000 FROM answers');
		if (rows.length === 0)
			break;
		const ready = response.write(rows.map((row) => line([...columns.map(([name]) => row[name]), ...row.segments])).join(''));
		if (!ready)
			await new Promise((resolve) => { response.once('drain', resolve); response.once('close', resolve); });
	}
	response.end();
}
