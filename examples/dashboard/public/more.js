// The cards for a closer look: the trend of each segment, the funnel plot, and
// every score from 0 to 10.

import { brief, count, figure, percent, plain, stepName, t, valueName } from './format.js';
import { chart, extent, fitting, make, multiples, noChart, number, table, widthOf, within } from './charts.js';

const { Plot } = window;

// One small chart for each of the segments with the most answers, on one scale.
export function segmentTrend(rows, { each, by, steps = [...new Set(rows.map((row) => row.step))].sort() }) {
	if (rows.length === 0)
		return noChart('segment_trend');
	const enough = rows.filter((row) => !row.small);
	const domain = extent((enough.length > 0 ? enough : rows).map((row) => number(row.score)));
	const names = [...new Map(rows.map((row) => [JSON.stringify(row.segment), row])).values()];
	const of = (segment) => new Map(rows.filter((row) => row.segment === segment).map((row) => [row.step, row]));
	const total = Number(names[0].segments);
	const note = t('segment_trend_note', { low: plain(Math.round(domain[0])), high: plain(Math.round(domain[1])) });

	document.querySelector('#segment_trend .note').textContent = total > names.length ? `${t('most_only', { count: names.length })} ${note}` : note;
	const items = names.map(({ segment, answers }) => {
		const there = of(segment);
		const line = steps.map((step) => ({ step, ...there.get(step), y: there.has(step) ? within(Number(there.get(step).score), domain) : NaN }));
		const seen = line.filter((row) => !Number.isNaN(row.y));
		const last = seen.at(-1);

		return {
			above: [make('h3', { title: valueName(segment) }, valueName(segment)), make('p', { class: 'quiet' }, `${figure(last.score)} · ${t('tip_n', { count: answers })}`)],
			label: `${t('small_alt', { what: valueName(segment) })} ${t('table_below')}`,
			options: () => ({
				height: 84, marginLeft: 6, marginRight: 10, marginTop: 8, marginBottom: 8,
				x: { type: 'point', domain: steps, axis: null },
				y: { domain, axis: null },
				marks: [
					Plot.ruleY(domain[0] < 0 && domain[1] > 0 ? [0] : [], { stroke: 'var(--line)' }),
					Plot.lineY(line.map((row) => (row.incomplete ? { ...row, y: NaN } : row)), { x: 'step', y: 'y', stroke: 'var(--promoter)', strokeWidth: 2 }),
					...(last.incomplete && seen.length > 1 ? [Plot.lineY(seen.slice(-2), { x: 'step', y: 'y', stroke: 'var(--promoter)', strokeWidth: 1.5, strokeDasharray: '3 3' })] : []),
					Plot.dot(seen.filter((row) => row.small || row === last || seen.length < 3), {
						x: 'step', y: 'y', r: (row) => (row === last ? 3.5 : 2.5), fill: (row) => (row.incomplete ? 'var(--surface)' : row.small ? 'var(--quiet)' : 'var(--promoter)'),
						stroke: (row) => (row.small ? 'var(--quiet)' : 'var(--promoter)'), strokeWidth: 1.5,
					}),
					Plot.tip(seen, Plot.pointerX({ x: 'step', y: 'y', title: (row) => `${stepName(row.step, each)}\n${figure(row.score)}\nn = ${brief(row.responses)}` })),
				],
			}),
		};
	});
	const cell = (segment) => {
		const there = of(segment);
		return (row) => {
			const found = there.get(row.step);
			return found ? `${figure(found.score)} (${count(found.responses)})` : '–';
		};
	};
	multiples('segment_trend', items, table('segment_trend', `${t('segment_trend')}: ${by.label}, ${t('score')} (n)`, [
		[t('step'), (row) => stepName(row.step, each)], ...names.map(({ segment }) => [valueName(segment), cell(segment)]),
	], steps.map((step) => ({ step }))));
}

// Where a name may stand beside a point without lying on another.
function labels(points, { x, y }, width) {
	const taken = [];

	return points.flatMap((row) => {
		const text = fitting(row.name, 120);
		const [left, top, wide] = [x(row.x), y(row.y), widthOf(text)];
		const end = left + 10 + wide > width - 4;
		const box = { left: end ? left - 10 - wide : left + 10, top: top - 8, right: end ? left - 10 : left + 10 + wide, bottom: top + 8 };
		if (box.left < 40 || taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top))
			return [];
		taken.push(box);
		return [{ ...row, text, end }];
	});
}

// The funnel plot: small segments scatter more, and the lines say how much.
export function funnel(rows, { by, minimum, drill }) {
	const found = rows.filter((row) => row.is_segment).map((row) => ({ ...row, name: valueName(row.segment), responses: Number(row.responses) }));
	const limits = rows.filter((row) => !row.is_segment).map((row) => ({ ...row, responses: Number(row.responses) }));

	if (found.length === 0 || limits.length === 0)
		return noChart('funnel');
	const overall = Number(found[0].overall);
	const enough = found.filter((row) => !row.small);
	const domain = extent([...(enough.length > 0 ? enough : found).flatMap((row) => [Number(row.score), row.lower_998, row.upper_998])]);
	const side = (row) => (row.small ? 'small' : Number(row.score) > row.upper_998 ? 'above' : Number(row.score) < row.lower_998 ? 'below' : 'inside');
	const look = {
		above: ['triangle', 0, 'var(--promoter)'], below: ['triangle', 180, 'var(--detractor)'], inside: ['circle', 0, 'var(--ink)'], small: ['circle', 0, 'var(--quiet)'],
	};
	const far = (row) => Math.abs(Number(row.score) - overall) / (row.upper_95 - row.lower_95 || 1);
	const sizes = [Math.min(...limits.map((row) => row.responses)), Math.max(...limits.map((row) => row.responses))];
	const shown = found.map((row) => ({ ...row, x: within(row.responses, sizes), y: within(Number(row.score), domain), side: side(row) }));

	document.querySelector('#funnel .note').textContent = t('funnel_note', { score: figure(overall) });
	document.querySelectorAll('#funnel .few').forEach((element) => { element.textContent = t('few_answers', { count: minimum }); });
	chart('funnel', t('funnel_alt', { by: by.label }), (width) => {
		const [height, margin] = [340, { marginLeft: 46, marginRight: 16, marginTop: 16, marginBottom: 34 }];
		const x = Plot.scale({ x: { type: 'log', domain: sizes, range: [margin.marginLeft, width - margin.marginRight] } }).apply;
		const y = Plot.scale({ y: { domain, range: [height - margin.marginBottom, margin.marginTop] } }).apply;
		const named = labels([...shown].filter((row) => row.side === 'above' || row.side === 'below' || shown.length <= 8).sort((a, b) => far(b) - far(a)).slice(0, 12), { x, y }, width);
		return {
			height, ...margin,
			x: { type: 'log', domain: sizes, label: null, ticks: Math.max(2, Math.floor(width / 120)), tickFormat: (value) => (/^[125]/.test(String(value)) ? brief(value) : '') },
			y: { domain, grid: true, label: null, ticks: 6, tickFormat: plain },
			marks: [
				Plot.ruleY([overall], { stroke: 'var(--ink)', strokeDasharray: '5 4' }),
				...['lower_95', 'upper_95'].map((bound) => Plot.lineY(limits, { x: 'responses', y: bound, stroke: 'var(--edge)', strokeWidth: 1.5, strokeDasharray: '2 3', clip: 'frame' })),
				...['lower_998', 'upper_998'].map((bound) => Plot.lineY(limits, { x: 'responses', y: bound, stroke: 'var(--edge)', strokeWidth: 1.5, clip: 'frame' })),
				...Object.entries(look).map(([where, [symbol, rotate, colour]]) => Plot.dot(shown.filter((row) => row.side === where), {
					x: 'x', y: 'y', symbol, rotate, r: where === 'above' || where === 'below' ? 6 : 4,
					fill: where === 'small' ? 'var(--surface)' : colour, stroke: where === 'small' ? colour : 'var(--surface)', strokeWidth: where === 'small' ? 1.5 : 1,
				})),
				...[false, true].map((end) => Plot.text(named.filter((row) => row.end === end), {
					x: 'x', y: 'y', text: 'text', textAnchor: end ? 'end' : 'start', dx: end ? -10 : 10, fill: 'var(--ink)', stroke: 'var(--surface)', strokeWidth: 4,
				})),
				Plot.tip(shown, Plot.pointer({ x: 'x', y: 'y', title: (row) => `${row.name}\n${figure(row.score)}\n${t('tip_n', { count: row.responses })}` })),
			],
		};
	}, table('funnel', t('funnel'), [
		[by.label, (row) => row.name],
		[t('answers'), (row) => count(row.responses)],
		[t('score'), (row) => figure(row.score)],
		...['lower_95', 'upper_95', 'lower_998', 'upper_998'].map((bound) => [t(bound), (row) => figure(row[bound])]),
		[t('remark'), (row) => t({ small: 'too_few', above: 'outside_above', below: 'outside_below', inside: 'inside' }[side(row)])],
	], found, drill && ((row) => drill({ segment: row.segment, name: row.name }))),
	drill && ((row) => drill({ segment: row.segment, name: row.name })));
}

// How many gave each score.
export function spread(rows) {
	if (rows.every((row) => Number(row.answers) === 0))
		return noChart('spread');
	const bars = rows.map((row) => ({ ...row, pct: Number(row.pct) }));

	chart('spread', t('spread_alt'), (width) => ({
		height: 300,
		marginLeft: 8,
		marginRight: 8,
		marginBottom: 28,
		marginTop: 22,
		x: { type: 'band', domain: rows.map((row) => row.score), label: null, padding: 0.15, tickSize: 0 },
		y: { axis: null, domain: [0, Math.max(...bars.map((row) => row.pct), 1)] },
		marks: [
			Plot.barY(bars, { x: 'score', y: 'pct', fill: (row) => `var(--${row.category})` }),
			Plot.ruleY([0], { stroke: 'var(--edge)' }),
			Plot.text(bars, { x: 'score', y: 'pct', dy: -8, text: (row) => (width < 420 ? plain(Math.round(row.pct)) : figure(row.pct)), fill: 'var(--ink)', fontSize: 11 }),
			Plot.tip(bars, Plot.pointerX({ x: 'score', y: 'pct', title: (row) => `${row.score}: ${percent(row.pct)}\n${t('tip_n', { count: row.answers })}` })),
		],
	}), table('spread', t('spread'), [
		[t('score'), (row) => String(row.score)],
		[t('answers'), (row) => count(row.answers)],
		[t('percent_of'), (row) => figure(row.pct)],
	], rows));
}
