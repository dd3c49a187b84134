//! `balance` and `top-up`.

use didit_face::api::billing::{Balance, CheckoutUrl};
use serde_json::{Value, json};

use crate::support::{Answer, Outcome, Service, Tool};

const BALANCE: &str = r#"{"balance": "1234.5600", "auto_refill_enabled": true,
  "auto_refill_amount": "500.00", "auto_refill_threshold": "100.00", "new": [1]}"#;
const URL: &str = "https://checkout.stripe.com/c/pay/cs_test_a1B2#fidkdWxOYHw";

fn checkout() -> String {
    json!({"checkout_session_id": "cs_test_a1B2", "checkout_session_url": URL}).to_string()
}

fn tool(service: &Service) -> Tool {
    Tool::at(service).args(["--retries", "0"])
}

/// The outcome of `balance` with this answer.
fn balance(body: &str, options: &[&str]) -> Outcome {
    let service = Service::always(Answer::new(200, body));
    tool(&service).arg("balance").args(options).run()
}

#[test]
fn the_balance_is_exact() {
    let service = Service::always(Answer::new(200, BALANCE));
    let outcome = tool(&service).arg("balance").run();
    outcome.exits(0);
    assert_eq!(outcome.row("Balance"), ["1234.56 USD"]);
    assert_eq!(outcome.row("Auto-refill"), ["on: adds 500.00 USD when it falls below 100.00 USD"]);
    assert!(!outcome.stdout.contains("match"), "no price is known");
    let request = service.only_request();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v3/billing/balance/"));
    assert_eq!(balance(BALANCE, &["--json"]).exits(0).stdout, format!("{BALANCE}\n"));
    let many = r#"{"balance": "9007199254740993.0001"}"#;
    assert_eq!(balance(many, &[]).exits(0).row("Balance"), ["9007199254740993.0001 USD"]);
    let number = r#"{"balance": 5, "auto_refill_enabled": false, "auto_refill_amount": null}"#;
    assert_eq!(balance(number, &[]).exits(0).row("Auto-refill"), ["off"]);
}

#[test]
fn at_least_is_a_gate() {
    for (least, code) in [("1234.56", 0), ("1234.5600", 0), ("0", 0), ("1234.5601", 5), ("2000", 5)]
    {
        let outcome = balance(BALANCE, &["--at-least", least]);
        if code == 0 {
            outcome.exits(0);
        } else {
            outcome.fails(5).stderr_has("1234.56 USD").stderr_has(least).stderr_has("top-up");
        }
    }
    let outcome = balance(BALANCE, &["--at-least", "2000", "--json"]);
    assert_eq!(outcome.exits(5).stdout, "");
    let error: Value = serde_json::from_str(&outcome.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "credits");
    assert_eq!(error["error"]["exit_code"], 5);
    for bad in ["-1", "1e3", "ten", "1,5", ""] {
        let service = Service::always(Answer::new(200, BALANCE));
        tool(&service).args(["balance", "--at-least", bad]).run().fails(2);
        assert_eq!(service.connections(), 0);
    }
}

#[test]
fn an_invalid_balance_never_passes_the_gate() {
    for body in [
        "",
        "[]",
        "{}",
        r#"{"balance": null}"#,
        r#"{"balance": "NaN"}"#,
        r#"{"balance": "9", "balance": "1"}"#,
    ] {
        balance(body, &["--at-least", "0"]).fails(9);
    }
}

#[test]
fn failures_have_their_codes() {
    for (status, body, code) in [
        (401, "", 4),
        (403, r#"{"detail": "You do not have permission to perform this action."}"#, 4),
        (402, "", 5),
        (400, r#"["Amount must be at least $50."]"#, 6),
        (413, "", 6),
        (404, "", 8),
        (429, "", 8),
        (500, "", 8),
        (301, "", 9),
    ] {
        let service = Service::always(Answer::new(status, body));
        tool(&service).arg("balance").run().fails(code);
        tool(&service).args(["top-up", "50"]).run().fails(code);
        assert_eq!(service.requests().len(), 2, "HTTP {status}");
    }
    let service = Service::always(Answer::new(200, BALANCE));
    tool(&service).arg("balance").without("DIDIT_API_KEY").run().fails(4);
    tool(&service).args(["top-up", "50"]).without("DIDIT_API_KEY").run().fails(4);
    assert_eq!(service.connections(), 0);
    Tool::with_base("http://127.0.0.1:9").args(["balance", "--retries", "0"]).run().fails(7);
}

#[test]
fn top_up_prints_only_the_url() {
    let service = Service::always(Answer::new(200, checkout()));
    let outcome = tool(&service)
        .args(["top-up", "62.50", "--success-url", "https://a.example/ok?x=1"])
        .args(["--cancel-url", "https://a.example/no"])
        .run();
    assert_eq!(outcome.exits(0).stdout, format!("{URL}\n"));
    let request = service.only_request();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/v3/billing/top-up/"));
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        r#"{"amount_in_dollars":62.5,"success_url":"https://a.example/ok?x=1","cancel_url":"https://a.example/no"}"#
    );
    let outcome = tool(&service).args(["top-up", "20000000", "--json"]).run();
    assert_eq!(outcome.exits(0).stdout, format!("{}\n", checkout()));
}

#[test]
fn top_up_always_sends_return_urls() {
    let service = Service::always(Answer::new(200, checkout()));
    tool(&service).args(["top-up", "50"]).run().exits(0);
    assert_eq!(
        String::from_utf8(service.only_request().body).unwrap(),
        r#"{"amount_in_dollars":50,"success_url":"https://business.didit.me","cancel_url":"https://business.didit.me"}"#
    );
}

#[test]
fn the_service_decides_the_maximum_amount() {
    let service = Service::always(Answer::new(400, r#"["Amount must be at most $10000."]"#));
    let outcome = tool(&service).args(["top-up", "20000"]).run();
    outcome.fails(6).stderr_has("Amount must be at most $10000.");
}

#[test]
fn an_invalid_amount_is_a_usage_error() {
    let service = Service::always(Answer::new(200, checkout()));
    for amount in ["49", "49.99", "50.001", "-50", "fifty", "1e2", ""] {
        tool(&service).args(["top-up", amount]).run().fails(2);
    }
    for url in ["javascript:alert(1)", "nonsense", "file:///etc/passwd"] {
        let outcome = tool(&service).args(["top-up", "50", "--success-url", url]).run();
        outcome.fails(2).stderr_has("must start with https:// or http://");
    }
    assert_eq!(service.connections(), 0);
}

#[test]
fn an_invalid_payment_url_is_not_trusted() {
    for url in [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://u:p@a.b/",
        "https://a.b/\u{1b}[2J",
    ] {
        let body = json!({"checkout_session_url": url}).to_string();
        let service = Service::always(Answer::new(200, body));
        tool(&service).args(["top-up", "50", "--open"]).run().fails(9);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn open_starts_the_browser_for_https_only() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let (browser, opened) = (folder.path().join("browser"), folder.path().join("opened"));
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", opened.display());
    fs::write(&browser, script).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let open = |body: String, change: &dyn Fn(Tool) -> Tool| {
        let service = Service::always(Answer::new(200, body));
        let tool = tool(&service).args(["top-up", "50", "--open"]).env("BROWSER", &browser);
        change(tool).run()
    };
    let local = json!({"checkout_session_url": "http://127.0.0.1:1/pay"}).to_string();
    let outcome = open(local, &|tool| tool);
    assert_eq!(outcome.exits(0).stdout, "http://127.0.0.1:1/pay\n");
    outcome.stderr_has("not https");
    assert!(!opened.exists());
    assert_eq!(open(checkout(), &|tool| tool).exits(0).stdout, format!("{URL}\n"));
    for _ in 0..100 {
        // The shell creates the file before it writes.
        if fs::read(&opened).is_ok_and(|url| !url.is_empty()) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(fs::read_to_string(&opened).unwrap(), URL);
    let none = open(checkout(), &|tool| tool.env("PATH", folder.path()).without("BROWSER"));
    assert_eq!(none.exits(0).stdout, format!("{URL}\n"));
    none.stderr_has("could not open a browser");
}

#[test]
fn the_documented_balance_is_read() {
    let body = br#"{"balance": "1234.5600", "auto_refill_enabled": true,
        "auto_refill_amount": "500.00", "auto_refill_threshold": "100.00"}"#;
    let balance = Balance::read(body).unwrap();
    assert_eq!(balance.balance.to_string(), "1234.56 USD");
    assert_eq!(balance.refills, Some(true));
    assert_eq!(balance.refill_amount.unwrap().to_string(), "500.00 USD");
    let body = br#"{"balance": 3.5, "auto_refill_enabled": false, "auto_refill_amount": null}"#;
    assert_eq!(Balance::read(body).unwrap().refill_amount, None);
}

#[test]
fn an_invalid_balance_is_refused() {
    for body in [
        "",
        "[]",
        "{}",
        r#"{"balance": null}"#,
        r#"{"balance": "much"}"#,
        r#"{"balance": "1", "balance": "2"}"#,
    ] {
        assert!(Balance::read(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn only_http_urls_are_checkout_pages() {
    let url =
        |url: &str| CheckoutUrl::read(format!(r#"{{"checkout_session_url": "{url}"}}"#).as_bytes());
    let stripe = "https://checkout.stripe.com/c/pay/cs_test_a1#x";
    assert_eq!(url(stripe).unwrap().as_str(), stripe);
    assert!(url(stripe).unwrap().is_https());
    assert!(!url("http://127.0.0.1:8787/pay").unwrap().is_https());
    for bad in [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.b/",
        "https://",
        "https://u:p@a.b/",
        "a.b/c",
        "https://a.b/ c",
        "https://a.b/ü",
    ] {
        assert!(url(bad).is_err(), "{bad}");
    }
}
