//! `POST /v3/face-match/`: reads the form, compares, pays, remembers.

use std::sync::Arc;

use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequest, Multipart, Request, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::{Timestamp, Unit};
use serde_json::Value;
use uuid::Uuid;

use super::form::{self, Form};
use super::{AppState, Reply};
use crate::engine::{CompareError, Comparison, EngineError, Role, Rotation, answer};
use crate::picture;
use crate::server::sessions::Session;
use crate::server::state::{Access, State};
use crate::server::{Permission, answers, body};
use crate::verdict::Status;

/// The form is read even where the request is refused: a client that is still sending would
/// lose the answer together with the connection.
pub(super) async fn face_match(Shared(state): AppState, request: Request) -> Reply {
    let admitted = state.admit(request.headers(), Permission::Match, Access::Write);
    let form = body::in_time(read_form(request)).await;
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
    let broken = |_| answers::internal_error();
    let permit =
        Arc::clone(&state.judges).acquire_owned().await.map_err(|_| answers::internal_error())?;
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
        EngineError::Model(_) => answers::internal_error(),
        EngineError::Picture(
            picture::Error::NoImage
            | picture::Error::Damaged(_)
            | picture::Error::Unsupported(_)
            | picture::Error::Unusual,
        ) => answers::field(field, form::NO_IMAGE),
        EngineError::Picture(beyond) => answers::field(field, &beyond.to_string()),
    }
}

/// Pays, and remembers the request unless it must not be saved.
fn answer(state: &State, form: &Form, comparison: &Comparison) -> Reply {
    let status = state.status(comparison, form.threshold);
    let request_id = Uuid::new_v4().to_string();
    // As exact as it is written, so that a list can be asked for this very moment.
    let created_at =
        Timestamp::now().round(Unit::Microsecond).map_err(|_| answers::internal_error())?;
    let details = answer::Details {
        threshold: form.threshold,
        request_id: &request_id,
        created_at: &format!("{created_at:.6}"),
        vendor_data: form.vendor_data.as_deref(),
        metadata: form.metadata.as_deref(),
    };
    let body = answer::body_as(status, comparison, &details)
        .and_then(|body| serde_json::from_slice(&body))
        .map_err(|_| answers::internal_error())?;
    let answer = as_the_service_says_it(body, form.save, state.options.sandbox);
    let mut books = state.books();
    if !books.pay() {
        return Err(answers::no_credits());
    }
    if form.save {
        books.sessions.add(session(request_id, status, &answer, form, created_at));
    }
    Ok(answers::json(StatusCode::OK, &answer))
}

/// Where the service differs from the built-in engine: one warning for a face that is missing in
/// either photo, and 0 for no score where nothing is saved.
fn as_the_service_says_it(mut answer: Value, is_saved: bool, is_sandbox: bool) -> Value {
    let face_match = &mut answer["face_match"];
    if face_match["score"].is_null() {
        if !is_saved {
            face_match["score"] = 0.into();
        }
        for warning in face_match["warnings"].as_array_mut().into_iter().flatten() {
            if warning["risk"] == "NO_FACE_DETECTED" {
                warning["risk"] = "NO_REFERENCE_IMAGE".into();
            }
        }
    }
    if is_sandbox {
        answer["environment"] = "sandbox".into();
    }
    answer
}

fn session(
    id: String,
    status: Status,
    answer: &Value,
    form: &Form,
    created_at: Timestamp,
) -> Session {
    let face_match = &answer["face_match"];
    Session {
        id,
        status: status.name(),
        judged: status.name(),
        score: face_match["score"].clone(),
        warnings: face_match["warnings"].clone(),
        vendor_data: form.vendor_data.clone(),
        created_at,
        is_filed: false,
    }
}
