//! TLS of the client's own HTTP client.

use reqwest::{ClientBuilder, Url};

use crate::Error;

/// Sets up rustls with the ring provider and the system's certificates.
#[cfg(feature = "rustls")]
pub(crate) fn with_tls(builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore, crypto::ring};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let failed = |error| Error::configuration(format!("TLS cannot be set up: {error}"));
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    // Without TLS there is no need for the system's certificates, which a bare container does not have.
    let config = if base_url.scheme() == "https" {
        config.with_platform_verifier().map_err(failed)?.with_no_client_auth()
    } else {
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    Ok(builder.tls_backend_preconfigured(config))
}

/// Without TLS there is plain HTTP alone, as a sandbox speaks it.
#[cfg(not(feature = "rustls"))]
pub(crate) fn with_tls(builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
    if base_url.scheme() == "http" {
        return Ok(builder);
    }
    Err(Error::configuration(
        "this build has no TLS; turn the feature `rustls` on, or hand a `reqwest::Client` to `ClientBuilder::http_client`",
    ))
}
