//! The tokio runtime behind all clients, and how Python waits for it.
//!
//! It is made when it is first needed, left behind in a forked child, whose copy of it has no threads, and stopped before the
//! interpreter is gone, since a task that reaches for Python after that would crash it.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwapOption;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyDict};
use pyo3_async_runtimes::{
    TaskLocals,
    generic::{self, ContextExt},
};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::{JoinError, JoinHandle},
};

/// The most threads that send and receive; most waiting needs no thread at all.
const MOST_THREADS: usize = 4;

/// How often a waiting call looks for Ctrl-C.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(40);

/// How long the tasks under way may take once the interpreter ends.
const SHUTDOWN: Duration = Duration::from_secs(2);

static RUNTIME: ArcSwapOption<Runtime> = ArcSwapOption::const_empty();

/// How many forks lie behind this process.
static FORKS: AtomicU64 = AtomicU64::new(0);

static IS_OVER: AtomicBool = AtomicBool::new(false);

/// A number that is another one in a forked child, where connections of the parent must not be used.
pub(crate) fn forks() -> u64 {
    FORKS.load(Ordering::Acquire)
}

/// The runtime that runs, or a new one.
fn handle() -> PyResult<Handle> {
    if IS_OVER.load(Ordering::Acquire) {
        return Err(PyRuntimeError::new_err("the interpreter is about to end, and no call can be made any more"));
    }
    if let Some(runtime) = &*RUNTIME.load() {
        return Ok(runtime.handle().clone());
    }
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(MOST_THREADS));
    let runtime =
        Builder::new_multi_thread().worker_threads(threads).thread_name("ecwid-coupons").enable_all().build()?;
    let made = Arc::new(runtime);
    // Of two that are made at once the first stays; the other has no task yet and goes at once.
    let before = RUNTIME.compare_and_swap(&None::<Arc<Runtime>>, Some(Arc::clone(&made)));
    let runtime = before.as_ref().unwrap_or(&made);
    Ok(runtime.handle().clone())
}

/// Waits for a future with the GIL released. Ctrl-C, and any signal handler that raises, ends the wait and drops the future.
pub(crate) fn wait<T, F>(py: Python<'_>, future: F) -> PyResult<T>
where
    T: Send,
    F: Future<Output = PyResult<T>> + Send,
{
    py.detach(|| {
        handle()?.block_on(async {
            let mut future = pin!(future);
            loop {
                tokio::select! {
                    biased;
                    done = &mut future => return done,
                    () = tokio::time::sleep(SIGNAL_INTERVAL) => Python::attach(|py| py.check_signals())?,
                }
            }
        })
    })
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
pub(crate) fn register(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<()> {
    let arguments = PyDict::new(py);
    arguments.set_item("after_in_child", module.getattr("_forked")?)?;
    // Not on Windows, which has no fork.
    if let Ok(register) = py.import("os")?.getattr("register_at_fork") {
        register.call((), Some(&arguments))?;
    }
    py.import("atexit")?.call_method1("register", (module.getattr("_ending")?,))?;
    Ok(())
}

/// Leaves the parent's runtime behind. Its threads are not in the child, so it cannot even be dropped.
#[pyfunction]
#[pyo3(name = "_forked")]
pub(crate) fn forked() {
    std::mem::forget(RUNTIME.swap(None));
    FORKS.fetch_add(1, Ordering::AcqRel);
}

/// Ends all tasks, as long as Python is still there for those that reach for it.
#[pyfunction]
#[pyo3(name = "_ending")]
pub(crate) fn ending(py: Python<'_>) {
    IS_OVER.store(true, Ordering::Release);
    py.detach(|| {
        // Nobody else keeps it: a handle is all that is handed out.
        if let Some(runtime) = RUNTIME.swap(None).and_then(Arc::into_inner) {
            runtime.shutdown_timeout(SHUTDOWN);
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
