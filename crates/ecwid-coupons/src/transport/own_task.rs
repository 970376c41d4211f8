//! [`in_own_task`]: runs a future that other calls wait for.

use std::{future::pending, panic::resume_unwind};

use tokio::task::JoinHandle;
use tracing::Instrument as _;

/// Runs a future in a task of its own, which ends if the caller is dropped.
///
/// A caller may stop polling, for example a stream of pages whose next page nobody wants yet. If it held a lock then, all
/// other calls would wait for it.
pub(super) async fn in_own_task<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let mut task = OwnTask(tokio::spawn(future.in_current_span()));
    match (&mut task.0).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        // The runtime is about to end, and the caller with it.
        Err(_) => pending().await,
    }
}

/// A task that ends when it is dropped.
struct OwnTask<T>(JoinHandle<T>);

impl<T> Drop for OwnTask<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
