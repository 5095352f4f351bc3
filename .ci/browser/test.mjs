// What readers see, in a real browser: nothing that axe objects to, nothing that
// moves, nothing from elsewhere but pictures, all of it by keyboard.
//
// CORANTO names the program, SHOTS a directory for screenshots.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { corner, demo } from './serve.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// half is the width that is left on the narrowest phones, and at a zoom of 200 %.
const phone = { name: 'phone', width: 390, height: 844, half: 320 };
const desktop = { name: 'desktop', width: 1280, height: 900, half: 640 };

let browser, papers, corners;

before(async () => {
  [browser, papers, corners] = await Promise.all([
    chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    }),
    demo('en'),
    corner(),
  ]);
});

after(async () => {
  await Promise.all([browser?.close(), papers?.stop(), corners?.stop()]);
});

// open shows a page in a window of its own and notes what goes wrong in it.
async function open(url, { width, height } = desktop, more = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...more });
  const page = await context.newPage();
  const wrong = [];
  const home = new URL(url).host;
  page.on('console', (m) => m.type() === 'error' && wrong.push(m.text()));
  page.on('pageerror', (e) => wrong.push(String(e)));
  page.on('requestfailed', (r) => wrong.push(`no answer: ${r.url()}`));
  page.on('request', (r) => {
    if (new URL(r.url()).host !== home && r.resourceType() !== 'image') {
      wrong.push(`asked elsewhere: ${r.resourceType()} ${r.url()}`);
    }
  });
  await page.addInitScript(() => {
    window.moved = [];
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) {
        window.moved.push(`${shift.value} ${shift.sources.map((s) => s.node?.outerHTML?.slice(0, 80))}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
    document.addEventListener('securitypolicyviolation', (e) => console.error(e.violatedDirective));
  });
  await page.goto(url);
  return { page, wrong, close: () => context.close() };
}

// scroll goes down the whole page, so that every picture is asked for, and waits
// for those that are.
async function scroll(page) {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
      scrollTo(0, y);
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    const pictures = [...document.images].map((i) => i.decode().catch(() => {}));
    await Promise.race([Promise.all(pictures), new Promise((done) => setTimeout(done, 2000))]);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    scrollTo(0, 0);
  });
}

async function shoot(page, name) {
  if (process.env.SHOTS) {
    await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`) });
  }
}

// objections are what axe finds wrong, by all its rules or those that are named.
async function objections(page, rules) {
  if (!await page.evaluate(() => 'axe' in globalThis)) {
    await page.evaluate(axe);
  }
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run(values ? { runOnly: { type: 'rule', values } } : {}), rules);
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
}

// unsized are the pictures whose place is not known before they come.
function unsized(page) {
  return page.evaluate(() => [...document.images].filter((img) => {
    const sized = img.hasAttribute('width') && img.hasAttribute('height');
    const held = [img, img.parentElement].some((e) => !/^auto/.test(getComputedStyle(e).aspectRatio));
    return img.loading !== 'lazy' || !sized && !held;
  }).map((img) => img.outerHTML));
}

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

// address finds where the first link of a kind on the home page leads.
const found = new Map();
async function address(server, selector) {
  if (!found.has(selector)) {
    found.set(selector, await look(server, selector));
  }
  return found.get(selector);
}

async function look(server, selector) {
  const { page, close } = await open(server.base);
  const href = await page.locator(selector).first().evaluate((a) => a.href);
  await close();
  return href;
}

const pages = {
  home: async () => papers.base,
  category: async () => address(papers, 'nav a[href*="/category/"]'),
  item: async () => address(papers, 'h3 a[href*="/item/"]'),
  source: async () => address(papers, '.credit a[href*="/source/"]'),
  subscribe: async () => new URL('subscribe/', papers.base).href,
  categories: async () => new URL('categories/', papers.base).href,
  sources: async () => new URL('sources/', papers.base).href,
};

describe('pages', () => {
  for (const [name, find] of Object.entries(pages)) {
    for (const size of [phone, desktop]) {
      test(`${name}, ${size.name}`, async () => {
        const { page, wrong, close } = await open(await find(), size);
        await scroll(page);
        assert.deepEqual(await objections(page), [], 'axe objects');
        assert.deepEqual(await unsized(page), [], 'pictures that are not lazy, or of no known size');
        assert.ok(await sideways(page) <= 0, 'the page scrolls sideways');
        await shoot(page, `${name}-${size.name}-light`);
        await page.emulateMedia({ colorScheme: 'dark' });
        const inDark = await objections(page, ['color-contrast', 'link-in-text-block']);
        assert.deepEqual(inDark, [], 'axe objects in the dark');
        await shoot(page, `${name}-${size.name}-dark`);
        assert.deepEqual(await page.evaluate(() => window.moved), [], 'what moved');
        assert.deepEqual(wrong, []);
        await page.setViewportSize({ width: size.half, height: 500 });
        assert.ok(await sideways(page) <= 0, `the page scrolls sideways at ${size.half}`);
        await close();
      });
    }
  }
});

test('by keyboard alone', async () => {
  const { page, close } = await open(await pages.category());
  const focused = () => page.evaluate(() => {
    const e = document.activeElement;
    const box = e.getBoundingClientRect();
    const seen = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
    const ring = getComputedStyle(e).outlineStyle !== 'none';
    return { href: e.getAttribute('href'), name: e.className, place: e.closest('nav, h3')?.tagName, seen, ring };
  });
  await page.keyboard.press('Tab');
  const skip = await focused();
  assert.deepEqual(skip, { href: '#main', name: 'skip', place: undefined, seen: true, ring: true });
  const places = new Set();
  let now = skip;
  for (let i = 0; i < 60 && now.place !== 'H3'; i++) {
    await page.keyboard.press('Tab');
    now = await focused();
    assert.ok(now.seen && now.ring, `focus can't be seen on ${JSON.stringify(now)}`);
    places.add(now.href);
  }
  assert.ok([...places].some((href) => href?.startsWith('/category/')), 'no category was reached');
  assert.equal(now.place, 'H3', 'no headline was reached');
  const list = page.url();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/item/**');
  await page.goBack();
  assert.equal(page.url(), list);
  await page.reload();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.closest('main') !== null);
  assert.ok(first, 'the skip link does not lead into the news');
  await close();
});

test('feeds are found', async () => {
  for (const find of [pages.home, pages.category, pages.source, pages.item, pages.subscribe]) {
    const { page, close } = await open(await find());
    const links = await page.locator('link[rel=alternate]').evaluateAll(
      (all) => all.map((l) => ({ href: l.href, type: l.type, title: l.title })));
    assert.ok(links.length >= 3, `${page.url()} names ${links.length} feeds`);
    for (const link of links) {
      const answer = await fetch(link.href);
      assert.equal(answer.status, 200, link.href);
      assert.equal(answer.headers.get('content-type').split(';')[0], link.type, link.href);
      assert.notEqual(link.title, '');
    }
    await close();
  }
});

test('what is written from the right stands right', async () => {
  const url = await address(corners, 'article[dir=rtl] h3 a');
  for (const size of [phone, desktop]) {
    const { page, wrong, close } = await open(url, size);
    const right = (selector) => page.locator(selector).first().evaluate((e) => {
      const range = document.createRange();
      range.selectNodeContents(e);
      return Math.round(e.getBoundingClientRect().right - range.getBoundingClientRect().right);
    });
    assert.equal(await page.locator('article').getAttribute('lang'), 'ar');
    assert.ok(await right('h1') <= 1, 'the headline does not begin on the right');
    assert.ok(await right('.content p') <= 1, 'the text does not begin on the right');
    const bar = await page.locator('blockquote').evaluate((e) => getComputedStyle(e).borderRightWidth);
    assert.notEqual(bar, '0px', 'the bar of a quotation is on the wrong side');
    const dots = await page.locator('p.credit').evaluate((p) => {
      const left = (n) => {
        const range = document.createRange();
        range.selectNodeContents(n);
        return range.getBoundingClientRect().left;
      };
      return [...p.childNodes].filter((n) => n.textContent.trim()).map(left);
    });
    const falling = dots.toSorted((a, b) => b - a);
    assert.deepEqual(dots, falling, 'the parts of the credit don’t follow one another to the left');
    assert.deepEqual(await objections(page), []);
    assert.deepEqual(wrong, []);
    await shoot(page, `right-${size.name}`);
    await close();
  }
});

test('strangers’ markup moves nothing and runs nothing', async () => {
  for (const headline of ['Pictures', 'Donau']) {
    const url = await address(corners, `h3 a:text("${headline}")`);
    for (const size of [{ width: 320, height: 640 }, phone, desktop]) {
      const { page, wrong, close } = await open(url, size);
      page.on('dialog', (d) => wrong.push(`a dialog opened: ${d.message()}`));
      await scroll(page);
      assert.equal(await page.locator('script').count(), 0);
      assert.deepEqual(await unsized(page), []);
      assert.deepEqual(await page.evaluate(() => window.moved), []);
      assert.ok(await sideways(page) <= 0, `${url} scrolls sideways at ${size.width}`);
      assert.deepEqual(await objections(page), []);
      assert.deepEqual(wrong, []);
      await shoot(page, `${headline}-${size.width}`);
      await close();
    }
  }
});

test('what is not there', async () => {
  const { page, close } = await open(new URL('nope/', papers.base).href, phone);
  assert.match(await page.textContent('h1'), /No such page/);
  assert.deepEqual(await objections(page), []);
  await close();
});
