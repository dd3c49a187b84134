//! A request to `serve`: answered with a verdict, or with what is wrong with it.
//!
//! The first line is method and path, the second the content type, the rest the body.

use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use didit_face::server::{self, Options};
use didit_face::values::secret::ApiKey;
use didit_face::verdict::Verdict;
use didit_face::verdict::answer::AnswerDetails;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use tokio::runtime::{self, Runtime};

const KEY: &str = "local_key";

/// Without credits, to skip the networks: instrumented, they take seconds.
pub(crate) fn check(bytes: &[u8]) {
    static UNPAID: OnceLock<Server> = OnceLock::new();
    check_with(UNPAID.get_or_init(|| server(Some(0))), bytes);
}

/// With everything that follows a valid form.
#[allow(dead_code, reason = "for the test, not for the fuzz target")]
pub(crate) fn check_to_the_end(bytes: &[u8]) {
    static PAID: OnceLock<Server> = OnceLock::new();
    check_with(PAID.get_or_init(|| server(None)), bytes);
}

type Server = (Runtime, Router);

fn check_with(server: &Server, bytes: &[u8]) {
    let Some(request) = request(bytes) else { return };
    let path = request.uri().path().to_owned();
    let (status, body) = answer(server, request);
    // The service fails on addresses that it can't mail to, and so does its stand-in.
    let is_rehearsed = status.is_server_error() && path.ends_with("/register/");
    assert!(status.is_success() || status.is_client_error() || is_rehearsed, "{status}");
    if status.is_success() && path == "/v3/face-match/" {
        let threshold = "0".parse().expect("a threshold");
        Verdict::read(&body, threshold).expect("a verdict");
        AnswerDetails::read(&body).expect("a report");
    } else {
        serde_json::from_slice::<Value>(&body).expect("a JSON body");
    }
}

fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let mut lines = bytes.splitn(3, |&byte| byte == b'\n');
    let mut line = || lines.next();
    let (method, path) = std::str::from_utf8(line()?).ok()?.split_once(' ')?;
    let kind = line()?;
    let body = line().unwrap_or_default().to_vec();
    let request = Request::builder().method(method).uri(path).header("x-api-key", KEY);
    let request = request.header("content-type", kind).body(Body::from(body)).ok()?;
    // Like clients: with a path, not with a whole URL as for a proxy.
    path.starts_with('/').then_some(request)
}

fn answer((runtime, router): &Server, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    runtime.block_on(async {
        let service = TowerToHyperService::new(router.clone());
        let response = service.call(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        (head.status, to_bytes(body, usize::MAX).await.expect("a body").to_vec())
    })
}

/// Without limits that a fuzzer would hit.
fn server(credits: Option<u64>) -> Server {
    let runtime = runtime::Builder::new_current_thread().enable_time().build();
    let options = Options {
        key: ApiKey::new(&KEY.into()).expect("a key"),
        credits,
        rate: u32::MAX,
        review: None,
        latency: Duration::ZERO,
        fault: None,
        denied: Vec::new(),
        sandbox: false,
    };
    let router = server::router(([127, 0, 0, 1], 8787).into(), options, |_| {});
    (runtime.expect("a runtime"), router)
}
