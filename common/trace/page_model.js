// What the page knows of a run: lanes, and events with their partners. An
// event's fields are as in events.h.
'use strict';

// The other end of an arrow has the same link, or the other's lane.
const FAR_END = { receive: 'post', await: 'settle', notified: 'notify',
                  wake: 'wait' };

const FIELDS = ['number', 'ns', 'lane', 'kind', 'link', 'place', 'object',
                'text', 'more'];

function newLane(name, index) {
    return { name, index, events: [], start: null, begin: null, end: null,
             join: null, cancel: null };
}

function readRun(text) {
    const run = JSON.parse(text);
    run.lanes = run.lanes.map(newLane);
    run.events = run.events.map((fields, index) => {
        const event = { index, partner: null };
        FIELDS.forEach((field, i) => { event[field] = fields[i]; });
        event.lane = run.lanes[event.lane - 1];
        return event;
    });
    pairEvents(run);
    run.events.forEach((event) => event.lane.events.push(event));
    run.waits = run.events.filter((event) => event.kind === 'wait');
    run.arrows = arrowsOf(run);
    run.lanes = run.lanes.filter((lane) => lane.events.length || lane.start);
    run.lanes.forEach((lane, index) => { lane.index = index; });
    return run;
}

function pairEvents(run) {
    const firsts = new Map();
    for (const event of run.events) {
        const far = FAR_END[event.kind];
        if (far === undefined)
            firsts.set(event.kind + event.link, event);
        else
            pair(firsts.get(far + event.link), event);
        pairLane(run.lanes, event);
    }
}

function pair(first, second) {
    if (first && !first.partner) {
        first.partner = second;
        second.partner = first;
    }
}

// A thread's start and begin, and its end and join, belong together.
function pairLane(lanes, event) {
    const other = lanes[event.link - 1];
    switch (event.kind) {
    case 'start':
        if (other) other.start = event;
        break;
    case 'begin':
        event.lane.begin = event;
        pair(event.lane.start, event);
        break;
    case 'end':
        event.lane.end = event;
        break;
    case 'join':
        if (other) {
            other.join = event;
            pair(other.end, event);
        }
        break;
    case 'cancel':
        if (other) other.cancel = event;
        break;
    }
}

// What is drawn from lane to lane. Without a second end it was lost: nobody
// received it, or the thread never began.
const ARROWS = { start: 'thread', end: 'thread', post: 'message',
                 settle: 'value', notify: 'notify' };

function arrowsOf(run) {
    return run.events
        .filter((event) => ARROWS[event.kind] && (event.partner || isLost(event)))
        .map((event) => ({ from: event, to: event.partner,
                           type: ARROWS[event.kind] }));
}

function isLost(event) {
    return event.kind === 'post' && !event.partner;
}

// What an audience should not overlook.
function isAlarm(event) {
    return event.kind === 'died' || event.kind === 'refused' || isLost(event) ||
        (event.kind === 'wait' && !event.partner) ||
        (event.kind === 'join' && event.text !== '');
}
