//! [`Error`]: why a sandbox could not be started or filled.

use std::{io, net::SocketAddr};

/// Why a sandbox could not be started or filled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address is taken or may not be used.
    #[error("cannot listen on {address}: {source}; choose another port, or 0 for any that is free")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The address can be reached from other machines.
    #[error("{0} is no loopback address; a sandbox serves this machine alone")]
    NotLoopback(SocketAddr),
    /// The database cannot be opened.
    #[error(
        "cannot open the database {path}: {message}; name a new file, or one of a sandbox, in a folder that can be written to"
    )]
    Database {
        /// The file, or `:memory:`.
        path: String,
        /// What SQLite said.
        message: String,
    },
    /// A setting is not valid.
    #[error("{0}")]
    Setting(String),
    /// An order cannot be placed.
    #[error("cannot place the order: {0}")]
    Order(String),
    /// A coupon cannot be put in.
    #[error("cannot put a coupon in: {0}")]
    Load(String),
    /// What is in the stores cannot be written.
    #[error("cannot dump the stores: {0}")]
    Dump(io::Error),
}
