//! The tokio runtime of all clients, and how Python waits for it.
//!
//! The first call makes the runtime. A forked child leaves its copy of the runtime untouched, because the copy has no threads. The
//! runtime stops before the interpreter ends, because a task that enters Python later would crash the process.

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

/// The maximum number of worker threads. Waiting requests need no thread.
const MOST_THREADS: usize = 4;

/// The interval between two checks for signals.
pub(crate) const SIGNAL_INTERVAL: Duration = Duration::from_millis(40);

/// The time limit for running tasks at the end of the interpreter.
const SHUTDOWN: Duration = Duration::from_secs(2);

struct RuntimeState {
    handle: Handle,
    /// Notifies waiting threads of the end of the runtime.
    is_over: watch::Sender<bool>,
    /// Only taken, never loaded, because the last owner drops the runtime, and a task must not drop it.
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

    /// Stops the runtime, with a time limit for running tasks.
    fn end(&self, time: Duration) {
        if let Some(runtime) = self.runtime.swap(None).and_then(Arc::into_inner) {
            runtime.shutdown_timeout(time);
        }
    }
}

static STATE: ArcSwapOption<RuntimeState> = ArcSwapOption::const_empty();

/// The number of forks between the first process and this process.
static FORKS: AtomicU64 = AtomicU64::new(0);

static IS_OVER: AtomicBool = AtomicBool::new(false);

/// The thread that ends the interpreter. Other threads must not continue after that.
static LAST_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// The number of threads that wait for a call.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A value that belongs to one process. A forked child does not even drop it, because its sockets belong to the parent, and threads
/// that the child does not have may hold its locks.
pub(crate) struct ProcessLocal<T> {
    value: Option<T>,
    forks: u64,
}

impl<T> ProcessLocal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { value: Some(value), forks: forks() }
    }

    /// Returns the value in the process that made it, and `None` in a forked child.
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

/// Returns a number that changes in a forked child.
fn forks() -> u64 {
    FORKS.load(Ordering::Acquire)
}

/// Returns the running runtime, or a new one, and the receiver that is notified of its end.
fn running() -> PyResult<(Handle, watch::Receiver<bool>)> {
    if IS_OVER.load(Ordering::SeqCst) {
        return Err(PyRuntimeError::new_err("the interpreter is about to end; no request was sent"));
    }
    if let Some(state) = &*STATE.load() {
        return Ok(state.parts());
    }
    let made = Arc::new(RuntimeState::new()?);
    // If two threads make a runtime, the first one stays. The other one has no tasks.
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

/// Waits for a future without the GIL. A signal handler that raises, such as that of Ctrl-C, ends the wait and drops the future.
pub(crate) fn wait<T, F>(py: Python<'_>, future: F) -> PyResult<T>
where
    T: Send,
    F: Future<Output = PyResult<T>> + Send,
{
    py.detach(|| {
        let result = wait_detached(future);
        // The interpreter does not wait for daemon threads. A daemon thread that returned to it now would crash the process.
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
    // Counted before the check for the end of the interpreter, so that `at_exit` waits for this thread.
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
                // Ignores tokio's budget, which a busy future uses up.
                () = task::unconstrained(tokio::time::sleep(SIGNAL_INTERVAL)) => {
                    fork::attach(|py| py.check_signals())?;
                }
            }
        }
    };
    // A log handler may make a call on a thread of the runtime.
    task::block_in_place(|| handle.block_on(waiting))
}

/// Counts a thread that waits.
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

/// Returns an awaitable for asyncio. Its cancellation drops the future.
pub(crate) fn awaitable<T, F>(py: Python<'_>, future: F) -> PyResult<Bound<'_, PyAny>>
where
    T: for<'py> IntoPyObject<'py> + Send + 'static,
    F: Future<Output = PyResult<T>> + Send + 'static,
{
    // Makes the runtime here, because an error can be raised here.
    handle()?;
    generic::future_into_py::<Tokio, _, _>(py, future)
}

/// Starts a task in the background.
pub(crate) fn spawn<F>(future: F) -> PyResult<JoinHandle<F::Output>>
where
    F: Future<Output: Send> + Send + 'static,
{
    Ok(handle()?.spawn(future))
}

/// Registers the functions that Python calls at forks and at its end.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let arguments = PyDict::new(py);
    arguments.set_item("before", wrap_pyfunction!(fork::before_fork, module)?)?;
    arguments.set_item("after_in_parent", wrap_pyfunction!(fork::after_fork_in_parent, module)?)?;
    arguments.set_item("after_in_child", wrap_pyfunction!(after_fork_in_child, module)?)?;
    // Windows has no fork.
    if let Ok(register) = py.import("os")?.getattr("register_at_fork") {
        register.call((), Some(&arguments))?;
    }
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(at_exit, module)?,))?;
    Ok(())
}

/// Forgets the parent's runtime. It cannot be dropped, because the child does not have its threads.
#[pyfunction]
#[pyo3(name = "_after_fork_in_child")]
pub(crate) fn after_fork_in_child() {
    std::mem::forget(STATE.swap(None));
    WAITING.store(0, Ordering::SeqCst);
    FORKS.fetch_add(1, Ordering::AcqRel);
    fork::after_fork_in_child();
}

/// Ends all tasks while they can still enter Python.
#[pyfunction]
#[pyo3(name = "_at_exit")]
pub(crate) fn at_exit(py: Python<'_>) {
    // Python calls this function once.
    let _ = LAST_THREAD.set(thread::current().id());
    IS_OVER.store(true, Ordering::SeqCst);
    py.detach(|| {
        let since = Instant::now();
        let state = STATE.swap(None);
        if let Some(state) = &state {
            state.is_over.send_replace(true);
        }
        // Waiting threads need the runtime to leave, and may need the GIL. Only now can they get it.
        while WAITING.load(Ordering::SeqCst) > 0 && since.elapsed() < SHUTDOWN {
            thread::sleep(Duration::from_millis(1));
        }
        if let Some(state) = state {
            state.end(SHUTDOWN);
        }
    });
}

/// The interface of the runtime for `pyo3_async_runtimes`.
struct Tokio;

tokio::task_local! {
    static LOCALS: TaskLocals;
}

/// The error of a task. A newtype, because the trait is not implemented for tokio's type.
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

/// Waits for a task. If the interpreter ended before the start of the task, waits forever.
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
