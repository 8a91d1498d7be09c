// What all cards share: elements, charts that are drawn anew when there is more
// or less room, the table behind each, and what stands where there is none.

import { t } from './format.js';

const { Plot } = window;

// Makes an element; strings among its children become text, never HTML.
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes))
		if (name.startsWith('on'))
			element.addEventListener(name.slice(2), value);
		else
			element.setAttribute(name, value);
	element.append(...children);
	return element;
}

// Puts new content below the heading, and the legend, of a tile or card.
export function fill(id, ...children) {
	const element = document.getElementById(id);

	element.querySelectorAll(':scope > .content').forEach((old) => old.remove());
	element.append(make('div', { class: 'content' }, ...children));
	element.setAttribute('aria-busy', 'false');
}

// The table behind a chart; columns are [heading, what it shows of a row].  It
// stays open while filters change.  Where a row leads to comments, its name does.
export function table(id, caption, columns, rows, open) {
	const opened = document.querySelector(`#${id} details`)?.open;
	const head = make('tr', {}, ...columns.map(([heading]) => make('th', { scope: 'col' }, heading)));
	const first = (row, text) => (open ? make('button', { type: 'button', class: 'plain', 'aria-label': t('comments_of', { what: text }), onclick: () => open(row) }, text) : text);
	const body = rows.map((row) => make('tr', {}, ...columns.map(([, show], i) =>
		(i === 0 ? make('th', { scope: 'row' }, first(row, show(row))) : make('td', {}, show(row))))));

	return make('details', opened ? { open: '' } : {}, make('summary', {}, t('as_table')),
		make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
			make('table', {}, make('caption', {}, caption), make('thead', {}, head), make('tbody', {}, ...body))));
}

const charts = new Map();

// Draws all charts anew, for another width.
export const redraw = () => charts.forEach((draw) => draw());

// Plot labels the groups of a drawing, which no screen reader may be told: a picture
// is one thing to it.  The names stay, as data.
function unlabel(svg) {
	svg.querySelectorAll('g[aria-label]').forEach((group) => {
		group.dataset.mark = group.getAttribute('aria-label');
		group.removeAttribute('aria-label');
	});
}

// One picture in its place.  open is called with the row below a click.
export function picture(place, label, options, open) {
	const width = Math.max(140, Math.floor(place.clientWidth));
	const svg = Plot.plot({ width, ...options(width), style: { background: 'none', overflow: 'hidden' } });

	unlabel(svg);
	new MutationObserver(() => unlabel(svg)).observe(svg, { childList: true, subtree: true });
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-label', label);
	if (open) {
		place.classList.add('clickable');
		svg.addEventListener('click', () => svg.value && open(svg.value));
	}
	place.replaceChildren(svg);
}

// A chart drawn to the width there is, with its table.
export function chart(id, label, options, behind, open) {
	const place = make('figure');

	fill(id, place, behind);
	charts.set(id, () => picture(place, `${label} ${t('table_below')}`, options, open));
	charts.get(id)();
}

// Several small ones, each with its own element above it.
export function multiples(id, items, behind) {
	const places = items.map(() => make('figure'));

	fill(id, make('div', { class: 'multiples' }, ...items.map(({ above }, i) => make('div', {}, ...above, places[i]))), behind);
	charts.set(id, () => items.forEach(({ label, options }, i) => picture(places[i], label, options)));
	charts.get(id)();
}

// Says why there is no chart: an empty one would look like a score of 0.
export function noChart(id, why = t('no_answers')) {
	charts.delete(id);
	fill(id, make('p', { class: 'quiet' }, why));
}

// Says in its own card that a part failed.
export function failed(id, { code, details }) {
	charts.delete(id);
	fill(id, make('p', { class: 'failed' }, code === 'slow' ? t('error_slow') : t('error_part', details)));
}

// For a chart: a missing figure stays missing, as Number(null) is 0.
export const number = (text) => (text === null ? NaN : Number(text));

const pen = document.createElement('canvas').getContext('2d');

// A text, cut where it would be wider than that many pixels.
export function fitting(text, width, font = '12px system-ui, sans-serif') {
	pen.font = font;
	const oneLine = text.replace(/\s+/g, ' ');
	if (pen.measureText(oneLine).width <= width)
		return oneLine;
	let short = [...oneLine];
	while (short.length > 1 && pen.measureText(`${short.join('')}…`).width > width)
		short = short.slice(0, -1);
	return `${short.join('')}…`;
}

export const widthOf = (text) => {
	pen.font = '12px system-ui, sans-serif';
	return pen.measureText(text).width;
};

// How much room the names of rows get beside a chart: what the longest needs, within reason.
export const roomFor = (names, width) => Math.ceil(Math.min(width * 0.34, 170, 14 + Math.max(...names.map(widthOf))));

// An axis that holds these values, with some air, and no more than the scale.
export function extent(values, least = 10) {
	const seen = values.filter((value) => Number.isFinite(value));
	const [low, high] = [Math.min(...seen), Math.max(...seen)];
	const air = Math.max(least / 2, (high - low) * 0.06);

	return seen.length === 0 ? [-100, 100] : [Math.max(-100, low - air), Math.min(100, high + air)];
}

export const within = (value, [low, high]) => Math.max(low, Math.min(high, value));
