// The dashboard's page: the filters, and asking the server for what they select.

import { figure, lang, longDay, moment, periodName, t, valueName } from './format.js';
import { failed, make, redraw } from './charts.js';
import * as cards from './cards.js';
import * as more from './more.js';
import * as comments from './comments.js';

const form = document.getElementById('filters');
const main = document.getElementById('cards');
const alarm = document.getElementById('error');
const periods = ['last-30-days', 'last-90-days', 'last-12-months', 'this-month', 'last-month', 'this-quarter', 'last-quarter', 'this-year', 'last-year', 'all', 'custom'];
const steps = ['', 'day', 'week', 'month', 'quarter', 'year'];
const cardsOf = {
	overall: ['score', 'change', 'shares', 'target'], rate: ['rate'], trend: ['trend', 'monthly'], segments: ['segments'], movers: ['movers'],
	segment_trend: ['segment_trend'], funnel: ['funnel'], spread: ['spread'], left_out: [],
};
const manyValues = 12;
let there;
let asked;
let waiting;

// An error with the words that the page has for its code.
class Failure extends Error {
	constructor({ code, details = {}, error }) {
		super(code === 'slow' ? t('error_slow_page') : code ? t(`error_${code}`, { ...details, name: details.name, count: details.count }) : error);
		this.code = code;
		this.reason = details.reason ?? error;
	}
}

// Asks the server; its errors become exceptions with their words.
async function fetched(path, signal) {
	let response;

	try {
		response = await fetch(path, { signal });
	} catch (error) {
		throw error.name === 'AbortError' ? error : new Failure({ code: 'server' });
	}
	if (!response.ok)
		throw new Failure(await response.json().catch(() => ({ code: 'server' })));
	return response;
}
const ask = async (path, signal) => (await fetched(path, signal)).json();

// Calls back with each line of an answer as it comes.
async function lines(path, signal, take) {
	const reader = (await fetched(path, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = '';

	for (;;) {
		const { done, value } = await reader.read().catch((error) => { throw error.name === 'AbortError' ? error : new Failure({ code: 'broken' }); });
		if (done)
			return rest === '' || Promise.reject(new Failure({ code: 'broken' }));
		const parts = (rest + value).split('\n');
		rest = parts.pop();
		parts.forEach((part) => take(JSON.parse(part)));
	}
}

// The filters as they stand, as a query string.
function filters() {
	const query = new URLSearchParams();
	const { period, from, until, each, by, benchmark } = form.elements;

	if (period.value === 'custom') {
		query.set('from', from.value);
		query.set('until', until.value);
	} else if (period.value !== 'last-12-months')
		query.set('period', period.value);
	if (each.value !== '')
		query.set('each', each.value);
	for (const { name, boxes } of there.segments)
		for (const box of boxes.filter(({ checked }) => checked))
			query.append(box.none ? 'none' : `in.${name}`, box.none ? name : box.value);
	if (by.selectedIndex > 0)
		query.set('by', by.value);
	if (benchmark.value.trim() !== '')
		query.set('benchmark', benchmark.value.trim());
	return query;
}

// What an address asks for that no control offers stays in it: the server says what is wrong.
const address = new URLSearchParams(location.search);
const strange = new URLSearchParams();

// What the filters select, in words.
function scopeOf({ from, until }) {
	const parts = there.segments.map(({ label, boxes }) => ({ label, values: boxes.filter(({ checked }) => checked).map(({ shown }) => shown) }))
		.filter(({ values }) => values.length > 0)
		.map(({ label, values }) => t('is_one_of', { label, values: values.length > 4 ? t('values_chosen', { count: values.length }) : values.join(t('or')) }));
	return t('scope', { period: periodName(from, until), filters: parts.join('; ') || t('no_filters') });
}

function showSource() {
	const { kind, as_of: asOf, last, zone, rows } = there;
	const from = kind === 'live' ? t('live') : kind === 'materialized' && asOf ? t('materialized', { moment: moment(asOf) })
		: kind === 'answers' ? t('answers_themselves') : t('stored');

	document.getElementById('source').textContent = [from, last && t('latest', { day: longDay(last) }), t('zone', { zone })].filter(Boolean).join(' · ')
		+ (kind === 'answers' && rows > 1000000 ? `. ${t('slow_source', { count: rows })}` : '');
}

// Loads the figures for the filters as they stand; an earlier question that is
// still open is dropped.
async function update() {
	clearTimeout(waiting);
	form.querySelectorAll('.custom').forEach((element) => { element.hidden = form.elements.period.value !== 'custom'; });
	if (!form.checkValidity()) {
		form.reportValidity();
		return showError(new Error(t('error_benchmark')));
	}
	if (form.elements.period.value === 'custom' && (form.elements.from.value === '' || form.elements.until.value === ''))
		return;
	asked?.abort();
	asked = new AbortController();
	const { signal } = asked;
	const query = filters();
	for (const [name, value] of strange)
		query.append(name, value);
	keep();
	main.querySelectorAll('.tile, .card:not(#comments)').forEach((card) => card.setAttribute('aria-busy', 'true'));
	try {
		const context = { benchmark: form.elements.benchmark.value.trim(), minimum: there.minimum };
		await lines(`api/figures?${query}`, signal, (line) => take(line, query, context));
	} catch (error) {
		if (error.name !== 'AbortError')
			showError(error);
	}
}

// Keeps the filters in the address.
function keep() {
	const query = filters();
	for (const [name, value] of [...strange, ...comments.kept(), ['lang', address.get('lang') ?? '']])
		if (value !== '')
			query.append(name, value);
	history.replaceState(null, '', query.size === 0 && `${query}` === '' ? location.pathname : `?${query}`);
}

// Shows one line of the answer: the period that was meant, or a figure.
function take({ name, rows, code, details, ...rest }, query, context) {
	if (name === 'asked') {
		Object.assign(context, rest, { by: there.segments.find((one) => one.name === rest.by) });
		context.drill = there.comments || there.calls ? (to) => comments.drill({ ...to, by: context.by?.name }) : null;
		context.scope = scopeOf(rest);
		alarm.textContent = '';
		document.getElementById('scope').textContent = context.scope;
		main.hidden = false;
		const values = new URLSearchParams(query);
		for (const unused of ['period', 'each', 'by', 'benchmark'])
			values.delete(unused);
		values.set('from', rest.from);
		values.set('until', rest.until);
		comments.update(values);
		return;
	}
	if (code !== undefined) {
		cardsOf[name].forEach((id) => failed(id, { code, details }));
		if (name === 'left_out')
			document.getElementById('left_out').textContent = code === 'slow' ? '' : t('error_part', details);
		return;
	}
	if (name === 'trend')
		context.steps = rows.map((row) => row.step);
	const show = {
		overall: cards.overall, rate: cards.rate, trend: cards.trend, segments: cards.segments, movers: cards.movers,
		segment_trend: more.segmentTrend, funnel: more.funnel, spread: more.spread, left_out: showLeftOut,
	}[name];
	try {
		show(rows, context);
	} catch (error) {
		cardsOf[name].forEach((id) => failed(id, { code: 'page', details: { reason: error.message } }));
		console.error(error);
	}
	if (name === 'overall')
		document.getElementById('news').textContent = rows[0].score === null ? t('no_news', { scope: context.scope })
			: t('news', { score: figure(rows[0].score), margin: figure(rows[0].margin), scope: context.scope });
}

function showLeftOut([{ off_scale: offScale, undated }]) {
	document.getElementById('left_out').textContent = [['off_scale', offScale], ['undated', undated]]
		.filter(([, number]) => Number(number) > 0).map(([key, number]) => t(key, { count: number })).join(' · ');
}

// Shows what went wrong in place of the figures.
function showError(error) {
	main.hidden = true;
	document.getElementById('scope').textContent = '';
	document.getElementById('left_out').textContent = '';
	alarm.textContent = error.message;
}

// Changes come one by one when several values are ticked.
const soon = () => {
	clearTimeout(waiting);
	waiting = setTimeout(update, 150);
};

// A filter with several values: a list to tick, with a search where it is long.
function several(segment) {
	const { name, label, values, more: cut } = segment;
	const shown = make('span', {}, t('all_values'));
	const fieldset = make('fieldset', {}, make('legend', { class: 'unseen' }, label));
	const say = () => {
		const chosen = segment.boxes.filter(({ checked }) => checked);
		shown.textContent = chosen.length === 0 ? t('all_values') : chosen.length < 3 ? chosen.map((box) => box.shown).join(t('or')) : t('values_chosen', { count: chosen.length });
	};

	segment.boxes = values.map((value) => {
		const box = make('input', { type: 'checkbox' });
		box.addEventListener('change', () => { say(); soon(); });
		const line = make('label', {}, box, make('span', {}, valueName(value)));
		fieldset.append(line);
		return { value, none: value === null, shown: valueName(value), line, get checked() { return box.checked; }, set checked(on) { box.checked = on; } };
	});
	const wanted = address.getAll(`in.${name}`);
	for (const box of segment.boxes)
		box.checked = box.none ? address.getAll('none').includes(name) : wanted.includes(box.value);
	for (const value of wanted.filter((one) => !values.includes(one)))
		strange.append(`in.${name}`, value);
	if (address.getAll('none').includes(name) && !values.includes(null))
		strange.append('none', name);
	const find = make('input', { type: 'search', placeholder: t('find_value'), 'aria-label': `${t('find_value')}: ${label}` });
	find.addEventListener('input', (event) => {
		event.stopPropagation();
		for (const box of segment.boxes)
			box.line.hidden = !box.shown.toLowerCase().includes(find.value.trim().toLowerCase());
	});
	find.addEventListener('change', (event) => event.stopPropagation());
	const clear = make('button', { type: 'button', class: 'plain', onclick: () => { segment.boxes.forEach((box) => { box.checked = false; }); forget(name); say(); update(); } }, t('clear'));
	const details = make('details', {}, make('summary', { class: 'choice' }, make('span', { class: 'unseen' }, `${label}: `), shown),
		make('div', { class: 'panel' }, ...(values.length > manyValues ? [find] : []), fieldset, ...(cut ? [make('p', {}, t('more_values', { count: values.length }))] : []), clear));
	details.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') {
			details.open = false;
			details.querySelector('summary').focus();
		}
	});
	document.addEventListener('click', (event) => {
		if (details.open && !details.contains(event.target))
			details.open = false;
	});
	say();
	return make('div', { class: 'several' }, make('span', { 'aria-hidden': 'true' }, label), details);
}

// Forgets what the address asked for in vain.
function forget(name) {
	const kept = [...strange].filter(([key, value]) => key !== `in.${name}` && !(key === 'none' && value === name));
	[...strange.keys()].forEach((key) => strange.delete(key));
	kept.forEach(([key, value]) => strange.append(key, value));
}

// Fills the page with its words and the filters with what there is, chooses what
// the address says, and shows the figures.
async function begin() {
	document.documentElement.lang = lang;
	document.querySelectorAll('[data-t]').forEach((element) => { element.textContent = t(element.dataset.t); });
	form.setAttribute('aria-label', t('filters'));
	form.elements.benchmark.placeholder = t('no_benchmark');
	form.elements.period.append(...periods.map((value) => make('option', { value }, t(value))));
	form.elements.each.append(...steps.map((value) => make('option', { value }, t(value || 'auto'))));
	there = await ask('api/choices');
	document.title = there.title;
	document.querySelector('h1').textContent = there.title;
	document.querySelectorAll('.few').forEach((element) => { element.textContent = t('few_answers', { count: there.minimum }); });
	document.querySelectorAll('.hint').forEach((element) => { element.hidden = !there.comments && !there.calls; });
	form.elements.by.append(...there.segments.map(({ name, label }) => make('option', { value: name }, label)));
	document.getElementById('by').hidden = there.segments.length < 2;
	document.getElementById('by').before(...there.segments.map(several));
	document.getElementById('rate').hidden = !there.rate;
	for (const id of ['segments', 'movers', 'segment_trend', 'funnel'])
		document.getElementById(id).hidden = there.segments.length === 0;

	// What the address asks for is chosen, or kept for the server to judge.
	const { period, from, until, each, by, benchmark } = form.elements;
	const take = (control, name, otherwise) => {
		const value = address.get(name) ?? otherwise;
		control.value = value;
		if (control.value !== value) {
			control.value = otherwise;
			strange.append(name, value);
		}
	};
	take(period, 'period', 'last-12-months');
	if (address.has('from') || address.has('until')) {
		period.value = 'custom';
		take(from, 'from', '');
		take(until, 'until', '');
	}
	take(each, 'each', '');
	take(by, 'by', there.segments[0]?.name ?? '');
	take(benchmark, 'benchmark', '');
	const known = ['period', 'from', 'until', 'each', 'by', 'benchmark', 'none', 'lang', 'show', 'q', ...there.segments.map(({ name }) => `in.${name}`)];
	for (const [name, value] of address)
		if (!known.includes(name) || (name === 'none' && !there.segments.some((segment) => segment.name === value)))
			strange.append(name, value);
	from.value ||= there.first ?? '';
	until.value ||= there.last ?? '';
	form.querySelectorAll('.custom').forEach((element) => { element.hidden = period.value !== 'custom'; });

	comments.prepare(there, address, ask, keep);
	showSource();
	form.addEventListener('change', ({ target }) => {
		if (target.name)
			[...strange.keys()].filter((key) => !key.startsWith('in.') && key !== 'none').forEach((key) => strange.delete(key));
		if (target.type !== 'checkbox')
			update();
	});
	if (there.first === null)
		throw new Failure({ code: 'none_yet' });
	await update();
}

// Enter changes a field, too.
form.addEventListener('submit', (event) => event.preventDefault());
let width = main.clientWidth;
new ResizeObserver(() => {
	if (main.clientWidth === width || main.hidden)
		return;
	width = main.clientWidth;
	redraw();
}).observe(main);
begin().catch(showError);
