// The dashboard's page: asks the server for figures and shows them.  Nothing
// is computed here but places on the screen: figures are text from SQL, made a
// number only where a chart needs to know how far to go.

const { Plot, d3 } = window;
const form = document.getElementById('filters');
const main = document.getElementById('figures');
const points = ['detractor', 'passive', 'promoter'];

// Makes an element; strings among its children become text, never HTML.
function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes))
		element.setAttribute(name, value);
	element.append(...children);
	return element;
}

// A figure as people write it: a real minus, and a dash for what is not there.
const figure = (text) => (text === null ? '–' : String(text).replace('-', '−'));

// The same with its sign, for differences.
const signed = (text) => (Number(text) > 0 ? `+${text}` : figure(text));

// A count with its thousands apart.
const count = (text) => Number(text).toLocaleString('en');

// For a chart: a missing figure stays missing, as Number(null) is 0.
const number = (text) => (text === null ? NaN : Number(text));

// The first day of a month, for a time scale.
const date = (month) => new Date(`${month}-01T00:00:00Z`);

// "2025-03" as "March 2025".
const monthName = (month, length = 'long') => date(month).toLocaleDateString('en', { month: length, year: 'numeric', timeZone: 'UTC' });

// What a pointer over a score sees.
const tip = (name, row) =>
	`${name}\n${figure(row.score)} (${figure(row.lower)} to ${figure(row.upper)})\n${count(row.responses)} answers`;

// As many of the months as an axis of that width can name.
const someMonths = (rows, width) => {
	const every = Math.ceil(rows.length / Math.floor(width / 40));
	return rows.map((row) => row.month).filter((_, i) => i % every === 0);
};

// The name of a month on an axis; the first and each January say the year.
const tick = (month, i) =>
	date(month).toLocaleDateString('en', { month: 'short', timeZone: 'UTC' }) + (i === 0 || month.endsWith('-01') ? `\n${month.slice(0, 4)}` : '');

// Puts new content below the heading, and the legend, of a tile or card.
function fill(id, ...children) {
	const element = document.getElementById(id);

	element.querySelectorAll(':scope > .content').forEach((old) => old.remove());
	element.append(make('div', { class: 'content' }, ...children));
}

// The table behind a chart; columns are [heading, what it shows of a row].
// It stays open while filters change.
function table(id, caption, columns, rows) {
	const open = document.querySelector(`#${id} details`)?.open;
	const head = make('tr', {}, ...columns.map(([heading]) => make('th', { scope: 'col' }, heading)));
	const body = rows.map((row) => make('tr', {}, ...columns.map(([, show], i) =>
		(i === 0 ? make('th', { scope: 'row' }, show(row)) : make('td', {}, show(row))))));

	return make('details', open ? { open: '' } : {}, make('summary', {}, 'Show as a table'),
		make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
			make('table', {}, make('caption', {}, caption), make('thead', {}, head), make('tbody', {}, ...body))));
}

// A chart drawn to the width there is, with its table; drawn again when that
// width changes.
const charts = new Map();
function chart(id, label, options, behind) {
	const place = make('figure');

	fill(id, place, behind);
	charts.set(id, () => {
		const width = Math.max(260, place.clientWidth);
		const svg = Plot.plot({ width, ...options(width) });
		svg.setAttribute('role', 'img');
		svg.setAttribute('aria-label', `${label} The table below has the figures.`);
		place.replaceChildren(svg);
	});
	charts.get(id)();
}

// Says why there is no chart: an empty one would look like a score of 0.
function noChart(id, why = 'No answers in this period.') {
	charts.delete(id);
	fill(id, make('p', { class: 'quiet' }, why));
}

// The tiles: score, change, answers, and the way to the benchmark.
function showOverall(f, { benchmark }) {
	const none = make('p', { class: 'quiet' }, 'No answers in this period.');

	if (f.score === null) {
		for (const id of ['score', 'change', 'shares', 'target'])
			fill(id, make('p', { class: 'big' }, '–'), none.cloneNode(true));
		return;
	}
	fill('score',
		make('p', { class: 'big' }, figure(f.score), make('small', {}, ` ± ${f.margin}`)),
		make('p', { class: 'quiet' }, `95 % interval ${figure(f.lower)} to ${figure(f.upper)}`));
	if (f.change === null)
		fill('change', make('p', { class: 'big' }, '–'),
			make('p', { class: 'quiet' }, 'No answers in the period before.'));
	else
		fill('change',
			make('p', { class: 'big' }, signed(f.change), ' ',
				make('span', { class: `badge${f.real ? '' : ' quiet'}`, id: 'real' }, f.real ? '✓ real' : '≈ may be chance')),
			make('p', { class: 'quiet' }, `from ${figure(f.score_before)} in the period before`),
			make('p', { class: 'quiet' }, `95 % interval ${signed(f.change_lower)} to ${signed(f.change_upper)}, `,
				make('span', { class: 'nowrap' }, f.p_value === '0.000' ? 'p < 0.001' : `p = ${f.p_value}`)));
	fill('shares',
		make('p', { class: 'big' }, count(f.responses)),
		make('div', { class: 'bar', 'aria-hidden': 'true' }, ...points.map((kind) => {
			const part = make('i', { class: kind });
			part.style.width = `${f[`${kind}_pct`]}%`;
			return part;
		})),
		make('p', { class: 'quiet' }, points.map((kind) => `${f[`${kind}_pct`]} % ${kind}s`).join(', ')));
	if (benchmark === '')
		fill('target', make('p', { class: 'big' }, '–'), make('p', { class: 'quiet' }, 'Set a benchmark to compare with.'));
	else if (f.promoters_needed === '0')
		fill('target', make('p', { class: 'big' }, 'reached'), make('p', { class: 'quiet' }, `The score is no less than ${figure(benchmark)}.`));
	else
		fill('target',
			make('p', { class: 'big' }, f.promoters_needed === null ? 'out of reach' : `+${count(f.promoters_needed)}`),
			make('p', { class: 'quiet' }, f.promoters_needed === null ? `A score of ${figure(benchmark)} can’t be had any more.` : `more promoters for a score of ${figure(benchmark)}`));
}

// Score by month.  Where a month has no answers, line and band are broken.
function showTrend(rows) {
	const months = rows.map((row) => ({
		...row, date: date(row.month), y: number(row.score), lower: number(row.lower), upper: number(row.upper),
	}));
	const title = (row) => tip(monthName(row.month), row);
	const seen = months.filter((row) => row.score !== null);
	// Between two gaps there is no line and no band: the interval stands alone.
	const gap = (row) => (row?.score ?? null) === null;
	const lonely = seen.filter((row) => gap(months[months.indexOf(row) - 1]) && gap(months[months.indexOf(row) + 1]));

	if (seen.length === 0)
		return noChart('trend');
	chart('trend', 'Score by month with its 95 % interval.', (width) => ({
		height: width < 500 ? 240 : 300,
		marginLeft: 34,
		x: {
			type: 'utc', domain: d3.extent(months, (row) => row.date), label: null, inset: 8,
			ticks: someMonths(rows, width).map(date), tickFormat: (day, i) => tick(day.toISOString().slice(0, 7), i),
		},
		y: { grid: true, nice: true, label: null, ticks: 6 },
		marks: [
			Plot.areaY(months, { x: 'date', y1: 'lower', y2: 'upper', fill: 'var(--promoter)', fillOpacity: 0.2 }),
			Plot.lineY(months, { x: 'date', y: 'y', stroke: 'var(--promoter)', strokeWidth: 2.5 }),
			Plot.ruleX(lonely, { x: 'date', y1: 'lower', y2: 'upper', stroke: 'var(--promoter)', strokeOpacity: 0.2, strokeWidth: 7 }),
			Plot.dot(seen, { x: 'date', y: 'y', r: 3.5, fill: 'var(--promoter)', filter: (row) => !row.real }),
			Plot.dot(seen, { x: 'date', y: 'y', r: 7, symbol: 'diamond', fill: 'var(--detractor)', stroke: 'var(--surface)', filter: 'real' }),
			Plot.tip(seen, Plot.pointerX({ x: 'date', y: 'y', title })),
		],
	}), table('trend', 'Score by month', [
		['Month', (row) => monthName(row.month)],
		['Answers', (row) => count(row.responses)],
		['Score', (row) => figure(row.score)],
		['Lower bound', (row) => figure(row.lower)],
		['Upper bound', (row) => figure(row.upper)],
		['Differs from the month before', (row) => (row.real === null ? '–' : row.real ? 'yes' : 'no')],
	], rows));
}

// The three shares by month; a month without answers has no bar.
function showMonthly(rows) {
	const parts = rows.filter((row) => row.score !== null).flatMap((row) => points.map((kind) => ({
		month: row.month, kind, pct: Number(row[`${kind}_pct`]),
	})));

	if (parts.length === 0)
		return noChart('monthly');
	chart('monthly', 'Shares of detractors, passives and promoters by month.', (width) => ({
		height: 300,
		marginLeft: 38,
		marginRight: 2,
		marginBottom: 34,
		x: {
			type: 'band', domain: rows.map((row) => row.month), label: null, padding: 0.15, round: false,
			ticks: someMonths(rows, width), tickFormat: tick,
		},
		y: { domain: [0, 100], ticks: 5, label: null, tickFormat: (pct) => `${pct}%` },
		color: { domain: points, range: points.map((kind) => `var(--${kind})`) },
		marks: [
			Plot.barY(parts, {
				x: 'month', y: 'pct', fill: 'kind', order: points, insetTop: 1,
				title: (part) => `${monthName(part.month)}\n${part.kind}s ${part.pct} %`, tip: true,
			}),
		],
	}), table('monthly', 'Shares by month, in percent', [
		['Month', (row) => monthName(row.month)],
		...points.map((kind) => [`${kind}s`, (row) => figure(row[`${kind}_pct`])]),
	], rows));
}

// How much room the longest name of a segment takes, within reason.
const roomFor = (rows) => Math.min(150, 14 + 7 * Math.max(...rows.map((row) => row.segment.length)));

const verdicts = {
	above: { symbol: 'triangle', rotate: 0, colour: 'var(--promoter)', words: 'above' },
	unclear: { symbol: 'circle', rotate: 0, colour: 'var(--quiet)', words: 'unclear' },
	below: { symbol: 'triangle', rotate: 180, colour: 'var(--detractor)', words: 'below' },
	null: { symbol: 'circle', rotate: 0, colour: 'var(--promoter)', words: '–' },
};

// The segments with error bars, beside the benchmark if there is one.
function showSegments(rows, { benchmark, by }) {
	const segments = rows.map((row) => ({
		...row, x: Number(row.score), x1: Number(row.lower), x2: Number(row.upper), look: verdicts[row.verdict],
	}));
	const line = benchmark === '' ? [] : [Number(benchmark)];
	document.querySelector('#segments .legend').hidden = benchmark === '';
	const title = (row) => tip(row.segment, row);

	if (segments.length === 0)
		return noChart('segments');
	chart('segments', `Scores by ${by} with their 95 % intervals${benchmark === '' ? '' : `, beside the benchmark ${figure(benchmark)}`}.`, () => ({
		height: 60 + 40 * segments.length,
		marginLeft: roomFor(segments),
		marginRight: 16,
		marginTop: 24,
		x: { grid: true, nice: true, label: null, ticks: 6 },
		y: { type: 'band', domain: segments.map((row) => row.segment), label: null, tickSize: 0 },
		marks: [
			Plot.ruleX(line, { stroke: 'var(--ink)', strokeWidth: 1.5, strokeDasharray: '5 4' }),
			Plot.text(line, { x: (value) => value, frameAnchor: 'top', dy: -18, text: () => `benchmark ${figure(benchmark)}`, fill: 'var(--ink)' }),
			...segments.flatMap((row) => [
				Plot.ruleY([row], { x1: 'x1', x2: 'x2', y: 'segment', stroke: row.look.colour, strokeWidth: 2.5 }),
				Plot.tickX([row], { x: 'x1', y: 'segment', inset: 11, stroke: row.look.colour, strokeWidth: 2 }),
				Plot.tickX([row], { x: 'x2', y: 'segment', inset: 11, stroke: row.look.colour, strokeWidth: 2 }),
				Plot.dot([row], { x: 'x', y: 'segment', r: 6, symbol: row.look.symbol, rotate: row.look.rotate, fill: row.look.colour, stroke: 'var(--surface)' }),
			]),
			Plot.text(segments, { x: 'x', y: 'segment', dy: -14, text: (row) => figure(row.score), fontWeight: 600, stroke: 'var(--surface)', strokeWidth: 5, fill: 'var(--ink)' }),
			Plot.tip(segments, Plot.pointerY({ x: 'x', y: 'segment', title })),
		],
	}), table('segments', `Scores by ${by}`, [
		[by === 'plan' ? 'Plan' : 'Country', (row) => row.segment],
		['Answers', (row) => count(row.responses)],
		['Score', (row) => figure(row.score)],
		['Lower bound', (row) => figure(row.lower)],
		['Upper bound', (row) => figure(row.upper)],
		['Against the benchmark', (row) => verdicts[row.verdict].words],
	], rows));
}

// What each segment did to the change of the score.
function showMovers(rows, { by }) {
	const moved = rows.filter((row) => row.total !== null);
	const parts = moved.flatMap((row) => ['rate', 'mix'].map((part) => ({ segment: row.segment, part, x: Number(row[part]) })));

	if (moved.length === 0)
		return noChart('movers', 'Nothing to compare: this period or the one before has no answers.');
	chart('movers', `What each ${by} did to the change of the score, in points.`, () => ({
		height: 44 + 40 * moved.length,
		marginLeft: roomFor(moved),
		marginRight: 44,
		marginTop: 8,
		x: { grid: true, nice: true, label: null, ticks: 5 },
		y: { type: 'band', domain: moved.map((row) => row.segment), label: null, tickSize: 0, padding: 0.35 },
		color: { domain: ['rate', 'mix'], range: ['var(--rate)', 'var(--mix)'] },
		marks: [
			Plot.barX(parts, { x: 'x', y: 'segment', fill: 'part' }),
			Plot.ruleX([0], { stroke: 'var(--ink)' }),
			Plot.dot(moved, { x: (row) => Number(row.total), y: 'segment', symbol: 'diamond', r: 6, fill: 'var(--ink)', stroke: 'var(--surface)', strokeWidth: 1.5 }),
			Plot.text(moved, {
				frameAnchor: 'right', dx: 42, y: 'segment', textAnchor: 'end', text: (row) => signed(row.total), fontWeight: 600,
			}),
		],
	}), table('movers', 'Points of the change, by segment', [
		[by === 'plan' ? 'Plan' : 'Country', (row) => row.segment],
		['Score before', (row) => figure(row.score_before)],
		['Score', (row) => figure(row.score)],
		['Change is real', (row) => (row.real === null ? '–' : row.real ? 'yes' : 'no')],
		['Share before, %', (row) => figure(row.share_before)],
		['Share, %', (row) => figure(row.share)],
		['By its score', (row) => signed(row.rate)],
		['By its share', (row) => signed(row.mix)],
		['Both', (row) => signed(row.total)],
	], rows));
}

// The latest comments, detractors first, and whom of them to call.
function showComments(rows) {
	fill('comments', make('div', { class: 'columns' }, ...points.map((kind) => {
		const those = rows.filter((row) => row.category === kind);

		return make('div', {}, make('h3', {}, `From ${kind}s`),
			those.length === 0 ? make('p', { class: 'quiet' }, 'None in this period.')
				: make('ul', {}, ...those.map((row) => make('li', { class: kind },
					make('p', {}, row.comment),
					make('p', { class: 'quiet' }, `${row.score} of 10 · ${row.day} · ${row.plan}, ${row.country}`),
					...(kind !== 'detractor' ? [] : [row.call_back
						? make('p', { class: 'call' }, `☎ Call back customer ${row.customer_id}`)
						: make('p', { class: 'quiet' }, `✓ Customer ${row.customer_id} has given a better answer since`)])))));
	})));
}

// Asks the server; its errors become exceptions with its words.
async function ask(path, signal) {
	let response;

	try {
		response = await fetch(path, { signal });
	} catch (error) {
		if (error.name === 'AbortError')
			throw error;
		throw new Error('The dashboard’s server does not answer.');
	}
	const body = await response.json();
	if (!response.ok)
		throw new Error(body.error);
	return body;
}

// Shows what went wrong in place of the figures.
function showError(error) {
	main.hidden = true;
	document.getElementById('scope').textContent = '';
	document.getElementById('error').textContent = error.message;
}

let asked;

// Loads the figures for the filters as they stand; an earlier question that
// is still open is dropped.
async function update() {
	if (!form.reportValidity()) {
		if (main.hidden)
			showError(new Error('The benchmark must be a number from −100 to 100.'));
		return;
	}
	asked?.abort();
	asked = new AbortController();
	const { signal } = asked;
	const values = Object.fromEntries(new FormData(form));
	const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''));

	history.replaceState(null, '', `?${query}`);
	main.setAttribute('aria-busy', 'true');
	try {
		const figures = await ask(`api/figures?${query}`, signal);
		const [overall] = figures.overall;
		const period = values.from === values.until ? monthName(values.from) : `${monthName(values.from)} to ${monthName(values.until)}`;
		const scope = `${period}, ${values.plan || 'all plans'}, ${values.country || 'all countries'}`;

		document.getElementById('error').textContent = '';
		document.getElementById('scope').textContent = scope;
		main.hidden = false;
		showOverall(overall, values);
		showTrend(figures.trend);
		showMonthly(figures.trend);
		showSegments(figures.segments, values);
		showMovers(figures.movers, values);
		showComments(figures.comments);
		document.getElementById('news').textContent = overall.score === null ? `No answers: ${scope}.`
			: `Score ${figure(overall.score)}, plus or minus ${overall.margin}: ${scope}.`;
	} catch (error) {
		if (error.name === 'AbortError')
			return;
		showError(error);
	}
	main.setAttribute('aria-busy', 'false');
}

// Fills the filters with what there is, chooses what the address says, else
// the last twelve months, and shows the figures.
async function begin() {
	const { months, plans, countries } = await ask('api/choices');
	const address = Object.fromEntries(new URLSearchParams(location.search));
	const wanted = { from: months.at(-12) ?? months[0], until: months.at(-1), ...address };

	if (months.length === 0)
		throw new Error('There are no answers yet.');
	for (const field of ['from', 'until'])
		form.elements[field].append(...months.map((value) => make('option', { value }, monthName(value, 'short'))));
	for (const [field, values] of [['plan', plans], ['country', countries]])
		form.elements[field].append(...values.map((value) => make('option', { value }, value)));
	for (const [field, value] of Object.entries(wanted))
		if (['from', 'until', 'plan', 'country', 'by', 'benchmark'].includes(field))
			form.elements[field].value = value;
	for (const select of form.querySelectorAll('select'))
		if (select.selectedIndex < 0)
			select.selectedIndex = 0;
	form.addEventListener('change', update);
	await update();
}

form.addEventListener('submit', (event) => {
	event.preventDefault();
	update();
});
let width = main.clientWidth;
new ResizeObserver(() => {
	if (main.clientWidth === width || main.hidden)
		return;
	width = main.clientWidth;
	charts.forEach((draw) => draw());
}).observe(main);
begin().catch(showError);
