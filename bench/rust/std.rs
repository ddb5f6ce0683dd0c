//! Rust's standard library's side of the benchmark: mpsc channels, which have
//! one receiver, threads, and its map (map.rs).

mod driver;
mod map;

use driver::{check, measured, memory_of, sum_up_to, together, Cell};
use std::sync::mpsc::{channel, sync_channel, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Instant;

const CAPACITY: usize = 1024;
const TEXT: &str = "twenty characters..."; // the same in every language

const CELLS: &[Cell] = &[
    ("queue-1:1", || queue(CAPACITY, 6_000_000)),
    ("queue-solo", queue_solo),
    ("queue-unbuffered", || queue(0, 5_000)),
    ("pingpong", || pingpong(1, 4_000)),
    ("pingpong-unbuffered", || pingpong(0, 4_000)),
    ("port-text", || port(6_000_000, |_| TEXT)),
    ("port-number", || {
        port(1_000_000, |i| format!("message {}", i))
    }),
    ("future-thread", future_thread),
    ("future-1000-threads", future_1000_threads),
    // no port is bounded, and neither is this
    ("memory-port", || memory_of(10_000, channel::<String>)),
    ("memory-idle-worker", || memory_of(100, start_worker)),
];

fn main() {
    driver::run(&[CELLS, map::CELLS].concat());
}

/// Sends 1, 2, ... and closes the channel at the end.
fn send(channel: SyncSender<i64>, items: i64) -> i64 {
    for i in 1..=items {
        channel.send(i).unwrap();
    }
    0
}

fn queue(capacity: usize, items: i64) -> f64 {
    measured(items, |items| {
        let (sender, receiver) = sync_channel(capacity);
        let (elapsed, sum) = together(vec![
            Box::new(move || send(sender, items)),
            Box::new(move || receiver.into_iter().sum()),
        ]);
        check("sum", sum, sum_up_to(items));
        elapsed
    })
}

fn queue_solo() -> f64 {
    measured(6_000_000, |pairs| {
        let (sender, receiver) = sync_channel(CAPACITY);
        let mut sum = 0;
        let begin = Instant::now();
        for i in 1..=pairs {
            sender.send(i).unwrap();
            sum += receiver.recv().unwrap();
        }
        let elapsed = begin.elapsed();
        check("sum", sum, sum_up_to(pairs));
        elapsed
    })
}

fn pingpong(capacity: usize, trips: i64) -> f64 {
    measured(trips, |trips| {
        let (to_there, there) = sync_channel(capacity);
        let (to_back, back) = sync_channel(capacity);
        let ask = move || {
            let mut sum = 0;
            for i in 1..=trips {
                to_there.send(i).unwrap();
                sum += back.recv().unwrap();
            }
            sum
        };
        let answer = move || {
            there.iter().for_each(|item| to_back.send(item).unwrap());
            0
        };
        let (elapsed, sum) = together(vec![Box::new(ask), Box::new(answer)]);
        check("sum", sum, sum_up_to(trips));
        elapsed
    })
}

/// Texts, one way. What is checked is the sum of their lengths.
fn port<T>(items: i64, form: impl Fn(i64) -> T + Sync) -> f64
where
    T: AsRef<str> + Send,
{
    measured(items, |items| {
        let (sender, receiver) = sync_channel(CAPACITY);
        let form = &form;
        let post = move || {
            let mut length = 0;
            for i in 1..=items {
                let message = form(i);
                length += message.as_ref().len() as i64;
                sender.send(message).unwrap();
            }
            -length
        };
        let receive = move || {
            let length = |message: T| message.as_ref().len() as i64;
            receiver.into_iter().map(length).sum()
        };
        let (elapsed, sum) = together(vec![Box::new(post), Box::new(receive)]);
        check("received less sent", sum, 0);
        elapsed
    })
}

fn start(n: i64) -> JoinHandle<i64> {
    thread::spawn(move || n + 1)
}

/// The sum of the results of n tasks.
fn task_sum(n: i64) -> i64 {
    sum_up_to(n) + n
}

fn future_thread() -> f64 {
    measured(4_000, |tasks| {
        let mut sum = 0;
        let begin = Instant::now();
        for n in 1..=tasks {
            sum += start(n).join().unwrap();
        }
        let elapsed = begin.elapsed();
        check("sum", sum, task_sum(tasks));
        elapsed
    })
}

fn future_1000_threads() -> f64 {
    const THREADS: i64 = 1_000;
    measured(3 * THREADS, |tasks| {
        let mut sum = 0;
        let begin = Instant::now();
        for _ in 0..tasks / THREADS {
            let threads: Vec<_> = (1..=THREADS).map(start).collect();
            sum += threads.into_iter().map(|t| t.join().unwrap()).sum::<i64>();
        }
        let elapsed = begin.elapsed();
        check("sum", sum, tasks / THREADS * task_sum(THREADS));
        elapsed
    })
}

/// A thread that waits for messages, and has answered one.
fn start_worker() -> Sender<&'static str> {
    let (to_worker, messages) = channel();
    let (answer, answers) = channel();
    thread::spawn(move || {
        for message in messages {
            answer.send(message).unwrap();
        }
    });
    to_worker.send(TEXT).unwrap();
    check("length", answers.recv().unwrap().len() as i64, 20);
    to_worker
}
