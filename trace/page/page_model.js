// The model of the page: the lanes of a run, and its events with their partners.
'use strict';

// An event as page.c writes it. The partner is an index of the list: for a second
// half its first half, for a first half the first of its second halves. -1: there
// is no partner. -2: there is one, but the page leaves it out.
const FIELDS = ['number', 'ns', 'lane', 'kind', 'link', 'partner', 'place',
                'object', 'text', 'more'];
const SECOND = ['begin', 'join', 'receive', 'await', 'notified', 'wake'];

function readRun(text) {
    const run = JSON.parse(text);
    run.lanes = run.lanes.map((name, index) => ({ name, index, events: [],
        start: null, begin: null, end: null, cancel: null }));
    run.events = run.events.map((fields, index) => {
        const event = { index };
        FIELDS.forEach((field, i) => { event[field] = fields[i]; });
        event.lane = run.lanes[event.lane - 1];
        return event;
    });
    for (const event of run.events) {
        event.alone = event.partner === -1;
        event.partner = run.events[event.partner] || null;
        event.lane.events.push(event);
        knowLane(run.lanes, event);
    }
    run.waits = run.events.filter((event) => event.kind === 'wait');
    run.arrows = arrowsOf(run);
    run.arrowsFrom = new Map();
    for (const arrow of run.arrows)
        run.arrowsFrom.set(arrow.from,
                           [...run.arrowsFrom.get(arrow.from) || [], arrow]);
    return run;
}

// A start and a cancel happen in another lane than the one that they are about.
function knowLane(lanes, event) {
    if (event.kind === 'begin' || event.kind === 'end')
        event.lane[event.kind] = event;
    const other = lanes[event.link - 1];
    if (other && (event.kind === 'start' || event.kind === 'cancel'))
        other[event.kind] = event;
}

// The arrows from lane to lane, by the kind of the first half. One notify may wake
// several threads. A message that was never received has no second half.
const ARROWS = { start: 'thread', end: 'thread', post: 'message',
                 settle: 'value', notify: 'notify' };

function arrowsOf(run) {
    const arrow = (from, to) => ({ from, to, type: ARROWS[from.kind] });
    return run.events.flatMap((event) => {
        if (isLost(event)) return [arrow(event, null)];
        if (!SECOND.includes(event.kind) || !event.partner ||
            event.kind === 'wake') return [];
        return [arrow(event.partner, event)];
    });
}

function isLost(event) {
    return event.kind === 'post' && event.alone;
}

// Events that an audience should not overlook.
function isAlarm(event) {
    return event.kind === 'died' || event.kind === 'refused' || isLost(event) ||
        (event.kind === 'wait' && event.alone) ||
        (event.kind === 'join' && event.text !== '');
}
