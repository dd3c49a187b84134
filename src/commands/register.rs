//! `register`: an address and a password, for a code by mail.

use super::password::{self, Purpose};
use super::{Context, account_client};
use crate::cli::Register;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::values::email::Email;
use crate::values::text::quoted;

pub(super) fn run(arguments: &Register, context: &Context) -> Result<Exit> {
    if !arguments.surplus.is_empty() {
        return Err(password::surplus("register").into());
    }
    let password = password::obtain(Purpose::Register, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context)?;
    progress.busy("registering");
    let answer = client.register(&arguments.email, &password);
    drop(progress);
    let answer = answer.map_err(in_plain_words)?;
    let console = &context.console;
    if console.json {
        console.result(&answer.body)?;
    } else {
        console.table(&format!(
            "Registered {0}. A code of 6 letters and digits is on its way to {0}; it is valid for 10 minutes.\n",
            crate::values::text::safe(arguments.email.as_str())
        ))?;
    }
    console.note(&format!("next, run: {}", next_command(&arguments.email, context)));
    Ok(Exit::Done)
}

/// Repeats --auth-url, so that the code goes to the same service.
fn next_command(email: &Email, context: &Context) -> String {
    let flag = context.auth_url_flag();
    format!("didit-face verify {} CODE{flag}", quoted(email.as_str()))
}

fn in_plain_words(e: anyhow::Error) -> anyhow::Error {
    let Some(error) = e.downcast_ref::<Error>() else { return e };
    let said = error.message().to_lowercase();
    let is_known = ["already", "exist", "registered", "taken"].iter().any(|w| said.contains(w));
    let hint = match error.status() {
        Some(400..=499) if is_known => {
            "the address seems to be registered already: for another code run `didit-face verify EMAIL --resend`; if it is verified, the key is in the Didit Business Console (API & Webhooks)"
        }
        Some(400) => "correct what the service names, and try again",
        Some(500) => {
            "the service gives the same answer when it can't send mail to an address (example.com and *.test are reserved): check the address; if it is right, it may already be registered: `didit-face verify EMAIL --resend` asks for a new code"
        }
        _ if error.is_maybe_processed() => {
            "the address may already be registered: `didit-face verify EMAIL --resend` asks for a new code; else check --auth-url / DIDIT_AUTH_URL"
        }
        _ => return e,
    };
    error.clone().hint(hint).into()
}
