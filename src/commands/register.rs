//! `register`: registers an address, to which the service emails a code.

use super::password::{self, Purpose};
use super::{Context, account_client, verify};
use crate::cli::Register;
use crate::error::{Error, Result, amend};
use crate::exit::Exit;
use crate::values::text::safe;

pub(super) fn run(arguments: &Register, context: &Context) -> Result<Exit> {
    if !arguments.surplus.is_empty() {
        return Err(password::surplus("register").into());
    }
    let password = password::obtain(Purpose::Register, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context, "registering")?;
    let answer = client.register(&arguments.email, &password).map_err(|e| amend(e, with_hint))?;
    drop(progress);
    let console = &context.console;
    if console.json {
        console.result(&answer.body)?;
    } else {
        console.table(&format!(
            "Registered {}. A 6-character code is on its way; it is valid for 10 minutes.\n",
            safe(arguments.email.as_str())
        ))?;
    }
    verify::suggest(&arguments.email, context);
    Ok(Exit::Done)
}

fn with_hint(error: Error) -> Error {
    let said = error.message().to_lowercase();
    let is_known = ["already", "exist", "registered", "taken"].iter().any(|w| said.contains(w));
    let hint = match error.status() {
        Some(400..=499) if is_known => {
            "the address seems to be registered already: for another code run `didit-face verify EMAIL --resend`; if it is verified, the key is in the Didit Business Console (API & Webhooks)"
        }
        Some(400) => "fix what the service names, and try again",
        Some(500) => {
            "the service gives the same answer when it can't send mail to an address (example.com and *.test are reserved): check the address; if it is right, it may already be registered: `didit-face verify EMAIL --resend` asks for a new code"
        }
        _ if error.is_maybe_processed() => {
            "the address may already be registered: `didit-face verify EMAIL --resend` asks for a new code; if not, check --auth-url / DIDIT_AUTH_URL"
        }
        _ => return error,
    };
    error.hint(hint)
}
