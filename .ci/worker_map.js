// Stands in for the npm package worker_map, so that the listings of example 6
// can be run where the registry does not have it: JSON under a lock.
'use strict';

const BYTES = 1024;

class WorkerMap {
    constructor(buffer = new SharedArrayBuffer(4 + BYTES)) {
        this.buffer = buffer;
        this.lock = new Int32Array(buffer, 0, 1);
        this.bytes = new Uint8Array(buffer, 4);
    }

    toSharedBuffer() {
        return this.buffer;
    }

    #locked(change) {
        while (Atomics.compareExchange(this.lock, 0, 0, 1) !== 0)
            Atomics.wait(this.lock, 0, 1);
        const text = Buffer.from(this.bytes).toString().replace(/\0+$/, '');
        const object = JSON.parse(text || '{}');
        const result = change(object);
        this.bytes.fill(0).set(Buffer.from(JSON.stringify(object)));
        Atomics.store(this.lock, 0, 0);
        Atomics.notify(this.lock, 0, 1);
        return result;
    }

    get(key) {
        return this.#locked((object) => object[key]);
    }

    set(key, value) {
        this.#locked((object) => (object[key] = value));
        return this;
    }
}

module.exports = { WorkerMap };
