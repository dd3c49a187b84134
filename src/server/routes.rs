//! The paths, and what each does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{self, Form};
use super::sessions::{Session, Unsettled};
use super::state::{Access, State, dawdle};
use super::{Notice, answers, onboarding};
use crate::engine::{CompareError, Comparison, EngineError, Role, Rotation, answer};
use crate::picture;
use crate::verdict::Status;

/// The largest form: two photos and room for one that is far too large to be told so.
const FORM_LIMIT: usize = 32 * 1024 * 1024;
/// The largest JSON body.
const JSON_LIMIT: usize = 64 * 1024;
/// The longest time that a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

pub(super) type AppState = Shared<Arc<State>>;
/// The part of a path that names something, if it is text.
type Id = Result<Path<String>, PathRejection>;
/// An answer, or the refusal that stands in its place.
pub(super) type Reply = Result<Response, Response>;

/// Every path, the account paths both below `/auth` as the service has them and without.
pub(super) fn router(state: Arc<State>) -> Router {
    let service = Router::new()
        .route("/v3/face-match/", post(face_match).layer(DefaultBodyLimit::max(FORM_LIMIT)))
        .route("/v3/session/{id}/decision/", get(decision))
        .route("/v3/billing/balance/", get(balance))
        .route("/v3/billing/top-up/", post(top_up))
        .merge(onboarding::router())
        .nest("/auth", onboarding::router())
        .layer(middleware::from_fn_with_state(Arc::clone(&state), rehearse_bad_days));
    Router::new()
        .route("/system/healthcheck", get(healthcheck))
        .route("/system/healthcheck/", get(healthcheck))
        .route("/_local/session/{id}/", post(settle))
        .route("/_local/checkout/{id}/", get(checkout).post(pay))
        .merge(service)
        .fallback(async || answers::not_found())
        .method_not_allowed_fallback(async |method: Method| {
            let text = format!("Method \"{method}\" not allowed.");
            answers::detail(StatusCode::METHOD_NOT_ALLOWED, &text)
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&state), report))
        .with_state(state)
}

/// `--latency` and `--fault`.
async fn rehearse_bad_days(Shared(state): AppState, request: Request, next: Next) -> Response {
    dawdle(state.options.latency).await;
    match &state.options.fault {
        Some(fault) if fault.strikes() => {
            // Whoever still sends would lose the answer together with the connection.
            let _ = read_body(request.into_body(), FORM_LIMIT).await;
            fault.answer(state.options.rate)
        }
        _ => next.run(request).await,
    }
}

async fn report(Shared(state): AppState, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let response = next.run(request).await;
    state.tell(Notice::Answered {
        method: method.as_str(),
        path: &path,
        status: response.status().as_u16(),
        elapsed: started.elapsed(),
    });
    response
}

async fn healthcheck() -> Response {
    answers::json(StatusCode::OK, &json!({"status": "ok"}))
}

/// The form is read even where the request is refused: a client that is still sending would
/// lose the answer together with the connection.
async fn face_match(Shared(state): AppState, request: Request) -> Reply {
    let admitted = state.admit(request.headers(), Access::Write);
    let form = in_time(read_form(request)).await;
    admitted?;
    let form = form??;
    if !state.books().has_credit() {
        return Err(answers::no_credits());
    }
    let (form, comparison) = judge(&state, form).await?;
    answer(&state, &form, &comparison)
}

async fn read_form(request: Request) -> Result<Form, Response> {
    let kind = request.headers().get(CONTENT_TYPE).cloned();
    match Multipart::from_request(request, &()).await {
        Ok(multipart) => form::read(multipart).await,
        Err(rejection) => Err(no_form(kind.as_ref(), &rejection)),
    }
}

fn no_form(kind: Option<&HeaderValue>, rejection: &MultipartRejection) -> Response {
    let kind = kind.map(|kind| String::from_utf8_lossy(kind.as_bytes()).into_owned());
    let kind = kind.unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let text = format!("Multipart form parse error - {}", rejection.body_text());
        answers::detail(StatusCode::BAD_REQUEST, &text)
    } else {
        let text = format!("Unsupported media type \"{kind}\" in request.");
        answers::detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, &text)
    }
}

/// Compares on a thread of its own. The permit goes along, so that pairs whose client has
/// gone away still count as long as they keep a core busy.
async fn judge(state: &Arc<State>, form: Form) -> Result<(Form, Comparison), Response> {
    let broken = |_| internal_error();
    let permit = Arc::clone(&state.judges).acquire_owned().await.map_err(|_| internal_error())?;
    let state = Arc::clone(state);
    let work = move || {
        let _permit = permit;
        let rotation = if form.rotate { Rotation::Search } else { Rotation::AsIs };
        let result = state.engine.compare(&form.user_image, &form.ref_image, rotation);
        result.map(|comparison| (form, comparison))
    };
    tokio::task::spawn_blocking(work).await.map_err(broken)?.map_err(|e| unusable(&e))
}

fn unusable(e: &CompareError) -> Response {
    let field = match e.role {
        Role::User => "user_image",
        Role::Reference => "ref_image",
    };
    match &e.error {
        EngineError::Model(_) => internal_error(),
        EngineError::Picture(
            picture::Error::NoImage
            | picture::Error::Damaged(_)
            | picture::Error::Unsupported(_)
            | picture::Error::Unusual,
        ) => answers::field(field, form::NO_IMAGE),
        EngineError::Picture(beyond) => answers::field(field, &beyond.to_string()),
    }
}

pub(super) fn internal_error() -> Response {
    answers::detail(StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred.")
}

/// Pays, and remembers the request unless it must not be saved.
fn answer(state: &State, form: &Form, comparison: &Comparison) -> Reply {
    let status = state.status(comparison, form.threshold);
    let request_id = Uuid::new_v4().to_string();
    let created_at = format!("{:.6}", Timestamp::now());
    let details = answer::Details {
        threshold: form.threshold,
        request_id: &request_id,
        created_at: &created_at,
        vendor_data: form.vendor_data.as_deref(),
        metadata: form.metadata.as_deref(),
    };
    let body = answer::body_as(status, comparison, &details).map_err(|_| internal_error())?;
    let mut books = state.books();
    if !books.pay() {
        return Err(answers::no_credits());
    }
    if form.save {
        books.sessions.add(request_id, session(status, &body, form, created_at));
    }
    Ok(answers::raw(StatusCode::OK, body))
}

fn session(status: Status, body: &[u8], form: &Form, created_at: String) -> Session {
    let mut answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut take = |key: &str| answer["face_match"][key].take();
    Session {
        status: status.name(),
        judged: status.name(),
        score: take("score"),
        warnings: take("warnings"),
        vendor_data: form.vendor_data.clone(),
        created_at,
    }
}

async fn decision(Shared(state): AppState, id: Id, headers: HeaderMap) -> Reply {
    state.admit(&headers, Access::Read)?;
    let id = read_id(id)?;
    let decision = state.books().sessions.decision(&id).ok_or_else(answers::not_found)?;
    Ok(answers::json(StatusCode::OK, &decision))
}

/// What is no text names nothing that there is.
fn read_id(id: Id) -> Result<String, Response> {
    id.map(|Path(id)| id).map_err(|_| answers::not_found())
}

async fn balance(Shared(state): AppState, headers: HeaderMap) -> Reply {
    state.admit(&headers, Access::Read)?;
    let body = json!({
        "balance": state.books().balance(),
        "auto_refill_enabled": false,
        "auto_refill_amount": null,
        "auto_refill_threshold": null,
    });
    Ok(answers::json(StatusCode::OK, &body))
}

async fn top_up(Shared(state): AppState, request: Request) -> Reply {
    let admitted = state.admit(request.headers(), Access::Write);
    let body = read_json(request.into_body()).await;
    admitted?;
    let dollars = dollars(&body?)?;
    let id = state.books().new_checkout(dollars);
    let url = format!("{}/_local/checkout/{id}/", state.base);
    let body = json!({"checkout_session_id": id, "checkout_session_url": url});
    Ok(answers::json(StatusCode::OK, &body))
}

/// Whole dollars, of a number or a string that is one.
fn dollars(body: &Value) -> Result<u64, Response> {
    let field = |miss| answers::field("amount_in_dollars", miss);
    let amount = match &body["amount_in_dollars"] {
        Value::Null => return Err(field("This field is required.")),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(field("A valid number is required.")),
    };
    let amount =
        Decimal::from_str_exact(&amount).map_err(|_| field("A valid number is required."))?;
    if amount < Decimal::from(50) {
        let body = json!(["Amount must be at least $50."]);
        return Err(answers::json(StatusCode::BAD_REQUEST, &body));
    }
    amount.to_u64().ok_or_else(|| field("A valid number is required."))
}

/// `POST /_local/session/{id}/` `{"status": "Approved"}`: this server's own, to settle a review.
async fn settle(Shared(state): AppState, id: Id, body: Body) -> Reply {
    let id = read_id(id)?;
    let body = read_json(body).await?;
    let status = body["status"].as_str().unwrap_or_default();
    let mut books = state.books();
    books.sessions.settle(&id, status).map_err(|unsettled| match unsettled {
        Unsettled::Session => answers::not_found(),
        Unsettled::Status => answers::field("status", "Not one of the session's statuses."),
    })?;
    let decision = books.sessions.decision(&id).ok_or_else(answers::not_found)?;
    Ok(answers::json(StatusCode::OK, &decision))
}

async fn checkout(Shared(state): AppState, id: Id) -> Reply {
    let id = read_id(id)?;
    let is_open = state.books().has_checkout(&id);
    if is_open { Ok(answers::checkout_page()) } else { Err(answers::not_found()) }
}

async fn pay(Shared(state): AppState, id: Id) -> Reply {
    let id = read_id(id)?;
    let mut books = state.books();
    if !books.pay_checkout(&id) {
        return Err(answers::not_found());
    }
    Ok(answers::json(StatusCode::OK, &json!({"paid": true, "balance": books.balance()})))
}

/// A JSON object, whatever the content type says.
pub(super) async fn read_json(body: Body) -> Result<Value, Response> {
    let bytes = read_body(body, JSON_LIMIT).await?;
    match serde_json::from_slice(&bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(answers::detail(StatusCode::BAD_REQUEST, "Invalid data. Expected an object.")),
        Err(e) => Err(answers::detail(StatusCode::BAD_REQUEST, &format!("JSON parse error - {e}"))),
    }
}

async fn read_body(body: Body, limit: usize) -> Result<Bytes, Response> {
    in_time(to_bytes(body, limit))
        .await?
        .map_err(|_| answers::detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large."))
}

async fn in_time<T>(work: impl Future<Output = T>) -> Result<T, Response> {
    tokio::time::timeout(BODY_TIME, work).await.map_err(|_| answers::too_slow())
}
