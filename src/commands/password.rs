//! Gets a password from standard input if asked to, from the environment, or from a prompt.

use std::io;

use secrecy::{ExposeSecret, SecretString};

use super::Context;
use crate::cli::settings::secret_text;
use crate::error::{Error, Kind, Result, reason};
use crate::values::secret::Password;

const VARIABLE: &str = "DIDIT_PASSWORD";
/// In bytes; a longer input is not a password.
const LIMIT: usize = 4096;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// For a new account: checked against the rules, and asked for twice.
    Register,
    /// For an existing account, whose password may be older than the rules.
    LogIn,
}

/// Never quotes the surplus arguments: they may be the password.
pub(super) fn surplus(command: &str) -> Error {
    Error::new(Kind::Usage, format!("`{command}` takes nothing after the email address")).hint(
        "other users can see the command line: leave the password out, and you'll be asked for it",
    )
}

pub(super) fn obtain(purpose: Purpose, from_stdin: bool, context: &Context) -> Result<Password> {
    if let Some(password) = given(purpose, from_stdin, context)? {
        return Ok(password);
    }
    if !context.may_prompt() {
        return Err(
            no_prompt("can't prompt, this is not a terminal or --no-input was given").into()
        );
    }
    let password = checked(purpose, ask("Password: ")?, "the password")?;
    if purpose == Purpose::LogIn {
        return Ok(password);
    }
    let again = ask("Repeat password: ")?;
    if password.reveal() == again.expose_secret() {
        Ok(password)
    } else {
        Err(Error::new(Kind::Input, "the passwords don't match; nothing was sent").into())
    }
}

/// The password from standard input or the environment; never prompts.
pub(super) fn given(
    purpose: Purpose,
    from_stdin: bool,
    context: &Context,
) -> Result<Option<Password>> {
    if from_stdin {
        let text = read_stdin()?;
        if text.expose_secret().is_empty() {
            let message = "no password on standard input; nothing was sent";
            return Err(Error::new(Kind::Input, message).into());
        }
        return checked(purpose, text, "the password on standard input").map(Some);
    }
    let Some(text) = context.environment.secret(VARIABLE) else { return Ok(None) };
    let what = format!("the password in `{VARIABLE}`");
    let text = text.map_err(|why| Error::new(Kind::Input, format!("{what} {why}")))?;
    checked(purpose, text.clone(), &what).map(Some)
}

fn checked(purpose: Purpose, text: SecretString, what: &str) -> Result<Password> {
    let unusable = |why| Error::new(Kind::Input, format!("{what} {why}; nothing was sent"));
    let password = match purpose {
        Purpose::Register => Password::new(text),
        Purpose::LogIn => Password::existing(text),
    };
    Ok(password.map_err(unusable)?)
}

/// Reads all of it, without the line end that `echo` adds.
fn read_stdin() -> Result<SecretString> {
    let unusable =
        |why: &str| Error::new(Kind::Input, format!("the password on standard input {why}"));
    let secret = secret_text(io::stdin().lock(), LIMIT).map_err(|why| unusable(&why))?;
    let text = secret.expose_secret();
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains(['\n', '\r']) {
        return Err(unusable("has more than one line").into());
    }
    Ok(SecretString::from(line))
}

fn ask(prompt: &str) -> Result<SecretString, Error> {
    hidden_line(prompt)
        .map_err(|e| no_prompt(&format!("can't prompt on the terminal: {}", reason(&e))))
}

fn no_prompt(why: &str) -> Error {
    Error::new(Kind::Usage, format!("no password: {why}"))
        .hint("set DIDIT_PASSWORD, or pipe the password in with --password-stdin")
}

/// Prompts on the terminal itself, wherever stdout and stderr go, without echo. Ctrl-C turns the
/// echo on again.
#[cfg(unix)]
fn hidden_line(prompt: &str) -> io::Result<SecretString> {
    use std::fs::File;
    use std::io::{BufRead, BufReader, Write};

    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    silent.local_modes.insert(LocalModes::ECHONL);
    let mut same = terminal.try_clone()?;
    let restore = move |is_interrupted| {
        let _ = tcsetattr(&same, OptionalActions::Now, &before);
        if is_interrupted {
            let _ = same.write_all(b"\n");
        }
    };
    crate::interrupt::restoring(restore, || {
        tcsetattr(&terminal, OptionalActions::Flush, &silent)?;
        terminal.write_all(prompt.as_bytes())?;
        // A terminal's line has 4095 bytes at most. One byte is all that the reader keeps.
        let mut line = String::with_capacity(LIMIT);
        let result = BufReader::with_capacity(1, &terminal).read_line(&mut line);
        let line = SecretString::from(line);
        let text = line.expose_secret();
        result.map(|_| SecretString::from(text.trim_end_matches(['\n', '\r'])))
    })
}

#[cfg(not(unix))]
fn hidden_line(prompt: &str) -> io::Result<SecretString> {
    rpassword::prompt_password(prompt).map(SecretString::from)
}
