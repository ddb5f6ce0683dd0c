// Opens pages of runs in a real browser, without a network: page.mjs FILE...
// On a laptop, light and dark, on a projector, and in a narrow window.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';

const SIZES = [[1280, 720], [1920, 1080], [800, 720]];
const BIG = 1000;  // a run with more events is looked at, but not walked through
let wrong = 0;

const settle = (page) => page.evaluate(() =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

// What must be there, from the data itself and not by the page's own code.
function expectations() {
    const data = JSON.parse(document.getElementById('run').textContent);
    const second = ['begin', 'join', 'receive', 'await', 'notified'];
    const quiet = ['begin', 'end', 'receive', 'await', 'notified', 'wake'];
    const arrows = data.events.filter((e) =>
        (second.includes(e[3]) && e[5] >= 0) || (e[3] === 'post' && e[5] === -1));
    return { lanes: data.lanes, events: data.events.length,
             arrows: arrows.length,
             words: data.events.filter((e) => !quiet.includes(e[3])).length,
             waits: data.events.filter((e) => e[3] === 'wait').length,
             forEver: data.events.filter((e) =>
                 e[3] === 'wait' && e[5] === -1).length };
}

function look() {
    const view = document.getElementById('view').getBoundingClientRect();
    const picture = document.getElementById('picture').getBoundingClientRect();
    const boxes = [...document.querySelectorAll('.event > text')].map((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return { text: node.textContent, left, right, top, bottom };
    });
    // A line of text is higher than its letters are.
    const slack = boxes.length ? (boxes[0].bottom - boxes[0].top) * 0.14 : 0;
    const meeting = [];
    boxes.slice(0, 300).forEach((a, i) => boxes.slice(i + 1, 300).forEach((b) => {
        if (a.left < b.right && b.left < a.right &&
            a.top + slack < b.bottom - slack && b.top + slack < a.bottom - slack)
            meeting.push(`${a.text} / ${b.text}`);
    }));
    return {
        heads: [...document.querySelectorAll('#heads span')].map((n) => n.textContent),
        lives: document.querySelectorAll('.life').length,
        arrows: document.querySelectorAll('.event > .arrow').length,
        waits: document.querySelectorAll('.wait-bar').length,
        forEver: document.querySelectorAll('.forever').length,
        rows: document.querySelectorAll('#rows tr').length,
        texts: boxes.length, meeting,
        outside: boxes.filter((box) => box.left < picture.left - 1 ||
            box.right > picture.right + 1).map((box) => box.text),
        wide: document.documentElement.scrollWidth > innerWidth,
        tall: document.documentElement.scrollHeight > innerHeight,
        sideways: picture.width > view.width + 1,
        letter: parseFloat(getComputedStyle(
            document.getElementById('picture')).fontSize),
        title: document.title, lang: document.documentElement.lang,
    };
}

// WCAG 2's contrast of everything that is drawn in against the ground.
function contrasts() {
    const style = getComputedStyle(document.documentElement);
    const light = (name) => {
        const hex = style.getPropertyValue(name).trim().slice(1);
        const parts = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
            .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return parts[0] * 0.2126 + parts[1] * 0.7152 + parts[2] * 0.0722;
    };
    const names = ['--ink', '--quiet', '--alarm',
                   ...[0, 1, 2, 3, 4, 5, 6].map((i) => `--lane-${i}`)];
    return ['--ground', '--panel'].flatMap((under) => names.map((name) => {
        const [a, b] = [light(name), light(under)].sort((x, y) => y - x);
        return { name, under, ratio: (a + 0.05) / (b + 0.05) };
    }));
}

function compare(say, want, seen, byTime) {
    const same = (what, a, b) => {
        if (JSON.stringify(a) !== JSON.stringify(b)) say(`${what}: ${a}, not ${b}`);
    };
    same('lanes', seen.heads, want.lanes);
    same('arrows', seen.arrows, want.arrows);
    same('waits', seen.waits, want.waits);
    same('waits for ever', seen.forEver, want.forEver);
    same('rows of the table', seen.rows, want.events);
    if (seen.outside.length) say(`cut off: ${seen.outside}`);
    if (seen.wide || seen.tall) say('the page itself scrolls');
    if (seen.sideways && want.lanes.length <= 3) say('it does not fit in width');
    if (seen.letter < 15) say(`letters of ${seen.letter} pixels`);
    if (seen.meeting.length) say(`words meet ${byTime ? 'by time' : 'by order'}: ` +
        seen.meeting.slice(0, 3).join('; '));
    // By time, words stand where there is room.
    if (seen.texts < (byTime ? Math.min(40, want.words * 0.02) : want.words))
        say(`${seen.texts} words, not ${want.words}`);
    if (!seen.title.includes(': trace') || seen.lang !== 'en')
        say(`the title ${seen.title} in ${seen.lang}`);
}

const told = (page) => page.$eval('#what', (node) => node.textContent);

async function walk(page, say, want) {
    await page.keyboard.press('Escape');
    for (let i = 0; i < want.events; i++) {
        await page.keyboard.press(i % 2 ? 'PageDown' : 'ArrowDown');
        const now = await page.evaluate(() => ({
            at: Number(document.activeElement.dataset.event),
            name: document.activeElement.getAttribute('aria-label') || '',
            said: document.getElementById('what').textContent,
            on: document.activeElement.classList.contains('on') }));
        if (now.at !== i || !now.on || !now.name.startsWith(now.said) || !now.said)
            return say(`key ${i} leads to ${JSON.stringify(now)}`);
    }
    await page.keyboard.press('Home');
    await page.keyboard.press('Escape');
    if (await told(page) !== '') say('Escape leaves words behind');
}

async function hover(page, say) {
    const points = await page.$$eval('.event > .arrow', (lines) =>
        lines.slice(0, 5).map((line) => {
            const at = line.getPointAtLength(line.getTotalLength() * 0.37);
            const box = line.ownerSVGElement.getBoundingClientRect();
            return { x: box.left + at.x, y: box.top + at.y };
        }));
    for (const { x, y } of points) {
        await page.mouse.move(x, y);
        if (await told(page) === '') say(`nothing is said at ${x}, ${y}`);
    }
    await page.mouse.move(5, 5);
    if (await told(page) !== '') say('words stay when the mouse has left');
}

async function zoom(page, say) {
    const height = () => page.$eval('#picture', (n) => n.getBoundingClientRect().height);
    const before = await height();
    await page.click('#zoom-in');
    const larger = await height();
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    const smaller = await height();
    await page.click('#fit');
    if (!(larger > before && smaller < larger && await height() === before))
        say(`zoom: ${before}, ${larger}, ${smaller}, ${await height()}`);
}

async function visit(browser, file, [width, height], dark) {
    const name = `${path.basename(file)} ${width}x${height} ${dark ? 'dark' : 'light'}`;
    const say = (text) => { wrong++; console.log(`  WRONG: ${name}: ${text}`); };
    const page = await browser.newPage();
    const url = pathToFileURL(path.resolve(file)).href;
    page.on('console', (message) => say(`console: ${message.text()}`));
    page.on('pageerror', (error) => say(`error: ${error.message}`));
    page.on('dialog', (dialog) => { say('a dialog'); dialog.dismiss(); });
    page.on('request', (request) => {
        if (request.url() !== url) say(`asks for ${request.url()}`);
    });
    await page.setOfflineMode(true);
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
    await page.goto(url);
    await settle(page);
    const want = await page.evaluate(expectations);
    compare(say, want, await page.evaluate(look), false);
    for (const { name: what, under, ratio } of await page.evaluate(contrasts))
        if (!(ratio >= 4.5)) say(`${what} on ${under}: contrast ${ratio.toFixed(2)}`);
    const shot = path.basename(file, '.trace.html') + `.${width}.${dark ? 'dark' : 'light'}`;
    await page.screenshot({ path: `${shot}.png` });
    await zoom(page, say);
    await hover(page, say);
    if (!dark && want.events < BIG) await walk(page, say, want);
    await page.keyboard.press('t');
    await settle(page);
    compare(say, want, await page.evaluate(look), true);
    await page.screenshot({ path: `${shot}.time.png` });
    await page.keyboard.press('d');
    if (await page.$eval('html', (n) => n.classList.contains('dark')) === dark)
        say('d does not change light and dark');
    await page.close();
    return want;
}

const browser = await puppeteer.launch({
    executablePath: process.env.BROWSER, args: ['--no-sandbox'] });
for (const file of process.argv.slice(2)) {
    let want;
    for (const size of SIZES)
        want = await visit(browser, file, size, false);
    await visit(browser, file, SIZES[0], true);
    console.log(`${path.basename(file)}: ${want.lanes.length} lanes, ` +
        `${want.arrows} arrows, ${want.waits} waits`);
}
await browser.close();
process.exit(wrong || process.argv.length < 3 ? 1 : 0);
