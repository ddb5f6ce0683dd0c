// Places the words: each text at the best of several places beside its event, where
// no other text stands yet and few arrows pass.
'use strict';

// An index of things by their height: a hash table of bands.
class Heights {
    constructor(step) { this.step = step; this.bins = new Map(); }

    keys(top, bottom) {
        const keys = [];
        for (let k = Math.floor(top / this.step); k * this.step <= bottom; k++)
            keys.push(k);
        return keys;
    }

    add(thing, top, bottom) {
        for (const key of this.keys(top, bottom)) {
            if (!this.bins.has(key)) this.bins.set(key, []);
            this.bins.get(key).push(thing);
        }
    }

    near(top, bottom) {
        return new Set(this.keys(top, bottom)
            .flatMap((key) => this.bins.get(key) || []));
    }
}

const meets = (a, b) => a.left < b.right && b.left < a.right &&
    a.top < b.bottom && b.top < a.bottom;

// Whether a line passes through a box: at its left, right, or in between.
function crosses(line, box) {
    const left = Math.max(box.left, Math.min(line.x1, line.x2));
    const right = Math.min(box.right, Math.max(line.x1, line.x2));
    if (left > right || line.x1 === line.x2) return false;
    const slope = (line.y2 - line.y1) / (line.x2 - line.x1);
    const a = line.y1 + (left - line.x1) * slope;
    const b = line.y1 + (right - line.x1) * slope;
    return Math.min(a, b) < box.bottom && Math.max(a, b) > box.top;
}

// A place is a side of the lane, with the text's height on it, and how much
// room there is until the next lane.
function place(run, layout, event, side, lift, lanes = 1) {
    const { letter } = layout, { x } = event.lane;
    const away = layout.bar / 2 + letter * 0.7;
    const next = run.lanes[event.lane.index + side * lanes];
    const edge = next ? next.x - side * away :
        side < 0 ? layout.clock + letter : layout.right;
    return { side, x: x + side * away, y: event.y + lift * letter,
             room: side * (edge - x) - away };
}

const BESIDE = 0.35, ABOVE = -0.3, BELOW = 1.15;

function places(run, layout, event) {
    const at = (side, lift, lanes) =>
        place(run, layout, event, side, lift, lanes);
    const far = event.partner && event.kind !== 'wait' && event.kind !== 'wake' ?
        event.partner.lane.index - event.lane.index : 0;
    if (far !== 0 && event.kind === 'join')
        return [at(Math.sign(far), BELOW), at(Math.sign(far), ABOVE),
                at(-Math.sign(far), BESIDE)];
    if (far !== 0)
        return [at(Math.sign(far), ABOVE, Math.abs(far)),
                at(Math.sign(far), ABOVE)];
    if (event.kind === 'post') return [at(1, ABOVE)];
    const all = [];
    const down = event.kind === 'wait' ? downWait(layout, event) : 0;
    for (let lift = BESIDE; lift <= BESIDE + Math.max(0, down); lift += 0.5)
        all.push(at(1, lift), at(-1, lift));
    return all;
}

// How far down, in letters, the words of a wait may stand.
function downWait(layout, event) {
    const end = event.partner ? event.partner.y : layout.height;
    return Math.min(8, (end - event.y) / layout.letter - 0.7);
}

function boxOf(layout, place, width) {
    const left = place.side < 0 ? place.x - width : place.x;
    return { left, right: left + width, top: place.y - layout.letter * 0.8,
             bottom: place.y + layout.letter * 0.25 };
}

// Important events choose their place first.
const FIRST = ['died', 'refused', 'post', 'settle', 'start', 'join', 'map',
               'notify', 'cancel', 'close', 'wake', 'wait'];
const importance = (event) => isAlarm(event) ? -1 : FIRST.indexOf(event.kind);

const QUIET = ['wait', 'wake', 'start', 'join', 'close', 'cancel'];
const isQuiet = (event) => QUIET.includes(event.kind) && !isAlarm(event);

function placeWords(run, layout, lines) {
    const words = [], taken = new Heights(layout.row), passing = new Heights(layout.row);
    for (const line of lines)
        passing.add(line, line.y1, line.y2);
    const events = run.events.filter((event) => label(run, event));
    events.sort((a, b) => importance(a) - importance(b) || a.index - b.index);
    for (const event of events) {
        const word = bestWord(run, layout, event, taken, passing);
        if (!word) continue;
        words.push(word);
        taken.add(word, word.box.top, word.box.bottom);
    }
    return words;
}

// Words become bold, and so wider, when their event is pointed at.
const BOLDER = 1.06;

// The cost of a place is the sum of all that it hides: words cost most, then letters
// that are cut off, then arrows. By time there may be no place: then the words are
// left out.
function bestWord(run, layout, event, taken, passing) {
    const weight = isAlarm(event) ? 650 : 400;
    const letter = layout.letter * (isQuiet(event) ? 0.9 : 1);
    const whole = label(run, event);
    const wanted = widthOf(whole, letter, weight) * BOLDER;
    let best = null;
    places(run, layout, event).forEach((place, order) => {
        const room = Math.max(0, place.room);
        const box = boxOf(layout, place, Math.min(wanted, room));
        const near = (list) => [...list.near(box.top, box.bottom)];
        const hidden = near(taken).filter((word) => meets(word.box, box)).length;
        if (hidden && layout.view.byTime) return;
        const crossed = near(passing).filter((line) =>
            line.event !== event && crosses(line, box)).length;
        const cost = hidden * 100 + crossed * 4 + order * 0.15 +
            20 * Math.max(0, 1 - room / wanted) +
            (room < Math.min(wanted, layout.letter * 5) ? 1000 : 0);
        if (!best || cost < best.cost) best = { event, place, box, room, cost };
    });
    if (!best) return null;
    best.letter = letter;
    best.text = cut(whole, best.room / BOLDER, letter, weight);
    return best.text ? best : null;
}

let measuring;

function widthOf(text, letter, weight) {
    measuring = measuring || document.createElement('canvas').getContext('2d');
    measuring.font = `${weight} ${letter}px ` +
        getComputedStyle(document.body).fontFamily;
    return measuring.measureText(text.slice(0, 1000)).width;
}

// The text, or as much of it as there is room for.
function cut(text, room, letter, weight) {
    if (widthOf(text, letter, weight) <= room) return text;
    const letters = Array.from(text.slice(0, 1000));
    const first = (count) => letters.slice(0, count).join('').trimEnd() + '…';
    let low = 0, high = letters.length;
    while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (widthOf(first(middle), letter, weight) <= room) low = middle;
        else high = middle - 1;
    }
    return low ? first(low) : '';
}
