//! [`Call`]: a report about a call, and the state that the requests of a call share.

use std::{
    array,
    borrow::Cow,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use tracing::Span;

use crate::Error;

/// A call that has ended, for [`ClientBuilder::on_call`](crate::ClientBuilder::on_call).
///
/// A call is what the program asked for, such as a [`create`](crate::Client::create), a page of a search, or an
/// operation of [`Client::api`](crate::Client::api). The requests that look up a coupon within a call are part of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The name of the operation, such as `create_discount_coupon`: one of [`OPERATIONS`](crate::schema::OPERATIONS).
    pub operation: &'static str,
    /// The store's id.
    pub store_id: i64,
    /// The id of the requests with this operation.
    pub request_id: &'a str,
    /// How many times the request of this operation was sent, without lookups.
    pub attempts: u32,
    /// The duration of the whole call, including delays.
    pub elapsed: Duration,
    /// The error, if the call failed.
    pub error: Option<&'a Error>,
    /// Whether the future of the call was dropped before it was complete. A write may then have taken effect.
    pub is_dropped: bool,
}

impl Call<'_> {
    /// Returns a label for metrics: `ok`, `dropped`, the HTTP status such as `404`, or the [kind](crate::ErrorKind) of an
    /// error without a status.
    pub fn outcome(&self) -> Cow<'static, str> {
        match self.error {
            None if self.is_dropped => Cow::Borrowed("dropped"),
            None => Cow::Borrowed("ok"),
            Some(error) => match error.status() {
                Some(status) => Cow::Owned(status.to_string()),
                None => Cow::Borrowed(error.kind().as_str()),
            },
        }
    }
}

/// The function that is called at the end of every call.
pub(crate) type CallObserver = Arc<dyn Fn(&Call<'_>) + Send + Sync>;

/// The state of a call in progress. Its requests share the deadline, the id and the number of attempts.
pub(crate) struct CallState {
    pub(crate) operation: &'static str,
    pub(crate) store_id: i64,
    pub(crate) request_id: Arc<str>,
    pub(crate) start: Instant,
    pub(crate) span: Span,
    attempts: AtomicU32,
}

impl CallState {
    pub(crate) fn new(operation: &'static str, store_id: i64, start: Instant) -> Self {
        // Ecwid's client uses ids of this form.
        let letters: [u8; 8] = array::from_fn(|_| fastrand::alphanumeric() as u8);
        let request_id: Arc<str> = str::from_utf8(&letters).expect("letters and digits are ASCII").into();
        let span = tracing::debug_span!("ecwid", operation, store_id, request_id = &*request_id);
        Self { operation, store_id, request_id, start, span, attempts: AtomicU32::new(0) }
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// Counts another attempt, and returns its number.
    pub(crate) fn next_attempt(&self) -> u32 {
        self.attempts.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// The duty to report the end of a call. If it is dropped before, the call was dropped.
pub(crate) struct CallGuard {
    pub(crate) state: Arc<CallState>,
    observer: Option<CallObserver>,
    is_finished: bool,
}

impl CallGuard {
    pub(crate) fn new(state: CallState, observer: Option<CallObserver>) -> Self {
        Self { state: Arc::new(state), observer, is_finished: false }
    }

    /// Reports that the call succeeded, or failed with this error.
    pub(crate) fn finish(&mut self, error: Option<&Error>) {
        self.is_finished = true;
        self.report(error, false);
    }

    fn report(&self, error: Option<&Error>, is_dropped: bool) {
        let CallState { operation, store_id, start, .. } = *self.state;
        let (request_id, attempts, elapsed) = (&*self.state.request_id, self.state.attempts(), start.elapsed());
        self.state.span.in_scope(|| match error {
            Some(error) if error.is_expected() => {
                tracing::debug!(operation, store_id, attempts, ?elapsed, kind = ?error.kind(), %error, "the call failed");
            }
            Some(error) => {
                tracing::warn!(operation, store_id, attempts, ?elapsed, kind = ?error.kind(), %error, "the call failed");
            }
            None if is_dropped => tracing::debug!(operation, store_id, attempts, ?elapsed, "the call was dropped"),
            None => tracing::debug!(operation, store_id, attempts, ?elapsed, "the call succeeded"),
        });
        if let Some(observer) = &self.observer {
            observer(&Call { operation, store_id, request_id, attempts, elapsed, error, is_dropped });
        }
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        if !self.is_finished {
            self.report(None, true);
        }
    }
}

impl fmt::Debug for CallGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallGuard").field("operation", &self.state.operation).finish_non_exhaustive()
    }
}
