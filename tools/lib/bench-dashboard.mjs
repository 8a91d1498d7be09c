// Asks a dashboard, served at an address, for each of its parts, as often as told,
// and prints the median and the fastest, in milliseconds as who asks sees them.

const [, , base, rounds, from] = process.argv;

const year = 'from=2025-11-01&until=2026-10-31';
const parts = {
	'the choices, first': 'api/choices',
	...Object.fromEntries(['overall', 'trend', 'segments', 'movers', 'segment_trend', 'funnel', 'spread', 'left_out'].map((name) => [name, `api/figures?${year}&benchmark=20&by=region&only=${name}`])),
	'overall of one tier, two regions': `api/figures?${year}&in.tier=Pro&in.region=Region%203&in.region=Region%2039&only=overall`,
	'trend of two years by week': 'api/figures?from=2024-11-01&until=2026-10-31&each=week&only=trend',
	'comments of detractors': `api/comments?${year}&category=detractor`,
	'comments of promoters': `api/comments?${year}&category=promoter`,
	'all comments': `api/comments?${year}`,
	'comments of a small region': `api/comments?${year}&category=passive&in.region=Region%2039`,
	'comments of three regions, one tier': `api/comments?${year}&category=detractor&in.region=Region%2039&in.region=Region%200&in.region=Region%207&in.tier=Enterprise`,
	'comments of no region': `api/comments?${year}&category=detractor&none=region`,
	'comments of one day': 'api/comments?from=2025-12-24&until=2025-12-24&category=detractor',
	'whom to call back': `api/comments?${year}&calls=1`,
	'whom to call back in a small region': `api/comments?${year}&calls=1&in.region=Region%2039`,
	'search, many found': `api/comments?${year}&q=support`,
	'search, one found': `api/comments?${year}&q=9876543`,
	'search, none found': `api/comments?${year}&q=unfindable`,
};

// The time of one request, to its last byte; an error ends the run.
async function once(path) {
	const since = performance.now();
	const response = await fetch(base + path);
	const text = await response.text();

	if (!response.ok || text.includes('"code":'))
		throw new Error(`${path}: ${text}`);
	return performance.now() - since;
}

const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];

console.log(`\n${from}: median and fastest of ${rounds}, in ms`);
for (const [name, path] of Object.entries(parts)) {
	const times = [];

	for (let i = 0; i < Number(rounds); i++)
		times.push(await once(path));
	console.log(`  ${name.padEnd(40)} ${median(times).toFixed(0).padStart(7)} ${Math.min(...times).toFixed(0).padStart(7)}`);
}

// A page far back: the list is walked to it, and only the last step counts.
let next = '';
let last = 0;
for (let page = 0; page < 50; page++) {
	const since = performance.now();
	const answer = await (await fetch(`${base}api/comments?${year}&category=detractor${next}`)).json();

	last = performance.now() - since;
	next = `&cursor=${encodeURIComponent(answer.next.cursor)}&skip=${answer.next.skip}`;
}
console.log(`  ${'page 50 of the comments'.padEnd(40)} ${last.toFixed(0).padStart(7)}`);
