//! The routes, with logging and injected failures.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State as Shared};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde_json::json;

use super::state::{AppState, Notice, State};
use super::{account, answers, billing, face_match, options, session};

/// All routes. Like the service, it also has the account endpoints below `/auth`.
pub(super) fn router(state: Arc<State>) -> Router {
    let form_limit = DefaultBodyLimit::max(answers::FORM_LIMIT);
    let service = Router::new()
        .route("/v3/face-match/", post(face_match::face_match).layer(form_limit))
        .route("/v3/session/{id}/decision/", get(session::decision))
        .route("/v3/session/{id}/delete/", delete(session::delete))
        .route("/v3/sessions/", get(session::list))
        .route("/v3/sessions", get(session::list_without_slash))
        .route("/v3/billing/balance/", get(billing::balance))
        .route("/v3/billing/top-up/", post(billing::top_up))
        .merge(account::router())
        .nest("/auth", account::router())
        .layer(middleware::from_fn_with_state(Arc::clone(&state), rehearse_bad_days));
    Router::new()
        .route("/system/healthcheck", get(healthcheck))
        .route("/system/healthcheck/", get(healthcheck))
        .route("/_local/sessions/", get(session::list_without_faults))
        .route("/_local/session/{id}/", post(session::settle))
        .route("/_local/checkout/{id}/", get(billing::checkout).post(billing::pay))
        .merge(service)
        .fallback(async |request: Request| {
            read_whole(request).await;
            answers::not_found()
        })
        .method_not_allowed_fallback(async |method: Method, request: Request| {
            read_whole(request).await;
            let text = format!("Method \"{method}\" not allowed.");
            answers::detail(StatusCode::METHOD_NOT_ALLOWED, &text)
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&state), report))
        .with_state(state)
}

/// `--latency` and `--fault`.
async fn rehearse_bad_days(Shared(state): AppState, request: Request, next: Next) -> Response {
    // Even a zero sleep takes a millisecond.
    if !state.options.latency.is_zero() {
        tokio::time::sleep(state.options.latency).await;
    }
    match state.options.fault.filter(|fault| fault.strikes()) {
        None => next.run(request).await,
        Some(fault) if fault.is_late => {
            next.run(request).await;
            fault.answer(state.options.rate)
        }
        Some(fault) => {
            read_whole(request).await;
            fault.answer(state.options.rate)
        }
    }
}

/// A client that is still sending would miss the answer.
async fn read_whole(request: Request) {
    let _ = answers::read(request.into_body(), answers::FORM_LIMIT).await;
}

async fn report(Shared(state): AppState, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let response = next.run(request).await;
    state.tell(Notice::Answered {
        method: method.as_str(),
        path: &path,
        status: (!options::is_dropped(&response)).then(|| response.status().as_u16()),
        elapsed: started.elapsed(),
    });
    response
}

async fn healthcheck() -> Response {
    answers::json(StatusCode::OK, &json!({"status": "ok"}))
}
