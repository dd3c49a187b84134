//! `verify`: the mailed code, for an API key.

use std::path::Path;

use secrecy::zeroize::Zeroizing;

use super::new_file::NewFile;
use super::{Context, account_client, password};
use crate::api::account;
use crate::cli::Verify;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::values::secret::Code;
use crate::values::text::{quoted, safe};

/// Prints the key, or asks for a new code.
pub(super) fn run(arguments: &Verify, context: &Context) -> Result<Exit> {
    if arguments.resend {
        return resend(arguments, context);
    }
    if arguments.save.is_some() && context.console.json {
        return Err(Error::new(Kind::Usage, "--json and --save can't be used together")
            .hint("the answer that --json prints holds the key, which --save puts into the file alone; nothing was sent")
            .into());
    }
    let code = Code::new(&arguments.code).map_err(|why| {
        Error::new(Kind::Usage, format!("the code {why}")).hint("nothing was sent")
    })?;
    // Before the code, which works once, is spent on a key that could not be kept.
    let file = arguments
        .save
        .as_deref()
        .map(|path| NewFile::prepare("the key", path, arguments.force))
        .transpose()?;
    let (client, progress) = account_client(context)?;
    progress.busy("verifying");
    let answer = client.verify_email(&arguments.email, &code);
    drop(progress);
    let answer = answer.map_err(|e| with_resend(e, arguments, context))?;
    let body = Zeroizing::new(answer.body);
    let key = account::api_key(&body).map_err(without_key)?;
    let line = Zeroizing::new(format!("{}\n", key.reveal()));
    match file {
        // Into the file, and nowhere else.
        Some(file) => file.write(line.as_bytes()).map_err(|e| {
            e.hint("the address is verified and the code spent: the key is in the Didit Business Console (API & Webhooks)")
        })?,
        None if context.console.json => context.console.result(&body)?,
        None => context.console.result(line.as_bytes())?,
    }
    tell_what_to_do(arguments.save.as_deref(), context);
    Ok(Exit::Done)
}

fn tell_what_to_do(saved: Option<&Path>, context: &Context) {
    let console = &context.console;
    if let Some(path) = saved {
        let path = path.display().to_string();
        // On Windows the folder's rights decide.
        let whose = if cfg!(unix) { ", readable by you alone" } else { "" };
        console.note(&format!("the key is in `{path}`{whose}"));
        console.note(&format!("use it with: export DIDIT_API_KEY_FILE={}", quoted(&path)));
    } else if console.out.is_terminal {
        console.note("this is the API key; it is not stored anywhere. To keep it, either");
        console.note("run: export DIDIT_API_KEY='the key' (for this shell)");
        console.note("or put it into a file of mode 0600, and run: export DIDIT_API_KEY_FILE=FILE");
        console.note("(`verify --save FILE` does that for you)");
    }
}

fn resend(arguments: &Verify, context: &Context) -> Result<Exit> {
    let password = password::given(arguments.password_stdin, context)?;
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

/// A code that was refused, or that may have been spent without an answer, is no use again.
fn with_resend(e: anyhow::Error, arguments: &Verify, context: &Context) -> anyhow::Error {
    let Some(error) = e.downcast_ref::<Error>() else { return e };
    let was_refused = matches!(error.status(), Some(400..=428 | 430..=499));
    if !was_refused && !error.is_maybe_processed() {
        return e;
    }
    let email = quoted(arguments.email.as_str());
    let again = format!("`didit-face verify {email} --resend{}`", context.auth_url_flag());
    let why = if was_refused {
        "if the code is wrong or older than 10 minutes,"
    } else {
        "the code may be spent: if it no longer works,"
    };
    error.clone().hint(format!("{why} {again} asks for a new one")).into()
}

fn without_key(e: Error) -> Error {
    e.mark_maybe_processed().hint("the address may be verified: look for the key in the Didit Business Console (API & Webhooks)")
}
