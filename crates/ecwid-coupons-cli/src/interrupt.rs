//! Ctrl-C while something is being changed: the command says what may have been done before it ends.

use std::{future::Future, io};

use crate::exit::Failure;

/// Listens for signals to stop. From then on they end the command only where [`Interrupts::or`] waits.
pub(crate) struct Interrupts {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Interrupts {
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    #[cfg(windows)]
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { interrupt: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for a change, or for a signal to stop; then `unfinished` says what is not known.
    pub(crate) async fn or<T>(
        &mut self,
        change: impl Future<Output = T>,
        unfinished: impl FnOnce() -> String,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            result = change => Ok(result),
            exit_code = self.stopped() => Err(Failure::interrupted(exit_code, unfinished())),
        }
    }

    /// Waits for a signal, and gives the exit code that shells know it by.
    #[cfg(unix)]
    async fn stopped(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
            _ = self.hang_up.recv() => 129,
        }
    }

    #[cfg(windows)]
    async fn stopped(&mut self) -> u8 {
        self.interrupt.recv().await;
        130
    }
}
