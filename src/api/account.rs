//! Accounts: register an address, verify it with the emailed code, ask for another code.

use serde::Serialize;

use super::answer::Answer;
use super::failure;
use super::request::Request;
use super::status;
use super::transport::Client;
use crate::error::{Error, Result};
use crate::values::email::Email;
use crate::values::json::Object;
use crate::values::secret::{ApiKey, Code, Password};

/// The body of an account request. No `Debug`: it holds secrets in plain text.
#[derive(Serialize)]
struct Body<'a> {
    email: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

impl Client {
    /// Registers `email`, or asks for a new code if it is not verified yet.
    pub fn register(&self, email: &Email, password: &Password) -> Result<Answer> {
        let body = Body { email: email.as_str(), password: Some(password.reveal()), code: None };
        self.account("/v2/programmatic/register/", &body).and_then(understood)
    }

    /// Verifies `email` with the emailed code; the answer holds the key.
    pub fn verify_email(&self, email: &Email, code: &Code) -> Result<Answer> {
        let body = Body { email: email.as_str(), password: None, code: Some(code.reveal()) };
        self.account("/v2/programmatic/verify-email/", &body)
    }

    /// Requests a new code; some versions of the service want the password for that.
    pub fn resend_code(&self, email: &Email, password: Option<&Password>) -> Result<Answer> {
        let password = password.map(Password::reveal);
        let body = Body { email: email.as_str(), password, code: None };
        self.account("/v2/programmatic/resend-otp/", &body).and_then(understood)
    }

    fn account(&self, path: &str, body: &Body<'_>) -> Result<Answer> {
        body.password.into_iter().for_each(|password| self.hide(password, "password"));
        body.code.into_iter().for_each(|code| self.hide(code, "code"));
        let request = Request::post_json(path, body)?;
        let answer = self.send(&request)?;
        match answer.status {
            200 | 201 => Ok(answer),
            _ => {
                let error = status::account_error(self.base(), &answer);
                Err(request.answered(&answer, error).into())
            }
        }
    }
}

/// Nothing in the answer is needed, but another server's page must not count as a registration.
fn understood(answer: Answer) -> Result<Answer> {
    Object::of_answer(&answer.body).map_err(|why| failure::unusable(why).mark_maybe_processed())?;
    Ok(answer)
}

/// The key in the answer to [`Client::verify_email`]: at the top, or in its application.
///
/// # Errors
/// [`crate::error::Kind::Response`] without a key that is valid in a header.
pub fn api_key(body: &[u8]) -> Result<ApiKey, Error> {
    find_key(body).map_err(failure::unusable)
}

fn find_key(body: &[u8]) -> Result<ApiKey, String> {
    let answer = Object::of_answer(body)?;
    let application = answer.get("application").and_then(|text| Object::parse(text).ok());
    let key = answer
        .string("api_key")
        .or_else(|| application?.string("api_key"))
        .ok_or("it has no `api_key`")?;
    ApiKey::new(&key.into()).map_err(|why| format!("its api_key {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_found_at_the_top_or_in_the_application() {
        for body in [
            r#"{"api_key": "k1"}"#,
            r#"{"application": {"api_key": "k1"}, "access_token": "t"}"#,
            r#"{"api_key": null, "application": {"api_key": "k1"}}"#,
            r#"{"api_key": "k1", "application": {"api_key": "other"}}"#,
        ] {
            assert_eq!(api_key(body.as_bytes()).unwrap().reveal(), "k1", "{body}");
        }
    }

    #[test]
    fn an_answer_without_a_valid_key_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"api_key": 5}"#,
            r#"{"api_key": ""}"#,
            r#"{"api_key": "a b"}"#,
            r#"{"api_key": "a\nb"}"#,
            r#"{"api_key": "\u001b[31m"}"#,
            r#"{"api_key": "a", "api_key": "b"}"#,
            r#"{"application": []}"#,
        ] {
            let error = api_key(body.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), crate::error::Kind::Response, "{body}");
        }
    }
}
