//! What a build without the built-in engine, or without `serve`, refuses: all in one place.

use crate::cli::options::PairOptions;
use crate::cli::{Annotation, Command, Report};
use crate::error::{Error, Kind};

/// Refuses what this build can't do.
///
/// # Errors
/// [`Kind::Usage`], naming the command or the option.
pub(super) fn refuse(command: &Command) -> Result<(), Error> {
    let wanted = match command {
        Command::Match(arguments) => {
            of_pair(&arguments.options).or_else(|| of_picture(&arguments.annotation))
        }
        Command::Batch(arguments) => of_pair(&arguments.options),
        Command::Report(arguments) => of_report(arguments),
        Command::Check(_) => Some("check"),
        Command::Serve(_) => return refused("serve", cfg!(feature = "serve")),
        _ => None,
    };
    wanted.map_or(Ok(()), |what| refused(what, cfg!(feature = "engine")))
}

fn of_pair(options: &PairOptions) -> Option<&'static str> {
    let flags = [
        ("--local", options.local),
        ("--fit", options.prepare.fit.is_some()),
        ("--check", options.prepare.check),
    ];
    flags.into_iter().find_map(|(flag, is_set)| is_set.then_some(flag))
}

fn of_picture(annotation: &Annotation) -> Option<&'static str> {
    let flags = [("--annotate", annotation.annotate.is_some()), ("--preview", annotation.preview)];
    flags.into_iter().find_map(|(flag, is_set)| is_set.then_some(flag))
}

fn of_report(arguments: &Report) -> Option<&'static str> {
    let flags = [
        ("--embed-thumbnails", arguments.embed_thumbnails),
        ("--pictures", arguments.pictures.is_some()),
    ];
    flags.into_iter().find_map(|(flag, is_set)| is_set.then_some(flag))
}

fn refused(what: &str, is_built_in: bool) -> Result<(), Error> {
    if is_built_in {
        return Ok(());
    }
    let message = format!("this build has no built-in engine, so there is no `{what}`");
    Err(Error::new(Kind::Usage, message)
        .hint("build it with the default features: cargo build --release"))
}
