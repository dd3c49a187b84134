//! Proxies: used for https, and never for this machine.

use std::time::Duration;

use crate::batch::Batch;
use crate::support::bodies::APPROVED;
use crate::support::connection::Connection;
use crate::support::{Answer, KEY, MAYBE_PAID, Photos, Service, Tool};

const VARIABLES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// A proxy that records requests and refuses them.
fn refusing() -> Service {
    Service::always(Answer::new(407, "").header("Connection", "close"))
}

fn proxied(base: &str, variable: &str, proxy: &Service) -> Tool {
    let tool = Tool::with_base(base).pair(&Photos::new()).args(["--retries", "0"]);
    tool.env(variable, proxy.base()).env("DIDIT_TIMEOUT", "3")
}

#[test]
fn this_machine_is_reached_directly() {
    for variable in VARIABLES {
        let (proxy, service) = (refusing(), Service::approving());
        for host in ["127.0.0.1", "localhost"] {
            let base = format!("http://{host}:{}", service.port());
            proxied(&base, variable, &proxy).run().exits(0);
        }
        assert_eq!((proxy.connections(), service.requests().len()), (0, 2), "{variable}");
    }
}

#[test]
fn another_machine_is_reached_through_a_tunnel() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let proxy = refusing();
        let outcome = proxied("https://service.invalid", variable, &proxy).run();
        outcome.fails(7).stderr_lacks(MAYBE_PAID);
        let request = proxy.only_request();
        assert_eq!(
            (request.method.as_str(), request.path.as_str()),
            ("CONNECT", "service.invalid:443")
        );
        assert!(request.header("x-api-key").is_empty() && request.body.is_empty());
        assert!(!format!("{:?}", request.headers).contains(KEY));
    }
}

/// Each wrong one counts towards the lock-out of a directory's account.
#[test]
fn a_wrong_password_is_tried_once_by_a_whole_batch() {
    let (batch, proxy) = (Batch::of(20), refusing());
    let tool = Tool::with_base("https://service.invalid").arg("batch").arg(&batch.manifest);
    let tool = tool.arg("-o").arg(&batch.journal).arg("--base-dir").arg(batch.photos.folder());
    let tool = tool.env("HTTPS_PROXY", proxy.base().replace("://", "://ann:wrong@"));
    let outcome = tool.env("DIDIT_TIMEOUT", "3").run();
    outcome.fails(7).stderr_has("check the user name and the password there");
    assert_eq!((proxy.connections(), batch.judged().len()), (1, 0));
}

#[test]
fn http_proxy_does_not_apply_to_https() {
    let proxy = refusing();
    let outcome = proxied("https://service.invalid", "HTTP_PROXY", &proxy).run();
    outcome.fails(7);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn no_proxy_is_respected() {
    for (names, is_direct) in [
        ("service.invalid", true),
        (".invalid", true),
        ("*", true),
        ("a.example, *", true),
        ("other.invalid", false),
        ("", false),
    ] {
        let proxy = refusing();
        let tool = proxied("https://service.invalid", "HTTPS_PROXY", &proxy);
        tool.env("NO_PROXY", names).run().fails(7);
        assert_eq!(proxy.connections() == 0, is_direct, "{names}");
    }
}

/// Ignoring it would send the request directly.
#[test]
fn an_invalid_proxy_is_a_usage_error() {
    let service = Service::approving();
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for value in ["http://ann:secret@bad host:1", "http://[::1", "socks5://127.0.0.1:1"] {
            let tool = |base: &str| Tool::with_base(base).env(variable, value);
            let outcome = tool("https://service.invalid").arg("balance").run();
            outcome.fails(2).stderr_has(variable).stderr_lacks("secret");
            // Nor does it matter where it isn't needed.
            let tool = |base: &str| tool(base).args(["--retries", "0", "--connect-timeout", "1"]);
            let outcome = tool("https://192.0.2.1").env("NO_PROXY", "*").arg("balance").run();
            outcome.fails(7).stderr_lacks("proxy `");
            // This machine is reached without a proxy.
            tool(&service.base()).pair(&Photos::new()).run().exits(0);
        }
    }
}

#[test]
fn a_proxys_own_answer_is_never_a_verdict() {
    let proxy = Service::start(|connection| {
        connection.request();
        connection.send("HTTP/1.1 200 OK\r\n\r\n");
        // Instead of TLS, the tunnel has an approval in plain text.
        connection.send(Answer::new(200, APPROVED).bytes());
        connection.hang();
    });
    proxied("https://service.invalid", "HTTPS_PROXY", &proxy).run().fails(7);
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn a_silent_proxy_does_not_extend_the_timeout() {
    let proxy = Service::start(Connection::hang);
    let tool = proxied("https://service.invalid", "HTTPS_PROXY", &proxy).args(["--timeout", "1"]);
    let (outcome, elapsed) = crate::support::timed(|| tool.run());
    outcome.fails(7);
    // Without a timeout, the proxy hangs for 15 s.
    assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
}

#[test]
fn a_usable_proxy_for_https_hides_an_unusable_one_for_all() {
    let proxy = refusing();
    let tool = proxied("https://service.invalid", "HTTPS_PROXY", &proxy);
    tool.env("ALL_PROXY", "socks://127.0.0.1:1").run().fails(7).stderr_has("requires");
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn a_refused_tunnel_shows_its_status_and_a_login_is_asked_for_once() {
    for status in [403, 503] {
        let proxy = Service::always(Answer::new(status, "").header("Connection", "close"));
        let outcome = proxied("https://service.invalid", "HTTPS_PROXY", &proxy).run();
        outcome.fails(7).stderr_has("the proxy `127.0.0.1").stderr_has(&format!("HTTP {status}"));
    }
    let proxy = refusing();
    let tool = proxied("https://service.invalid", "HTTPS_PROXY", &proxy).args(["--retries", "5"]);
    tool.run().fails(7).stderr_has("authenti");
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn a_proxy_that_does_not_speak_tls_is_blamed_itself() {
    let proxy = Service::start(|connection| {
        connection.await_first_byte();
        connection.send(Answer::new(400, "speak http").bytes());
        connection.hang();
    });
    let url = proxy.base().replace("http:", "https:");
    let tool = Tool::with_base("https://service.invalid").pair(&Photos::new());
    let outcome = tool.args(["--retries", "0"]).env("HTTPS_PROXY", url).run();
    outcome.fails(7).stderr_has("the proxy `127.0.0.1").stderr_has("http://");
    assert!(proxy.connections() > 0);
}
