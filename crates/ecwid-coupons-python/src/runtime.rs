//! The tokio runtime behind all clients, and how Python waits for it.
//!
//! It is made when it is first needed, left behind in a forked child, whose copy of it has no threads, and stopped before the
//! interpreter is gone, since a task that reaches for Python after that would crash it.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::Poll,
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyDict};
use pyo3_async_runtimes::{
    TaskLocals,
    generic::{self, ContextExt},
};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    sync::watch,
    task::{self, JoinError, JoinHandle},
};

use crate::{fork, logging::WaitingLog};

/// The most threads that send and receive; most waiting needs no thread at all.
const MOST_THREADS: usize = 4;

/// How often a waiting call looks for Ctrl-C.
pub(crate) const SIGNAL_INTERVAL: Duration = Duration::from_millis(40);

/// How long the tasks under way may take once the interpreter ends.
const SHUTDOWN: Duration = Duration::from_secs(2);

/// The runtime of this process.
struct RuntimeState {
    handle: Handle,
    /// Told to all who wait for the runtime.
    is_over: watch::Sender<bool>,
    /// Taken out to be ended, and never loaded: whoever held it last would end it, which no task may do.
    runtime: ArcSwapOption<Runtime>,
}

impl RuntimeState {
    fn new() -> PyResult<Self> {
        let threads = thread::available_parallelism().map_or(1, |count| count.get().min(MOST_THREADS));
        let runtime =
            Builder::new_multi_thread().worker_threads(threads).thread_name("ecwid-coupons").enable_all().build()?;
        let handle = runtime.handle().clone();
        Ok(Self { handle, is_over: watch::Sender::new(false), runtime: ArcSwapOption::from_pointee(runtime) })
    }

    fn parts(&self) -> (Handle, watch::Receiver<bool>) {
        (self.handle.clone(), self.is_over.subscribe())
    }

    /// Ends the runtime, with so much time for the tasks under way.
    fn end(&self, time: Duration) {
        if let Some(runtime) = self.runtime.swap(None).and_then(Arc::into_inner) {
            runtime.shutdown_timeout(time);
        }
    }
}

static STATE: ArcSwapOption<RuntimeState> = ArcSwapOption::const_empty();

/// How many forks lie behind this process.
static FORKS: AtomicU64 = AtomicU64::new(0);

static IS_OVER: AtomicBool = AtomicBool::new(false);

/// The thread that ends the interpreter. It alone goes on after that.
static LAST_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// How many threads wait for a call.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// What belongs to one process. In a forked child it is not even dropped: its sockets are the parent's, and its locks may be held by
/// threads that the child does not have.
pub(crate) struct ProcessLocal<T> {
    value: Option<T>,
    forks: u64,
}

impl<T> ProcessLocal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: Some(value), forks: forks() }
    }

    /// The value, in the process that it was made in.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| self.forks == forks())
    }
}

impl<T> Drop for ProcessLocal<T> {
    fn drop(&mut self) {
        if self.forks != forks() {
            std::mem::forget(self.value.take());
        }
    }
}

/// A number that is another one in a forked child, where connections of the parent must not be used.
fn forks() -> u64 {
    FORKS.load(Ordering::Acquire)
}

/// The runtime that runs, or a new one, and what tells of its end.
fn running() -> PyResult<(Handle, watch::Receiver<bool>)> {
    if IS_OVER.load(Ordering::SeqCst) {
        return Err(PyRuntimeError::new_err("the interpreter is about to end, and no call can be made any more"));
    }
    if let Some(state) = &*STATE.load() {
        return Ok(state.parts());
    }
    let made = Arc::new(RuntimeState::new()?);
    // Of two that are made at once the first stays; the other has no task yet.
    match &*STATE.compare_and_swap(&None::<Arc<RuntimeState>>, Some(Arc::clone(&made))) {
        Some(state) => {
            made.end(Duration::ZERO);
            Ok(state.parts())
        }
        None => Ok(made.parts()),
    }
}

fn handle() -> PyResult<Handle> {
    Ok(running()?.0)
}

/// Waits for a future with the GIL released. Ctrl-C, and any signal handler that raises, ends the wait and drops the future.
pub(crate) fn wait<T, F>(py: Python<'_>, future: F) -> PyResult<T>
where
    T: Send,
    F: Future<Output = PyResult<T>> + Send,
{
    py.detach(|| {
        let result = wait_detached(future);
        // The interpreter does not wait for daemon threads, and one that came back to it now would bring it down.
        if IS_OVER.load(Ordering::SeqCst) && LAST_THREAD.get().is_some_and(|last| *last != thread::current().id()) {
            std::mem::forget(result);
            loop {
                thread::park();
            }
        }
        result
    })
}

fn wait_detached<T>(future: impl Future<Output = PyResult<T>>) -> PyResult<T> {
    // Before it is looked whether the interpreter ends: then this one is waited for.
    let _waiting = Waiting::begin();
    let (handle, mut over) = running()?;
    let log = WaitingLog::begin(&handle);
    let waiting = async {
        let mut future = pin!(future);
        let mut interruptible = poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            log.raised().map_or(polled, |error| Poll::Ready(Err(error)))
        });
        loop {
            tokio::select! {
                biased;
                _ = over.wait_for(|is_over| *is_over) => {
                    return Err(PyRuntimeError::new_err("the interpreter ended during the call"));
                }
                done = &mut interruptible => return done,
                // Without the budget of a poll, which a future that always has something to do uses up.
                () = task::unconstrained(tokio::time::sleep(SIGNAL_INTERVAL)) => {
                    Python::attach(|py| py.check_signals())?;
                }
            }
        }
    };
    // What is called out of a call, such as a log handler, may make another one; this thread is the runtime's then.
    task::block_in_place(|| handle.block_on(waiting))
}

/// A thread that waits, among those that are counted.
struct Waiting;

impl Waiting {
    fn begin() -> Self {
        WAITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Hands a future to asyncio. Its cancellation drops the future.
pub(crate) fn awaitable<T, F>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    T: for<'py> IntoPyObject<'py> + Send + 'static,
    F: Future<Output = PyResult<T>> + Send + 'static,
{
    // Made here, where an error can still be told.
    handle()?;
    generic::future_into_py::<Tokio, _, _>(py, future)
}

/// Starts a task that runs on its own.
pub(crate) fn spawn<F>(future: F) -> PyResult<JoinHandle<F::Output>>
where
    F: Future<Output: Send> + Send + 'static,
{
    Ok(handle()?.spawn(future))
}

/// Has Python tell of forks, and of its end.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let arguments = PyDict::new(py);
    arguments.set_item("before", wrap_pyfunction!(fork::before_fork, module)?)?;
    arguments.set_item("after_in_parent", wrap_pyfunction!(fork::after_fork_in_parent, module)?)?;
    arguments.set_item("after_in_child", wrap_pyfunction!(after_fork_in_child, module)?)?;
    // Not on Windows, which has no fork.
    if let Ok(register) = py.import("os")?.getattr("register_at_fork") {
        register.call((), Some(&arguments))?;
    }
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(at_exit, module)?,))?;
    Ok(())
}

/// Leaves the parent's runtime behind. Its threads are not in the child, so it cannot even be dropped.
#[pyfunction]
#[pyo3(name = "_after_fork_in_child")]
pub(crate) fn after_fork_in_child() {
    std::mem::forget(STATE.swap(None));
    WAITING.store(0, Ordering::SeqCst);
    FORKS.fetch_add(1, Ordering::AcqRel);
    fork::after_fork_in_child();
}

/// Ends all tasks, as long as Python is still there for those that reach for it.
#[pyfunction]
#[pyo3(name = "_at_exit")]
pub(crate) fn at_exit(py: Python<'_>) {
    // It is called once.
    let _ = LAST_THREAD.set(thread::current().id());
    IS_OVER.store(true, Ordering::SeqCst);
    py.detach(|| {
        let since = Instant::now();
        let state = STATE.swap(None);
        if let Some(state) = &state {
            state.is_over.send_replace(true);
        }
        // Those that are about to leave need the runtime, and may need the GIL, which is free now and not later.
        while WAITING.load(Ordering::SeqCst) > 0 && since.elapsed() < SHUTDOWN {
            thread::sleep(Duration::from_millis(1));
        }
        if let Some(state) = state {
            state.end(SHUTDOWN);
        }
    });
}

/// The runtime as `pyo3_async_runtimes` uses one.
struct Tokio;

tokio::task_local! {
    static LOCALS: TaskLocals;
}

/// Why a task did not end: a type of our own, since the trait is not for tokio's.
struct TaskError(JoinError);

impl generic::JoinError for TaskError {
    fn is_panic(&self) -> bool {
        self.0.is_panic()
    }

    fn into_panic(self) -> Box<dyn std::any::Any + Send + 'static> {
        self.0.into_panic()
    }
}

type Ended = Pin<Box<dyn Future<Output = Result<(), TaskError>> + Send>>;

impl generic::Runtime for Tokio {
    type JoinError = TaskError;
    type JoinHandle = Ended;

    fn spawn<F: Future<Output = ()> + Send + 'static>(future: F) -> Ended {
        ended(handle().map(|handle| handle.spawn(future)))
    }

    fn spawn_blocking<F: FnOnce() + Send + 'static>(work: F) -> Ended {
        ended(handle().map(|handle| handle.spawn_blocking(work)))
    }
}

/// Waits for a task. One that was not started any more, since the interpreter ends, is never waited for either.
fn ended(task: PyResult<JoinHandle<()>>) -> Ended {
    Box::pin(async {
        match task {
            Ok(task) => task.await.map_err(TaskError),
            Err(_) => std::future::pending().await,
        }
    })
}

impl ContextExt for Tokio {
    fn scope<F, R>(locals: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(LOCALS.scope(locals, future))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(Clone::clone).ok()
    }
}
