//! TLS with rustls.

use std::sync::Arc;

use reqwest::{ClientBuilder, Url};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier,
    client::WantsClientCert,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject as _},
    version::{TLS12, TLS13},
};
use rustls_platform_verifier::Verifier;

use super::{Tls, TlsVersion};
use crate::{Error, error::causes};

/// TLS that is set up.
#[derive(Clone)]
pub(crate) struct TlsConfig(ClientConfig);

impl TlsConfig {
    pub(crate) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        builder.tls_backend_preconfigured(self.0.clone())
    }
}

impl Tls {
    /// Sets up rustls. `direct` means that there is no proxy.
    pub(crate) fn set_up(&self, base_url: &Url, direct: bool) -> Result<TlsConfig, Error> {
        let provider = provider().ok_or_else(|| {
            Error::configuration(
                "TLS has no cryptography provider; enable the feature `ring` or `aws-lc-rs` of ecwid-coupons, or install \
                 a provider with `rustls::crypto::CryptoProvider::install_default` before you create the client",
            )
        })?;
        let versions: &[_] = match self.min_version {
            TlsVersion::Tls12 => &[&TLS13, &TLS12],
            TlsVersion::Tls13 => &[&TLS13],
        };
        let roots = self.roots()?;
        let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).map_err(failed)?;
        let is_https = base_url.scheme() == "https";
        let config = if is_https || !direct {
            match with_system(config.clone(), roots) {
                // A container may have no certificates. This server needs none.
                Err(_) if !is_https => config.with_root_certificates(RootCertStore::empty()),
                result => result?,
            }
        } else {
            config.with_root_certificates(RootCertStore::empty())
        };
        Ok(TlsConfig(config.with_no_client_auth()))
    }

    /// Returns the given certificates, and checks each.
    fn roots(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        let mut all = Vec::new();
        for pem in &self.root_certificates {
            let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
            let read = read.map_err(|error| {
                Error::configuration(format!("invalid root certificates: {error} (expected {PEM_LOOKS})"))
            })?;
            if read.is_empty() {
                return Err(Error::configuration(format!(
                    "invalid root certificates: there are none (expected {PEM_LOOKS})"
                )));
            }
            all.extend(read);
        }
        for (index, certificate) in all.iter().enumerate() {
            RootCertStore::empty().add(certificate.clone()).map_err(|error| {
                let number = index + 1;
                Error::configuration(format!("invalid root certificate number {number}: {error}"))
            })?;
        }
        Ok(all)
    }
}

const PEM_LOOKS: &str = "texts from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`";

fn failed(error: rustls::Error) -> Error {
    Error::configuration(format!("cannot set up TLS: {error}"))
}

/// Returns the provider that the program installed, or that of a feature. With both features it is aws-lc-rs, because it
/// is the default of the HTTP library too.
fn provider() -> Option<Arc<CryptoProvider>> {
    let provider = CryptoProvider::get_default().cloned();
    #[cfg(feature = "aws-lc-rs")]
    let provider = provider.or_else(|| Some(Arc::new(rustls::crypto::aws_lc_rs::default_provider())));
    #[cfg(feature = "ring")]
    let provider = provider.or_else(|| Some(Arc::new(rustls::crypto::ring::default_provider())));
    provider
}

type Config<State> = ConfigBuilder<ClientConfig, State>;

/// Trusts the certificates of the system and these.
fn with_system(
    config: Config<WantsVerifier>,
    roots: Vec<CertificateDer<'static>>,
) -> Result<Config<WantsClientCert>, Error> {
    let provider = Arc::clone(config.crypto_provider());
    #[cfg(not(target_os = "android"))]
    let verifier = Verifier::new_with_extra_roots(roots, provider);
    #[cfg(target_os = "android")]
    let verifier = if roots.is_empty() {
        Verifier::new(provider)
    } else {
        return Err(Error::configuration("root certificates cannot be added on Android; install them on the system"));
    };
    let verifier = verifier.map_err(|error| {
        Error::configuration(format!(
            "cannot set up TLS: {error}; install the system's certificates (often the package ca-certificates), or add root \
             certificates with `ClientBuilder::add_root_certificates`"
        ))
    })?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)))
}

/// Returns a hint if another attempt would fail in the same way.
pub(crate) fn permanent_failure(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    causes(error).find_map(|cause| cause.downcast_ref()).and_then(hint)
}

fn hint(error: &rustls::Error) -> Option<&'static str> {
    use rustls::Error as Tls;

    Some(match error {
        Tls::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "add the root certificate of the server or the proxy to the trusted ones, if you trust it"
        }
        Tls::InvalidCertificate(_) => "replace the certificate of the server or the proxy",
        Tls::PeerIncompatible(_)
        | Tls::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure) => {
            "allow an older TLS version, if you can: the server or the proxy supports none of the allowed ones"
        }
        Tls::InvalidMessage(_) => "check the base URL and the proxy settings: the server does not use TLS",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn aws_lc_rs_is_used_where_both_are_there() {
        let used = format!("{:?}", super::provider().unwrap().key_provider);
        assert_eq!(used, if cfg!(feature = "aws-lc-rs") { "AwsLcRs" } else { "Ring" });
    }
}
