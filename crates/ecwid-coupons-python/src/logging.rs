//! Passes the client's log records to Python's `logging`, below the logger `ecwid_coupons`, and its attempts to `on_attempt`.
//!
//! Python runs signal handlers when the main thread executes Python code, and `logging` suppresses most exceptions that are raised
//! while a record is emitted. A thread that waits for a call therefore only checks whether a record is enabled. Another thread
//! emits the record. The same holds for calls of `on_attempt`.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    sync::{Arc, Once, mpsc},
    time::{Duration, Instant},
};

use ecwid_coupons::{Attempt, ErrorKind};
use log::{Level, LevelFilter, Log, Metadata, Record};
use pyo3::{
    exceptions::{PyException, PyKeyboardInterrupt},
    prelude::*,
    sync::OnceExt as _,
    types::{PyDict, PyTuple},
};
use tokio::runtime::Handle;

use crate::{fork, runtime::SIGNAL_INTERVAL};

/// The maximum time that a call waits for the emission of a record. If the call was made in a log handler, the emitting thread may
/// need a lock that the waiting thread holds.
const PATIENCE: Duration = Duration::from_millis(500);

thread_local! {
    /// The log of the call that this thread waits for.
    static WAITING: RefCell<Option<Rc<WaitingLog>>> = const { RefCell::new(None) };
    /// Whether this thread emits a record. If a log handler makes a call, the same thread emits its records, because it may hold
    /// locks of the handler.
    static IS_EMITTING: Cell<bool> = const { Cell::new(false) };
}

/// Sets up logging. Called with the first client, so that an import of this package does not import `logging`.
pub(crate) fn set_up(py: Python<'_>) -> PyResult<()> {
    static ONCE: Once = Once::new();
    if ONCE.is_completed() {
        return Ok(());
    }
    let get_logger = py.import("logging")?.getattr("getLogger")?.unbind();
    let log = PythonLog { get_logger, loggers: PyDict::new(py).unbind() };
    // Only this function sets a logger. A thread that waits here does not hold the GIL.
    ONCE.call_once_py_attached(py, || {
        log::set_max_level(LevelFilter::Trace);
        drop(log::set_boxed_logger(Box::new(log)));
    });
    Ok(())
}

struct PythonLog {
    get_logger: Py<PyAny>,
    /// The Python loggers, by the target of the record.
    loggers: Py<PyDict>,
}

impl Log for PythonLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target();
        target.strip_prefix("ecwid_coupons").is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        pass_on(|py| self.event(py, record));
    }

    fn flush(&self) {}
}

impl PythonLog {
    /// Returns the event to log, or `None` if the logger is not enabled for its level. The level of a logger can change at any time.
    fn event(&self, py: Python<'_>, record: &Record<'_>) -> PyResult<Option<Event>> {
        let loggers = self.loggers.bind(py);
        let logger = match loggers.get_item(record.target())? {
            Some(logger) => logger,
            None => {
                let logger = self.get_logger.call1(py, (record.target().replace("::", "."),))?.into_bound(py);
                loggers.set_item(record.target(), &logger)?;
                logger
            }
        };
        // The numbers of `logging`. It has no level for traces.
        let level = match record.level() {
            // The exception reports the failure. A warning would be printed in addition if the program configures no logging.
            Level::Warn if record.target() == "ecwid_coupons::transport::call" => 20,
            Level::Error => 40,
            Level::Warn => 30,
            Level::Info => 20,
            Level::Debug => 10,
            Level::Trace => 5,
        };
        if !logger.call_method1("isEnabledFor", (level,))?.is_truthy()? {
            return Ok(None);
        }
        let record = PythonRecord {
            logger: logger.unbind(),
            level,
            file: record.file().unwrap_or_default().to_owned(),
            line: record.line().unwrap_or_default(),
            message: record.args().to_string(),
        };
        Ok(Some(Box::new(move |py, origin| record.emit(py, origin))))
    }
}

/// Emits a record, or calls `on_attempt`.
type Event = Box<dyn FnOnce(Python<'_>, Option<&Origin>) -> PyResult<()> + Send>;

/// Passes an event to Python, on another thread if this thread waits for a call.
fn pass_on(event: impl FnOnce(Python<'_>) -> PyResult<Option<Event>>) {
    let waiting = WAITING.with_borrow(Clone::clone).filter(|_| !IS_EMITTING.get());
    match waiting {
        Some(waiting) => waiting.pass_on(event),
        None => {
            let event = fork::attach(|py| event(py).unwrap_or_else(|error| ignore(py, error)));
            if let Some(Err(error)) = event.map(|event| emit(event, None)) {
                fork::attach(|py| interrupt(py, error));
            }
        }
    }
}

/// Passes an event to Python on this thread. Returns an exception that ends the call, such as `KeyboardInterrupt`. Another exception
/// does not end it.
fn emit(event: Event, origin: Option<&Origin>) -> PyResult<()> {
    let was_emitting = IS_EMITTING.replace(true);
    let result = fork::attach(|py| match event(py, origin) {
        Err(error) if error.is_instance_of::<PyException>(py) => {
            error.write_unraisable(py, None);
            Ok(())
        }
        result => result,
    });
    IS_EMITTING.set(was_emitting);
    result
}

/// Returns an observer of attempts that calls a Python function.
pub(crate) fn attempt_observer(function: Py<PyAny>) -> impl Fn(&Attempt<'_>) + Send + Sync + 'static {
    let function = Arc::new(function);
    move |attempt| {
        let function = Arc::clone(&function);
        let Attempt { operation, number, status, .. } = *attempt;
        let request_id = attempt.request_id.to_owned();
        let (queued, elapsed) = (attempt.queued.as_secs_f64(), attempt.elapsed.as_secs_f64());
        let failure = attempt.failure.map(ErrorKind::as_str);
        let event: Event = Box::new(move |py, origin| {
            let function = function.bind(py);
            let values = (operation, request_id, number, queued, elapsed, status, failure);
            let attempt = py.import("ecwid_coupons._types")?.getattr("Attempt")?.call1(values)?;
            let called = match origin {
                Some(origin) => origin.context.bind(py).call_method1("run", (function, attempt)),
                None => function.call1((attempt,)),
            };
            match called {
                Err(error) if error.is_instance_of::<PyException>(py) => error.write_unraisable(py, Some(function)),
                result => drop(result?),
            }
            Ok(())
        });
        pass_on(|_| Ok(Some(event)));
    }
}

/// The data of a Python log record.
struct PythonRecord {
    logger: Py<PyAny>,
    level: u8,
    file: String,
    line: u32,
    message: String,
}

impl PythonRecord {
    fn emit(&self, py: Python<'_>, origin: Option<&Origin>) -> PyResult<()> {
        let logger = self.logger.bind(py);
        let make = logger.getattr("makeRecord")?;
        let handle = logger.getattr("handle")?;
        let name = logger.getattr("name")?;
        let nothing = py.None();
        let arguments =
            (name, self.level, &self.file, self.line, &self.message, PyTuple::empty(py), nothing).into_pyobject(py)?;
        let Some(origin) = origin else {
            handle.call1((make.call1(arguments)?,))?;
            return Ok(());
        };
        let run = origin.context.bind(py).getattr("run")?;
        let mut with_function = vec![make];
        with_function.extend(arguments.iter());
        let record = run.call1(PyTuple::new(py, with_function)?)?;
        record.setattr("thread", &origin.thread_id)?;
        record.setattr("threadName", &origin.thread_name)?;
        run.call1((handle, record))?;
        Ok(())
    }
}

/// The thread that a record comes from, if another thread emits it.
struct Origin {
    thread_id: Py<PyAny>,
    thread_name: Py<PyAny>,
    /// The context variables of the thread.
    context: Py<PyAny>,
}

impl Origin {
    fn current(py: Python<'_>) -> PyResult<Self> {
        let thread = py.import("threading")?.call_method0("current_thread")?;
        Ok(Self {
            thread_id: thread.getattr("ident")?.unbind(),
            thread_name: thread.getattr("name")?.unbind(),
            context: py.import("contextvars")?.call_method0("copy_context")?.unbind(),
        })
    }
}

/// The log of a thread that waits for a call.
pub(crate) struct WaitingLog {
    runtime: Handle,
    emitter: OnceCell<Emitter>,
    raised: RefCell<Option<PyErr>>,
}

/// Removes the log of a thread at the end of the wait.
pub(crate) struct WaitingGuard {
    log: Rc<WaitingLog>,
    /// The log of the enclosing wait.
    outer: Option<Rc<WaitingLog>>,
}

impl WaitingGuard {
    /// Takes the exception that a signal handler raised while a record was emitted, or that `on_attempt` raised to end the call.
    pub(crate) fn raised(&self) -> Option<PyErr> {
        if let Some(emitter) = self.log.emitter.get() {
            emitter.emitted.try_iter().filter_map(Result::err).for_each(|error| self.log.raise(error));
        }
        self.log.raised.take()
    }
}

impl Drop for WaitingGuard {
    fn drop(&mut self) {
        WAITING.replace(self.outer.take());
    }
}

impl WaitingLog {
    /// Begins a wait of this thread.
    pub(crate) fn begin(runtime: &Handle) -> WaitingGuard {
        let log = Rc::new(Self { runtime: runtime.clone(), emitter: OnceCell::new(), raised: RefCell::default() });
        WaitingGuard { outer: WAITING.replace(Some(Rc::clone(&log))), log }
    }

    fn pass_on(&self, event: impl FnOnce(Python<'_>) -> PyResult<Option<Event>>) {
        let sent = fork::attach(|py| {
            let Some(event) = event(py)? else { return Ok(None) };
            let emitter = match self.emitter.get() {
                Some(emitter) => emitter,
                None => {
                    let made = Emitter::start(&self.runtime, Origin::current(py)?);
                    self.emitter.get_or_init(|| made)
                }
            };
            // Sending fails if the runtime has ended. The call then ends too.
            Ok(emitter.events.send(event).is_ok().then_some(emitter))
        });
        match sent {
            Ok(None) => {}
            Ok(Some(emitter)) => self.wait_for(emitter),
            Err(error) => self.raise(error),
        }
    }

    /// Waits until the record is emitted, so that all records of a call are emitted before it returns.
    fn wait_for(&self, emitter: &Emitter) {
        let since = Instant::now();
        while !emitter.is_late.get() && self.raised.borrow().is_none() {
            match emitter.emitted.recv_timeout(SIGNAL_INTERVAL) {
                Ok(Err(error)) => return self.raise(error),
                Ok(Ok(())) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    emitter.is_late.set(since.elapsed() > PATIENCE);
                    if let Err(error) = fork::attach(|py| py.check_signals()) {
                        self.raise(error);
                    }
                }
            }
        }
    }

    /// Ends the call with an exception, unless it already has one.
    fn raise(&self, error: PyErr) {
        self.raised.borrow_mut().get_or_insert(error);
    }
}

/// The thread that emits the records of a waiting thread, in the same order.
struct Emitter {
    events: mpsc::Sender<Event>,
    emitted: mpsc::Receiver<PyResult<()>>,
    /// Whether an emission took too long. The waiting thread then no longer waits for emissions.
    is_late: Cell<bool>,
}

impl Emitter {
    fn start(runtime: &Handle, origin: Origin) -> Self {
        let (events, received) = mpsc::channel::<Event>();
        let (acknowledge, emitted) = mpsc::channel();
        runtime.spawn_blocking(move || {
            for event in received {
                // The call may have ended.
                let _ = acknowledge.send(emit(event, Some(&origin)));
            }
        });
        Self { events, emitted, is_late: Cell::new(false) }
    }
}

/// Raises a `KeyboardInterrupt` in the main thread, because no call on this thread can raise it.
fn interrupt(py: Python<'_>, error: PyErr) {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        let _ = py.import("_thread").and_then(|module| module.call_method0("interrupt_main"));
    } else {
        error.write_unraisable(py, None);
    }
}

/// Prints an exception that cannot be raised, like an exception in a destructor.
fn ignore<T: Default>(py: Python<'_>, error: PyErr) -> T {
    error.write_unraisable(py, None);
    T::default()
}
