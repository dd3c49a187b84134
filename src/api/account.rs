//! Accounts: register an address, verify it, log in, and get the key of an application.

use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde_json::Value;

use super::provenance::Answer;
use super::request::Request;
use super::transport::Client;
use super::{account, failure, status};
use crate::error::{Error, Kind, Result};
use crate::values::ids::{Email, SessionId};
use crate::values::json::{Object, list, text};
use crate::values::secret::{AccessToken, ApiKey, Code, Password};

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

/// No `Debug`: it holds the password in plain text.
#[derive(Serialize)]
struct Credentials<'a> {
    email: &'a str,
    password: &'a str,
}

/// An organisation or an application.
#[derive(Clone)]
struct Named {
    uuid: SessionId,
    name: String,
}

pub struct Application {
    organization: Named,
    application: Named,
}

impl Application {
    /// Its name, organisation and identifier, for users to choose from.
    pub fn title(&self) -> String {
        let Self { organization, application } = self;
        format!("`{}` ({}, in `{}`)", application.name, application.uuid, organization.name)
    }

    /// Whether `wanted` names it, or is its identifier.
    pub fn is(&self, wanted: &str) -> bool {
        self.application.uuid.is(wanted) || self.application.name == wanted
    }
}

impl Client {
    /// Logs in. The token gives access to the account for a while, and goes only to this client's host.
    pub fn log_in(&self, email: &Email, password: &Password) -> Result<AccessToken> {
        let body = Credentials { email: email.as_str(), password: password.reveal() };
        self.hide(password.reveal(), "password");
        let request = Request::post_json("/v2/programmatic/login/", &body)?;
        let answer = self.send(&request)?;
        if !matches!(answer.status, 200 | 201) {
            return Err(request.answered(&answer, self.refused(&answer)).into());
        }
        let body = Zeroizing::new(answer.body);
        let answer = Object::of_answer(&body).map_err(failure::unusable)?;
        let token = answer.string("access_token").and_then(AccessToken::new);
        let token = token.ok_or_else(|| failure::unusable("it has no usable `access_token`"))?;
        self.hide(token.reveal(), "token");
        Ok(token)
    }

    pub fn applications(&self, token: &AccessToken) -> Result<Vec<Application>, Error> {
        let mut all = Vec::new();
        for organization in self.named("/v2/organizations/me/", token)? {
            let segment = organization.uuid.as_path_segment();
            let path = format!("/v2/organizations/me/{segment}/applications/");
            for application in self.named(&path, token)? {
                all.push(Application { organization: organization.clone(), application });
            }
        }
        Ok(all)
    }

    pub fn application_key(
        &self,
        application: &Application,
        token: &AccessToken,
    ) -> Result<(Zeroizing<Vec<u8>>, ApiKey), Error> {
        let [org, app] = [&application.organization, &application.application]
            .map(|named| named.uuid.as_path_segment());
        let path = format!("/v2/organizations/me/{org}/applications/{app}/");
        let body = self.account_page(&path, token)?;
        let key = key_of(&body, &application.application.uuid)?;
        Ok((body, key))
    }

    /// What the page lists, whether it has one object or many.
    fn named(&self, path: &str, token: &AccessToken) -> Result<Vec<Named>, Error> {
        let body = self.account_page(path, token)?;
        let value: Value = serde_json::from_slice(&body).map_err(failure::unusable)?;
        let members = members(&value);
        let named: Vec<_> = members.iter().filter_map(|value| named(value)).collect();
        if named.is_empty() && !members.is_empty() {
            return Err(failure::unusable(format!("nothing in `{path}` has a `uuid`")));
        }
        Ok(named)
    }

    fn account_page(&self, path: &str, token: &AccessToken) -> Result<Zeroizing<Vec<u8>>, Error> {
        let answer = self.send(&Request::get(path).with_token(token))?;
        match answer.status {
            200 => Ok(Zeroizing::new(answer.body)),
            _ => Err(status::account_error(self.base(), &answer)),
        }
    }

    fn refused(&self, answer: &Answer) -> Error {
        let error = status::account_error(self.base(), answer);
        let says = error.message().to_lowercase();
        match answer.status {
            401..=403 | 423 | 429 if says.contains("lock") => locked(&error),
            423 => locked(&error),
            403 if says.contains("verif") => error.hint(
                "verify the address first: `didit-face verify EMAIL --resend` sends a new code",
            ),
            400 | 401 | 403 => {
                error.hint("check the email address and the password").and_hint(LOCKS)
            }
            _ => error,
        }
    }
}

fn locked(error: &Error) -> Error {
    Error::new(Kind::Auth, error.message())
        .hint("wait, or reset the password in the Didit Business Console")
        .and_hint(LOCKS)
        .http_status(error.status().unwrap_or(403))
}

const LOCKS: &str =
    "five failed logins lock an account for 15 minutes, ten for an hour, twenty for a day";

/// The objects in an answer: the elements of an array, or of an array inside an object, or the answer
/// itself.
fn members(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(members) => members.iter().collect(),
        Value::Object(object) if !object.contains_key("uuid") => {
            object.values().flat_map(list).filter(|value| value.is_object()).collect()
        }
        one => vec![one],
    }
}

fn named(value: &Value) -> Option<Named> {
    let uuid = text(&value["uuid"])?.parse().ok()?;
    Some(Named { uuid, name: text(&value["name"]).unwrap_or_else(|| "unnamed".to_owned()) })
}

/// The key in the page of application `uuid`, which may be a list of one.
fn key_of(body: &[u8], uuid: &SessionId) -> Result<ApiKey, Error> {
    let value: Value = serde_json::from_slice(body).map_err(failure::unusable)?;
    if !value.is_array() {
        return account::api_key(body);
    }
    let is_it = |value: &&&Value| value["uuid"].as_str().is_some_and(|other| uuid.is(other));
    let members = members(&value);
    let one = members.iter().find(is_it).ok_or_else(|| failure::unusable("it has no `api_key`"))?;
    account::api_key(&Zeroizing::new(one.to_string().into_bytes()))
}
