'use strict';

// Node's side of the benchmark: worker_threads' MessageChannel, funthreads,
// and a map in the manner of worker_map (maps.js).
//
//     node bench.js CELL     measures one cell, prints nanoseconds/operation
//     node bench.js --cells  prints the names of the cells
//
// This file is also what its workers run.

const {
    MessageChannel, Worker, isMainThread, parentPort, workerData,
} = require('worker_threads');
const { existsSync } = require('fs');
const { once } = require('events');
const path = require('path');

const TEXT = 'twenty characters...'; // the same in every language
const FUNTHREADS = path.join(__dirname, '../build/node_modules/funthreads');
const NOT_HERE = 77; // the exit status for a cell that we do not have

// What a worker does with its end of a channel.
const workers = {
    echo(port) {
        port.on('message', (message) => port.postMessage(message));
    },

    // Sums the lengths of texts; anything else asks for the sum.
    sum(port) {
        let sum = 0;
        port.on('message', (message) => {
            if (typeof message === 'string') {
                sum += message.length;
                return;
            }
            port.postMessage(sum);
            sum = 0;
        });
    },

    idle(port) {
        port.on('message', () => {});
    },
};

async function startWorker(name) {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(__filename, {
        workerData: { name, port: port2 },
        transferList: [port2],
    });
    await once(worker, 'message'); // it is ready
    return { port: port1, worker };
}

// Warms up with a tenth of the operations, and then measures.
async function measured(operations, run) {
    await run(Math.ceil(operations / 10));
    const begin = process.hrtime.bigint();
    await run(operations);
    return Number(process.hrtime.bigint() - begin) / operations;
}

function check(what, got, expected) {
    if (got !== expected) {
        throw new Error(`${what}: got ${got}, expected ${expected}`);
    }
}

// A channel has no capacity here: all that was posted and not received yet is
// stored.
async function oneWay(messages, form) {
    const { port } = await startWorker('sum');
    return measured(messages, async (count) => {
        let sent = 0;
        for (let i = 1; i <= count; i++) {
            const message = form(i);
            sent += message.length;
            port.postMessage(message);
        }
        port.postMessage(null);
        const [received] = await once(port, 'message');
        check('lengths', received, sent);
    });
}

async function pingpong() {
    const { port } = await startWorker('echo');
    return measured(3000, (trips) => new Promise((resolve, reject) => {
        let count = 0;
        const answer = (message) => {
            if (message !== ++count) {
                reject(new Error(`got ${message}, expected ${count}`));
            } else if (count === trips) {
                port.off('message', answer);
                resolve();
            } else {
                port.postMessage(count + 1);
            }
        };
        port.on('message', answer);
        port.postMessage(1);
    }));
}

// A thousand at once would take some twenty seconds, so that there is no
// future-1000-threads.
async function futureThread() {
    const { executeInThread } = require(FUNTHREADS);
    return measured(6, async (tasks) => {
        for (let n = 1; n <= tasks; n++) {
            const result = await executeInThread((number) => number + 1, n);
            check('result', result, n + 1);
        }
    });
}

async function memoryIdleWorker() {
    const COUNT = 8;
    await startWorker('idle'); // what only the first one needs
    const before = process.memoryUsage.rss();
    for (let i = 0; i < COUNT; i++) {
        await startWorker('idle');
    }
    return (process.memoryUsage.rss() - before) / COUNT;
}

function allCells() {
    const cells = {
        'port-text': () => oneWay(60000, () => TEXT),
        'port-number': () => oneWay(60000, (i) => `message ${i}`),
        pingpong,
        'memory-idle-worker': memoryIdleWorker,
        ...require('./maps.js').cells,
    };
    if (existsSync(FUNTHREADS)) {
        cells['future-thread'] = futureThread;
    }
    return cells;
}

async function main(name) {
    const cells = allCells();
    if (name === '--cells') {
        Object.keys(cells).forEach((cell) => console.log(cell));
        return 0;
    }
    if (!Object.hasOwn(cells, name)) {
        return NOT_HERE;
    }
    console.log((await cells[name]()).toFixed(2));
    return 0;
}

if (isMainThread) {
    main(process.argv[2]).then(process.exit, (error) => {
        console.error(String(error));
        process.exit(1);
    });
} else {
    workers[workerData.name](workerData.port);
    parentPort.postMessage('ready');
}
