// Draws .mmd files with the Mermaid library in a real browser: mermaid.mjs FILE...
// Of each, all participants and all messages must be in the picture, with the
// words that the file has.

import fs from 'node:fs';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const library = 'node_modules/mermaid/dist/mermaid.min.js';

// "#59;" is how Mermaid says a character by its number; "#quot;" by its name.
const NAMES = { quot: '"', amp: '&', lt: '<', gt: '>', num: '#', semi: ';' };

function plain(text) {
    return text
        .replace(/#(\w+);/g, (whole, name) => NAMES[name] ||
            (/^\d+$/.test(name) ? String.fromCodePoint(Number(name)) : whole))
        .replace(/<br\s*\/?>/g, '').replace(/\s+/g, '');
}

// What must be seen: the words behind the first ":" of an arrow or a note, and
// the names of participants.
function expected(source) {
    const words = [], lanes = [];
    for (const line of source.split('\n').map((l) => l.trim())) {
        const lane = /^(?:create )?participant (\S+)(?: as (.*))?$/.exec(line);
        if (lane) lanes.push(plain(lane[2] || lane[1]));
        const said = /^(?:\w+\s*<?<?-[-x)>]*[>x)]+[+-]?\s*\w+|Note .*?)\s*:(.*)$/.exec(line);
        if (said) words.push(plain(said[1]));
    }
    return { words, lanes };
}

async function render(page, source) {
    return page.evaluate(async (text) => {
        mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
        try {
            await mermaid.parse(text);
            const { svg } = await mermaid.render('picture', text);
            document.body.innerHTML = svg;
        } catch (error) {
            return { error: String(error.message || error) };
        }
        const box = document.querySelector('svg').getBoundingClientRect();
        return { words: document.querySelector('svg').textContent,
                 lines: document.querySelectorAll(
                     '[class^=messageLine]').length,
                 width: box.width, height: box.height,
                 odd: document.querySelectorAll('svg b, svg script').length };
    }, source);
}

async function check(browser, file) {
    const page = await browser.newPage();
    const source = fs.readFileSync(file, 'utf8'), wrong = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    await page.setViewport({ width: 1280, height: 900 });
    await page.setContent('<!doctype html><title>.</title><body>');
    await page.addScriptTag({ path: library });
    const drawn = await render(page, source);
    const { words, lanes } = expected(source);
    if (drawn.error) {
        wrong.push(drawn.error);
    } else {
        const seen = drawn.words.replace(/\s+/g, '');
        for (const text of [...lanes, ...words])
            if (!seen.includes(text)) wrong.push(`not in the picture: ${text}`);
        if (!lanes.length) wrong.push('there is nothing in it');
        if (drawn.odd) wrong.push('words became elements');
        if (source.length > 50000) wrong.push('longer than 50,000 characters');
        await page.screenshot({ path: `${path.basename(file)}.png`,
                                fullPage: drawn.height < 5000 });
    }
    await page.close();
    console.log(`${path.basename(file)}: ${lanes.length} participants, ` +
        `${drawn.lines} lines, ${words.length} texts`);
    wrong.slice(0, 10).forEach((text) => console.log(`  WRONG: ${text}`));
    return wrong.length;
}

const browser = await puppeteer.launch({
    executablePath: process.env.BROWSER, args: ['--no-sandbox'] });
let wrong = 0;
for (const file of process.argv.slice(2)) wrong += await check(browser, file);
await browser.close();
process.exit(wrong || process.argv.length < 3 ? 1 : 0);
