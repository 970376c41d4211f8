//! [`Prism`]: the mock server that the sandbox is compared with.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::tools::node::Packages;

const START: Duration = Duration::from_secs(60);

/// A Prism that runs until this value is dropped.
pub(super) struct Prism {
    process: Child,
    address: SocketAddr,
}

impl Prism {
    /// Starts Prism with the document. It does not log requests, because logging takes time.
    pub(super) fn start(packages: &Packages, document: &Path) -> anyhow::Result<Self> {
        // Prism does not report a port that it chooses itself.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut node = packages.node("@stoplight/prism-cli/dist/index.js");
        node.arg("mock").arg(document).args(["--host", "127.0.0.1", "--port", &address.port().to_string()]);
        node.args(["--verboseLevel", "error"]).stdout(Stdio::null());
        let process = node.spawn().context("cannot start Prism")?;
        let mut prism = Self { process, address };
        prism.wait()?;
        Ok(prism)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let since = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("Prism exited: {status}");
            }
            if since.elapsed() > START {
                bail!("Prism does not accept connections after {} s", START.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
