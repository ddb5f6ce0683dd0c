//! What Rust's drivers share: a main that understands a cell's name, the clock,
//! and threads that begin together.

use std::fs;
use std::process::exit;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// A cell's name, and what measures it: nanoseconds per operation.
pub type Cell = (&'static str, fn() -> f64);

/// What one thread does. The results of all are summed.
pub type Job<'a> = Box<dyn FnOnce() -> i64 + Send + 'a>;

const NOT_HERE: i32 = 77; // the exit status for a cell that we do not have

/// Runs the cell that the command line names, and prints its result; or prints
/// all names for `--cells`.
pub fn run(cells: &[Cell]) {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.len() != 2 {
        eprintln!("usage: {} CELL | --cells", arguments[0]);
        exit(1);
    }
    let wanted = arguments[1].as_str();
    if wanted == "--cells" {
        cells.iter().for_each(|(name, _)| println!("{}", name));
        return;
    }
    match cells.iter().find(|(name, _)| *name == wanted) {
        Some((_, measure)) => println!("{:.2}", measure()),
        None => exit(NOT_HERE),
    }
}

/// Runs each job in a thread of its own. Returns the time from the moment at
/// which all are let go until the last has ended, and the sum of the results.
pub fn together(jobs: Vec<Job>) -> (Duration, i64) {
    let ready = &Barrier::new(jobs.len() + 1);
    let start = &Barrier::new(jobs.len() + 1);
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for job in jobs {
            threads.push(scope.spawn(move || {
                ready.wait();
                start.wait();
                job()
            }));
        }
        ready.wait();
        let begin = Instant::now();
        start.wait();
        let sum = threads.into_iter().map(|t| t.join().unwrap()).sum();
        (begin.elapsed(), sum)
    })
}

/// Warms up with a tenth of the operations, and then measures.
pub fn measured(operations: i64, run: impl Fn(i64) -> Duration) -> f64 {
    run(operations / 10);
    run(operations).as_nanos() as f64 / operations as f64
}

/// Makes so many of them, keeps them, and returns the bytes that each takes.
pub fn memory_of<T>(count: usize, make: impl Fn() -> T) -> f64 {
    let _first = make(); // what only the first one needs
    let before = resident();
    let kept: Vec<T> = (0..count).map(|_| make()).collect();
    let bytes = resident() - before;
    drop(kept);
    bytes as f64 / count as f64
}

/// How many bytes of this process lie in memory now.
fn resident() -> i64 {
    let rollup = match fs::read_to_string("/proc/self/smaps_rollup") {
        Ok(rollup) => rollup,
        Err(_) => exit(NOT_HERE),
    };
    let line = rollup
        .lines()
        .find(|line| line.starts_with("Rss:"))
        .unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    1024 * kilobytes.parse::<i64>().unwrap()
}

/// 1 + 2 + ... + n, the sum of what one sender sends.
pub fn sum_up_to(n: i64) -> i64 {
    n * (n + 1) / 2
}

pub fn check(what: &str, got: i64, expected: i64) {
    if got != expected {
        eprintln!("{}: got {}, expected {}", what, got, expected);
        exit(1);
    }
}
