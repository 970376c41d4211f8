//! A build without TLS.

use reqwest::{ClientBuilder, Url};

use super::Tls;
use crate::Error;

/// The absence of TLS.
#[derive(Clone)]
pub(crate) struct TlsConfig;

impl TlsConfig {
    pub(crate) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        builder
    }
}

impl Tls {
    /// Accepts plain HTTP only.
    pub(crate) fn set_up(&self, base_url: &Url, _direct: bool) -> Result<TlsConfig, Error> {
        if base_url.scheme() == "http" && *self == Self::default() {
            return Ok(TlsConfig);
        }
        Err(Error::configuration(
            "this build has no TLS; enable the feature `ring` or `aws-lc-rs` of ecwid-coupons, or pass a \
             `reqwest::Client` to `ClientBuilder::http_client`",
        ))
    }
}

/// Never returns a hint, because there is no TLS.
pub(crate) fn permanent_failure(_: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    None
}
