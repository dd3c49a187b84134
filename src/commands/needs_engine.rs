//! Refuses what a build without the built-in engine, or without `serve`, can't do.

use crate::cli::Command;
use crate::cli::options::PairOptions;
use crate::error::{Error, Kind};

pub(super) fn refuse(command: &Command) -> Result<(), Error> {
    let needed: &[(&str, bool)] = match command {
        Command::Match(arguments) => {
            let annotation = &arguments.annotation;
            &[
                of_pair(&arguments.options),
                ("--annotate", annotation.annotate.is_some()),
                ("--preview", annotation.preview),
            ]
        }
        Command::Batch(arguments) => &[of_pair(&arguments.options)],
        Command::Report(arguments) => &[
            ("--embed-thumbnails", arguments.embed_thumbnails),
            ("--pictures", arguments.pictures.is_some()),
        ],
        Command::Check(_) => &[("check", true)],
        Command::Serve(_) => &[("serve", !cfg!(feature = "serve"))],
        _ => &[],
    };
    let is_missing = matches!(command, Command::Serve(_)) || !cfg!(feature = "engine");
    match needed.iter().find(|(_, is_wanted)| *is_wanted && is_missing) {
        None => Ok(()),
        Some((what, _)) => {
            let message = format!("`{what}` needs the built-in engine, which this build lacks");
            Err(Error::new(Kind::Usage, message)
                .hint("build with the default features: cargo build --release"))
        }
    }
}

fn of_pair(options: &PairOptions) -> (&'static str, bool) {
    let flags = [
        ("--local", options.local),
        ("--fit", options.prepare.fit.is_some()),
        ("--check", options.prepare.check),
    ];
    flags.into_iter().find(|(_, is_set)| *is_set).unwrap_or_default()
}
