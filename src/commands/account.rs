//! `register`, `verify` and `login`: the way to an API key.

use std::io;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::new_file::NewFile;
use super::{Context, account_client};
use crate::api::{Application, account};
use crate::cli::settings::secret_text;
use crate::cli::{Login, Register, SaveKey, Verify};
use crate::error::{Error, Kind, Result, amend, reason};
use crate::exit::Exit;
use crate::render::Console;
use crate::values::ids::Email;
use crate::values::secret::{ApiKey, Code, Password};
use crate::values::system::System;
use crate::values::text::{quoted, safe};

pub(super) fn register(arguments: &Register, context: &Context) -> Result<Exit> {
    if !arguments.surplus.is_empty() {
        return Err(surplus("register").into());
    }
    let password = obtain(Purpose::Register, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context, "registering")?;
    let answer =
        client.register(&arguments.email, &password).map_err(|e| amend(e, not_registered))?;
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
    suggest(&arguments.email, context);
    Ok(Exit::Done)
}

fn not_registered(error: Error) -> Error {
    let said = error.message().to_lowercase();
    let is_known = ["already", "exist", "registered", "taken"].iter().any(|w| said.contains(w));
    let hint = match error.status() {
        Some(400..=499) if is_known => {
            "the address seems to be registered already\nfor another code: didit-face verify EMAIL --resend\nif it is verified, get its key: didit-face login EMAIL"
        }
        Some(400) => "fix what the service names, and try again",
        Some(500) => {
            "check the address: the service answers so when it can't send mail there (as to example.com and *.test)\nif it is right, it may already be registered: ask for a new code with didit-face verify EMAIL --resend"
        }
        _ if error.is_maybe_processed() => {
            "the address may already be registered: ask for a new code with didit-face verify EMAIL --resend\nif not, check --auth-url / DIDIT_AUTH_URL"
        }
        _ => return error,
    };
    let (first, more) = hint.split_once('\n').unwrap_or((hint, ""));
    error.hint(first).hints(more.lines())
}

pub(super) fn verify(arguments: &Verify, context: &Context) -> Result<Exit> {
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
    let password = given(Purpose::Register, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context, "asking for a new code")?;
    let answer = client.resend_code(&arguments.email, password.as_ref());
    drop(progress);
    let answer = answer.map_err(|e| {
        amend(e, |e| match e.status() {
            Some(400..=428) if is_verified(&e) => {
                let (email, flag) = (quoted(arguments.email.as_str()), context.auth_url_flag());
                e.hint(format!("you have an account: didit-face login {email} --save FILE{flag}"))
            }
            _ if e.is_maybe_processed() => e.hint("a code may be on its way: check your mail before you ask again").and_hint("if none arrives, check --auth-url / DIDIT_AUTH_URL"),
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
fn suggest(email: &Email, context: &Context) {
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

pub(super) fn login(arguments: &Login, context: &Context) -> Result<Exit> {
    if !arguments.surplus.is_empty() {
        return Err(surplus("login").into());
    }
    let destination = Destination::prepare(&arguments.key, context)?;
    let password = obtain(Purpose::LogIn, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context, "logging in")?;
    let token = client.log_in(&arguments.email, &password)?;
    let applications = client.applications(&token)?;
    let application = chosen(&applications, arguments.application.as_deref())?;
    let (body, key) = client.application_key(application, &token)?;
    drop(progress);
    destination.deliver(&key, &body, context)?;
    Ok(Exit::Done)
}

fn chosen<'a>(
    applications: &'a [Application],
    wanted: Option<&str>,
) -> Result<&'a Application, Error> {
    let fitting: Vec<_> =
        applications.iter().filter(|a| wanted.is_none_or(|wanted| a.is(wanted))).collect();
    match (fitting.as_slice(), wanted) {
        ([one], _) => Ok(one),
        _ if applications.is_empty() => {
            Err(Error::new(Kind::Auth, "the account has no application, so it has no API key")
                .hint("create an application in the Didit Business Console"))
        }
        ([], Some(wanted)) => {
            let all: Vec<_> = applications.iter().collect();
            Err(choice(&format!("the account has no application `{wanted}`, only"), &all))
        }
        (several, _) => Err(choice("the account has several applications:", several)),
    }
}

fn choice(what: &str, applications: &[&Application]) -> Error {
    let titles: Vec<_> = applications.iter().map(|application| application.title()).collect();
    Error::new(Kind::Usage, format!("{what} {}", titles.join(", ")))
        .hint("choose one with --application, by name or id")
}

/// Where the key goes, checked before it is requested.
struct Destination {
    file: Option<NewFile>,
}

impl Destination {
    fn prepare(arguments: &SaveKey, context: &Context) -> Result<Self> {
        let Some(path) = arguments.save.as_deref() else {
            Console::check()?;
            return Ok(Self { file: None });
        };
        if context.console.json {
            return Err(Error::new(
                Kind::Usage,
                "--json and --save can't be used together: --save writes the key only to the file",
            )
            .into());
        }
        let file = NewFile::prepare("the key", path, arguments.force)?;
        Ok(Self { file: Some(file) })
    }

    /// `body` is the answer that holds the key, for `--json`.
    fn deliver(self, key: &ApiKey, body: &[u8], context: &Context) -> Result<()> {
        let console = &context.console;
        let line = Zeroizing::new(format!("{}\n", key.reveal()));
        if let Some(file) = self.file {
            file.write(line.as_bytes())?;
            // A relative path would only lead there from this folder.
            let path = std::path::absolute(file.path()).unwrap_or_else(|_| file.path().to_owned());
            let path = path.display().to_string();
            // On Windows the folder's rights decide.
            let readable = if cfg!(unix) { ", which only you can read" } else { "" };
            console.note(&format!("saved the key to `{path}`{readable}"));
            for how in System::HERE.set_variable("DIDIT_API_KEY_FILE", &path) {
                console.note(&how);
            }
        } else if console.json {
            console.result(body)?;
        } else {
            console.result(line.as_bytes())?;
            if console.out.is_terminal {
                console.note("this is the API key; next time, `--save FILE` stores it for you");
            }
        }
        Ok(())
    }
}

const VARIABLE: &str = "DIDIT_PASSWORD";
/// In bytes; a longer input is not a password.
const LIMIT: usize = 4096;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// For a new account: checked against the rules, and asked for twice.
    Register,
    /// For an existing account, whose password may be older than the rules.
    LogIn,
}

/// Never quotes the surplus arguments: they may be the password.
fn surplus(command: &str) -> Error {
    Error::new(Kind::Usage, format!("`{command}` takes nothing after the email address")).hint(
        "other users can see the command line: leave the password out, and you'll be asked for it",
    )
}

fn obtain(purpose: Purpose, from_stdin: bool, context: &Context) -> Result<Password> {
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
fn given(purpose: Purpose, from_stdin: bool, context: &Context) -> Result<Option<Password>> {
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
