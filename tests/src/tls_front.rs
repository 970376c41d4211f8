//! TLS before another server, with a certificate that no system trusts.

use std::{io, net::SocketAddr, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, SupportedProtocolVersion, crypto::ring, pki_types::PrivateKeyDer};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// The names that the certificate is for.
pub const NAMES: [&str; 2] = ["localhost", "store.example"];

/// The TLS before a server. It ends with the runtime it was started on.
pub struct TlsFront {
    address: SocketAddr,
    root: String,
}

impl TlsFront {
    /// Starts TLS with these versions in front of the server at `behind`.
    ///
    /// # Errors
    ///
    /// Returns an error if no port is free, or if the certificate cannot be created.
    pub async fn start(
        behind: SocketAddr,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(NAMES.map(str::to_owned))?.signed_by(&key, &authority)?;
        let key = PrivateKeyDer::try_from(key.serialize_der())?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;

        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(pass_on(acceptor.clone(), connection, behind));
            }
        });
        Ok(Self { address, root: authority.pem() })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address for a client that asks this machine.
    pub fn base_url(&self) -> String {
        format!("https://localhost:{}/api/v3", self.address.port())
    }

    /// The root certificate, as PEM.
    pub fn root(&self) -> &str {
        &self.root
    }
}

async fn pass_on(acceptor: TlsAcceptor, connection: TcpStream, behind: SocketAddr) -> io::Result<()> {
    let mut connection = acceptor.accept(connection).await?;
    copy_bidirectional(&mut connection, &mut TcpStream::connect(behind).await?).await?;
    Ok(())
}
