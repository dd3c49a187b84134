//! The account endpoints: register, verify, resend the code, log in.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answers;
use super::answers::{Id, Reply, read_id};
use super::state::{AppState, Notice, State};
use super::store::{Places, Refused, Registered};
use crate::values::ids::Email;
use crate::values::secret::Password;

const APPLICATION: &str = "didit-face serve";
/// The lifetime, in seconds, of the service's access tokens; ours are valid until the server stops.
const LIFE: u32 = 86400;

pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/v2/programmatic/register/", post(register))
        .route("/v2/programmatic/verify-email/", post(verify))
        .route("/v2/programmatic/resend-otp/", post(resend))
        .route("/v2/programmatic/login/", post(login))
        .route("/v2/organizations/me/", get(organizations))
        .route("/v2/organizations/me/{org}/applications/", get(applications))
        .route("/v2/organizations/me/{org}/applications/{app}/", get(application))
}

async fn register(Shared(state): AppState, body: Body) -> Reply {
    let body = answers::read_object(body).await?;
    let email = email(&body)?;
    let password = text(&body, "password")?;
    Password::new(SecretString::from(password.as_str()))
        .map_err(|why| answers::field("password", &format!("The password {why}.")))?;
    if is_reserved(&email) {
        return Err(answers::internal_error());
    }
    let registered = state.books().accounts.register(&email, &password, Instant::now());
    let Registered { code, is_new } = registered.map_err(refuse)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    state.tell(Notice::Mail { email: &email, code: &code });
    let message = "Registration successful. Check your email for the verification code.";
    Ok(answers::json(status, &json!({"message": message, "email": email})))
}

async fn verify(Shared(state): AppState, body: Body) -> Reply {
    let body = answers::read_object(body).await?;
    let (email, code) = (email(&body)?, text(&body, "code")?);
    let verified = state.books().accounts.verify(&email, &code, Instant::now());
    verified.map_err(refuse)?;
    let places = state.books().accounts.places_of(&email);
    let body = json!({
        "access_token": token(),
        "refresh_token": token(),
        "expires_in": LIFE,
        "organization": {"uuid": places.organization, "name": email},
        "application": with_key(&state, &places),
    });
    Ok(answers::json(StatusCode::OK, &body))
}

async fn login(Shared(state): AppState, body: Body) -> Reply {
    let body = answers::read_object(body).await?;
    let (email, password) = (email(&body)?, text(&body, "password")?);
    let token = state.books().accounts.log_in(&email, &password);
    let body = json!({
        "access_token": token.map_err(refuse)?,
        "refresh_token": self::token(),
        "expires_in": LIFE,
    });
    Ok(answers::json(StatusCode::OK, &body))
}

async fn organizations(Shared(state): AppState, headers: HeaderMap) -> Reply {
    let places = places(&state, &headers)?;
    let body = json!([{"uuid": places.organization, "name": "didit-face serve"}]);
    Ok(answers::json(StatusCode::OK, &body))
}

async fn applications(Shared(state): AppState, org: Id, headers: HeaderMap) -> Reply {
    let places = places(&state, &headers)?;
    if read_id(org)? != places.organization {
        return Err(answers::not_found());
    }
    let body = json!([{"uuid": places.application, "name": APPLICATION}]);
    Ok(answers::json(StatusCode::OK, &body))
}

async fn application(
    Shared(state): AppState,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Reply {
    let places = places(&state, &headers)?;
    let Path((org, app)) = path.map_err(|_| answers::not_found())?;
    if (&org, &app) != (&places.organization, &places.application) {
        return Err(answers::not_found());
    }
    Ok(answers::json(StatusCode::OK, &with_key(&state, &places)))
}

fn places(state: &State, headers: &HeaderMap) -> Result<Places, Response> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let places = token.and_then(|token| state.books().accounts.places(token));
    places.ok_or_else(|| {
        let text = "Given token not valid for any token type";
        answers::detail(StatusCode::UNAUTHORIZED, text)
    })
}

fn with_key(state: &State, places: &Places) -> Value {
    json!({
        "uuid": places.application,
        "name": APPLICATION,
        "client_id": places.application.replace('-', ""),
        "api_key": state.options.key.reveal(),
    })
}

async fn resend(Shared(state): AppState, body: Body) -> Reply {
    let email = email(&answers::read_object(body).await?)?;
    let code = state.books().accounts.resend(&email, Instant::now()).map_err(refuse)?;
    state.tell(Notice::Mail { email: &email, code: &code });
    Ok(answers::json(StatusCode::OK, &json!({"message": "A new code was sent."})))
}

fn refuse(refused: Refused) -> Response {
    match refused {
        Refused::Verified => answers::field("email", "This email is already registered."),
        Refused::TooSoon(wait) => {
            let seconds = wait.as_secs() + 1;
            let text = format!("Request was throttled. Expected available in {seconds} seconds.");
            let mut response = answers::detail(StatusCode::TOO_MANY_REQUESTS, &text);
            answers::retry_after(&mut response, wait);
            response
        }
        Refused::Credentials => {
            answers::detail(StatusCode::UNAUTHORIZED, "Invalid email or password.")
        }
        Refused::Unverified => answers::detail(StatusCode::FORBIDDEN, "Email is not verified."),
        Refused::Code => answers::field("code", "Invalid or expired verification code."),
        Refused::Unknown => answers::field("email", "No registration waits for a code."),
    }
}

/// The service can't send mail to these domains, and answers 500.
fn is_reserved(email: &str) -> bool {
    let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    domain == "example.com" || domain.rsplit('.').next() == Some("test")
}

fn email(body: &Value) -> Result<String, Response> {
    let email = text(body, "email")?;
    match email.parse::<Email>() {
        Ok(_) => Ok(email),
        Err(_) => Err(answers::field("email", "Enter a valid email address.")),
    }
}

fn text(body: &Value, field: &'static str) -> Result<String, Response> {
    let text = body[field].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    text.ok_or_else(|| answers::field(field, "This field is required."))
}

fn token() -> String {
    Uuid::new_v4().simple().to_string()
}
