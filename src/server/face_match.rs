//! `POST /v3/face-match/`: reads the form, compares the photos, takes a credit, saves the session.

use std::sync::Arc;

use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequest, Multipart, Request, State as Shared};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::{Timestamp, Unit};
use serde_json::Value;
use uuid::Uuid;

use super::answers;
use super::answers::Reply;
use super::form::{self, Form};
use super::options::Permission;
use super::state::{Access, AppState, State};
use super::store::Session;
use crate::engine::{CompareError, Comparison, EngineError, Role, Rotation, answer};
use crate::picture;

/// Reads the whole form even if the request is refused: a client that is still sending would miss
/// the answer.
pub(super) async fn face_match(Shared(state): AppState, request: Request) -> Reply {
    let admitted = state.admit(request.headers(), Permission::Match, Access::Write);
    let form = answers::in_time(read_form(request)).await;
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
        Err(rejection) => Err(not_a_form(kind.as_ref(), &rejection)),
    }
}

fn not_a_form(kind: Option<&HeaderValue>, rejection: &MultipartRejection) -> Response {
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

/// Compares on another thread, which holds the permit: pairs whose client has hung up count for as
/// long as they keep a core busy.
async fn judge(state: &Arc<State>, form: Form) -> Result<(Form, Comparison), Response> {
    let permit = Arc::clone(&state.judges).acquire_owned().await;
    let permit = permit.map_err(|_| answers::internal_error())?;
    let state = Arc::clone(state);
    let work = move || {
        let _permit = permit;
        let rotation = if form.rotate { Rotation::Search } else { Rotation::AsIs };
        let result = state.engine.compare(&form.user_image, &form.ref_image, rotation);
        result.map(|comparison| (form, comparison))
    };
    let compared = tokio::task::spawn_blocking(work).await;
    compared.map_err(|_| answers::internal_error())?.map_err(|e| unusable(&e))
}

fn unusable(e: &CompareError) -> Response {
    let field = match e.role {
        Role::User => "user_image",
        Role::Reference => "ref_image",
    };
    match &e.error {
        EngineError::Model(_) => answers::internal_error(),
        EngineError::Picture(
            picture::Error::NotAnImage
            | picture::Error::Damaged(_)
            | picture::Error::Unsupported(_)
            | picture::Error::Unusual,
        ) => answers::field(field, form::NOT_AN_IMAGE),
        EngineError::Picture(beyond) => answers::field(field, &beyond.to_string()),
    }
}

/// Takes a credit, and saves the session unless the client opted out.
fn answer(state: &State, form: &Form, comparison: &Comparison) -> Reply {
    let status = state.status(comparison, form.threshold);
    let request_id = Uuid::new_v4().to_string();
    // Rounded to the precision that clients see, so that `date_from` can name this moment.
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
    let answer = like_the_service(body, form.save, state.options.sandbox);
    let mut books = state.books();
    if !books.pay() {
        return Err(answers::no_credits());
    }
    if form.save {
        books.sessions.add(Session {
            number: 0,
            id: request_id,
            status: status.name(),
            judged: status.name(),
            score: answer["face_match"]["score"].clone(),
            warnings: answer["face_match"]["warnings"].clone(),
            vendor_data: form.vendor_data.clone(),
            metadata: answer["metadata"].clone(),
            created_at,
            is_filed: false,
        });
    }
    Ok(answers::json(StatusCode::OK, &answer))
}

/// Makes the engine's answer match the service's: one warning for a missing face in either photo,
/// and a score of 0 rather than null if nothing is saved.
fn like_the_service(mut answer: Value, is_saved: bool, is_sandbox: bool) -> Value {
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
