//! TLS: the trusted certificates.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::dial::DialStream;
use crate::long_connection::failure::{Failure, Step};

/// The trusted certificates: those of the system, and those that were added.
#[derive(Clone, Default)]
pub(in crate::long_connection) struct Tls {
    extra: Vec<CertificateDer<'static>>,
    /// Created when first needed.
    config: Arc<OnceLock<Arc<ClientConfig>>>,
}

impl Tls {
    /// Trusts the certificates in this PEM too.
    pub(in crate::long_connection) fn trust_pem(&mut self, pem: &[u8]) -> Result<(), String> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.map_err(|error| error.to_string())?;
        if certificates.is_empty() {
            return Err("there is no certificate in it".to_owned());
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            let added = store.add(certificate.clone());
            added.map_err(|error| error.to_string())?;
        }
        self.extra.extend(certificates);
        self.config = Arc::default();
        Ok(())
    }

    /// Wraps a stream into TLS.
    pub(in crate::long_connection) async fn wrap(
        &self,
        stream: Box<dyn DialStream>,
        host: &str,
        limit: Duration,
    ) -> Result<Box<dyn DialStream>, Failure> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            Failure::failed(Step::Tls, host, error)
        };
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(name.to_owned()).map_err(|error| failed(error.into()))?;
        let config = self.config().map_err(|error| failed(error.into()))?;
        match timeout(limit, TlsConnector::from(config).connect(name, stream)).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(failed(error.into())),
            Err(_) => Err(Failure::timed_out(Step::Tls, host)),
        }
    }

    fn config(&self) -> Result<Arc<ClientConfig>, tokio_rustls::rustls::Error> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let mut roots = RootCertStore::clone(system_roots());
        roots.add_parsable_certificates(self.extra.iter().cloned());
        // The provider is named, so that a program with two of them need not choose one.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }
}

/// The system's root certificates; where there are none, as in small containers, Mozilla's.
fn system_roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::debug!(%error, "some of the system's root certificates cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            tracing::debug!("the system has no root certificates: Mozilla's are used");
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        roots
    })
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("extra", &self.extra.len())
            .finish_non_exhaustive()
    }
}
