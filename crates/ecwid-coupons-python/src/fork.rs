//! Keeps threads from entering or leaving Python during a fork.
//!
//! When a thread that Python does not know enters or leaves Python, the interpreter creates or deletes a thread state under a lock.
//! If a fork copies the lock while it is held, the child hangs in Python 3.11 before it runs any code.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use pyo3::{ffi, prelude::*};

const STEP: Duration = Duration::from_micros(200);

/// The maximum time that a fork waits. A thread that enters Python while the interpreter ends never gets there.
const PATIENCE: Duration = Duration::from_secs(10);

/// The number of forks in progress.
static FORKING: AtomicUsize = AtomicUsize::new(0);

/// The number of threads that are about to enter or leave Python. Threads that run Python code do not count, because they can wait
/// for the thread that forks.
static MOVING: AtomicUsize = AtomicUsize::new(0);

/// Marks a thread that is about to enter or leave Python.
struct Move;

impl Move {
    /// Waits until no fork is in progress. `pause` waits without the GIL, because the fork needs it.
    fn begin(pause: impl Fn()) -> Self {
        loop {
            MOVING.fetch_add(1, Ordering::SeqCst);
            let this = Self;
            if FORKING.load(Ordering::SeqCst) == 0 {
                return this;
            }
            drop(this);
            pause();
        }
    }
}

impl Drop for Move {
    fn drop(&mut self) {
        decrease(&MOVING);
    }
}

fn decrease(counter: &AtomicUsize) {
    // The counters of a forked child start at 0, even if the forking thread was counted.
    let _ = counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| count.checked_sub(1));
}

/// Calls a function with the GIL, on any thread.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> T {
    if is_known() {
        return Python::attach(work);
    }
    let entering = Move::begin(|| thread::sleep(STEP));
    let (result, _leaving) = Python::attach(|py| {
        drop(entering);
        (work(py), Move::begin(|| py.detach(|| thread::sleep(STEP))))
    });
    result
}

/// Returns whether Python has a state for this thread, so that no state is created or deleted.
fn is_known() -> bool {
    #[expect(unsafe_code, reason = "pyo3 has no safe name for it")]
    // SAFETY: the function only reads a thread-local value. Python is initialized, because it imported this module.
    let state = unsafe { ffi::PyGILState_GetThisThreadState() };
    !state.is_null()
}

/// Called before a fork. Waits until no thread is about to enter or leave Python, and keeps threads where they are.
#[pyfunction]
#[pyo3(name = "_before_fork")]
pub(crate) fn before_fork(py: Python<'_>) {
    FORKING.fetch_add(1, Ordering::SeqCst);
    let since = Instant::now();
    while MOVING.load(Ordering::SeqCst) > 0 && since.elapsed() < PATIENCE {
        // Threads need the GIL to enter Python.
        py.detach(|| thread::sleep(STEP));
    }
}

/// Called in the parent after a fork.
#[pyfunction]
#[pyo3(name = "_after_fork_in_parent")]
pub(crate) fn after_fork_in_parent() {
    decrease(&FORKING);
}

/// Called in the child after a fork. The child has none of the threads.
pub(crate) fn after_fork_in_child() {
    MOVING.store(0, Ordering::SeqCst);
    FORKING.store(0, Ordering::SeqCst);
}
