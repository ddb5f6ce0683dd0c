// Events in words: for the line below the picture, the table, and readers.
'use strict';

function timeOf(run, ns) {
    return run.steps ? `step ${ns}` : ns === 0 ? '0 µs' : lengthOf(run, ns);
}

function lengthOf(run, ns) {
    if (run.steps) return plural(ns, 'step');
    for (const [unit, size] of [['s', 1e9], ['ms', 1e6], ['µs', 1e3]])
        if (ns >= size) return `${Number((ns / size).toPrecision(3))} ${unit}`;
    return `${ns} ns`;
}

function later(run, event) {
    return lengthOf(run, Math.max(0, event.partner.ns - event.ns));
}

const quoted = (text) => `“${text}”`;
const withMore = (event) => event.more ? `, and ${event.more} goes along` : '';
const startedName = (run, event) => event.object || 'a thread';

// The action of a lane: the rest of the sentence that begins with its name.
const DOES = {
    start: (run, e) => `starts ${startedName(run, e)}` +
        (e.more ? `, and gives it ${e.more}` : ''),
    begin: () => 'begins',
    end: () => 'ends',
    join: (run, e) => `joins ${e.object}` + (e.text ? `: ${e.text}` : ''),
    post: (run, e) => `posts ${quoted(e.text)} to ${e.object}${withMore(e)}`,
    receive: (run, e) =>
        `receives ${quoted(e.text)} on ${e.object}${withMore(e)}`,
    settle: (run, e) => `settles ${e.object}: ${e.text}`,
    await: (run, e) => `has the value of ${e.object}: ${e.text}`,
    notify: (run, e) => `notifies ${e.object}`,
    notified: (run, e) => `is notified of ${e.object}`,
    wait: (run, e) => `waits ${e.text}`,
    wake: (run, e) => e.text ? `wakes ${e.text}` : 'wakes',
    refused: (run, e) => `posts ${quoted(e.text)} to ${e.object}, which is closed`,
    close: (run, e) => `closes ${e.object}`,
    cancel: (run, e) => `cancels ${e.object}, which never runs`,
    map: (run, e) => `${e.text} in ${e.object}` + (e.more ? `: ${e.more}` : ''),
    died: (run, e) => `ends the program: ${e.text}`,
};

// The outcome at the other end.
const BECAME = {
    start: (run, e) => e.partner ? `begins ${later(run, e)} later` :
        'never began',
    post: (run, e) => e.partner ?
        `received by ${e.partner.lane.name} ${later(run, e)} later` :
        'never received',
    settle: (run, e) => e.partner &&
        `${e.partner.lane.name} has it ${later(run, e)} later`,
    notify: (run, e) => e.partner ?
        `${e.partner.lane.name} wakes ${later(run, e)} later` : 'no thread waited',
    wait: (run, e) => e.partner ? `for ${later(run, e)}` : 'forever',
    wake: (run, e) => e.partner && `after ${later(run, e.partner)}`,
    receive: (run, e) => e.partner &&
        `posted by ${e.partner.lane.name} ${later(run, e.partner)} before`,
    await: (run, e) => e.partner && `settled by ${e.partner.lane.name}`,
    notified: (run, e) => e.partner && `by ${e.partner.lane.name}`,
};

function sentence(run, event) {
    return `${event.lane.name} ${DOES[event.kind](run, event)}`;
}

function whatBecame(run, event) {
    if (!event.partner && !event.alone)
        return 'its other end is left out of this page';
    const became = BECAME[event.kind];
    return became && became(run, event);
}

function circumstances(run, event) {
    return [whatBecame(run, event), run.steps ? timeOf(run, event.ns) :
        `at ${timeOf(run, event.ns)}`, event.place]
        .filter(Boolean).join('  ·  ');
}

// The short words in the picture itself.
const LABELS = {
    start: (run, e) => `starts ${startedName(run, e)}` +
        (e.more ? `  + ${e.more}` : ''),
    join: DOES.join,
    post: (run, e) => (isLost(e) ? 'never received: ' : '') + e.text +
        (e.more ? `  + ${e.more}` : ''),
    settle: (run, e) => `${e.object} = ${e.text}`,
    notify: (run, e) => `notifies ${e.object}` +
        (e.alone ? ': no thread waits' : ''),
    wait: (run, e) => e.alone ? `waits forever ${e.text}` :
        `waits ${e.text}`,
    wake: (run, e) => e.text,
    refused: (run, e) => `${e.object} is closed: ${e.text}`,
    close: DOES.close,
    cancel: (run, e) => `cancels ${e.object}`,
    map: (run, e) => e.text + (e.more ? ` → ${e.more}` : ''),
    died: (run, e) => e.text || 'the program ends',
};

function label(run, event) {
    return LABELS[event.kind] ? LABELS[event.kind](run, event) : '';
}

function plural(count, thing) {
    return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

// Two lists: what was there, and what went wrong.
function summary(run) {
    const last = run.events[run.events.length - 1];
    const good = [plural(run.lanes.length, 'thread'),
                  plural(run.events.length, 'event')];
    if (last) good.push(lengthOf(run, last.ns));
    const waits = run.waits.filter((event) => event.alone).length;
    const lost = run.events.filter(isLost).length;
    const bad = [];
    if (waits) bad.push(plural(waits, 'wait') + ' that never ended');
    if (lost) bad.push(plural(lost, 'message') + ' never received');
    if (!run.complete) bad.push('the program was killed');
    if (run.left_out) bad.push(plural(run.left_out, 'later event') + ' left out');
    return { good, bad };
}
