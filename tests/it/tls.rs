//! TLS: which certificates are trusted, and how others are reported.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, date_time_ymd};
use rustls::ServerConfig;

use crate::support::bodies::APPROVED;
use crate::support::certificates::{Authority, stored_server};
use crate::support::{Answer, MAYBE_PAID, Outcome, Photos, Service, Tool};

fn approving(tls: Arc<ServerConfig>) -> Service {
    Service::secure(tls, |connection| {
        while connection.request() {
            connection.send(Answer::new(200, APPROVED).bytes());
        }
    })
}

fn secure_base(service: &Service) -> String {
    format!("https://localhost:{}", service.port())
}

/// Refused at the first attempt, before any byte of the request is sent.
#[track_caller]
fn refused(service: &Service, trusted: Option<&Authority>) -> Outcome {
    refused_with(service, trusted.map(Authority::pem))
}

/// The same with the PEM of an authority.
#[track_caller]
fn refused_with(service: &Service, trusted: Option<String>) -> Outcome {
    let photos = Photos::new();
    let mut tool = Tool::with_base(&secure_base(service)).pair(&photos);
    if let Some(pem) = trusted {
        tool = tool.arg("--cacert").arg(photos.add("ca.pem", pem.as_bytes()));
    }
    let outcome = tool.run();
    outcome.fails(7).stderr_lacks("tried").stderr_lacks(MAYBE_PAID);
    outcome.stderr_has(&format!("localhost:{}", service.port()));
    assert_eq!((service.connections(), service.requests().len()), (1, 0));
    outcome
}

#[test]
fn an_unknown_authority() {
    let service = approving(Authority::new().server("localhost"));
    let outcome = refused(&service, None);
    outcome.stderr_has("unknown authority").stderr_has("--cacert").stderr_has("SSL_CERT_FILE");
}

#[test]
fn a_different_authority_from_the_named_one() {
    let service = approving(Authority::new().server("localhost"));
    refused(&service, Some(&Authority::new()));
}

#[test]
fn trusted_by_flag_and_by_variable() {
    let authority = Authority::new();
    let photos = Photos::new();
    let file = photos.add("ca.pem", authority.pem().as_bytes());
    let other = photos.add("other.pem", Authority::new().pem().as_bytes());
    let service = approving(authority.server("localhost"));
    let tool = || Tool::with_base(&secure_base(&service)).pair(&photos);
    tool().arg("--cacert").arg(&file).run().exits(0);
    tool().env("SSL_CERT_FILE", &file).run().exits(0);
    tool().env("SSL_CERT_FILE", &other).arg("--cacert").arg(&file).run().exits(0);
    assert_eq!(service.requests().len(), 3);
}

#[test]
fn every_certificate_of_the_file_counts() {
    let authority = Authority::new();
    let photos = Photos::new();
    let bundle = format!("# two\n{}\n{}", Authority::new().pem(), authority.pem());
    let file = photos.add("bundle.pem", bundle.as_bytes());
    let service = approving(authority.server("localhost"));
    let tool = Tool::with_base(&secure_base(&service)).pair(&photos);
    tool.arg("--cacert").arg(file).run().exits(0);
}

#[test]
fn what_is_wrong_with_a_certificate_is_said() {
    let authority = Authority::new();
    let future = |params: &mut CertificateParams| params.not_before = date_time_ymd(2090, 1, 1);
    let for_clients = |params: &mut CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    };
    let of_a_ca = |params: &mut CertificateParams| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    };
    for (server, what, next) in [
        (authority.server_with(future), "not valid yet", "clock"),
        (authority.server_with(for_clients), "not made for a server", "serverAuth"),
        (authority.server_with(of_a_ca), "is a CA certificate", "CA:FALSE"),
        (authority.expired_server("localhost"), "has expired", "clock"),
        (Authority::new().server("localhost"), "unknown authority", "intermediate"),
    ] {
        refused(&approving(server), Some(&authority)).stderr_has(what).stderr_has(next);
    }
}

#[test]
fn an_authority_for_other_hosts_and_algorithms_that_are_not_accepted() {
    let authority = Authority::only_for("example.com");
    let service = approving(authority.server("localhost"));
    refused(&service, Some(&authority)).stderr_has("may not do so for this host");
    for (certificate, authority) in [
        (&include_bytes!("data/tls/sha1.pem")[..], include_str!("data/tls/sha1_ca.pem")),
        (include_bytes!("data/tls/p521.pem"), include_str!("data/tls/p521_ca.pem")),
    ] {
        let service = approving(stored_server(certificate));
        let outcome = refused_with(&service, Some(authority.to_owned()));
        outcome.stderr_has("SHA-1 or P-521").stderr_has("must be issued again");
    }
}

#[test]
fn a_server_that_wants_a_client_certificate() {
    let authority = Authority::new();
    let service = approving(authority.demanding_server("localhost"));
    let outcome = refused(&service, Some(&authority));
    outcome.stderr_has("client certificate").stderr_has("nothing was charged");
}

#[test]
fn a_file_of_certificates_counts_only_whole() {
    let photos = Photos::new();
    let pem = Authority::new().pem();
    for (bad, what) in [
        (String::new(), "no certificate"),
        ("hello".to_owned(), "no certificate"),
        (pem[..pem.len() / 2].to_owned(), "damaged"),
        (format!("{pem}{}", pem.replace("\nM", "\nA")), "number 2"),
    ] {
        let file = photos.add("bad.pem", bad.as_bytes());
        let tool = Tool::with_base("https://localhost:1").pair(&photos).arg("--cacert").arg(file);
        tool.run().fails(2).stderr_has("bad.pem").stderr_has(what).stderr_has("--cacert");
    }
}

/// A container without a bundle of CA certificates. Elsewhere the system's own store can't be hidden.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[test]
fn a_system_without_ca_certificates() {
    let photos = Photos::new();
    let tool = Tool::with_base("https://localhost:1").env("SSL_CERT_DIR", photos.folder());
    let outcome = tool.pair(&photos).run();
    outcome.fails(7).stderr_has("`localhost:1`").stderr_has("no CA certificates");
    outcome.stderr_has("ca-certificates").stderr_has("--cacert").stderr_lacks("builder");
}
