'use strict';

// The map in the manner of worker_map. A call takes time in proportion to the
// number of keys: where other languages have 100,000 keys and millions of
// operations, this has 1,000 keys and some hundreds. An insert of 100,000 keys
// would take hours.

const { WorkerMap } = require('./worker_map.js');

const BLOCK = 100000; // as many keys as other languages have
const KEYS = 1000;
const MASK = (1n << 64n) - 1n;

// The keys are those of all languages: "user:" and 3 to 11 digits.
function makeKey(number) {
    const place = number % BLOCK;
    const digits = number - place + place * 48271 % BLOCK;
    return `user:${String(digits).padStart(3 + number % 9, '0')}`;
}

function makeKeys(count) {
    return Array.from({ length: count }, (_, number) => makeKey(number));
}

// So many key numbers below `keys`, all equally likely (xorshift64*, and of
// each number the upper half).
function draw(count, keys) {
    let state = 0x9E3779B97F4A7C15n;
    return Array.from({ length: count }, () => {
        state ^= state >> 12n;
        state ^= state << 25n & MASK;
        state ^= state >> 27n;
        const number = state * 0x2545F4914F6CDD1Dn & MASK;
        return Number((number >> 32n) * BigInt(keys) >> 32n);
    });
}

function check(what, got, expected) {
    if (got !== expected) {
        throw new Error(`${what}: got ${got}, expected ${expected}`);
    }
}

// Key number n holds the value n.
function makeMap(keys) {
    const map = new WorkerMap(new SharedArrayBuffer(64 + 64 * keys.length));
    const entries = keys.map((key, number) => [key, number]);
    map.assign(Object.fromEntries(entries));
    return map;
}

// Warms up with a tenth of the operations, and then measures.
function measured(operations, run) {
    run(Math.ceil(operations / 10));
    return Number(run(operations)) / operations;
}

function get(count, operations) {
    const keys = makeKeys(count);
    const map = makeMap(keys);
    return measured(operations, (gets) => {
        const draws = draw(gets, count);
        let sum = 0;
        const begin = process.hrtime.bigint();
        for (const number of draws) {
            sum += map.get(keys[number]);
        }
        const elapsed = process.hrtime.bigint() - begin;
        check('sum', sum, draws.reduce((a, b) => a + b, 0));
        return elapsed;
    });
}

// Adds a multiple of the number of keys to each value.
function set(count, operations) {
    const keys = makeKeys(count);
    const map = makeMap(keys);
    return measured(operations, (sets) => {
        const draws = draw(sets, count);
        const begin = process.hrtime.bigint();
        draws.forEach((number, i) => {
            map.set(keys[number], number + (i + 1) * count);
        });
        const elapsed = process.hrtime.bigint() - begin;
        const last = new Map(draws.map((number, i) => [number, i]));
        for (const [number, i] of last) {
            const value = number + (i + 1) * count;
            check(keys[number], map.get(keys[number]), value);
        }
        return elapsed;
    });
}

const cells = {
    'map-get-uniform-1': async () => get(KEYS, 800),
    'map-set-uniform-1': async () => set(KEYS, 400),
    'map-get-10': async () => get(10, 40000),
    'map-get-100': async () => get(100, 6000),
    'map-get-1000': async () => get(1000, 800),
    'map-get-10000': async () => get(10000, 50),
    'map-get-100000': async () => get(BLOCK, 2),
};

module.exports = { cells };
