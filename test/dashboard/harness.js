// What the tests of the dashboard share: counting, a server of PostgreSQL with
// the demo's answers, pages on any database of it, and a browser.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The packages are the dashboard's.
const require = createRequire(new URL('../../examples/dashboard/package.json', import.meta.url));
const { chromium } = require('playwright-core');

export const bindir = execFileSync(process.env.PG_CONFIG || 'pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const count = { passed: 0, failed: 0 };
export const complaints = [];
export const requests = [];
const children = new Set();
const longest = 40000;

// Runs one test and counts it.  One that hangs has failed.
export async function test(name, body) {
	let timer;

	try {
		await Promise.race([body(), new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('it took too long')), longest); })]);
		count.passed++;
		console.log(`ok - ${name}`);
	} catch (error) {
		count.failed++;
		console.log(`not ok - ${name}\n${String(error.stack ?? error).replace(/^/gm, '#   ')}`);
	} finally {
		clearTimeout(timer);
	}
}

// The environment without what would lead a page elsewhere.
const mine = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG(?!_CONFIG)|TABLE$|DATABASE$|SEGMENTS$|COMMENT$|ID$|AT$|SCORE$|SETUP$|HOSTS$)/.test(name)));

// Starts a program and waits until its output holds that; what it says and how it
// ends can be read from it.
export function begin(command, args, env, until) {
	const child = spawn(command, args, { env: Object.fromEntries(Object.entries({ ...mine, ...env }).filter(([, value]) => value !== undefined)), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });

	children.add(child);
	child.said = '';
	child.exited = new Promise((resolve) => child.on('exit', (code, signal) => { children.delete(child); resolve(code ?? signal); }));
	return new Promise((resolve, reject) => {
		const take = (data) => {
			child.said += data;
			const found = until.exec(child.said);
			if (found) {
				child.base = found[1];
				resolve(child);
			}
		};
		child.stdout.on('data', take);
		child.stderr.on('data', take);
		child.exited.then((status) => reject(new Error(`it ended with ${status}:\n${child.said}`)));
	});
}

export const end = (child) => { try { process.kill(-child.pid, 'SIGINT'); } catch { /* it has ended */ } };
process.on('exit', () => children.forEach(end));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(signal, () => process.exit(1));

const served = /The dashboard: (http:\S+)/;
export const demo = {};

// Starts what make dashboard runs, and reads from it where page and data are.
export async function startDemo() {
	demo.child = await begin('tools/dashboard', [], { PORT: '0' }, served);
	demo.base = demo.child.base;
	demo.folder = /psql -h (\S+)/.exec(demo.child.said)[1];
}

// What psql answers, as rows of texts; NULL is the dash that the page shows.
export function psql(text, { database = 'dashboard', user = 'postgres' } = {}) {
	const output = execFileSync(`${bindir}/psql`, [
		'-XAtq', '-v', 'ON_ERROR_STOP=1', '-F', '\t', '-P', 'null=–', '-h', demo.folder, '-U', user, '-d', database,
	], { input: text, encoding: 'utf8', env: { ...mine, PGPORT: '5432', PGOPTIONS: '-c timezone=UTC -c client_min_messages=warning' } });
	return output.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

// A database of its own, with the extension.
export function makeDatabase(name, sql) {
	psql(`CREATE DATABASE ${name}`);
	psql(`CREATE EXTENSION nps;\n${sql};\nANALYZE`, { database: name });
}

// Serves the dashboard on a database, told by these variables.
export const serve = (database, env) => begin('node', ['examples/dashboard/server.js'], {
	DATABASE: `host=${demo.folder} user=postgres dbname=${database}`, PORT: '0', ...env,
}, served);

// What it prints and how it ends.
export function ends(env, args = ['examples/dashboard/server.js']) {
	try {
		return { status: 0, out: execFileSync('node', args, { env: { ...mine, PORT: '0', ...env }, encoding: 'utf8', timeout: 15000, stdio: ['ignore', 'pipe', 'pipe'] }), err: '' };
	} catch (error) {
		return { status: error.status, out: error.stdout, err: error.stderr };
	}
}

// A figure or another part of the interface, as the page asks for it.
export async function json(base, path, headers = {}) {
	const response = await fetch(base + path, { headers });
	const text = await response.text();

	if (!path.startsWith('api/figures') || response.status !== 200)
		return { status: response.status, ...JSON.parse(text) };
	return { status: 200, ...Object.fromEntries(text.trim().split('\n').map((line) => JSON.parse(line)).map(({ name, ...rest }) => [name, rest])) };
}

let browser;

export async function openBrowser() {
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
	return browser;
}

// A page on a dashboard, with what a test does to it.
export class Page {
	static async open(base, { width = 1200, colorScheme = 'light', locale = 'en-GB', ...options } = {}) {
		const self = new Page();

		self.base = base;
		self.page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, locale, ...options });
		self.page.on('request', (request) => requests.push(request.url()));
		self.page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(`${message.text()} ${message.location().url} on ${self.page.url()}`));
		self.page.on('pageerror', (error) => complaints.push(error.message));
		return self;
	}

	// Waits until the page shows what was asked last, or says what is wrong.
	settled() {
		return this.page.waitForFunction(() => document.getElementById('error').textContent !== ''
			|| (!document.getElementById('cards').hidden && !document.querySelector('#cards > :not([hidden])[aria-busy=true], .tiles > :not([hidden])[aria-busy=true]')
				&& document.querySelector('#spread > .content')));
	}

	async go(filters = '') {
		await this.page.goto(this.base + filters);
		await this.settled();
		return this;
	}

	// Does something, and waits for the figures that it asks for.
	async changing(action, path = /api\/figures/) {
		await Promise.all([this.page.waitForResponse(path, { timeout: 10000 }), action()]);
		await this.settled();
	}

	text(selector) {
		return this.page.locator(selector).first().textContent();
	}

	// The rows of the table behind a chart.
	table(id) {
		return this.page.locator(`#${id} tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
	}

	// What sticks out of its card, or of the window.
	sticksOut() {
		return this.page.evaluate(() => {
			const found = [];
			if (document.documentElement.scrollWidth > innerWidth)
				found.push(`the page is ${document.documentElement.scrollWidth} wide in ${innerWidth}`);
			for (const card of document.querySelectorAll('.card, .tile')) {
				const room = card.getBoundingClientRect();
				for (const element of card.querySelectorAll('*')) {
					const scrolled = element.closest('.scroll, .comment, .panel, .unseen');
					if (card.hidden || scrolled || element.ownerSVGElement)
						continue;
					const box = element.getBoundingClientRect();
					if (box.width > 0 && (box.left < room.left - 0.5 || box.right > room.right + 0.5 || box.bottom > room.bottom + 0.5))
						found.push(`${card.id}: ${element.tagName} “${element.textContent.slice(0, 40)}” ${Math.round(box.left)}–${Math.round(box.right)} in ${Math.round(room.left)}–${Math.round(room.right)}`);
				}
				// A drawing is cut at its edge: whatever has been cut is missing.
				for (const svg of card.querySelectorAll('svg')) {
					const view = svg.getBoundingClientRect();
					for (const text of svg.querySelectorAll('text, [data-mark=dot] circle, [data-mark=dot] path')) {
						const box = text.getBoundingClientRect();
						if (box.width > 0 && !text.closest('[data-mark=tip]') && (box.left < view.left - 1 || box.right > view.right + 1 || box.top < view.top - 1 || box.bottom > view.bottom + 1))
							found.push(`${card.id}: ${text.tagName} “${text.textContent}” is cut: ${[box.left - view.left, box.right - view.right, box.top - view.top, box.bottom - view.bottom].map(Math.round)}`);
					}
				}
			}
			return found;
		});
	}

	// A picture of the whole page, if they are wanted.
	async picture(name) {
		if (!process.env.SCREENSHOTS)
			return;
		mkdirSync(process.env.SCREENSHOTS, { recursive: true });
		await this.page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
	}

	close() {
		return this.page.close();
	}
}

// Figures without what a language adds to them.
export const plain = (text) => text.replace('−', '-').replace('+', '').replaceAll(',', '');
export const shown = (text) => text.replace('-', '−');
