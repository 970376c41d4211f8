//! TLS of the default HTTP client.

#[cfg(feature = "rustls")]
mod with_rustls;
#[cfg(not(feature = "rustls"))]
mod without;

#[cfg(feature = "rustls")]
pub(crate) use with_rustls::{TlsConfig, permanent_failure};
#[cfg(not(feature = "rustls"))]
pub(crate) use without::{TlsConfig, permanent_failure};

/// A version of TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// The settings of TLS.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Tls {
    /// The certificates to trust in addition to those of the system, as PEM.
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) min_version: TlsVersion,
}
