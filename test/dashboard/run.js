// What make test-dashboard runs: starts the dashboard as make dashboard does,
// opens it in Chromium, compares what it shows with what psql says, does the same
// with data as real tables have them, and ends it.  With SCREENSHOTS=folder it
// leaves pictures there; ONLY="figures data" runs just these parts.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { count, demo, end, openBrowser, startDemo, test } from './harness.js';
import { tests as access } from './access.js';
import { tests as data } from './data.js';
import { listens, tests as figures } from './demo.js';
import { tests as start } from './start.js';

const parts = { figures, access, data, start };

await startDemo().catch((error) => {
	console.log(`not ok - make dashboard: ${error.message}\n0 passed, 1 failed`);
	process.exit(1);
});
const browser = await openBrowser();
for (const [name, part] of Object.entries(parts))
	if (!process.env.ONLY || process.env.ONLY.split(' ').includes(name))
		await part().catch((error) => test(`the part ${name} runs to its end`, () => { throw error; }));
await browser.close();

await test('Ctrl-C ends all, and nothing is left', async () => {
	end(demo.child);
	assert.equal(await demo.child.exited, 130);
	assert(!existsSync(demo.folder), `${demo.folder} is left`);
	assert(!await listens('127.0.0.1'), 'somebody still listens');
	const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
		try {
			return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(demo.folder);
		} catch {
			return false;
		}
	});
	assert.deepEqual(left, [], 'a process is left');
});

console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed === 0 ? 0 : 1);
