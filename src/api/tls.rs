//! Which certificates to trust: the system's, and those in a file.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use reqwest::{Certificate, ClientBuilder};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::base::Base;
use crate::error::{Error, Kind, unreadable};

/// In bytes; a system's whole bundle has about 0.2 MB.
const LIMIT: u64 = 10_000_000;

/// A PEM file with certificates, and the flag or variable that named it.
#[derive(Clone, Debug)]
pub struct CaFile {
    pub path: PathBuf,
    pub named_by: &'static str,
}

/// Sets up TLS where `base` is https.
///
/// # Errors
/// [`Kind::Usage`] if the file can't be used.
pub(super) fn with_tls(
    builder: ClientBuilder,
    base: &Base,
    ca_file: Option<&CaFile>,
) -> Result<ClientBuilder, Error> {
    // Fails only if a provider is installed already, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if !base.is_https() {
        // Otherwise, the system's certificates would be read for nothing.
        return Ok(builder.tls_certs_only([]));
    }
    let builder = builder.https_only(true);
    match ca_file {
        None => Ok(builder),
        Some(file) => Ok(builder.tls_certs_merge(certificates(file)?)),
    }
}

fn certificates(file: &CaFile) -> Result<Vec<Certificate>, Error> {
    let bad = |why: &str| {
        let message = format!("`{}`, named by {}, {why}", file.path.display(), file.named_by);
        Error::new(Kind::Usage, message).hint("it must be a PEM file with certificates")
    };
    let mut pem = Vec::new();
    File::open(&file.path)
        .and_then(|file| file.take(LIMIT + 1).read_to_end(&mut pem))
        .map_err(|e| bad(&unreadable(&e)))?;
    if pem.len() as u64 > LIMIT {
        return Err(bad(&format!("is over {} MB", LIMIT / 1_000_000)));
    }
    let mut certificates = Vec::new();
    for (at, der) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let damaged = || bad(&format!("has a damaged certificate, number {}", at + 1));
        let der = der.map_err(|_| damaged())?;
        RootCertStore::empty().add(der.clone()).map_err(|_| damaged())?;
        certificates.push(Certificate::from_der(&der).map_err(|_| damaged())?);
    }
    if certificates.is_empty() { Err(bad("has no certificate")) } else { Ok(certificates) }
}
