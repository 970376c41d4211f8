//! [`ReadAhead`]: a task that reads a sequence, so that the next item is requested while Python handles the last one.

use std::sync::Arc;

use pyo3::{exceptions::PyRuntimeError, prelude::*};
use tokio::{
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    task::AbortHandle,
};

use crate::runtime::{self, ProcessLocal};

pub(super) struct ReadAhead<T> {
    task: ProcessLocal<Task<T>>,
}

/// The task that reads. It ends when it is dropped.
struct Task<T> {
    items: Arc<Mutex<Receiver<T>>>,
    handle: AbortHandle,
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

impl<T: Send + 'static> ReadAhead<T> {
    /// Starts a task that sends the items. The task should end when the sender reports that the receiver is closed.
    pub(super) fn start<F>(read: impl FnOnce(Sender<T>) -> F) -> PyResult<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(1);
        let task = runtime::spawn(read(sender))?;
        let task = Task { items: Arc::new(Mutex::new(receiver)), handle: task.abort_handle() };
        Ok(Self { task: ProcessLocal::new(task) })
    }

    /// Returns the next item. In a forked child, which has no task, raises `RuntimeError` with this message.
    pub(super) fn next(&self, in_child: &'static str) -> PyResult<impl Future<Output = Option<T>> + Send + use<T>> {
        let task = self.task.get().ok_or_else(|| PyRuntimeError::new_err(in_child))?;
        let items = Arc::clone(&task.items);
        Ok(async move { items.lock().await.recv().await })
    }

    pub(super) fn stop(&self) {
        // A forked child has no task.
        if let Some(task) = self.task.get() {
            task.handle.abort();
        }
    }
}
