//! TLS: which certificates to trust, and errors that say what is wrong with one.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use reqwest::{Certificate, ClientBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{AlertDescription, CertificateError, Error as TlsError, RootCertStore};

use super::failure::NOT_CHARGED;
use super::route::Base;
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

const CLOCK: &str =
    "check this machine's clock\nif it is right, the service must renew its certificate";

const PURPOSE: (&str, &str) = (
    "its certificate is not made for a server",
    "it must be issued again with the extended key usage serverAuth",
);

pub(super) fn failed(base: &Base, ca_file: Option<&CaFile>, e: &TlsError) -> Error {
    let (what, hint) = match e {
        TlsError::InvalidCertificate(e) => certificate(e, ca_file),
        TlsError::InvalidMessage(_) => {
            ("that address doesn't speak TLS", "check the URL's scheme and port".to_owned())
        }
        TlsError::AlertReceived(alert) => return refused(base, *alert),
        TlsError::PeerIncompatible(_) => (
            "it has no TLS version or algorithm in common with didit-face",
            "didit-face speaks TLS 1.2 and 1.3 with current algorithms: check the URL".to_owned(),
        ),
        _ => ("the TLS handshake failed; nothing was sent", "check the URL".to_owned()),
    };
    error(base, what).hints(hint.lines())
}

fn error(base: &Base, what: &str) -> Error {
    let host = base.authority();
    Error::new(Kind::Network, format!("no secure connection to `{host}`: {what}"))
}

fn certificate(e: &CertificateError, ca_file: Option<&CaFile>) -> (&'static str, String) {
    use CertificateError as Bad;
    let (what, hint) = match e {
        // Another authority of the same name has a different key: a bad signature.
        e if matches!(e, Bad::UnknownIssuer | Bad::BadSignature) || is_partial_chain(e) => {
            let hint = match ca_file {
                Some(file) => format!(
                    "the certificates in `{}` don't lead to it: add its CA certificate, and any intermediate that the server doesn't send",
                    file.path.display()
                ),
                None => "if your network inspects TLS, name its CA certificate with --cacert FILE or SSL_CERT_FILE".to_owned(),
            };
            return ("its certificate comes from an unknown authority", hint);
        }
        Bad::Expired | Bad::ExpiredContext { .. } => ("its certificate has expired", CLOCK),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
            ("its certificate is not valid yet", CLOCK)
        }
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => (
            "its certificate is for a different host",
            "check the URL: something else may be answering there",
        ),
        Bad::Revoked => ("its certificate was revoked", "the service must renew its certificate"),
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => PURPOSE,
        Bad::UnsupportedSignatureAlgorithmContext { .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => (
            "its certificate uses an algorithm that is not accepted, such as SHA-1 or P-521",
            "it must be issued again with RSA or ECDSA P-256 or P-384, and SHA-256 or better",
        ),
        // webpki's own errors have no public type here, only their names.
        other => match other.to_string() {
            name if name.contains("CaUsedAsEndEntity") => (
                "its certificate is a CA certificate, which can't be a server's too",
                "make one with `openssl req -x509 -addext basicConstraints=critical,CA:FALSE`, or have the CA sign one for the server",
            ),
            name if name.contains("Eku") || name.contains("Purpose") => PURPOSE,
            name if name.contains("NameConstraint") => (
                "the CA that issued its certificate may not do so for this host",
                "check the URL\nif it is right, another CA must issue the certificate",
            ),
            name if name.contains("Algorithm") => (
                "its certificate uses an algorithm that is not accepted, such as SHA-1 or P-521",
                "it must be issued again with RSA or ECDSA P-256 or P-384, and SHA-256 or better",
            ),
            _ => (
                "its certificate is not valid",
                "check the URL\nif it is right, the service must renew its certificate",
            ),
        },
    };
    (what, hint.to_owned())
}

/// `CERT_E_CHAINING`, which Windows' verifier passes on as it is: no way to a known authority.
fn is_partial_chain(e: &CertificateError) -> bool {
    matches!(e, CertificateError::Other(e) if e.to_string().contains("(os error -2146762486)"))
}

/// Whether the other side refuses us with an alert; in TLS 1.3 it may come after the handshake.
pub(super) fn is_refusal(e: &TlsError) -> bool {
    matches!(e, TlsError::AlertReceived(alert) if words(*alert).is_some())
}

fn words(alert: AlertDescription) -> Option<&'static str> {
    use AlertDescription as Alert;
    Some(match alert {
        Alert::CertificateRequired | Alert::NoCertificate => "it wants a client certificate",
        Alert::HandshakeFailure => {
            "it refused us: it may want a client certificate, or have no algorithm in common with didit-face"
        }
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA
        | Alert::AccessDenied => "it refused us, probably because it wants a client certificate",
        _ => return None,
    })
}

fn refused(base: &Base, alert: AlertDescription) -> Error {
    let Some(what) = words(alert) else {
        return error(base, "the server ended the TLS handshake; nothing was sent")
            .hint("check the URL's host and port");
    };
    error(base, what)
        .mark_final()
        .hint("didit-face has no client certificates: check the URL, or ask who runs that host")
        .and_hint(NOT_CHARGED)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;

    use super::*;

    #[test]
    fn a_partial_chain_on_windows_is_an_unknown_authority() {
        let text = "A certificate chain could not be built to a trusted root authority. (os error -2146762486)";
        let e = CertificateError::Other(OtherError(Arc::from(Box::from(text))));
        let base = Base::parse("https://a.example").unwrap();
        let error = failed(&base, None, &TlsError::InvalidCertificate(e));
        assert!(error.message().ends_with("its certificate comes from an unknown authority"));
        assert!(error.next_step().is_some_and(|hint| hint.contains("--cacert")));
    }

    #[test]
    fn no_message_names_a_type() {
        let base = Base::parse("https://a.example").unwrap();
        for e in [
            TlsError::AlertReceived(AlertDescription::HandshakeFailure),
            TlsError::AlertReceived(AlertDescription::CertificateRequired),
            TlsError::AlertReceived(AlertDescription::InternalError),
            TlsError::InvalidCertificate(CertificateError::BadEncoding),
            TlsError::InvalidCertificate(CertificateError::InvalidPurpose),
            TlsError::General("SomeName".to_owned()),
            TlsError::DecryptError,
        ] {
            let error = failed(&base, None, &e);
            assert_eq!(error.is_final(), is_refusal(&e), "{e:?}");
            let is_name =
                |word: &str| word.chars().skip(1).any(|c| c.is_ascii_uppercase()) && word != "TLS";
            assert!(!error.message().split(' ').any(is_name), "{error}");
        }
    }
}
