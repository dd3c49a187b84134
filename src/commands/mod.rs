//! The commands: each reads straight down from its arguments to its exit code.

#[cfg(feature = "engine")]
mod check;
mod generate;
mod local;
mod match_pair;
#[cfg(not(feature = "engine"))]
mod needs_engine;

use crate::cli::Command;
use crate::error::Result;
use crate::exit::Exit;
use crate::render::Console;
use crate::secret::ApiKey;
use crate::settings::{self, Environment, Origin, Settings};

/// What every command is given.
pub struct Context {
    /// The settings of this run.
    pub settings: Settings,
    /// The environment, for the key.
    pub environment: Environment,
    /// Where to write.
    pub console: Console,
}

impl Context {
    /// The API key, with a word about where it came from and who else could read it.
    fn api_key(&self) -> Result<ApiKey> {
        let key = settings::api_key(&self.environment)?;
        self.console.detail(&format!("key: from {}", key.origin));
        if key.origin == Origin::Variable("DIDIT_API_KEY_FILE")
            && settings::key_file_is_open_to_others(&self.environment)
        {
            self.console.warn("others on this machine can read the key file: chmod 600 it");
        }
        Ok(key.value)
    }
}

/// Does what the command line asks for.
pub fn run(command: &Command, context: &Context) -> Result<Exit> {
    match command {
        Command::Match(arguments) => match_pair::run(arguments, context),
        #[cfg(feature = "engine")]
        Command::Check(arguments) => check::run(arguments, context),
        #[cfg(not(feature = "engine"))]
        Command::Check(_) => Err(needs_engine::error("`check`").into()),
        Command::Completions(arguments) => generate::completions(arguments.shell, context),
        Command::Man => generate::man(context),
    }
}
