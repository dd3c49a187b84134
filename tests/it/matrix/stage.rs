//! The peers: services with good and bad certificates, proxies, closed ports.

use std::sync::Arc;

use rustls::ServerConfig;
use tempfile::TempDir;

use super::commands::Command;
use super::faults::{Behaviour, Certificate, Fault, Peer, Scene};
use crate::support::certificates::Authority;
use crate::support::connection::Connection;
use crate::support::service::ClosedPort;
use crate::support::{Answer, Service};

/// A host that is only reachable through a proxy.
const FAR: &str = "service.invalid";

/// Shared by all cells: keys take a long time to make.
pub(super) struct Stage {
    folder: TempDir,
    good: Arc<ServerConfig>,
    unknown: Arc<ServerConfig>,
    expired: Arc<ServerConfig>,
    another: Arc<ServerConfig>,
    demanding: Arc<ServerConfig>,
}

/// The peer of one cell.
pub(super) struct Scenery {
    /// Where the command connects to.
    pub(super) authority: String,
    /// Who receives the request, if anyone.
    pub(super) service: Option<Service>,
    /// Who must never receive anything.
    pub(super) elsewhere: Service,
    /// How the tool is pointed there.
    pub(super) environment: Vec<(&'static str, String)>,
    _closed: ClosedPort,
}

impl Stage {
    pub(super) fn new() -> Self {
        let authority = Authority::new();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        Self {
            folder,
            good: authority.server("localhost"),
            unknown: Authority::new().server("localhost"),
            expired: authority.expired_server("localhost"),
            another: authority.server("other.example"),
            demanding: authority.demanding_server("localhost"),
        }
    }

    /// The peer with `fault`, for `command`.
    pub(super) fn set(&self, fault: &Fault, command: &Command) -> Scenery {
        let elsewhere = Service::always(Answer::new(200, command.good));
        let host = format!("localhost:{}", elsewhere.port());
        let scene = Scene { good: command.good, elsewhere: host };
        let (service, closed) = (self.service(&fault.peer, scene), ClosedPort::new());
        let port = service.as_ref().map_or(closed.port(), Service::port);
        let local = || format!("localhost:{port}");
        let (authority, proxy) = match fault.peer {
            Peer::Proxy(_) | Peer::NoProxy => (FAR.to_owned(), Some(local())),
            _ => (local(), None),
        };
        let ca_file = self.folder.path().join("ca.pem").display().to_string();
        let timeout = if fault.peer.is_slow() { "1" } else { "20" };
        let mut environment = vec![("SSL_CERT_FILE", ca_file), ("DIDIT_TIMEOUT", timeout.into())];
        environment.extend(proxy.map(|proxy| ("HTTPS_PROXY", format!("http://{proxy}"))));
        Scenery { authority, service, elsewhere, environment, _closed: closed }
    }

    fn service(&self, peer: &Peer, scene: Scene) -> Option<Service> {
        let good = scene.good;
        let behave = |behaviour: &Behaviour| {
            let behaviour = Arc::clone(behaviour);
            move |connection: &mut Connection| behaviour(connection, &scene)
        };
        match peer {
            Peer::Nobody | Peer::NoProxy => None,
            Peer::Service(behaviour) | Peer::Deaf(behaviour) | Peer::Slow(behaviour) => {
                Some(Service::secure(Arc::clone(&self.good), behave(behaviour)))
            }
            Peer::Clear(behaviour) | Peer::SlowClear(behaviour) | Peer::Proxy(behaviour) => {
                Some(Service::start(behave(behaviour)))
            }
            Peer::Distrusted(certificate) => {
                let config = match certificate {
                    Certificate::UnknownAuthority => &self.unknown,
                    Certificate::Expired => &self.expired,
                    Certificate::AnotherHost => &self.another,
                    Certificate::OfClient => &self.demanding,
                };
                Some(Service::secure(Arc::clone(config), move |connection| {
                    while connection.request() {
                        connection.send(Answer::new(200, good).bytes());
                    }
                }))
            }
        }
    }
}

impl Scenery {
    pub(super) fn base(&self) -> String {
        format!("https://{}", self.authority)
    }
}

impl Drop for Scenery {
    fn drop(&mut self) {
        self.elsewhere.close();
        self.service.iter().for_each(Service::close);
    }
}
