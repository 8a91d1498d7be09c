// What a page asks for: its query string checked, and made into the values that
// the queries take.  Whatever is not understood is an error, never ignored.

// An error of the one who asks; the page has its words in each language.
export class BadRequest extends Error {
	constructor(code, details, message) {
		super(message);
		Object.assign(this, { code, details });
	}
}

export const periods = ['last-30-days', 'last-90-days', 'last-12-months', 'this-month', 'last-month', 'this-quarter', 'last-quarter',
	'this-year', 'last-year', 'all'];
export const spans = { day: '1 day', week: '1 week', month: '1 month', quarter: '3 months', year: '1 year' };
const categories = ['detractor', 'passive', 'promoter'];
const mostSteps = 400;
const daysOf = { day: 1, week: 7, month: 30.4, quarter: 91.3, year: 365.2 };

// Days are texts such as 2026-01-31, which sort as they should.
const text = (date) => date.toISOString().slice(0, 10);
const plus = (day, { days = 0, months = 0 }) => {
	const date = new Date(`${day}T00:00:00Z`);
	if (months !== 0)
		date.setUTCMonth(date.getUTCMonth() + months);
	date.setUTCDate(date.getUTCDate() + days);
	return text(date);
};
const between = (from, until) => Math.round((Date.parse(until) - Date.parse(from)) / 86400000);
const monthOf = (day) => `${day.slice(0, 7)}-01`;
const quarterOf = (day) => `${day.slice(0, 4)}-${String(1 + 3 * Math.floor((Number(day.slice(5, 7)) - 1) / 3)).padStart(2, '0')}-01`;
const yearOf = (day) => `${day.slice(0, 4)}-01-01`;
const lastOf = (start, months) => plus(plus(start, { months }), { days: -1 });

// The first and the last day of a period by its name.  It ends with the latest
// answer where that is in the past.
function period(name, { first, last, today }) {
	const anchor = last && last < today ? last : today;
	const [month, quarter, year] = [monthOf(anchor), quarterOf(anchor), yearOf(anchor)];

	return {
		'last-30-days': () => [plus(anchor, { days: -29 }), anchor],
		'last-90-days': () => [plus(anchor, { days: -89 }), anchor],
		'last-12-months': () => [plus(month, { months: -11 }), lastOf(month, 1)],
		'this-month': () => [month, lastOf(month, 1)],
		'last-month': () => [plus(month, { months: -1 }), lastOf(month, 0)],
		'this-quarter': () => [quarter, lastOf(quarter, 3)],
		'last-quarter': () => [plus(quarter, { months: -3 }), lastOf(quarter, 0)],
		'this-year': () => [year, lastOf(year, 12)],
		'last-year': () => [plus(year, { months: -12 }), lastOf(year, 0)],
		all: () => [first && first < anchor ? (first < '1900-01-01' ? '1900-01-01' : first) : anchor, anchor],
	}[name]();
}

const wholeMonths = (from, until) => from.endsWith('-01') && plus(until, { days: 1 }).endsWith('-01');

// The period before one: as many months before whole months, else as many days.
function before(from, until) {
	const end = plus(until, { days: 1 });

	if (wholeMonths(from, until))
		return plus(from, { months: -((Number(end.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(end.slice(5, 7)) - Number(from.slice(5, 7))) });
	return plus(from, { days: -(between(from, until) + 1) });
}

// Steps that a chart of that many days can show.
const usual = (days) => (days <= 35 ? 'day' : days <= 190 ? 'week' : days <= 1130 ? 'month' : days <= 9000 ? 'quarter' : 'year');

function day(name, value) {
	if (typeof value !== 'string' || !/^(19|20|21)\d\d-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)) || text(new Date(value)) !== value)
		throw new BadRequest('bad_date', { name, value: String(value) }, `“${name}” must be a day such as 2026-01-31, not “${value}”.`);
	return value;
}

function among(name, value, allowed) {
	if (!allowed.includes(value))
		throw new BadRequest('bad_choice', { name, value: String(value), allowed: allowed.join(', ') }, `“${name}” must be one of ${allowed.join(', ')}, not “${value}”.`);
	return value;
}

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const number = /^-?(100(\.0*)?|\d{1,2}(\.\d{0,6})?|\.\d{1,6})$/;
const known = ['period', 'from', 'until', 'each', 'by', 'benchmark', 'none', 'category', 'calls', 'q', 'cursor', 'skip', 'lang', 'only'];

// Takes the filters from a query string, or says which one is wrong.
export function parse(query, { segments }, facts) {
	const chosen = {};

	for (const [name, value] of Object.entries(query)) {
		const segment = name.startsWith('in.') && segments.find(({ column, name: found }) => (column ?? found) === name.slice(3));
		if (!segment && !known.includes(name))
			throw new BadRequest('unknown_filter', { name }, `There is no filter “${name}”.`);
		if (list(value).some((one) => typeof one !== 'string' || one.includes('\0') || one.length > 20000))
			throw new BadRequest('bad_text', { name }, `“${name}” must be a text.`);
		if (segment)
			chosen[segment.key] = list(value);
		else if (Array.isArray(value) && name !== 'none')
			throw new BadRequest('twice', { name }, `“${name}” is given twice.`);
	}
	for (const name of list(query.none)) {
		const segment = segments.find((one) => one.name === name);
		if (!segment)
			throw new BadRequest('unknown_filter', { name }, `There is no filter “${name}”.`);
		(chosen[segment.key] ??= []).push(null);
	}
	const [from, until] = query.from === undefined && query.until === undefined
		? period(among('period', query.period || 'last-12-months', periods), facts)
		: [day('from', query.from), day('until', query.until)];
	if (from > until)
		throw new BadRequest('reversed', {}, 'The period ends before it begins.');
	const days = between(from, until) + 1;
	const each = query.each ? among('each', query.each, Object.keys(spans)) : usual(days);
	if (days / daysOf[each] > mostSteps)
		throw new BadRequest('too_many_steps', { each, count: Math.ceil(days / daysOf[each]) }, `The period has ${Math.ceil(days / daysOf[each])} steps: choose longer ones.`);
	const benchmark = query.benchmark ?? '';
	if (benchmark !== '' && !number.test(benchmark))
		throw new BadRequest('bad_benchmark', { value: benchmark }, '“benchmark” must be a number from -100 to 100.');
	const by = segments.length === 0 ? null : segments.find((one) => one.name === (query.by || segments[0].name));
	if (by === undefined || (!by && query.by))
		throw new BadRequest('unknown_filter', { name: query.by }, `There is no segment “${query.by}”.`);
	const skip = query.skip ?? '0';
	if (!/^\d{1,7}$/.test(skip) || (query.cursor !== undefined && !/^[-\d:.+ TA-Z]{1,40}$/.test(query.cursor)))
		throw new BadRequest('bad_text', { name: 'cursor' }, '“cursor” leads nowhere.');

	return {
		chosen, by, category: query.category ? among('category', query.category, categories) : '', calls: query.calls === '1',
		search: (query.q ?? '').trim().split(/\s+/).filter((word) => word !== '').slice(0, 10), cursor: query.cursor ?? null,
		values: {
			from, until, each, span: spans[each], before: before(from, until), first: plus(from, { days: -Math.ceil(2 * daysOf[each]) - 1 }),
			benchmark, skip: Number(skip), days, whole_months: wholeMonths(from, until),
		},
	};
}
