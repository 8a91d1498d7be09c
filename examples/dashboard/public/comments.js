// The answers behind the figures: comments, searched and paged, and whom to call
// back; all of them or those of a step or a segment that was clicked.

import { count, longDay, t, valueName } from './format.js';
import { failed, fill, make } from './charts.js';

const card = document.getElementById('comments');
const tools = card.querySelector('.tools');
let asked;
let typing;

// What the list is of: settled by the page with each change of the filters.
const state = { query: null, segments: [], calls: false, comments: false, drill: null, pages: [null], ask: null, changed: () => {} };

// The filters of the list as a query string: those of the page, narrower where a
// step or a segment was clicked.
function query() {
	const values = new URLSearchParams(state.query);
	const { drill } = state;
	const show = tools.elements.show.value;

	values.delete('period');
	if (drill?.step) {
		const [from, until] = [drill.step.step, drill.step.step_end];
		values.set('from', from > values.get('from') ? from : values.get('from'));
		values.set('until', until < values.get('until') ? until : values.get('until'));
	}
	if (drill && 'segment' in drill) {
		values.delete(`in.${drill.by}`);
		const none = values.getAll('none').filter((name) => name !== drill.by);
		values.delete('none');
		none.forEach((name) => values.append('none', name));
		values.append(drill.segment === null ? 'none' : `in.${drill.by}`, drill.segment === null ? drill.by : drill.segment);
	}
	if (show === 'calls')
		values.set('calls', '1');
	else if (show !== 'all')
		values.set('category', show);
	if (tools.elements.q.value.trim() !== '')
		values.set('q', tools.elements.q.value.trim());
	return values;
}

// One answer.
function item(row) {
	const score = row.score === null ? t('no_score') : row.category === null ? t('off', { score: row.score }) : t('of_ten', { score: row.score });
	const where = row.segments.map(valueName).join(', ');
	const call = row.call_back === null || row.category !== 'detractor' ? []
		: row.call_back ? [make('p', { class: 'call' }, `☎ ${row.customer === null ? t('call_unknown') : t('call', { customer: row.customer })}`)]
			: [make('p', { class: 'quiet' }, `✓ ${t('better_since', { customer: row.customer ?? '' })}`)];

	return make('li', { class: row.category ?? 'passive' },
		...(row.comment === null ? [] : [make('p', { class: 'comment', ...(row.comment.length > 600 ? { tabindex: 0 } : {}) }, row.comment)]),
		make('p', { class: 'quiet' }, [score, longDay(row.day), where].filter(Boolean).join(' · ')), ...call);
}

function show({ rows, next, count: found, more }) {
	const calls = tools.elements.show.value === 'calls';
	const place = state.pages.length;
	const total = found === null ? '' : t(calls ? 'calls_found' : 'comments_found', { count: found });
	const turn = (forward) => {
		if (forward)
			state.pages.push(next);
		else
			state.pages.pop();
		load(true);
	};

	if (place === 1)
		state.total = more ? t('more_than', { found: t(calls ? 'calls_found' : 'comments_found', { count: found - 1 }) }) : total;
	fill('comments',
		...(state.drill ? [make('p', { class: 'drill' }, t('only_of', { what: state.drill.name }), ' ',
			make('button', { type: 'button', class: 'plain', onclick: () => { state.drill = null; restart(); card.focus(); } }, t('remove')))] : []),
		make('p', { class: 'quiet found', role: 'status' }, rows.length === 0 ? t('no_comments') : state.total),
		make('ul', {}, ...rows.map(item)),
		...(place > 1 || next ? [make('p', { class: 'pages' },
			make('button', { type: 'button', class: 'newer', ...(place > 1 ? {} : { disabled: '' }), onclick: () => turn(false) }, `← ${t('previous')}`),
			make('span', {}, t('page', { count: place })),
			make('button', { type: 'button', class: 'older', ...(next ? {} : { disabled: '' }), onclick: () => turn(true) }, `${t('next')} →`))] : []));
}

// Asks for the page that state is at.
async function load(turned = false) {
	const at = state.pages.at(-1);
	const values = query();
	const file = new URLSearchParams(values);

	asked?.abort();
	asked = new AbortController();
	const { signal } = asked;
	if (document.documentElement.lang === 'fr')
		file.set('lang', 'fr');
	tools.querySelector('#download').href = `api/comments.csv?${file}`;
	if (at) {
		values.set('cursor', at.cursor);
		values.set('skip', at.skip);
	}
	card.setAttribute('aria-busy', 'true');
	try {
		show(await state.ask(`api/comments?${values}`, signal));
		if (turned)
			card.focus();
	} catch (error) {
		if (error.name !== 'AbortError')
			failed('comments', { code: error.code, details: { reason: error.message } });
	}
}

function restart() {
	state.pages = [null];
	state.changed();
	load();
}

// Called once: which lists there are, and what the address wants.
export function prepare({ comments, calls, segments }, wanted, ask, changed) {
	const lists = [...(comments ? ['detractor', 'passive', 'promoter', 'all'] : []), ...(calls ? ['calls'] : [])];

	Object.assign(state, { segments, ask, changed, there: lists.length > 0 });
	card.hidden = lists.length === 0;
	card.querySelector('h2').textContent = t(calls && comments ? 'comments_and_calls' : calls ? 'show_calls' : 'comments');
	tools.elements.show.append(...lists.map((value) => make('option', { value }, t(`show_${value}`))));
	tools.elements.q.placeholder = t('search_hint');
	tools.querySelector('.search').hidden = !comments;
	if (lists.includes(wanted.get('show')))
		tools.elements.show.value = wanted.get('show');
	tools.elements.q.value = wanted.get('q') ?? '';
	tools.addEventListener('submit', (event) => event.preventDefault());
	tools.elements.show.addEventListener('change', restart);
	tools.elements.q.addEventListener('input', () => {
		clearTimeout(typing);
		typing = setTimeout(restart, 300);
	});
}

// What the address keeps of the list.
export const kept = () => [['show', tools.elements.show.selectedIndex > 0 ? tools.elements.show.value : ''], ['q', tools.elements.q.value.trim()]];

// Shows the answers of these filters.
export function update(values) {
	if (!state.there)
		return;
	Object.assign(state, { query: values, drill: null, pages: [null] });
	load();
}

// Shows those of a step or a segment only, and goes there.
export function drill(to) {
	state.drill = to;
	state.pages = [null];
	load();
	card.focus({ preventScroll: true });
	card.scrollIntoView({ block: 'start' });
}
