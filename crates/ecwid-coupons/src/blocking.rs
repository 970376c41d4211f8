//! [`Blocking`]: calls from programs without async code.

use std::{fmt, io};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Client, Error};

/// A runtime for calls from programs without async code. [`Client::blocking`] creates it.
///
/// [`run`](Self::run) can be called from several threads. Dropping it cancels the background tasks of its runtime, such
/// as those of `tokio::spawn`.
///
/// # Example
///
/// ```
/// # let sandbox = ecwid_coupons_sandbox::Sandbox::spawn()?;
/// # let coupons = sandbox.client()?;
/// use ecwid_coupons::types::NewCoupon;
///
/// let blocking = coupons.blocking()?;
/// blocking.run(coupons.create(&NewCoupon::percent("First order 10% OFF", "FIRST", 10)))?;
/// let first = blocking.run(coupons.get("FIRST"))?;
/// assert_eq!(first.code.as_deref(), Some("FIRST"));
///
/// // Any future with a `Result` works, so several calls can run at a time.
/// blocking.run(async {
///     tokio::try_join!(coupons.get("FIRST"), coupons.get(first.id.unwrap_or_default()))?;
///     Ok::<_, ecwid_coupons::Error>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Blocking {
    /// `None` while it is dropped.
    runtime: Option<Runtime>,
}

impl Client {
    /// Creates a runtime for calls from programs without async code. It has one thread. Needs the feature `blocking`.
    ///
    /// Keep it as long as you make calls, because the connections belong to it.
    ///
    /// # Errors
    ///
    /// The system cannot create a thread.
    pub fn blocking(&self) -> Result<Blocking, Error> {
        // The thread handles connections that the server closes between two calls.
        let made = Builder::new_multi_thread().worker_threads(1).thread_name("ecwid-coupons").enable_all().build();
        let failed = |error: io::Error| Error::configuration(format!("cannot create a runtime: {error}"));
        Ok(Blocking { runtime: Some(made.map_err(failed)?) })
    }
}

impl Blocking {
    /// Runs a call and blocks the thread until it is complete.
    ///
    /// # Errors
    ///
    /// Returns the error of the call. Returns [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) without
    /// running it if the thread belongs to an async runtime, because blocking would stop other tasks of that runtime.
    ///
    /// # Example
    ///
    /// ```
    /// # ecwid_coupons_sandbox::run_example(async |_sandbox, coupons| {
    /// use ecwid_coupons::ErrorKind;
    ///
    /// let blocking = coupons.blocking()?;
    /// // This example runs in an async function.
    /// let error = blocking.run(coupons.get("FIRST")).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Configuration);
    /// # Ok(())
    /// # });
    /// ```
    pub fn run<F, T, E>(&self, call: F) -> Result<T, E>
    where
        F: IntoFuture<Output = Result<T, E>>,
        E: From<Error>,
    {
        if Handle::try_current().is_ok() {
            let error = Error::configuration("`Blocking::run` was called in an async runtime")
                .with_hint("await the call instead, or use `tokio::runtime::Handle::block_on` in `spawn_blocking`");
            return Err(error.into());
        }
        self.runtime.as_ref().expect("the runtime exists until it is dropped").block_on(call.into_future())
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Waiting for the thread would panic in an async function.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").finish_non_exhaustive()
    }
}
