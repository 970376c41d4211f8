//! Keeps the runtime's threads out of Python during a fork.
//!
//! When a foreign thread enters or leaves Python, the interpreter creates or deletes a thread state under a lock. If a fork copies
//! the lock while it is held, the child hangs in Python 3.11 before it runs any code.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use pyo3::prelude::*;

/// The maximum time that a fork waits for the threads, or a thread for a fork. A thread can wait for itself, if the code that it
/// calls forks, or logs with the GIL held.
const PATIENCE: Duration = Duration::from_millis(100);

const STEP: Duration = Duration::from_micros(200);

static IS_FORKING: AtomicBool = AtomicBool::new(false);

/// The number of threads that are in Python.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// Marks a thread that is in Python or is about to enter it.
pub(crate) struct PythonGuard;

impl PythonGuard {
    /// Waits until no fork is in progress.
    pub(crate) fn enter() -> Self {
        let since = Instant::now();
        loop {
            INSIDE.fetch_add(1, Ordering::SeqCst);
            if !IS_FORKING.load(Ordering::SeqCst) || since.elapsed() > PATIENCE {
                return Self;
            }
            leave();
            thread::sleep(STEP);
        }
    }
}

impl Drop for PythonGuard {
    fn drop(&mut self) {
        leave();
    }
}

fn leave() {
    // The counter of a forked child starts at 0, even if the forking thread was counted.
    let _ = INSIDE.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |inside| inside.checked_sub(1));
}

/// Calls a function with the GIL, on a thread of the runtime.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    let _inside = PythonGuard::enter();
    Python::attach(work)
}

/// Called before a fork. Waits until no thread is in Python, and keeps threads out.
#[pyfunction]
#[pyo3(name = "_before_fork")]
pub(crate) fn before_fork(py: Python<'_>) {
    IS_FORKING.store(true, Ordering::SeqCst);
    let since = Instant::now();
    while INSIDE.load(Ordering::SeqCst) > 0 && since.elapsed() < PATIENCE {
        // Threads may need the GIL to leave Python.
        py.detach(|| thread::sleep(STEP));
    }
}

/// Called in the parent after a fork.
#[pyfunction]
#[pyo3(name = "_after_fork_in_parent")]
pub(crate) fn after_fork_in_parent() {
    IS_FORKING.store(false, Ordering::SeqCst);
}

/// Called in the child after a fork. The child has none of the threads.
pub(crate) fn after_fork_in_child() {
    INSIDE.store(0, Ordering::SeqCst);
    IS_FORKING.store(false, Ordering::SeqCst);
}
