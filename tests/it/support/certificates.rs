//! A certificate authority for tests, and certificates that are valid or have one flaw.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, GeneralSubtree, IsCa, KeyPair,
    NameConstraints, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{WantsServerCert, WebPkiClientVerifier};
use rustls::{ConfigBuilder, RootCertStore, ServerConfig, WantsVerifier};

/// An authority that no system knows.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        Self::with(CertificateParams::default())
    }

    /// One that may issue certificates only for `host`.
    pub(crate) fn only_for(host: &str) -> Self {
        let mut params = CertificateParams::default();
        let permitted_subtrees = vec![GeneralSubtree::DnsName(host.to_owned())];
        params.name_constraints =
            Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        Self::with(params)
    }

    fn with(mut params: CertificateParams) -> Self {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    /// Its certificate, as a file for `--cacert`.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server whose certificate is for `host`.
    pub(crate) fn server(&self, host: &str) -> Arc<ServerConfig> {
        self.sign(&params(host))
    }

    /// A server whose certificate is from another decade.
    pub(crate) fn expired_server(&self, host: &str) -> Arc<ServerConfig> {
        let mut params = params(host);
        params.not_before = date_time_ymd(2010, 1, 1);
        params.not_after = date_time_ymd(2011, 1, 1);
        self.sign(&params)
    }

    /// A server that wants a client certificate.
    pub(crate) fn demanding_server(&self, host: &str) -> Arc<ServerConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("an authority");
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        self.sign_for(&params(host), |versions| {
            versions.with_client_cert_verifier(verifier.build().expect("a verifier"))
        })
    }

    /// A server with `params`, changed.
    pub(crate) fn server_with(
        &self,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Arc<ServerConfig> {
        let mut params = params("localhost");
        change(&mut params);
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        self.sign_for(params, ConfigBuilder::<ServerConfig, WantsVerifier>::with_no_client_auth)
    }

    fn sign_for(
        &self,
        params: &CertificateParams,
        clients: impl FnOnce(
            ConfigBuilder<ServerConfig, WantsVerifier>,
        ) -> ConfigBuilder<ServerConfig, WantsServerCert>,
    ) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = clients(versions()).with_single_cert(vec![certificate.der().clone()], key);
        Arc::new(config.expect("a server"))
    }
}

/// A server for localhost with a certificate that rcgen can't sign: openssl made the files in
/// `data/tls`, which are valid for 100 years.
pub(crate) fn stored_server(certificate: &[u8]) -> Arc<ServerConfig> {
    let certificate = CertificateDer::from_pem_slice(certificate).expect("a certificate");
    let key = include_bytes!("../data/tls/key.pem");
    let key = PrivateKeyDer::from_pem_slice(key).expect("a key");
    let versions = versions().with_no_client_auth();
    Arc::new(versions.with_single_cert(vec![certificate], key).expect("a server"))
}

fn versions() -> ConfigBuilder<ServerConfig, WantsVerifier> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).expect("a host name")
}
