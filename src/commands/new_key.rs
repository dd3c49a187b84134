//! Saves or prints a key that the service has just issued.

use secrecy::zeroize::Zeroizing;

use super::Context;
use super::new_file::NewFile;
use crate::cli::SaveKey;
use crate::error::{Error, Kind, Result};
use crate::render::Console;
use crate::values::secret::ApiKey;
use crate::values::system::System;

/// Where the key goes, checked before it is requested.
pub(super) struct Destination {
    file: Option<NewFile>,
}

impl Destination {
    pub(super) fn prepare(arguments: &SaveKey, context: &Context) -> Result<Self> {
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
    pub(super) fn deliver(self, key: &ApiKey, body: &[u8], context: &Context) -> Result<()> {
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
