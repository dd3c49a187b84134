//! `verify`: turns the emailed code into an API key.

use secrecy::zeroize::Zeroizing;

use super::new_key::Destination;
use super::password::{self, Purpose};
use super::{Context, account_client};
use crate::api::account;
use crate::cli::Verify;
use crate::error::{Error, Kind, Result, amend};
use crate::exit::Exit;
use crate::values::email::Email;
use crate::values::secret::Code;
use crate::values::text::{quoted, safe};

pub(super) fn run(arguments: &Verify, context: &Context) -> Result<Exit> {
    if arguments.resend {
        return resend(arguments, context);
    }
    let code = Code::new(&arguments.code)
        .map_err(|why| Error::new(Kind::Usage, format!("the code {why}; nothing was sent")))?;
    // Before the code, which works once, is spent on a key that could not be kept.
    let destination = Destination::prepare(&arguments.key, context)?;
    let (client, progress) = account_client(context, "verifying")?;
    let answer = client.verify_email(&arguments.email, &code);
    let answer = answer.map_err(|e| amend(e, |e| with_resend(e, arguments, context)))?;
    drop(progress);
    let body = Zeroizing::new(answer.body);
    let key = account::api_key(&body).map_err(without_key)?;
    destination.deliver(&key, &body, context).map_err(|e| {
        amend(e, |e| e.hint("the address is verified and the code is used up: get the key with `didit-face login EMAIL`"))
    })?;
    Ok(Exit::Done)
}

fn resend(arguments: &Verify, context: &Context) -> Result<Exit> {
    let password = password::given(Purpose::Register, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context, "asking for a new code")?;
    let answer = client.resend_code(&arguments.email, password.as_ref());
    drop(progress);
    let answer = answer.map_err(|e| {
        amend(e, |e| match e.status() {
            Some(400..=428) if is_verified(&e) => {
                let (email, flag) = (quoted(arguments.email.as_str()), context.auth_url_flag());
                e.hint(format!("you have an account: didit-face login {email} --save FILE{flag}"))
            }
            _ if e.is_maybe_processed() => e.hint("a code may be on its way: check your mail before you ask again; if none arrives, check --auth-url / DIDIT_AUTH_URL"),
            Some(400..=428) if password.is_none() => e.hint("the service may want the password too: set DIDIT_PASSWORD, or use --password-stdin"),
            _ => e,
        })
    })?;
    let console = &context.console;
    if console.json {
        console.result(&answer.body)?;
    } else {
        console
            .table(&format!("A new code is on its way to {}.\n", safe(arguments.email.as_str())))?;
    }
    suggest(&arguments.email, context);
    Ok(Exit::Done)
}

/// As far as the service's words say.
fn is_verified(e: &Error) -> bool {
    let said = e.message().to_lowercase();
    ["already verified", "already registered", "already been"]
        .iter()
        .any(|word| said.contains(word))
}

/// Says what to run once the code has arrived.
pub(super) fn suggest(email: &Email, context: &Context) {
    let (email, flag) = (quoted(email.as_str()), context.auth_url_flag());
    context.console.note(&format!("next, run: didit-face verify {email} CODE{flag}"));
}

/// The code can't be used again after a refusal, or if it may have been used without an answer.
fn with_resend(error: Error, arguments: &Verify, context: &Context) -> Error {
    let was_refused = matches!(error.status(), Some(400..=428 | 430..=499));
    if !was_refused && !error.is_maybe_processed() {
        return error;
    }
    let email = quoted(arguments.email.as_str());
    let again = format!("`didit-face verify {email} --resend{}`", context.auth_url_flag());
    let why = if was_refused {
        "if the code is wrong, or older than 10 minutes,"
    } else {
        "the code may be used up: if it no longer works,"
    };
    error.hint(format!("{why} {again} asks for a new one"))
}

fn without_key(e: Error) -> Error {
    e.mark_maybe_processed().hint("the address may be verified: look for the key in the Didit Business Console (API & Webhooks)")
}
