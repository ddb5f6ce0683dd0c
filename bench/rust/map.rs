//! A HashMap with a lock around it. The standard library has no other map for
//! several threads.
//!
//! The load is the same in every language. Key number n holds the value n. Who
//! sets it puts n in the lower 32 bits and anything but 0 above: so the lower
//! 32 bits of the sum of all that was read do not depend on who came first.

use crate::driver::{check, measured, memory_of, together, Cell, Job};
use std::collections::HashMap;
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

const KEYS: usize = 100_000; // of all cells but the sized ones
const DRAWS: usize = 1 << 20; // prepared, for Zipf's law
const MOST_THREADS: usize = 4;

type Locked = Mutex<HashMap<String, i64>>;
type Shared = RwLock<HashMap<String, i64>>;

/// For one thread a Mutex is the faster lock, for several an RwLock, even when
/// they set. Under other names is what the other one comes to.
pub const CELLS: &[Cell] = &[
    ("map-get-uniform-1", || uniform::<Locked>(1, 0)),
    ("map-get-uniform-2", || uniform::<Shared>(2, 0)),
    ("map-set-uniform-1", || uniform::<Locked>(1, 100)),
    ("map-set-uniform-2", || uniform::<Shared>(2, 100)),
    ("map-get-zipf-1", || zipf::<Locked>(1, 0)),
    ("map-get-zipf-2", || zipf::<Shared>(2, 0)),
    ("map-set-zipf-1", || zipf::<Locked>(1, 100)),
    ("map-set-zipf-2", || zipf::<Shared>(2, 100)),
    ("map-95/5-2", || uniform::<Shared>(2, 5)),
    ("map-95/5-4", || uniform::<Shared>(4, 5)),
    ("map-50/50-2", || uniform::<Shared>(2, 50)),
    ("map-50/50-4", || uniform::<Shared>(4, 50)),
    ("map-insert-1", inserts::<Locked>),
    ("map-get-10", || sized::<Locked>(10)),
    ("map-get-100", || sized::<Locked>(100)),
    ("map-get-1000", || sized::<Locked>(1_000)),
    ("map-get-10000", || sized::<Locked>(10_000)),
    ("map-get-100000", || sized::<Locked>(100_000)),
    ("map-get-1000000", || sized::<Locked>(1_000_000)),
    ("memory-map-entry", memory::<Locked>),
    ("map-get-uniform-1-rwlock", || uniform::<Shared>(1, 0)),
    ("map-get-uniform-2-mutex", || uniform::<Locked>(2, 0)),
    ("map-set-uniform-2-mutex", || uniform::<Locked>(2, 100)),
    ("map-95/5-2-mutex", || uniform::<Locked>(2, 5)),
    ("map-50/50-2-mutex", || uniform::<Locked>(2, 50)),
];

trait IntMap: Default + Sync {
    fn get(&self, key: &str) -> Option<i64>;
    fn set(&self, key: &str, value: i64);
}

impl IntMap for Locked {
    fn get(&self, key: &str) -> Option<i64> {
        self.lock().unwrap().get(key).copied()
    }

    fn set(&self, key: &str, value: i64) {
        put(&mut self.lock().unwrap(), key, value);
    }
}

impl IntMap for Shared {
    fn get(&self, key: &str) -> Option<i64> {
        self.read().unwrap().get(key).copied()
    }

    fn set(&self, key: &str, value: i64) {
        put(&mut self.write().unwrap(), key, value);
    }
}

/// Makes a String of the key only when it is new.
fn put(map: &mut HashMap<String, i64>, key: &str, value: i64) {
    match map.get_mut(key) {
        Some(there) => *there = value,
        None => {
            map.insert(key.to_owned(), value);
        }
    }
}

/// What one cell does to a map.
struct Load {
    keys: Vec<String>,
    sets: u64, // of a hundred operations; the others are gets
    zipf: Option<Vec<u32>>, // DRAWS key numbers; none: all equally likely
    threads: usize,
}

/// An operation: whether to set, and the number of a key.
type Draw = (bool, u32);

/// All keys equally likely.
fn uniform<M: IntMap>(threads: usize, sets: u64) -> f64 {
    measure::<M>(2_000_000, &Load::new(KEYS, sets, None, threads))
}

/// By Zipf's law; sets is 0 or 100.
fn zipf<M: IntMap>(threads: usize, sets: u64) -> f64 {
    let zipf = Some(zipf_draws());
    measure::<M>(2_000_000, &Load::new(KEYS, sets, zipf, threads))
}

fn sized<M: IntMap>(count: usize) -> f64 {
    let operations = match count {
        0..=10_000 => 5_000_000,
        _ => 2_000_000,
    };
    measure::<M>(operations, &Load::new(count, 0, None, 1))
}

fn measure<M: IntMap>(operations: i64, load: &Load) -> f64 {
    let map = filled::<M>(&load.keys);
    measured(operations, |operations| {
        load.run(&map, operations as usize / load.threads)
    })
}

fn filled<M: IntMap>(keys: &[String]) -> M {
    let map = M::default();
    for (i, key) in keys.iter().enumerate() {
        map.set(key, i as i64);
    }
    map
}

/// Makes maps, fills them and drops them.
fn inserts<M: IntMap>() -> f64 {
    let keys = make_keys(KEYS);
    measured(20 * KEYS as i64, |operations| {
        let begin = Instant::now();
        for _ in 0..operations / KEYS as i64 {
            let map = filled::<M>(&keys);
            check("last", map.get(&keys[KEYS - 1]).unwrap(), KEYS as i64 - 1);
        }
        begin.elapsed()
    })
}

fn memory<M: IntMap>() -> f64 {
    let keys = make_keys(KEYS);
    memory_of(1, || filled::<M>(&keys)) / KEYS as f64
}

/// The measured loop. Returns the sum of what it has read.
fn use_map<M: IntMap>(map: &M, keys: &[String], draws: &[Draw]) -> i64 {
    let mut sum = 0;
    for (i, &(is_set, number)) in draws.iter().enumerate() {
        let key = &keys[number as usize];
        if is_set {
            map.set(key, number as i64 + (((i as i64 & 0x3fff) + 1) << 32));
        } else {
            sum += map.get(key).unwrap() as u32 as i64;
        }
    }
    sum
}

impl Load {
    fn new(
        keys: usize,
        sets: u64,
        zipf: Option<Vec<u32>>,
        threads: usize,
    ) -> Load {
        Load {
            keys: make_keys(keys),
            sets,
            zipf,
            threads,
        }
    }

    /// Each thread does so many operations; checks what it came to.
    fn run<M: IntMap>(&self, map: &M, each: usize) -> Duration {
        let draws: Vec<_> =
            (0..self.threads).map(|t| self.draws(t, each)).collect();
        let mut jobs: Vec<Job> = Vec::new();
        for its in &draws {
            jobs.push(Box::new(move || use_map(map, &self.keys, its)));
        }
        let (elapsed, sum) = together(jobs);
        let gets = draws.iter().flatten().filter(|(is_set, _)| !is_set);
        check("sum", sum, gets.map(|&(_, number)| number as i64).sum());
        if self.sets > 0 {
            self.check_values(map, draws.iter().flatten());
        }
        elapsed
    }

    /// Every key still has its own value, and what was set was set.
    fn check_values<'a, M: IntMap>(
        &self,
        map: &M,
        draws: impl Iterator<Item = &'a Draw>,
    ) {
        let mut set = vec![false; self.keys.len()];
        for &(is_set, number) in draws {
            set[number as usize] |= is_set;
        }
        for (i, key) in self.keys.iter().enumerate() {
            let value = map.get(key).unwrap();
            check(key, value as u32 as i64, i as i64);
            check(key, (set[i] && value >> 32 == 0) as i64, 0);
        }
    }

    /// So many operations of a thread, in their order.
    fn draws(&self, thread: usize, count: usize) -> Vec<Draw> {
        if let Some(zipf) = &self.zipf {
            let first = thread * (DRAWS / MOST_THREADS);
            let draw = |i| (self.sets > 0, zipf[(first + i) % DRAWS]);
            return (0..count).map(draw).collect();
        }
        let first = 0x9E37_79B9_7F4A_7C15_u64;
        let mut state = first.wrapping_mul(thread as u64 + 1);
        let draw = |_| self.draw(random(&mut state));
        (0..count).map(draw).collect()
    }

    /// The upper half of the number chooses the key, the lower half whether to
    /// set it.
    fn draw(&self, number: u64) -> Draw {
        let key = ((number >> 32) * self.keys.len() as u64) >> 32;
        let is_set = (number as u32 as u64 * 100) >> 32 < self.sets;
        (is_set, key as u32)
    }
}

/// The first so many keys: "user:" and 3 to 11 digits.
fn make_keys(count: usize) -> Vec<String> {
    let width = |i| 3 + i % 9;
    let key = |i| format!("user:{:0width$}", scramble(i), width = width(i));
    (0..count).map(key).collect()
}

/// A permutation of each block of KEYS numbers, so that neither the order of
/// the keys' digits nor their popularity follows their place in memory.
fn scramble(number: usize) -> usize {
    let place = number % KEYS;
    number - place + place * 48271 % KEYS
}

/// Draws among KEYS by Zipf's law: the key of rank r comes in proportion to
/// 1 / r^0.99.
fn zipf_draws() -> Vec<u32> {
    let mut sum = 0.0;
    let mut scale = Vec::with_capacity(KEYS);
    for rank in 1..=KEYS {
        sum += (rank as f64).powf(-0.99);
        scale.push(sum);
    }
    let mut state = 1;
    let mut draw = || {
        let fraction = (random(&mut state) >> 11) as f64 / (1_u64 << 53) as f64;
        let point = fraction * sum;
        scramble(scale.partition_point(|&place| place <= point)) as u32
    };
    (0..DRAWS).map(|_| draw()).collect()
}

/// The next random number (xorshift64*).
fn random(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_F491_4F6C_DD1D)
}
