// The layout: by order, every event with words has a row of its own; by time,
// distances are time.
'use strict';

// How much further down than the event before, in rows.
const ROWS = { begin: 0.6, end: 0.6, receive: 0.6, await: 0.6, notified: 0.6,
               wake: 0.5, start: 1.1, post: 1.15, settle: 1.1, notify: 1.1 };
const MOST = 32;  // a letter, in pixels

function rowsOf(run) {
    return run.events.reduce((sum, event) => sum + rowOf(run, event), 1);
}

// The words of a join hang below its arrow. The words of any other event that an
// arrow leaves stand above it.
const ABOVE_ARROW = ['start', 'post', 'settle', 'notify'];

function rowOf(run, event) {
    const before = run.events[event.index - 1];
    const row = label(run, event) && event.kind === 'wake' ? 1 :
        ROWS[event.kind] || 1;
    if (!before || before.kind !== 'join') return row;
    return row + (ABOVE_ARROW.includes(event.kind) ? 0.55 : 0.2);
}

// The size of everything: a row is 1.6 letters high, or more where there is
// room, and there is room for a few words between lanes.
function sizes(run, view) {
    const least = Math.max(15.5, view.letter * 0.88);
    const high = (view.height - view.head) / rowsOf(run);
    const wide = view.width / (8 + 14 * run.lanes.length);
    const fits = Math.min(MOST, Math.max(least, Math.min(high / 1.6, wide)));
    const letter = view.byTime ? view.letter : fits * view.zoom;
    const row = view.byTime ? 1.6 : Math.min(2.4, Math.max(1.6, high / fits));
    return { row: letter * row, letter };
}

function layOut(run, view) {
    const { row, letter } = sizes(run, view);
    const layout = { row, letter, view, bar: letter * 0.62 };
    placeLanes(run, layout);
    if (view.byTime) placeByTime(run, layout);
    else placeByOrder(run, layout);
    return layout;
}

// Lanes have the same distances; right of the last one there is room for words.
function placeLanes(run, layout) {
    const letter = layout.letter, count = run.lanes.length;
    layout.clock = letter * 5.2;
    const first = layout.clock + letter * 3;
    const room = layout.view.width - first - letter;
    const least = letter * 9, most = letter * 34;
    layout.gap = Math.min(most, Math.max(least, room / (count - 0.2)));
    layout.tail = Math.max(letter * 10, layout.gap * 0.8);
    layout.width = Math.max(layout.view.width,
                            first + layout.gap * (count - 1) + layout.tail);
    const spare = layout.width - first - layout.gap * (count - 1) - layout.tail;
    run.lanes.forEach((lane) => {
        lane.x = first + spare / 2 + lane.index * layout.gap;
    });
    layout.clock += spare / 2;
    layout.right = layout.width - spare / 2;
}

function placeByOrder(run, layout) {
    let y = 0;
    for (const event of run.events) {
        y += rowOf(run, event) * layout.row;
        event.y = y;
    }
    layout.height = y + layout.row;
}

function placeByTime(run, layout) {
    const top = layout.row, bottom = layout.row;
    const last = Math.max(1, ...run.events.map((event) => event.ns));
    const room = Math.max(100, layout.view.height - layout.view.head - top - bottom);
    layout.scale = room * layout.view.stretch / last;
    layout.last = last;
    for (const event of run.events)
        event.y = top + event.ns * layout.scale;
    layout.top = top;
    layout.height = top + room * layout.view.stretch + bottom;
}

// Round numbers of time, not nearer to each other than two rows.
function ticks(run, layout) {
    const least = layout.row * 2 / layout.scale;
    let step = 10 ** Math.floor(Math.log10(least));
    step *= [1, 2, 5, 10].find((factor) => step * factor >= least);
    step = Math.max(1, step);
    const all = [];
    for (let ns = 0; ns <= layout.last; ns += step)
        all.push({ ns, y: layout.top + ns * layout.scale });
    return all;
}
