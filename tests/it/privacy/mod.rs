//! Secrets and photos: who can see them, on screen, on disk, in memory and in other processes.

mod files;
mod leaks;
#[cfg(target_os = "linux")]
mod process;

use serde_json::json;

use crate::support::account::{NEW_KEY, PASSWORD};
use crate::support::bodies::APPROVED;
use crate::support::{Answer, KEY, Service, Tool};

pub(crate) const TOKENS: [&str; 2] = ["token-access-5d41402a", "token-refresh-7b52009b"];
/// In a session's answer: URLs of the photos.
pub(crate) const LINK: &str = "https://images.example/secret-1.jpg";

/// A healthy service, with accounts.
pub(crate) fn service() -> Service {
    Service::start(|connection| {
        while connection.request() {
            let body = answer(&connection.last().path);
            connection.send(Answer::new(200, body).bytes());
        }
    })
}

fn answer(path: &str) -> String {
    let body = match path.rsplit('/').nth(1).unwrap_or_default() {
        "face-match" => return APPROVED.to_owned(),
        "decision" => json!({"status": "Approved", "face_matches": [
            {"status": "Approved", "score": 80, "source_image": LINK, "target_image": LINK}]}),
        "verify-email" => json!({"access_token": TOKENS[0], "refresh_token": TOKENS[1],
            "application": {"api_key": NEW_KEY}}),
        "login" => json!({"access_token": TOKENS[0], "refresh_token": TOKENS[1]}),
        "me" => json!({"uuid": "o1", "name": "Organisation"}),
        "applications" => json!([{"uuid": "a1", "name": "App"}]),
        "a1" => json!({"uuid": "a1", "name": "App", "api_key": NEW_KEY}),
        "balance" => json!({"balance": "12.50"}),
        "top-up" => json!({"checkout_session_url": "https://pay.example/c/1"}),
        _ => json!({"message": "A code was sent."}),
    };
    body.to_string()
}

/// The tool with all secrets in its environment, at this service.
pub(crate) fn tool(service: &Service) -> Tool {
    Tool::plain()
        .env("DIDIT_API_KEY", KEY)
        .env("DIDIT_PASSWORD", PASSWORD)
        .env("DIDIT_API_URL", service.base())
        .env("DIDIT_AUTH_URL", service.base())
        .env("DIDIT_TIMEOUT", "30")
}
