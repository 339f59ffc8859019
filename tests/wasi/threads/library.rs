//! What the standard library makes of threads, futexes and thread-local variables.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;
use std::time::{Duration, Instant};

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(77) };
    static NAMES: RefCell<Vec<String>> = RefCell::new(vec!["first".to_owned()]);
}

pub fn library() {
    mutexes();
    conditions();
    channels();
    locals();
    times();
    println!("done");
}

fn mutexes() {
    let (counter, sum) = (Mutex::new(0_u64), RwLock::new(0_u64));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for step in 0..5000 {
                    *counter.lock().unwrap() += 1;
                    if step % 10 == 0 {
                        *sum.write().unwrap() += 3;
                    } else {
                        assert_eq!(*sum.read().unwrap() % 3, 0);
                    }
                }
            });
        }
    });
    assert_eq!(*counter.lock().unwrap(), 40_000);
    assert_eq!(*sum.read().unwrap(), 8 * 500 * 3);
}

fn conditions() {
    let turn = Arc::new((Mutex::new(0), Condvar::new()));
    let threads: Vec<_> = (0..4)
        .map(|own| {
            let turn = Arc::clone(&turn);
            thread::spawn(move || {
                for round in 0..200 {
                    let mut now = turn.0.lock().unwrap();
                    while *now != round * 4 + own {
                        now = turn.1.wait(now).unwrap();
                    }
                    *now += 1;
                    turn.1.notify_all();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(*turn.0.lock().unwrap(), 800);

    let (barrier, leaders, once) = (Barrier::new(5), AtomicUsize::new(0), Once::new());
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                for _ in 0..100 {
                    leaders.fetch_add(usize::from(barrier.wait().is_leader()), Ordering::SeqCst);
                }
                once.call_once(|| {
                    leaders.fetch_add(1000, Ordering::SeqCst);
                });
            });
        }
    });
    assert_eq!(leaders.into_inner(), 1100);
}

fn channels() {
    let (sender, receiver) = channel();
    for thread in 0..6_u64 {
        let sender = sender.clone();
        thread::spawn(move || (0..1000).for_each(|value| sender.send(thread * 1000 + value).unwrap()));
    }
    drop(sender);
    assert_eq!(receiver.iter().sum::<u64>(), (0..6000).sum());
    let (sender, receiver) = sync_channel(0);
    let echo = thread::spawn(move || receiver.iter().count());
    (0..500).for_each(|_| sender.send(()).unwrap());
    drop(sender);
    assert_eq!(echo.join().unwrap(), 500);
}

fn locals() {
    NUMBER.set(1);
    NAMES.with_borrow_mut(|names| names.push("main".to_owned()));
    let threads: Vec<_> = (10..16)
        .map(|own| {
            thread::spawn(move || {
                assert_eq!(NUMBER.get(), 77);
                assert_eq!(NAMES.with_borrow(Vec::len), 1);
                NUMBER.set(own);
                NAMES.with_borrow_mut(|names| names.extend((0..own).map(|index| index.to_string())));
                thread::sleep(Duration::from_millis(5));
                assert_eq!((NUMBER.get(), NAMES.with_borrow(Vec::len)), (own, own + 1));
                own
            })
        })
        .collect();
    assert_eq!(threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>(), (10..16).sum());
    assert_eq!((NUMBER.get(), NAMES.with_borrow(Vec::len)), (1, 2));
}

fn times() {
    let before = Instant::now();
    let sleepers: Vec<_> = (0..10).map(|_| thread::spawn(|| thread::sleep(Duration::from_millis(100)))).collect();
    sleepers.into_iter().for_each(|thread| thread.join().unwrap());
    let (lock, condition) = (Mutex::new(()), Condvar::new());
    let guard = lock.lock().unwrap();
    let (_guard, result) = condition.wait_timeout(guard, Duration::from_millis(50)).unwrap();
    assert!(result.timed_out());
    // The threads sleep at the same time.
    assert!((Duration::from_millis(150)..Duration::from_millis(900)).contains(&before.elapsed()));
}

/// A thread waits for input while others go on; the process does not wait for it.
pub fn input() {
    thread::spawn(|| {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).unwrap();
    });
    let sum: usize = (0..4).map(|own| thread::spawn(move || own * own)).map(|thread| thread.join().unwrap()).sum();
    println!("{sum}");
}

/// A thread ends the process while the first one sleeps.
pub fn exit() {
    thread::spawn(|| std::process::exit(42));
    thread::sleep(Duration::from_secs(1000));
}

/// A thread panics, which this target cannot catch.
pub fn panic() {
    let _ = thread::spawn(|| panic!("what went wrong")).join();
}

/// Threads after each other, and as many at a time as there is room for in the address space of 32 bits.
pub fn many() {
    for round in 0..2000 {
        assert_eq!(thread::spawn(move || round).join().unwrap(), round);
    }
    let barrier = Arc::new(Barrier::new(101));
    let threads: Vec<_> = (0..100)
        .map(|own| {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                barrier.wait();
                own
            })
        })
        .collect();
    barrier.wait();
    println!("{}", threads.into_iter().map(|thread| thread.join().unwrap()).sum::<u32>());
}
