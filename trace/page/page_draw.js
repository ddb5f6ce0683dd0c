// The picture, as SVG. An event is a group of its mark, its words and its arrow.
'use strict';

const LANE_COLOURS = 7;
const colour = (lane) => `var(--lane-${lane.index % LANE_COLOURS})`;

function make(parent, name, attributes = {}, text = '') {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes))
        node.setAttribute(key, value);
    node.textContent = text;
    parent.append(node);
    return node;
}

function draw(run, layout, svg) {
    svg.replaceChildren();
    svg.setAttribute('width', layout.width);
    svg.setAttribute('height', layout.height);
    svg.style.fontSize = `${layout.letter}px`;
    const draws = { run, layout, svg, groups: [], lines: [] };
    hatches(draws);
    drawClock(draws);
    run.lanes.forEach((lane) => drawLife(draws, lane));
    run.events.forEach((event) => drawEvent(draws, event));
    drawWords(draws);
    return draws.groups;
}

// A wait is a hollow bar with lines across, in its lane's colour.
function hatches({ run, layout, svg }) {
    const defs = make(svg, 'defs');
    for (const lane of run.lanes) {
        const size = layout.bar * 0.6;
        const hatch = make(defs, 'pattern', {
            id: `hatch-${lane.index}`, patternUnits: 'userSpaceOnUse',
            width: size, height: size, patternTransform: 'rotate(45)' });
        make(hatch, 'path', { d: `M0 0H${size}`, 'stroke-width': size * 0.5,
                              style: `stroke: ${colour(lane)}` });
    }
}

// By time: a scale. By order: the time of the clock at each new place in the code.
function drawClock({ run, layout, svg }) {
    const clock = make(svg, 'g', { 'aria-hidden': 'true' });
    const say = (y, ns) => make(clock, 'text', {
        class: 'clock', x: layout.clock, y: y + layout.letter * 0.3,
        'font-size': layout.letter * 0.82 }, timeOf(run, ns));
    if (layout.view.byTime) {
        for (const { ns, y } of ticks(run, layout)) {
            make(clock, 'path', { class: 'grid',
                d: `M${layout.clock + layout.letter} ${y}H${layout.right}` });
            say(y, ns);
        }
        return;
    }
    let next = 0;
    for (const event of run.events) {
        if (event.y < next) continue;
        say(event.y, event.ns);
        next = event.y + layout.row * 0.95;
    }
}

function drawLife({ layout, svg }, lane) {
    const first = lane.begin || lane.events[0];
    if (!first && !lane.start) return;
    if (!first) return drawNeverRan(layout, svg, lane);
    const end = lane.end ? lane.end.y : layout.height;
    make(svg, 'rect', { class: 'life', x: lane.x - layout.bar / 2, y: first.y,
        width: layout.bar, height: Math.max(2, end - first.y),
        style: `fill: ${colour(lane)}` });
    if (lane.end)
        make(svg, 'rect', { class: 'life', x: lane.x - layout.bar * 1.1,
            y: end - layout.bar * 0.15, width: layout.bar * 2.2,
            height: layout.bar * 0.3, style: `fill: ${colour(lane)}` });
}

function drawNeverRan(layout, svg, lane) {
    const end = lane.cancel ? lane.cancel.y : layout.height;
    make(svg, 'path', { class: 'arrow thread', d: `M${lane.x} ${lane.start.y}V${end}`,
        style: `stroke: ${colour(lane)}`, 'stroke-width': layout.bar * 0.25 });
}

function drawEvent(draws, event) {
    const { run, layout, svg } = draws;
    const group = make(svg, 'g', { class: `event ${event.kind}`, tabindex: -1,
        role: 'img', 'data-event': event.index,
        'aria-label': `${sentence(run, event)}. ${circumstances(run, event)}` });
    if (event.kind === 'wait') drawWait(layout, group, event);
    for (const arrow of run.arrowsFrom.get(event) || [])
        drawArrow(draws, group, arrow);
    drawMark(layout, group, event);
    make(group, 'circle', { class: 'ring', cx: event.lane.x, cy: event.y,
                            r: layout.bar * 0.95 });
    make(group, 'circle', { class: 'hit', cx: event.lane.x, cy: event.y,
                            r: layout.bar * 0.8 });
    draws.groups[event.index] = group;
}

function drawWait(layout, group, event) {
    const width = layout.bar;
    const end = event.partner ? event.partner.y : layout.height;
    const bar = { x: event.lane.x - width / 2, y: event.y, width,
                  height: Math.max(1, end - event.y) };
    make(group, 'rect', { ...bar, class: 'asleep' });
    make(group, 'rect', { ...bar, class: 'wait-bar' + (event.alone ? ' forever' : ''),
        fill: `url(#hatch-${event.lane.index})`, 'stroke-width': width * 0.14,
        style: event.alone ? '' : `stroke: ${colour(event.lane)}` });
}

// An arrow goes from the sender's lane to the receiver's; of a lost message it ends
// in a cross.
function drawArrow({ layout, lines }, group, { from, to, type }) {
    const side = to && to.lane.index < from.lane.index ? -1 : 1;
    const x1 = from.lane.x + side * layout.bar / 2;
    let line, tip;
    if (!to) {
        tip = { x: x1 + layout.letter * 1.6, y: from.y + layout.row * 0.55 };
        line = `M${x1} ${from.y}L${tip.x} ${tip.y}`;
    } else if (to.lane === from.lane) {
        tip = { x: x1, y: to.y, angle: Math.PI };
        line = `M${x1} ${from.y}C${x1 + layout.letter * 2} ${from.y} ` +
            `${x1 + layout.letter * 2} ${to.y} ${x1} ${to.y}`;
    } else {
        tip = { x: to.lane.x - side * layout.bar / 2, y: to.y };
        tip.angle = Math.atan2(tip.y - from.y, tip.x - x1);
        line = `M${x1} ${from.y}L${tip.x} ${tip.y}`;
    }
    lines.push({ event: from, x1, y1: from.y, x2: tip.x, y2: tip.y });
    make(group, 'path', { class: 'hit', d: line, 'stroke-width': layout.letter });
    make(group, 'path', { class: `arrow ${type}${to ? '' : ' lost'}`, d: line,
        style: to ? `stroke: ${colour(from.lane)}` : '',
        'stroke-width': layout.letter * 0.14 });
    if (to) drawHead(layout, group, tip, type, colour(from.lane));
    else drawCross(group, tip, layout.letter * 0.4);
}

// The head is filled for a message, and open for a thread's start and end.
function drawHead(layout, group, { x, y, angle }, type, paint) {
    const size = layout.letter * 0.75;
    const at = (turn, far) => `${x - Math.cos(angle + turn) * far} ` +
        `${y - Math.sin(angle + turn) * far}`;
    const open = type === 'thread';
    make(group, 'path', {
        class: 'head', d: `M${at(0.42, size)}L${x} ${y}L${at(-0.42, size)}` +
            (open ? '' : 'Z'),
        'stroke-width': layout.letter * 0.14,
        style: open ? `fill: none; stroke: ${paint}` : `fill: ${paint}` });
}

function drawCross(group, { x, y }, size) {
    make(group, 'path', { class: 'cross', 'stroke-width': size * 0.5,
        d: `M${x - size} ${y - size}L${x + size} ${y + size}` +
           `M${x + size} ${y - size}L${x - size} ${y + size}` });
}

function drawMark(layout, group, { kind, lane, y }) {
    const { x } = lane, size = layout.bar * 0.85;
    const shape = (d) => make(group, 'path', { class: 'mark', d,
                                             style: `fill: ${colour(lane)}` });
    if (kind === 'map')
        shape(`M${x - size} ${y}L${x} ${y - size}L${x + size} ${y}L${x} ${y + size}Z`);
    else if (kind === 'settle' || kind === 'notify')
        make(group, 'circle', { class: 'mark', cx: x, cy: y, r: size * 0.85,
                                style: `fill: ${colour(lane)}` });
    else if (kind === 'close' || kind === 'cancel')
        shape(`M${x - size} ${y - size * 0.4}h${size * 2}v${size * 0.8}h${-size * 2}Z`);
    else if (kind === 'died' || kind === 'refused')
        drawCross(group, { x, y }, size);
}

function drawWords({ run, layout, groups, lines }) {
    for (const word of placeWords(run, layout, lines)) {
        const { event, place } = word;
        make(groups[event.index], 'text', {
            x: place.x, y: place.y, 'font-size': word.letter,
            'text-anchor': place.side < 0 ? 'end' : 'start',
            class: isAlarm(event) ? 'alarm' :
                isQuiet(event) ? 'quiet' : 'said',
        }, word.text);
    }
}
