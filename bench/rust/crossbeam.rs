//! crossbeam-channel's side of the benchmark: bounded channels and select.

mod driver;

use crossbeam_channel::{bounded, select, unbounded, Sender};
use driver::{check, measured, memory_of, sum_up_to, together, Cell, Job};
use std::time::Instant;

const CAPACITY: usize = 1024;
const TEXT: &str = "twenty characters..."; // the same in every language

const CELLS: &[Cell] = &[
    ("queue-1:1", || queue(CAPACITY, 1, 4_000_000)),
    ("queue-2:2", || queue(CAPACITY, 2, 2_400_000)),
    ("queue-4:4", || queue(CAPACITY, 4, 1_600_000)),
    ("queue-8:8", || queue(CAPACITY, 8, 1_600_000)),
    ("queue-solo", queue_solo),
    ("queue-unbuffered", || queue(0, 1, 60_000)),
    ("queue-select", queue_select),
    ("pingpong", || pingpong(1, 60_000)),
    ("pingpong-unbuffered", || pingpong(0, 30_000)),
    ("port-text", || port(4_000_000, |_| TEXT)),
    ("port-number", || {
        port(1_000_000, |i| format!("message {}", i))
    }),
    // no port is bounded, and neither is this
    ("memory-port", || memory_of(10_000, unbounded::<String>)),
];

fn main() {
    driver::run(CELLS);
}

/// Sends 1, 2, ... The channel is closed with its last sender.
fn send(channel: Sender<i64>, items: i64) -> i64 {
    for i in 1..=items {
        channel.send(i).unwrap();
    }
    0
}

/// So many senders and as many receivers share one channel.
fn queue(capacity: usize, pairs: i64, items: i64) -> f64 {
    measured(items, |items| {
        let each = items / pairs;
        let (sender, receiver) = bounded(capacity);
        let mut jobs: Vec<Job> = Vec::new();
        for _ in 0..pairs {
            let (sender, receiver) = (sender.clone(), receiver.clone());
            jobs.push(Box::new(move || send(sender, each)));
            jobs.push(Box::new(move || receiver.iter().sum()));
        }
        drop(sender);
        let (elapsed, sum) = together(jobs);
        check("sum", sum, sum_up_to(each) * pairs);
        elapsed
    })
}

fn queue_solo() -> f64 {
    measured(8_000_000, |pairs| {
        let (sender, receiver) = bounded(CAPACITY);
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

fn queue_select() -> f64 {
    measured(1_000_000, |items| {
        let (to_one, one) = bounded(CAPACITY);
        let (to_two, two) = bounded(CAPACITY);
        let receive = move || {
            let mut sum = 0;
            for _ in 0..items {
                select! {
                    recv(one) -> item => sum += item.unwrap(),
                    recv(two) -> item => sum += item.unwrap(),
                }
            }
            sum
        };
        // select! would choose a closed channel: the clones keep both open
        let (from_one, from_two) = (to_one.clone(), to_two.clone());
        let (elapsed, sum) = together(vec![
            Box::new(move || send(from_one, items / 2)),
            Box::new(move || send(from_two, items / 2)),
            Box::new(receive),
        ]);
        check("sum", sum, 2 * sum_up_to(items / 2));
        elapsed
    })
}

fn pingpong(capacity: usize, trips: i64) -> f64 {
    measured(trips, |trips| {
        let (to_there, there) = bounded(capacity);
        let (to_back, back) = bounded(capacity);
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
        let (sender, receiver) = bounded(CAPACITY);
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
