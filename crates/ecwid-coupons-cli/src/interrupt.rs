//! Signals that ask the command to stop.

use std::{
    future::{Future, poll_fn},
    io,
    task::Poll,
};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Signal, ctrl_c};

use crate::exit::{Code, Failure};

/// Signals that the command handles. They no longer end the process by themselves.
pub(crate) struct Interrupts(Vec<(Code, Signal)>);

impl Interrupts {
    /// Handles the signals of these exit codes. On Windows, only Ctrl-C can be handled.
    pub(crate) fn listen(codes: &[Code]) -> Result<Self, Failure> {
        let known = codes.iter().filter(|code| cfg!(unix) || **code == Code::Interrupted);
        let signals = known.map(|code| Ok((*code, signal_of(*code)?))).collect::<io::Result<_>>();
        signals.map(Self).map_err(|error| Failure::other(format!("cannot handle signals: {error}"), "try again"))
    }

    /// Handles the signals that can interrupt a change.
    pub(crate) fn during_change() -> Result<Self, Failure> {
        Self::listen(&[Code::Interrupted, Code::Terminated, Code::HungUp])
    }

    /// Waits for a change. After a signal, returns a failure with the text of `unfinished`.
    pub(crate) async fn or<T>(
        &mut self,
        change: impl Future<Output = T>,
        unfinished: impl FnOnce() -> String,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            result = change => Ok(result),
            code = self.next() => Err(Failure::interrupted(code, unfinished())),
        }
    }

    /// Waits for a signal and returns its exit code.
    pub(crate) async fn next(&mut self) -> Code {
        poll_fn(|context| {
            let mut caught = self.0.iter_mut().filter_map(|(code, signal)| {
                let is_caught = signal.poll_recv(context).is_ready();
                is_caught.then_some(*code)
            });
            caught.next().map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }
}

#[cfg(unix)]
fn signal_of(code: Code) -> io::Result<Signal> {
    // The exit code of a signal is its number plus 128.
    signal(SignalKind::from_raw(i32::from(code as u8) - 128))
}

#[cfg(windows)]
fn signal_of(_: Code) -> io::Result<Signal> {
    ctrl_c()
}
