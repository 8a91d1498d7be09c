// How figures, days and words look in the language of the browser.

import { words } from './words.js';

const asked = new URLSearchParams(location.search).get('lang');
const wanted = [asked, ...navigator.languages].filter(Boolean).find((name) => words[name.slice(0, 2).toLowerCase()]) ?? 'en';

export const lang = wanted.slice(0, 2).toLowerCase();
// Of the languages that there are words for, the region decides numbers and dates.
const locale = asked ? lang : wanted;
const plural = new Intl.PluralRules(locale);

// A text of the page.  {name} in it becomes a value; where the words depend on a
// number, that is called count.
export function t(key, values = {}) {
	const found = words[lang][key] ?? words.en[key] ?? key;
	const text = typeof found === 'object' ? found[plural.select(Number(values.count))] ?? found.other : found;

	return text.replace(/\{(\w+)\}/g, (_, name) => {
		const value = values[name] ?? '';
		return name === 'count' ? count(value) : value;
	});
}

// A real minus, and a dash for what is not there.
const minus = (text) => text.replace('-', '−');
const formatter = (options) => {
	const format = new Intl.NumberFormat(locale, options);
	return (value) => (value === null || value === undefined ? '–' : minus(format.format(Number(value))));
};
export const figure = formatter({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const signed = formatter({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
export const finer = formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
export const small = formatter({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
export const plain = formatter({ maximumFractionDigits: 6 });
export const count = formatter({ maximumFractionDigits: 0 });
export const brief = formatter({ notation: 'compact', maximumFractionDigits: 1 });
export const percent = (value) => t('percent', { value: figure(value) });

const date = (day) => new Date(`${day}T00:00:00Z`);
const days = (options) => {
	const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
	return (day) => format.format(date(day));
};
export const longDay = days({ day: 'numeric', month: 'long', year: 'numeric' });
export const shortDay = days({ day: 'numeric', month: 'short' });
const longMonth = days({ month: 'long', year: 'numeric' });
const shortMonth = days({ month: 'short' });
const quarter = (day) => Math.floor(date(day).getUTCMonth() / 3) + 1;
const moments = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'long', timeStyle: 'short' });
export const moment = (text) => moments.format(new Date(`${text}Z`));

// The name of a step: a day, the week of a day, a month, a quarter, a year.
export const stepName = (step, each) => ({
	day: longDay,
	week: (day) => t('week_of', { day: longDay(day) }),
	month: longMonth,
	quarter: (day) => t('quarter_of', { quarter: quarter(day), year: day.slice(0, 4) }),
	year: (day) => day.slice(0, 4),
}[each](step));

// The same on an axis; a year is said where it begins, and at the left end.
export const tick = (step, i, each) => {
	const begins = i === 0 || (each === 'month' && step.slice(5, 7) === '01') || (each === 'quarter' && quarter(step) === 1);
	const name = { day: shortDay, week: shortDay, month: shortMonth, quarter: (day) => t('quarter_short', { quarter: quarter(day) }), year: (day) => day.slice(0, 4) }[each](step);
	return each !== 'year' && begins ? `${name}\n${step.slice(0, 4)}` : name;
};

// A period in words: whole months by their names.
export function periodName(from, until) {
	const next = new Date(date(until).getTime() + 86400000).toISOString();

	if (!from.endsWith('-01') || next.slice(8, 10) !== '01')
		return from === until ? longDay(from) : t('from_until', { from: longDay(from), until: longDay(until) });
	return from.slice(0, 7) === until.slice(0, 7) ? longMonth(from) : t('from_until', { from: longMonth(from), until: longMonth(until) });
}

// A value of a segment; answers may have none.
export const valueName = (value) => (value === null ? t('none') : value === '' ? t('empty') : value);
