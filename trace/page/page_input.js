// The view: distances, size, light and dark, and the event that is described.
'use strict';

const byId = (id) => document.getElementById(id);
const run = readRun(byId('run').textContent);

const view = { byTime: false, zoom: 1, stretch: 1, width: 0, height: 0, head: 0 };
let groups = [], told = null, pinned = false;

function show() {
    const box = byId('view'), letter = parseFloat(getComputedStyle(box).fontSize);
    view.letter = letter;
    view.head = letter * 2;
    view.width = box.clientWidth;
    view.height = box.clientHeight - 4;
    const layout = layOut(run, view);
    showHeads(layout);
    groups = draw(run, layout, byId('picture'));
    byId('by-order').setAttribute('aria-pressed', !view.byTime);
    byId('by-time').setAttribute('aria-pressed', view.byTime);
    if (groups.length) groups[told ? told.index : 0].tabIndex = 0;
    if (told) mark();
}

function showHeads(layout) {
    const heads = byId('heads');
    heads.style.cssText = `width: ${layout.width}px; height: ${view.head}px;` +
        `font-size: ${Math.min(layout.letter * 1.1, view.head * 0.7)}px`;
    heads.replaceChildren(...run.lanes.map((lane) => {
        const head = document.createElement('span');
        head.textContent = lane.name;
        head.title = lane.name;
        head.style.cssText = `left: ${lane.x}px; line-height: ${view.head}px;` +
            `max-width: ${layout.gap * 0.94}px; color: ${colour(lane)}`;
        return head;
    }));
}

// The event, and its partner at the other end.
function mark() {
    groups.forEach((group) => group.classList.remove('on'));
    byId('picture').classList.toggle('told', told !== null && pinned);
    byId('legend').hidden = told !== null;
    byId('what').textContent = told ? sentence(run, told) : '';
    byId('when').textContent = told ? circumstances(run, told) : '';
    if (!told) return;
    groups[told.index].classList.add('on');
    if (told.partner) groups[told.partner.index].classList.add('on');
    for (const arrow of run.arrowsFrom.get(told) || [])
        if (arrow.to) groups[arrow.to.index].classList.add('on');
}

function tell(event, pin) {
    told = event;
    pinned = pin && event !== null;
    mark();
}

// Walks to an event, as with a clicker.
function go(index) {
    if (index < 0 || index >= groups.length) return;
    groups.forEach((group) => { group.tabIndex = -1; });
    groups[index].tabIndex = 0;
    groups[index].focus({ preventScroll: true });
    tell(run.events[index], true);
    const box = byId('view'), y = run.events[index].y;
    const room = box.clientHeight - view.head;
    if (y < box.scrollTop + 20 || y > box.scrollTop + room - 20)
        box.scrollTo({ top: Math.max(0, y - room / 3) });
    const x = run.events[index].lane.x;
    if (x < box.scrollLeft + 60 || x > box.scrollLeft + box.clientWidth - 200)
        box.scrollLeft = x - box.clientWidth / 3;
}

function step(by) {
    if (told === null || !pinned) go(by > 0 ? 0 : groups.length - 1);
    else go(told.index + by);
}

function zoom(factor) {
    const which = view.byTime ? 'stretch' : 'zoom';
    const most = view.byTime ? 1e6 : 4, least = view.byTime ? 1 : 0.4;
    const box = byId('view'), middle = view.height / 2;
    const before = view[which];
    view[which] = factor === 0 ? 1 :
        Math.min(most, Math.max(least, before * factor));
    const top = (box.scrollTop + middle) * view[which] / before - middle;
    show();
    box.scrollTop = factor === 0 ? 0 : top;
}

function spread(byTime) {
    view.byTime = byTime;
    show();
    if (told && pinned) go(told.index);
}

function paint(dark) {
    document.documentElement.classList.toggle('dark', dark);
    byId('theme').textContent = dark ? 'Light' : 'Dark';
}

const isDark = () => document.documentElement.classList.contains('dark');

const KEYS = {
    ArrowDown: () => step(1), ArrowRight: () => step(1), PageDown: () => step(1),
    ArrowUp: () => step(-1), ArrowLeft: () => step(-1), PageUp: () => step(-1),
    Home: () => go(0), End: () => go(groups.length - 1),
    Enter: () => told && pinned && told.partner && go(told.partner.index),
    Escape: () => { tell(null, false); document.activeElement.blur(); },
    '+': () => zoom(1.25), '=': () => zoom(1.25), '-': () => zoom(0.8),
    0: () => zoom(0), t: () => spread(!view.byTime), d: () => paint(!isDark()),
};

function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    const inPicture = !event.target.closest('button, summary, details');
    if (event.key === 'Enter' && !inPicture) return;
    KEYS[event.key]();
    event.preventDefault();
}

function eventAt(target) {
    const group = target.closest && target.closest('.event');
    return group ? run.events[group.dataset.event] : null;
}

function listen() {
    const picture = byId('picture');
    document.addEventListener('keydown', press);
    picture.addEventListener('pointerover', (event) => {
        if (!pinned) tell(eventAt(event.target), false);
    });
    picture.addEventListener('pointerleave', () => { if (!pinned) tell(null, false); });
    picture.addEventListener('click', (event) => {
        const at = eventAt(event.target);
        if (at) go(at.index);
        else tell(null, false);
    });
    picture.addEventListener('focusin', (event) => {
        const at = eventAt(event.target);
        if (at && at !== told) tell(at, true);
    });
    byId('view').addEventListener('wheel', (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    }, { passive: false });
    byId('by-order').onclick = () => spread(false);
    byId('by-time').onclick = () => spread(true);
    byId('zoom-in').onclick = () => zoom(1.25);
    byId('zoom-out').onclick = () => zoom(0.8);
    byId('fit').onclick = () => zoom(0);
    byId('theme').onclick = () => paint(!isDark());
    window.addEventListener('resize', show);
}
