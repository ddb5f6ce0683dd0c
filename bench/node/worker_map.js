'use strict';

// A map that threads share, in the manner of the npm package worker_map: all
// of it is one JSON text in a SharedArrayBuffer. Every call takes the lock,
// decodes the whole text, does its work, and encodes it again if anything has
// changed.
//
//     const map = new WorkerMap(new SharedArrayBuffer(65536));
//     map.set('usd', 100);
//     new Worker(file, { workerData: map.buffer });
//
//     // in the worker
//     const map = new WorkerMap(workerData);
//     map.get('usd');

const LOCK = 0; // the first word: 1 while somebody has the lock
const LENGTH = 1; // the second word: how many bytes of text there are
const HEADER = 8; // bytes

class WorkerMap {
    constructor(buffer) {
        this.buffer = buffer;
        this.words = new Int32Array(buffer, 0, HEADER / 4);
        this.text = Buffer.from(buffer, HEADER);
    }

    get(key) {
        return this.#locked(() => this.#decode()[key]);
    }

    set(key, value) {
        this.assign({ [key]: value });
    }

    // Sets many keys at once.
    assign(values) {
        this.#locked(() => {
            this.#encode(Object.assign(this.#decode(), values));
        });
    }

    #locked(work) {
        while (Atomics.compareExchange(this.words, LOCK, 0, 1) !== 0) {
            Atomics.wait(this.words, LOCK, 1);
        }
        try {
            return work();
        } finally {
            Atomics.store(this.words, LOCK, 0);
            Atomics.notify(this.words, LOCK, 1);
        }
    }

    #decode() {
        const length = this.words[LENGTH];
        return length === 0
            ? {} : JSON.parse(this.text.toString('utf8', 0, length));
    }

    #encode(values) {
        const text = JSON.stringify(values);
        if (Buffer.byteLength(text) > this.text.length) {
            throw new RangeError('the map is full');
        }
        this.words[LENGTH] = this.text.write(text);
    }
}

module.exports = { WorkerMap };
