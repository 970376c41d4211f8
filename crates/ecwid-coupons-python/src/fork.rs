//! Keeps the runtime's threads out of Python at the moment of a fork.
//!
//! A thread that Python did not start gets a state when it enters Python, and loses it when it leaves, both under a lock of the
//! interpreter. A fork at that moment copies the lock as it is held, and the child of Python 3.11 waits for it for ever, before any
//! code of its own runs.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use pyo3::prelude::*;

/// The longest that a fork waits for the threads, or a thread for a fork. One waits for itself where what is called from a thread
/// forks, or logs with the GIL held.
const PATIENCE: Duration = Duration::from_millis(100);

const STEP: Duration = Duration::from_micros(200);

static IS_FORKING: AtomicBool = AtomicBool::new(false);

/// How many threads are inside.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// A thread that is in Python, or about to be.
pub(crate) struct PythonGuard;

impl PythonGuard {
    /// Waits until no fork is under way.
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
    // A child counts from 0, also the thread that forked from inside.
    let _ = INSIDE.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |inside| inside.checked_sub(1));
}

/// Does something in Python on a thread of the runtime.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    let _inside = PythonGuard::enter();
    Python::attach(work)
}

/// Before a fork: waits until no thread is inside, and keeps them out.
#[pyfunction]
#[pyo3(name = "_before_fork")]
pub(crate) fn before_fork(py: Python<'_>) {
    IS_FORKING.store(true, Ordering::SeqCst);
    let since = Instant::now();
    while INSIDE.load(Ordering::SeqCst) > 0 && since.elapsed() < PATIENCE {
        // Those inside may need the GIL to get out.
        py.detach(|| thread::sleep(STEP));
    }
}

/// In the parent, once the child is there.
#[pyfunction]
#[pyo3(name = "_after_fork_in_parent")]
pub(crate) fn after_fork_in_parent() {
    IS_FORKING.store(false, Ordering::SeqCst);
}

/// In the child, which has none of the threads.
pub(crate) fn after_fork_in_child() {
    INSIDE.store(0, Ordering::SeqCst);
    IS_FORKING.store(false, Ordering::SeqCst);
}
