// The cards: each takes the rows of a figure and shows them.  Nothing is computed
// here but places on the screen: figures are text from SQL, made a number only
// where a chart needs to know how far to go.

import { brief, count, figure, finer, percent, plain, signed, small, stepName, t, tick, valueName } from './format.js';
import { chart, extent, fill, fitting, make, noChart, number, roomFor, table, widthOf, within } from './charts.js';

const { Plot } = window;
const points = ['detractor', 'passive', 'promoter'];
const mostRows = 60;
const mostMovers = 12;

// What a pointer over a score sees.
const tip = (name, row) => `${t('tip', { name, score: figure(row.score), lower: figure(row.lower), upper: figure(row.upper) })}\n${t('tip_n', { count: row.responses })}`;

// As many of the steps as an axis of that width can name.
const someSteps = (rows, width, each) => {
	const every = Math.max(1, Math.ceil(rows.length / Math.floor(width / (each === 'day' || each === 'week' ? 58 : 40))));
	return rows.map((row) => row.step).filter((_, i) => i % every === 0);
};

const quiet = (...children) => make('p', { class: 'quiet' }, ...children);
const big = (...children) => make('p', { class: 'big' }, ...children);

// The tiles: score, change, answers, and the way to the benchmark.
export function overall([f], { benchmark, minimum, each }) {
	if (f.score === null) {
		for (const id of ['score', 'change', 'shares', 'target'])
			fill(id, big('–'), quiet(t('no_answers')));
		return;
	}
	const few = Number(f.responses) < minimum;
	fill('score', big(figure(f.score), make('small', {}, ` ± ${figure(f.margin)}`)),
		quiet(t('interval', { lower: figure(f.lower), upper: figure(f.upper) })), ...(few ? [quiet(t('few', { count: f.responses }))] : []));
	if (f.change === null)
		fill('change', big('–'), quiet(t('no_answers_before')));
	else {
		const sign = !f.real ? '≈' : Number(f.change) > 0 ? '▲' : '▼';
		fill('change',
			big(signed(f.change), ' ', make('span', { class: `badge${f.real ? '' : ' quiet'}`, id: 'real' }, `${sign} ${t(f.real ? 'real' : 'chance')}`)),
			quiet(t('from_before', { score: figure(f.score_before) }),
				...(f.steps_before < f.all_steps_before ? [', ', t(`steps_before_${each}`, { with: count(f.steps_before), count: f.all_steps_before })] : [])),
			quiet(`${t('interval', { lower: signed(f.change_lower), upper: signed(f.change_upper) })}, `,
				make('span', { class: 'nowrap' }, Number(f.p_value) === 0 ? t('p_small', { p: small(0.001) }) : t('p', { p: small(f.p_value) }))));
	}
	fill('shares',
		big(count(f.responses)),
		make('div', { class: 'bar', 'aria-hidden': 'true' }, ...points.map((kind) => {
			const part = make('i', { class: kind });
			part.style.width = `${f[`${kind}_pct`]}%`;
			return part;
		})),
		quiet(t('shares', { detractors: percent(f.detractor_pct), passives: percent(f.passive_pct), promoters: percent(f.promoter_pct) })));
	const goal = { benchmark: plain(benchmark) };
	if (benchmark === '')
		fill('target', big('–'), quiet(t('set_benchmark')));
	else if (f.promoters_needed === '0')
		fill('target', big(t('reached')), quiet(t('no_less', goal)));
	else if (f.promoters_needed === null)
		fill('target', big(t('out_of_reach')), quiet(t('cannot', goal)));
	else
		fill('target', big(`+${count(f.promoters_needed)}`), quiet(t('more_promoters', { ...goal, count: f.promoters_needed }).replace(`${count(f.promoters_needed)} `, '')));
}

export function rate([f]) {
	if (f.pct === null)
		fill('rate', big('–'), quiet(t('no_invitations')));
	else
		fill('rate', big(percent(f.pct)), quiet(t('invited', { answered: count(f.answered), invited: count(f.invited) })));
}

const verdictOf = { rise: '▲', fall: '▼' };

// Score by step.  Where a step has no answers, line and band are broken; to one
// that is not finished the line is dashed.
export function trend(rows, { minimum, each, drill }) {
	const name = (row) => stepName(row.step, each);

	document.querySelector('#trend h2').textContent = t(`trend_${each}`);
	shares(rows, { each });
	const seen = rows.filter((row) => row.score !== null);
	if (seen.length === 0)
		return noChart('trend');
	const enough = seen.filter((row) => Number(row.responses) >= minimum);
	const domain = extent((enough.length > 0 ? enough : seen).flatMap((row) => [number(row.lower), number(row.upper)]));
	const steps = rows.map((row, i) => ({
		...row, y: within(number(row.score), domain), low: within(number(row.lower), domain), high: within(number(row.upper), domain),
		few: Number(row.responses) < minimum, i,
	}));
	const shown = steps.filter((row) => row.score !== null);
	const gap = (row) => (row?.score ?? null) === null;
	// Between two gaps there is no line and no band: the interval stands alone.
	const lonely = shown.filter((row) => gap(steps[row.i - 1]) && gap(steps[row.i + 1]));
	const done = steps.map((row) => (row.incomplete ? { ...row, y: NaN } : row));
	const open = shown.filter((row) => row.incomplete && !gap(steps[row.i - 1])).map((row) => [steps[row.i - 1], row]);
	const colour = (row) => (row.few ? 'var(--quiet)' : row.verdict === 'fall' ? 'var(--detractor)' : 'var(--promoter)');
	const beyond = (row) => number(row.score) !== row.y;

	chart('trend', t('trend_alt'), (width) => {
		const room = (width - 60) / rows.length;
		const upright = room > 12 && room < Math.max(...shown.map((row) => widthOf(brief(row.responses)))) + 6;
		const every = room > 12 ? 1 : Math.ceil(14 / room);
		return {
			height: width < 500 ? 260 : 310,
			marginTop: 6,
			marginLeft: 40,
			marginRight: 18,
			marginBottom: 36,
			x: { type: 'point', domain: rows.map((row) => row.step), label: null, padding: 0.4, ticks: someSteps(rows, width, each), tickFormat: (step, i) => tick(step, i, each) },
			y: { grid: true, label: null, ticks: 6, domain, insetBottom: upright || every > 1 ? 44 : 24, insetTop: 12, tickFormat: plain },
			marks: [
				Plot.areaY(steps, { x: 'step', y1: 'low', y2: 'high', fill: 'var(--band)', fillOpacity: 0.22 }),
				Plot.lineY(steps, { x: 'step', y: 'low', stroke: 'var(--band)', strokeWidth: 1 }),
				Plot.lineY(steps, { x: 'step', y: 'high', stroke: 'var(--band)', strokeWidth: 1 }),
				Plot.lineY(done, { x: 'step', y: 'y', stroke: 'var(--promoter)', strokeWidth: 2.5 }),
				...open.map((pair) => Plot.lineY(pair, { x: 'step', y: 'y', stroke: 'var(--promoter)', strokeWidth: 2, strokeDasharray: '3 4' })),
				Plot.ruleX(lonely, { x: 'step', y1: 'low', y2: 'high', stroke: 'var(--band)', strokeWidth: 5 }),
				Plot.dot(shown.filter((row) => !verdictOf[row.verdict] && !beyond(row)), {
					x: 'step', y: 'y', r: 4, fill: (row) => (row.incomplete ? 'var(--surface)' : colour(row)), stroke: colour, strokeWidth: 2,
				}),
				Plot.text(shown.filter(beyond), { x: 'step', y: 'y', text: (row) => (number(row.score) > row.y ? '↑' : '↓'), title: (row) => figure(row.score), fill: 'var(--quiet)', fontWeight: 700 }),
				...['rise', 'fall'].map((verdict) => Plot.dot(shown.filter((row) => row.verdict === verdict && !beyond(row)), {
					x: 'step', y: 'y', r: 7, symbol: 'triangle', rotate: verdict === 'fall' ? 180 : 0,
					fill: (row) => (row.incomplete ? 'var(--surface)' : colour(row)), stroke: (row) => (row.incomplete ? colour(row) : 'var(--surface)'), strokeWidth: (row) => (row.incomplete ? 2 : 1),
				})),
				Plot.text(shown.filter((row) => row.i % every === 0), {
					x: 'step', frameAnchor: 'bottom', dy: -6, text: (row) => brief(row.responses), fill: 'var(--quiet)', fontSize: 11,
					...(upright || every > 1 ? { rotate: -90, textAnchor: 'start', dy: -4, lineAnchor: 'middle' } : {}),
				}),
				Plot.text(['n'], { frameAnchor: 'bottom-left', dx: -14, dy: -6, fill: 'var(--quiet)', fontSize: 11 }),
				Plot.tip(shown, Plot.pointerX({ x: 'step', y: 'y', title: (row) => tip(name(row), row) })),
			],
		};
	}, behindTrend(rows, name, { minimum, each, drill }), drill && ((row) => drill({ step: row, name: name(row) })));
}

const behindTrend = (rows, name, { minimum, each, drill }) => table('trend', t(`trend_${each}`), [
	[t(each === 'month' ? 'month' : 'step'), name],
	[t('answers'), (row) => count(row.responses)],
	[t('score'), (row) => figure(row.score)],
	[t('lower'), (row) => figure(row.lower)],
	[t('upper'), (row) => figure(row.upper)],
	[t('versus_before'), (row) => (row.verdict === null ? '–' : `${verdictOf[row.verdict] ?? ''} ${t(row.verdict)}`.trim())],
	[t('remark'), (row) => [row.incomplete ? t('incomplete') : '', row.score !== null && Number(row.responses) < minimum ? t('too_few') : ''].filter(Boolean).join(', ')],
], rows, drill && ((row) => drill({ step: row, name: name(row) })));

// The three shares by step; a step without answers has no bar.
function shares(rows, { each }) {
	const parts = rows.filter((row) => row.score !== null).flatMap((row) => points.map((kind) => ({
		step: row.step, kind, pct: Number(row[`${kind}_pct`]), incomplete: row.incomplete,
	})));

	if (parts.length === 0)
		return noChart('monthly');
	chart('monthly', t('monthly_alt'), (width) => ({
		height: 320,
		marginLeft: 48,
		marginRight: 8,
		marginBottom: 36,
		x: {
			type: 'band', domain: rows.map((row) => row.step), label: null, padding: 0.15, round: false,
			ticks: someSteps(rows, width, each), tickFormat: (step, i) => tick(step, i, each),
		},
		y: { domain: [0, 100], ticks: 5, label: null, tickFormat: (pct) => t('percent', { value: pct }) },
		color: { domain: points, range: points.map((kind) => `var(--${kind})`) },
		marks: [
			Plot.barY(parts, {
				x: 'step', y: 'pct', fill: 'kind', order: points, insetTop: 1,
				fillOpacity: (part) => (part.incomplete ? 0.75 : 1),
				title: (part) => `${stepName(part.step, each)}\n${t(`${part.kind}s`)}: ${percent(part.pct)}`, tip: true,
			}),
		],
	}), table('monthly', t('monthly'), [
		[t(each === 'month' ? 'month' : 'step'), (row) => stepName(row.step, each)],
		...points.map((kind) => [t('in_percent', { kind: t(`${kind}s`) }), (row) => figure(row[`${kind}_pct`])]),
	], rows));
}

const looks = {
	above: { symbol: 'triangle', rotate: 0, colour: 'var(--promoter)' },
	unclear: { symbol: 'circle', rotate: 0, colour: 'var(--ink)' },
	below: { symbol: 'triangle', rotate: 180, colour: 'var(--detractor)' },
	none: { symbol: 'circle', rotate: 0, colour: 'var(--promoter)' },
	small: { symbol: 'circle', rotate: 0, colour: 'var(--quiet)' },
};

// The segments with error bars, beside the benchmark if there is one.  One with
// too few answers is greyed, and the axis does not stretch for it.
export function segments(rows, { benchmark, by, minimum, drill }) {
	const chosen = rows.length <= mostRows ? rows : [...rows].sort((a, b) => b.responses - a.responses).slice(0, mostRows);
	const card = document.getElementById('segments');

	card.querySelectorAll('.judged').forEach((element) => { element.hidden = benchmark === ''; });
	card.querySelector('.most').textContent = rows.length > mostRows ? t('most_shown', { count: mostRows }) : '';
	if (rows.length === 0)
		return noChart('segments');
	const line = benchmark === '' ? [] : [Number(benchmark)];
	const big = chosen.filter((row) => !row.small);
	const domain = extent([...(big.length > 0 ? big : chosen).flatMap((row) => [Number(row.lower), Number(row.upper)]), ...line]);
	const shown = rows.filter((row) => chosen.includes(row)).map((row, i) => ({
		...row, i: String(i), name: valueName(row.segment), x: within(Number(row.score), domain), x1: within(Number(row.lower), domain), x2: within(Number(row.upper), domain),
		look: looks[row.small ? 'small' : row.verdict ?? 'none'],
	}));
	const height = shown.length > 12 ? 30 : 40;

	chart('segments', t('segments_alt', { by: by.label }), (width) => {
		const left = roomFor(shown.map((row) => row.name), width);
		const right = 14 + Math.ceil(Math.max(...shown.map((row) => widthOf(t('n', { count: row.responses })))));
		const place = line.map((value) => (value - domain[0]) / (domain[1] - domain[0]));
		return {
			height: 64 + height * shown.length,
			marginLeft: left,
			marginRight: right,
			marginTop: 30,
			x: { grid: true, label: null, ticks: Math.max(2, Math.floor((width - left - right) / 60)), domain, inset: 16, tickFormat: plain },
			y: { type: 'band', domain: shown.map((row) => row.i), label: null, tickSize: 0, tickFormat: (i) => fitting(shown[i].name, left - 12) },
			marks: [
				Plot.ruleX(line, { stroke: 'var(--ink)', strokeWidth: 1.5, strokeDasharray: '5 4' }),
				Plot.text(line, {
					x: (value) => value, frameAnchor: 'top', dy: -18, fill: 'var(--ink)', text: () => t('benchmark_label', { value: plain(benchmark) }),
					textAnchor: place[0] < 0.3 ? 'start' : place[0] > 0.7 ? 'end' : 'middle',
				}),
				...shown.flatMap((row) => [
					Plot.ruleY([row], { x1: 'x1', x2: 'x2', y: 'i', stroke: row.look.colour, strokeWidth: row.small ? 1.5 : 2.5 }),
					...(row.small ? [] : [Plot.tickX([row], { x: 'x1', y: 'i', inset: height / 2 - 6, stroke: row.look.colour, strokeWidth: 2 }),
						Plot.tickX([row], { x: 'x2', y: 'i', inset: height / 2 - 6, stroke: row.look.colour, strokeWidth: 2 })]),
					Plot.dot([row], {
						x: 'x', y: 'i', r: row.small ? 4.5 : 6, symbol: row.look.symbol, rotate: row.look.rotate,
						fill: row.small ? 'var(--surface)' : row.look.colour, stroke: row.small ? 'var(--quiet)' : 'var(--surface)', strokeWidth: row.small ? 1.5 : 1,
					}),
				]),
				Plot.text(shown, {
					x: 'x', y: 'i', dy: height > 30 ? -14 : -11, text: (row) => `${number(row.score) < row.x ? '← ' : ''}${figure(row.score)}${number(row.score) > row.x ? ' →' : ''}`,
					fontWeight: 600, stroke: 'var(--surface)', strokeWidth: 5, fill: (row) => (row.small ? 'var(--quiet)' : 'var(--ink)'),
				}),
				Plot.text(shown, { frameAnchor: 'right', dx: right - 2, y: 'i', textAnchor: 'end', text: (row) => t('n', { count: row.responses }), fill: 'var(--quiet)' }),
				Plot.tip(shown, Plot.pointerY({ x: 'x', y: 'i', title: (row) => tip(row.name, row) })),
			],
		};
	}, table('segments', t('segments'), [
		[by.label, (row) => valueName(row.segment)],
		[t('answers'), (row) => count(row.responses)],
		[t('score'), (row) => figure(row.score)],
		[t('lower'), (row) => figure(row.lower)],
		[t('upper'), (row) => figure(row.upper)],
		...(benchmark === '' ? [] : [[t('versus_benchmark'), (row) => t(row.small ? 'too_few' : row.verdict)]]),
	], rows, drill && ((row) => drill({ segment: row.segment, name: valueName(row.segment) }))),
	drill && ((row) => drill({ segment: row.segment, name: row.name })));
	card.querySelectorAll('.few').forEach((element) => { element.textContent = t('few_answers', { count: minimum }); });
}

// What each segment did to the change of the score; the small ones together.
export function movers(rows, { by, drill }) {
	const moved = rows.filter((row) => row.total !== null);

	if (moved.length === 0)
		return noChart('movers', t('nothing_to_compare'));
	const rest = moved.slice(mostMovers);
	const sum = (key) => rest.reduce((total, row) => total + Number(row[key]), 0);
	const shown = [...moved.slice(0, mostMovers).map((row) => ({ ...row, name: valueName(row.segment) })),
		...(rest.length > 0 ? [{ name: t('others', { count: rest.length }), rate: sum('rate'), mix: sum('mix'), total: sum('total'), verdict: null }] : [])]
		.map((row, i) => ({ ...row, i: String(i) }));
	const parts = shown.flatMap((row) => ['rate', 'mix'].map((part) => ({ i: row.i, part, x: Number(row[part]) })));

	chart('movers', t('movers_alt', { by: by.label }), (width) => {
		const left = roomFor(shown.map((row) => row.name), width);
		return {
			height: 48 + 40 * shown.length,
			marginLeft: left,
			marginRight: 68,
			marginTop: 8,
			x: { grid: true, nice: true, label: null, ticks: Math.max(2, Math.floor((width - left - 68) / 70)), tickFormat: plain },
			y: { type: 'band', domain: shown.map((row) => row.i), label: null, tickSize: 0, padding: 0.35, tickFormat: (i) => fitting(shown[i].name, left - 12) },
			color: { domain: ['rate', 'mix'], range: ['var(--rate)', 'var(--mix)'] },
			marks: [
				Plot.barX(parts, { x: 'x', y: 'i', fill: 'part' }),
				Plot.ruleX([0], { stroke: 'var(--ink)' }),
				Plot.dot(shown, { x: (row) => Number(row.total), y: 'i', symbol: 'diamond', r: 6, fill: 'var(--ink)', stroke: 'var(--surface)', strokeWidth: 1.5 }),
				Plot.text(shown, { frameAnchor: 'right', dx: 52, y: 'i', textAnchor: 'end', text: (row) => finer(row.total), fontWeight: 600 }),
				Plot.text(shown.filter((row) => verdictOf[row.verdict]), {
					frameAnchor: 'right', dx: 66, y: 'i', textAnchor: 'end', text: (row) => verdictOf[row.verdict],
					fill: (row) => (row.verdict === 'rise' ? 'var(--promoter)' : 'var(--detractor)'),
				}),
			],
		};
	}, table('movers', t('movers'), [
		[by.label, (row) => valueName(row.segment)],
		[t('score_before'), (row) => figure(row.score_before)],
		[t('score'), (row) => figure(row.score)],
		[t('its_change'), (row) => (row.small ? t('too_few') : row.verdict === null ? '–' : t(row.verdict))],
		[t('share_before'), (row) => figure(row.share_before)],
		[t('share'), (row) => figure(row.share)],
		[t('from_score'), (row) => finer(row.rate)],
		[t('from_share'), (row) => finer(row.mix)],
		[t('both'), (row) => finer(row.total)],
	], rows, drill && ((row) => drill({ segment: row.segment, name: valueName(row.segment) }))));
}
