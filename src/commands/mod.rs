//! The commands: each reads straight down from its arguments to its exit code.

mod account;
mod annotate;
mod batch;
mod check;
mod completions;
mod credits;
mod decision;
mod delete;
mod lookup;
mod manual;
mod match_pair;
mod new_file;
mod pairs;
mod parallel;
mod pictures;
mod report;
mod serve;
mod sessions;

use std::io::{self, IsTerminal};

use crate::api::{Client, Observer};
use crate::cli::Command;
use crate::cli::settings::{self, Environment, Origin, Settings};
use crate::error::Result;
use crate::exit::Exit;
use crate::prepare::Remark;
use crate::render::{Console, Progress};
use crate::values::secret::ApiKey;
use crate::values::text;

pub struct Context {
    pub settings: Settings,
    pub environment: Environment,
    pub console: Console,
}

impl Context {
    /// Logs where the key came from, and warns if others can read it.
    fn api_key(&self) -> Result<ApiKey> {
        let key = settings::api_key(&self.environment)?;
        self.console.detail(&format!("key: from {}", key.origin));
        if key.origin == Origin::Variable("DIDIT_API_KEY_FILE")
            && let Some(path) = settings::key_file_to_protect(&self.environment)
        {
            let path = path.display().to_string();
            let command = format!("chmod 600 {}", text::quoted(&path));
            self.console.warn(&format!("other users can read `{path}`; run: {command}"));
        }
        Ok(key.value)
    }

    /// Whether a person is there to answer.
    fn may_prompt(&self) -> bool {
        let is_person = io::stdin().is_terminal() && self.console.err.is_terminal;
        is_person && !self.settings.no_input
    }

    fn client(&self, key: Option<ApiKey>, observer: Observer) -> Result<Client> {
        let Settings { api, connection, .. } = &self.settings;
        Ok(Client::new(&api.value, key, connection, observer)?)
    }

    /// ` --auth-url URL` for the next command, if this one was given it as a flag.
    fn auth_url_flag(&self) -> String {
        let auth = &self.settings.auth;
        match auth.origin {
            Origin::Flag(flag) => format!(" {flag} {}", text::quoted(&auth.value.to_string())),
            _ => String::new(),
        }
    }
}

/// A client with the key, for requests that cost nothing.
fn client(context: &Context, doing: &'static str) -> Result<(Client, Progress)> {
    let key = context.api_key()?;
    let progress = Progress::new(&context.console);
    let client = context.client(Some(key), progress.lines_only())?;
    progress.busy(doing);
    Ok((client, progress))
}

fn tell(remark: &Remark, console: &Console) {
    match remark {
        Remark::Note(text) => console.note(text),
        Remark::Warning(text) => console.warn(text),
    }
}

/// A client of the account service, which takes no key.
fn account_client(context: &Context, doing: &'static str) -> Result<(Client, Progress)> {
    let Settings { auth, connection, .. } = &context.settings;
    let progress = Progress::new(&context.console);
    let client = Client::new(&auth.value, None, connection, progress.lines_only())?;
    progress.busy(doing);
    Ok((client, progress))
}

pub fn run(command: &Command, context: &Context) -> Result<Exit> {
    match command {
        Command::Match(arguments) => match_pair::run(arguments, context),
        Command::Decision(arguments) => decision::run(arguments, context),
        Command::Delete(arguments) => delete::run(arguments, context),
        Command::Register(arguments) => account::register(arguments, context),
        Command::Verify(arguments) => account::verify(arguments, context),
        Command::Login(arguments) => account::login(arguments, context),
        Command::Balance(arguments) => credits::balance(arguments, context),
        Command::TopUp(arguments) => credits::top_up(arguments, context),
        Command::Pairs(arguments) => pairs::run(arguments, context),
        Command::Batch(arguments) => batch::run(arguments, context),
        Command::Report(arguments) => report::run(arguments, context),
        Command::Completions(arguments) => completions::run(arguments.shell, context),
        Command::Man(arguments) => manual::run(arguments, context),
        Command::Check(arguments) => check::run(arguments, context),
        Command::Serve(arguments) => serve::run(arguments, context),
    }
}
