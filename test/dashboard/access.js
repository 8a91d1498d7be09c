// For everybody: by axe-core (WCAG 2.2, levels A and AA), by keyboard, in French,
// on paper, with the contrast of everything that carries meaning.

import assert from 'node:assert/strict';
import { Page, axe, demo, psql, test } from './harness.js';

// Runs in the page: the contrast of two colours.
function ratios(pairs) {
	const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const luminance = (name) => {
		pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
		pen.fillRect(0, 0, 1, 1);
		return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
			.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
			.reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
	};
	return pairs.map(([one, other]) => {
		const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
		return [`${one} on ${other}`, (light + 0.05) / (dark + 0.05)];
	});
}

// What axe-core finds on the page as it stands.
async function findings(page) {
	await page.evaluate(axe);
	const { violations, incomplete } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
	const told = (found) => found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary.slice(0, 200)}`));
	return [...told(violations), ...told(incomplete.filter(({ id }) => id !== 'color-contrast'))];
}

export async function tests() {
	for (const colorScheme of ['light', 'dark'])
		for (const [name, width, locale] of [['desktop', 1200, 'en-GB'], ['phone', 390, 'fr-FR']])
			await test(`${colorScheme}, on a ${name}: axe-core finds nothing, nothing sticks out`, async () => {
				const it = await (await Page.open(demo.base, { width, colorScheme, locale })).go('?benchmark=20&by=country');
				const { page } = it;

				await it.picture(`${name}-${colorScheme}-${locale.slice(0, 2)}`);
				assert.deepEqual(await it.sticksOut(), []);
				assert.deepEqual(await findings(page), []);
				for (const summary of await page.locator('summary').all())
					await summary.evaluate((element) => { element.parentElement.open = true; });
				assert.deepEqual(await findings(page), [], 'with all open');
				for (const [pair, ratio] of await page.evaluate(ratios, ['promoter', 'passive', 'detractor', 'rate', 'mix', 'band', 'edge', 'quiet', 'ink', 'alarm'].map((one) => [one, 'surface'])))
					assert(ratio >= 3, `${pair}: ${ratio}`);
				for (const [pair, ratio] of await page.evaluate(ratios, [['ink', 'surface'], ['quiet', 'surface'], ['quiet', 'ground'], ['ink', 'ground'], ['alarm', 'surface'], ['detractor', 'surface'], ['promoter', 'surface']]))
					assert(ratio >= (/detractor|promoter/.test(pair) ? 3 : 4.5), `${pair}: ${ratio}`);
				await it.close();
			});

	const it = await (await Page.open(demo.base)).go('?benchmark=20');
	const { page } = it;
	const focused = () => page.evaluate(() => document.activeElement.name || document.activeElement.id || document.activeElement.className || '');

	await test('an error line, too, is fit for all', async () => {
		await it.go('?in.plan=Gold');
		assert.deepEqual(await findings(page), []);
		await it.go('?benchmark=20');
	});

	await test('by keyboard alone: skip, choose, open a table, go to comments', async () => {
		const order = [];

		await page.keyboard.press('Tab');
		assert.equal(await focused(), 'skip');
		for (let i = 0; i < 6; i++) {
			await page.keyboard.press('Tab');
			order.push(await focused());
		}
		assert.deepEqual(order, ['period', 'each', 'choice', 'choice', 'by', 'benchmark']);
		await page.locator('summary.choice').first().focus();
		await page.keyboard.press('Enter');
		await page.keyboard.press('Tab');
		await it.changing(() => page.keyboard.press('Space'));
		assert.equal(await it.text('#error'), '');
		assert.match(await it.text('#scope'), /Plan: Basic$/);
		await page.keyboard.press('Escape');
		assert.equal(await focused(), 'choice', 'the list is closed, and the focus where it was');
		assert.equal(await page.locator('.several details[open]').count(), 0);
		await page.locator('#trend summary').focus();
		await page.keyboard.press('Enter');
		await page.keyboard.press('Tab');
		assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'region', 'the table scrolls by keyboard');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.locator('#comments .drill').waitFor();
		assert.match(await it.text('#comments .drill'), /Only of January 2025/);
		await page.locator('.skip').focus();
		await page.keyboard.press('Enter');
		assert.equal(await focused(), 'figures');
	});

	await test('a screen reader finds names, tables and news', async () => {
		await it.go('?benchmark=20');
		const charts = await page.locator('.card:has(svg)').evaluateAll((cards) => cards.map((card) => card.id));
		assert.deepEqual(charts, ['trend', 'monthly', 'segments', 'movers', 'segment_trend', 'funnel', 'spread']);
		for (const id of charts) {
			for (const svg of await page.locator(`#${id} svg`).all()) {
				assert.equal(await svg.getAttribute('role'), 'img');
				assert.match(await svg.getAttribute('aria-label'), /\w+ .*The table below has the figures\.$/);
			}
			assert.notEqual(await it.text(`#${id} caption`), '');
			assert((await it.table(id)).length > 0, `${id} has a table`);
			assert.equal(await page.locator(`#${id} thead th:not([scope=col]), #${id} tbody th:not([scope=row])`).count(), 0);
		}
		assert.match(await page.locator('#news').textContent(), /^Score 18\.8, plus or minus 0\.6: January 2025/);
		assert.equal(await page.getAttribute('html', 'lang'), 'en');
	});

	await test('who asks for less motion gets none', async () => {
		const still = await (await Page.open(demo.base, { reducedMotion: 'reduce' })).go();
		assert.equal(await still.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'auto');
		assert.deepEqual(await still.page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => {
			const { transitionDuration, animationName } = getComputedStyle(element);
			return transitionDuration !== '0s' || animationName !== 'none';
		}).map((element) => element.tagName)), []);
		await still.close();
	});

	await test('in French, by the browser’s language, every word and every figure', async () => {
		const french = await (await Page.open(demo.base, { locale: 'fr-FR' })).go('?benchmark=19.5');
		assert.equal(await french.page.getAttribute('html', 'lang'), 'fr');
		assert.equal(await french.text('#scope'), 'janvier 2025 – décembre 2025 ; toutes les réponses');
		assert.equal(await french.text('#score .big'), '18,8 ± 0,6');
		assert.match(await french.text('#shares .big'), /^65.546$/);
		assert.match((await french.table('trend'))[0].join('|'), /^janvier 2025\|5.106\|16,9\|/);
		assert.match(await french.text('#segments svg'), /repère 19,5/);
		// Whatever has words in both languages is not in English here.
		const english = await (await Page.open(demo.base)).go('?benchmark=19.5');
		const texts = (which) => which.page.locator('[data-t], option, summary, caption, thead th, h2, .quiet, button, .button').evaluateAll((all) => all.map((element) => element.textContent.trim()).filter((text) => /[A-Za-z]{4}/.test(text)));
		const same = new Set(await texts(english));
		const both = ['Net Promoter Score', 'Segments', 'Score', 'Plan', 'Country', 'France', 'Enterprise', 'Basic', 'Free', 'Page 1'];
		assert.deepEqual([...new Set(await texts(french))].filter((text) => same.has(text) && !both.includes(text) && !/customer|Basic|Free|Pro/.test(text)), []);
		await english.close();
		await french.go('?in.plan=Gold');
		assert.equal(await french.page.getByRole('alert').textContent(), 'Aucune réponse n’a Plan « Gold ».');
		await french.close();
		const asked = await (await Page.open(demo.base, { locale: 'de-DE' })).go('?lang=fr');
		assert.equal(await asked.text('#score h2'), 'Score');
		assert.equal(await asked.text('#change h2'), 'Évolution');
		await asked.close();
		const german = await (await Page.open(demo.base, { locale: 'de-DE' })).go();
		assert.equal(await german.text('#change h2'), 'Change', 'any other language gets English');
		await german.close();
	});

	await test('every text is there in both languages, with the same values in it', async () => {
		const { words } = await import('../../examples/dashboard/public/words.js');
		const values = (text) => [...(typeof text === 'object' ? text.other : text).matchAll(/\{\w+\}/g)].map(([value]) => value).sort().join();

		assert.deepEqual(Object.keys(words.fr), Object.keys(words.en));
		for (const key of Object.keys(words.en))
			assert.equal(values(words.fr[key]), values(words.en[key]), key);
	});

	await test('on paper: no controls, nothing cut', async () => {
		await page.setViewportSize({ width: 760, height: 1000 });
		await it.go('?benchmark=20');
		await page.emulateMedia({ media: 'print' });
		for (const hidden of ['#filters', '.tools', '.pages', 'summary', '.hint', 'button'])
			assert.equal(await page.locator(`${hidden}:visible`).count(), 0, hidden);
		assert.equal(await page.locator('svg:visible').count(), 10, 'every chart');
		assert.deepEqual(await it.sticksOut(), []);
		await it.picture('print');
		await page.emulateMedia({ media: 'screen' });
	});

	await test('the figures that the page announces are those of psql', async () => {
		const [[score]] = psql("SELECT round(nps(score), 1) FROM responses WHERE answered_at >= '2025-01-01'");
		assert((await page.locator('#news').textContent()).includes(`Score ${score},`));
	});
	await it.close();
}
