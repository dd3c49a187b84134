//! The account paths: register, verify the address, ask for another code.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{AppState, Reply};
use crate::server::accounts::{Refused, Registered};
use crate::server::state::State;
use crate::server::{Notice, answers, body};
use crate::values::email::Email;
use crate::values::secret::Password;

pub(super) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/v2/programmatic/register/", post(register))
        .route("/v2/programmatic/verify-email/", post(verify))
        .route("/v2/programmatic/resend-otp/", post(resend))
}

async fn register(Shared(state): AppState, body: Body) -> Reply {
    let body = body::json(body).await?;
    let email = email(&body)?;
    let password = text(&body, "password")?;
    Password::new(SecretString::from(password))
        .map_err(|missing| answers::field("password", &format!("The password needs {missing}.")))?;
    if is_reserved(&email) {
        return Err(answers::internal_error());
    }
    let registered = state.books().accounts.register(&email, Instant::now());
    let (status, code) = match registered.map_err(refuse)? {
        Registered::New(code) => (StatusCode::CREATED, code),
        Registered::Again(code) => (StatusCode::OK, code),
    };
    state.tell(Notice::Mail { email: &email, code: &code });
    let message = "Registration successful. Check your email for the verification code.";
    Ok(answers::json(status, &json!({"message": message, "email": email})))
}

async fn verify(Shared(state): AppState, body: Body) -> Reply {
    let body = body::json(body).await?;
    let (email, code) = (email(&body)?, text(&body, "code")?);
    let verified = state.books().accounts.verify(&email, &code, Instant::now());
    verified.map_err(refuse)?;
    let body = json!({
        "access_token": token(),
        "refresh_token": token(),
        "expires_in": 86400,
        "organization": {"uuid": Uuid::new_v4().to_string(), "name": email},
        "application": {
            "uuid": Uuid::new_v4().to_string(),
            "name": "didit-face serve",
            "client_id": token(),
            "api_key": state.options.key.reveal(),
        },
    });
    Ok(answers::json(StatusCode::OK, &body))
}

async fn resend(Shared(state): AppState, body: Body) -> Reply {
    let email = email(&body::json(body).await?)?;
    let code = state.books().accounts.resend(&email, Instant::now()).map_err(refuse)?;
    state.tell(Notice::Mail { email: &email, code: &code });
    Ok(answers::json(StatusCode::OK, &json!({"message": "A new code was sent."})))
}

fn refuse(refused: Refused) -> Response {
    match refused {
        Refused::Verified => answers::field("email", "This email is already registered."),
        Refused::TooMany(wait) => {
            let mut response = answers::detail(
                StatusCode::TOO_MANY_REQUESTS,
                &format!(
                    "Request was throttled. Expected available in {} seconds.",
                    wait.as_secs() + 1
                ),
            );
            response.headers_mut().insert("retry-after", (wait.as_secs() + 1).into());
            response
        }
        Refused::Code => answers::field("code", "Invalid or expired verification code."),
        Refused::Unknown => answers::field("email", "No registration waits for a code."),
    }
}

/// The service can't mail to these, and fails.
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
