//! [`Error`]: the errors of a sandbox.

use std::{io, net::SocketAddr};

/// The errors of a sandbox.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is in use, or listening on it is not permitted.
    #[error("cannot listen on `{address}`: {source}; choose another port, or 0 for any free port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The thread of a sandbox that has its own cannot be created.
    #[error("cannot create a thread for the sandbox: {0}")]
    Thread(io::Error),
    /// The database cannot be opened.
    #[error(
        "cannot open the database `{path}`: {message}; choose a new file in a writable folder, or a file of a sandbox"
    )]
    Database {
        /// The path of the file, or `:memory:`.
        path: String,
        /// The reason.
        message: String,
    },
    /// A setting is not valid.
    #[error("{0}")]
    Setting(String),
    /// An order cannot be placed.
    #[error("cannot place the order: {0}")]
    Order(String),
    /// A coupon cannot be loaded.
    #[error("cannot load coupons: {0}")]
    Load(String),
    /// A source of coupons cannot be read, for example because it is not UTF-8.
    #[error("cannot read coupons: {0}")]
    Source(String),
    /// The stores cannot be dumped.
    #[error("cannot dump the stores: {0}")]
    Dump(io::Error),
}
