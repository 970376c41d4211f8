//! What the client logs, in Python's `logging` under `ecwid_coupons`.
//!
//! Python runs signal handlers when the main thread executes Python code, and `logging` suppresses most exceptions that are raised
//! while a record is emitted. A thread that waits for a call therefore only asks whether a record is enabled. Another thread
//! emits it.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    sync::{Once, mpsc},
    time::{Duration, Instant},
};

use log::{Level, LevelFilter, Log, Metadata, Record};
use pyo3::{
    prelude::*,
    sync::OnceExt as _,
    types::{PyDict, PyTuple},
};
use tokio::runtime::Handle;

use crate::{fork, runtime::SIGNAL_INTERVAL};

/// The longest that a waiting thread holds its call up for a record. The thread that emits it may need a lock that the waiting thread
/// holds, if the call was made inside a log handler.
const PATIENCE: Duration = Duration::from_millis(500);

thread_local! {
    /// The log of the call that this thread waits for.
    static WAITING: RefCell<Option<Rc<WaitingLog>>> = const { RefCell::new(None) };
    /// Whether this thread emits a record. A call that a log handler makes meanwhile is logged by the same thread, because it may
    /// hold locks of the handler.
    static IS_EMITTING: Cell<bool> = const { Cell::new(false) };
}

/// Sets the log up with the first client, not with the import, which would import `logging` too.
pub(crate) fn set_up(py: Python<'_>) -> PyResult<()> {
    static ONCE: Once = Once::new();
    if ONCE.is_completed() {
        return Ok(());
    }
    let get_logger = py.import("logging")?.getattr("getLogger")?.unbind();
    let log = PythonLog { get_logger, loggers: PyDict::new(py).unbind() };
    // It fails where there is one, and no other part of this module sets one up. Who waits here does not hold up other threads.
    ONCE.call_once_py_attached(py, || {
        log::set_max_level(LevelFilter::Trace);
        drop(log::set_boxed_logger(Box::new(log)));
    });
    Ok(())
}

struct PythonLog {
    get_logger: Py<PyAny>,
    /// The loggers by the target that they are for.
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
        let waiting = WAITING.with_borrow(Clone::clone).filter(|_| !IS_EMITTING.get());
        match waiting {
            Some(waiting) => waiting.log(self, record),
            None => {
                let event = fork::attach(|py| self.event(py, record).unwrap_or_else(|error| ignore(py, error)));
                if let Some(event) = event {
                    event.emit(None);
                }
            }
        }
    }

    fn flush(&self) {}
}

impl PythonLog {
    /// What is to be logged; nothing if its logger is not enabled for its level. The levels are asked for each time, because they
    /// may be set at any time.
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
        // As `logging` numbers them, with a lower one for the level that it does not have.
        let level = match record.level() {
            Level::Error => 40,
            Level::Warn => 30,
            Level::Info => 20,
            Level::Debug => 10,
            Level::Trace => 5,
        };
        if !logger.call_method1("isEnabledFor", (level,))?.is_truthy()? {
            return Ok(None);
        }
        Ok(Some(Event {
            logger: logger.unbind(),
            level,
            file: record.file().unwrap_or_default().to_owned(),
            line: record.line().unwrap_or_default(),
            message: record.args().to_string(),
        }))
    }
}

/// A record before Python has it.
struct Event {
    logger: Py<PyAny>,
    level: u8,
    file: String,
    line: u32,
    message: String,
}

impl Event {
    /// Has Python log it. An exception that logging raises ends no call.
    fn emit(&self, origin: Option<&Origin>) {
        let was_emitting = IS_EMITTING.replace(true);
        fork::attach(|py| {
            self.emit_attached(py, origin).unwrap_or_else(|error| ignore(py, error));
        });
        IS_EMITTING.set(was_emitting);
    }

    fn emit_attached(&self, py: Python<'_>, origin: Option<&Origin>) -> PyResult<()> {
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

/// The thread that a record comes from, where another one emits it.
struct Origin {
    thread_id: Py<PyAny>,
    thread_name: Py<PyAny>,
    /// Its context variables.
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

/// The log of a thread that waits for a call, until the wait is over.
pub(crate) struct WaitingLog {
    runtime: Handle,
    emitter: OnceCell<Emitter>,
    raised: RefCell<Option<PyErr>>,
}

/// Takes the log of a thread back when its wait is over.
pub(crate) struct WaitingGuard {
    log: Rc<WaitingLog>,
    /// That of the wait that this one is inside of.
    outer: Option<Rc<WaitingLog>>,
}

impl WaitingGuard {
    /// The exception that a signal handler raised while a record was logged, if one did.
    pub(crate) fn raised(&self) -> Option<PyErr> {
        self.log.raised.take()
    }
}

impl Drop for WaitingGuard {
    fn drop(&mut self) {
        WAITING.replace(self.outer.take());
    }
}

impl WaitingLog {
    /// Begins a wait of this thread for what the runtime does.
    pub(crate) fn begin(runtime: &Handle) -> WaitingGuard {
        let log = Rc::new(Self { runtime: runtime.clone(), emitter: OnceCell::new(), raised: RefCell::default() });
        WaitingGuard { outer: WAITING.replace(Some(Rc::clone(&log))), log }
    }

    fn log(&self, log: &PythonLog, record: &Record<'_>) {
        let sent = fork::attach(|py| {
            let Some(event) = log.event(py, record)? else { return Ok(None) };
            let emitter = match self.emitter.get() {
                Some(emitter) => emitter,
                None => {
                    let made = Emitter::start(&self.runtime, Origin::current(py)?);
                    self.emitter.get_or_init(|| made)
                }
            };
            // Nobody takes it any more where the runtime has ended, and with it the call.
            Ok(emitter.events.send(event).is_ok().then_some(emitter))
        });
        match sent {
            Ok(None) => {}
            Ok(Some(emitter)) => self.wait_for(emitter),
            Err(error) => self.raise(error),
        }
    }

    /// Waits until the record that was sent is logged, so that those of a call are there when it returns.
    fn wait_for(&self, emitter: &Emitter) {
        let since = Instant::now();
        while !emitter.is_late.get() && self.raised.borrow().is_none() {
            match emitter.emitted.recv_timeout(SIGNAL_INTERVAL) {
                Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    emitter.is_late.set(since.elapsed() > PATIENCE);
                    if let Err(error) = Python::attach(|py| py.check_signals()) {
                        self.raise(error);
                    }
                }
            }
        }
    }

    /// Ends the call with an exception. The first one counts.
    fn raise(&self, error: PyErr) {
        self.raised.borrow_mut().get_or_insert(error);
    }
}

/// The thread that logs what a waiting thread sends it, in the same order.
struct Emitter {
    events: mpsc::Sender<Event>,
    emitted: mpsc::Receiver<()>,
    /// Whether it is behind, and not waited for any more.
    is_late: Cell<bool>,
}

impl Emitter {
    fn start(runtime: &Handle, origin: Origin) -> Self {
        let (events, received) = mpsc::channel::<Event>();
        let (acknowledge, emitted) = mpsc::channel();
        runtime.spawn_blocking(move || {
            for event in received {
                event.emit(Some(&origin));
                // The call may be over by now.
                let _ = acknowledge.send(());
            }
        });
        Self { events, emitted, is_late: Cell::new(false) }
    }
}

/// Shows an exception that nobody can catch, as Python shows those of destructors.
fn ignore<T: Default>(py: Python<'_>, error: PyErr) -> T {
    error.write_unraisable(py, None);
    T::default()
}
