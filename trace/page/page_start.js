// Title, legend and table around the picture; then the picture is drawn.
'use strict';

function showTitle() {
    const names = run.lanes.map((lane) => lane.name);
    const title = run.title ||
        (names.length > 4 ? `${names[0]} and ${names.length - 1} others` :
            names.join(', '));
    document.title = `${title}: trace`;
    byId('title').textContent = title;
    const { good, bad } = summary(run);
    byId('summary').textContent = good.join(' · ');
    for (const problem of bad) {
        const strong = document.createElement('b');
        strong.textContent = `  ✕ ${problem}`;
        byId('summary').append(strong);
    }
}

// A small picture of each thing that there is in this run.
const LEGEND = [
    ['runs', () => true,
        '<rect width="12" height="22" x="10" y="1" fill="currentColor"/>'],
    ['waits', () => run.waits.length,
        '<path d="M10 8l12-8M10 16l12-8M10 24l12-8" stroke="currentColor" ' +
        'stroke-width="3"/><rect width="12" height="22" x="10" y="1" ' +
        'fill="none" stroke="currentColor" stroke-width="2"/>'],
    ['says', () => has('message') || has('value') || has('notify'),
        '<path d="M0 7L24 14" stroke="currentColor" stroke-width="3"/>' +
        '<path d="M19 7L32 17L16 19Z" fill="currentColor"/>'],
    ['starts, ends', () => has('thread'),
        '<path d="M0 7L27 15" stroke="currentColor" stroke-width="3" ' +
        'stroke-dasharray="7 5"/><path d="M20 7L29 16L17 19" fill="none" ' +
        'stroke="currentColor" stroke-width="3"/>'],
    ['looks at or changes a map', () => run.events.some((e) => e.kind === 'map'),
        '<path d="M6 12L16 2L26 12L16 22Z" fill="currentColor"/>'],
];

const has = (type) => run.arrows.some((arrow) => arrow.type === type);

function showLegend() {
    for (const [words, there, picture] of LEGEND.filter((entry) => entry[1]())) {
        const item = document.createElement('span');
        item.innerHTML = '<svg width="32" height="24" aria-hidden="true">' +
            picture + '</svg>';
        item.append(words);
        byId('legend').append(item);
    }
    byId('legend').append('Arrow keys or a clicker walk through it.');
}

function showTable() {
    for (const event of run.events) {
        const row = byId('rows').insertRow();
        const became = BECAME[event.kind] && BECAME[event.kind](run, event);
        for (const text of [event.number, timeOf(run, event.ns), event.lane.name,
            DOES[event.kind](run, event) + (became ? ` (${became})` : ''),
            event.place])
            row.insertCell().textContent = text;
    }
}

// The address may say it too: trace.html#time,dark
function start() {
    const wish = (word) => location.hash.slice(1).split(',').includes(word);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    paint(wish('dark') || (dark.matches && !wish('light')));
    dark.addEventListener('change', () => paint(dark.matches));
    view.byTime = wish('time');
    showTitle();
    showLegend();
    showTable();
    listen();
    show();
}

start();
