//! TLS of the client's own HTTP client.

#[cfg(feature = "rustls")]
mod with_rustls;
#[cfg(not(feature = "rustls"))]
mod without;

#[cfg(feature = "rustls")]
pub(crate) use with_rustls::permanent_failure;
#[cfg(not(feature = "rustls"))]
pub(crate) use without::permanent_failure;

/// A version of TLS, the older first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2, the oldest that is spoken here.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// The settings of TLS.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Tls {
    /// Certificates to trust besides the system's, as PEM; each text as it was given.
    pub(crate) root_certificates: Vec<Vec<u8>>,
    pub(crate) min_version: TlsVersion,
}
