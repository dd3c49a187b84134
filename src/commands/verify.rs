//! `verify`: the mailed code, for an API key.

use secrecy::zeroize::Zeroizing;

use super::new_key::Destination;
use super::password::{self, Purpose};
use super::{Context, account_client};
use crate::api::account;
use crate::cli::Verify;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::values::secret::Code;
use crate::values::text::{quoted, safe};

pub(super) fn run(arguments: &Verify, context: &Context) -> Result<Exit> {
    if arguments.resend {
        return resend(arguments, context);
    }
    let code = Code::new(&arguments.code).map_err(|why| {
        Error::new(Kind::Usage, format!("the code {why}")).hint("nothing was sent")
    })?;
    // Before the code, which works once, is spent on a key that could not be kept.
    let destination = Destination::prepare(&arguments.key, context)?;
    let (client, progress) = account_client(context)?;
    progress.busy("verifying");
    let answer = client.verify_email(&arguments.email, &code);
    drop(progress);
    let answer = answer.map_err(|e| with_resend(e, arguments, context))?;
    let body = Zeroizing::new(answer.body);
    let key = account::api_key(&body).map_err(without_key)?;
    destination.deliver(&key, &body, context).map_err(|e| match e.downcast::<Error>() {
        Ok(e) => e.hint("the address is verified and the code spent: get the key with `didit-face login EMAIL`").into(),
        Err(e) => e,
    })?;
    Ok(Exit::Done)
}

fn resend(arguments: &Verify, context: &Context) -> Result<Exit> {
    let password = password::given(Purpose::Register, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context)?;
    progress.busy("asking for another code");
    let answer = client.resend_code(&arguments.email, password.as_ref());
    drop(progress);
    let answer = answer.map_err(|e| match e.downcast_ref::<Error>() {
        Some(error) if error.is_maybe_processed() => {
            let hint = "a code may be on its way: look for it before you ask again; if none comes, check --auth-url / DIDIT_AUTH_URL";
            error.clone().hint(hint).into()
        }
        Some(error) if password.is_none() && matches!(error.status(), Some(400..=428)) => {
            let hint = "the service may want the password too: set DIDIT_PASSWORD, or use --password-stdin";
            error.clone().hint(hint).into()
        }
        _ => e,
    })?;
    let (console, email) = (&context.console, arguments.email.as_str());
    if console.json {
        console.result(&answer.body)?;
    } else {
        console.table(&format!("Another code is on its way to {}.\n", safe(email)))?;
    }
    let flag = context.auth_url_flag();
    console.note(&format!("next, run: didit-face verify {} CODE{flag}", quoted(email)));
    Ok(Exit::Done)
}

/// The code can't be used again after a refusal, or if it may have been used without an answer.
fn with_resend(e: anyhow::Error, arguments: &Verify, context: &Context) -> anyhow::Error {
    let Some(error) = e.downcast_ref::<Error>() else { return e };
    let was_refused = matches!(error.status(), Some(400..=428 | 430..=499));
    if !was_refused && !error.is_maybe_processed() {
        return e;
    }
    let email = quoted(arguments.email.as_str());
    let again = format!("`didit-face verify {email} --resend{}`", context.auth_url_flag());
    let why = if was_refused {
        "if the code is wrong, or older than 10 minutes,"
    } else {
        "the code may be spent: if it no longer works,"
    };
    error.clone().hint(format!("{why} {again} asks for a new one")).into()
}

fn without_key(e: Error) -> Error {
    e.mark_maybe_processed().hint("the address may be verified: look for the key in the Didit Business Console (API & Webhooks)")
}
