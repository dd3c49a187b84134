//! `pairs`: makes a manifest of the photos in two folders.

use serde_json::json;

use super::Context;
use crate::batch::manifest::{Pairing, Unpaired};
use crate::cli;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::values::json::SCHEMA;
use crate::values::text::count;

/// Photos to name in an error message.
const NAMED: usize = 20;

pub(super) fn run(arguments: &cli::Pairs, context: &Context) -> Result<Exit> {
    let (users, references) = (&arguments.user_folder, &arguments.ref_folder);
    if let (Ok(users), Ok(references)) = (users.canonicalize(), references.canonicalize())
        && users == references
    {
        return Err(Error::new(Kind::Usage, "both folders are the same one").into());
    }
    let pairing = Pairing::of(users, references)?;
    let Pairing { rows, unpaired } = &pairing;
    if !unpaired.is_empty() && !arguments.skip_unmatched {
        return Err(refused(unpaired).into());
    }
    let console = &context.console;
    for photo in unpaired {
        console.note(&format!("left out: {}", in_words(photo)));
    }
    if rows.is_empty() {
        let what = format!(
            "no photo in `{}` has the name of one in `{}`",
            users.display(),
            references.display()
        );
        return Err(Error::new(Kind::Input, what)
            .hint("name both photos of a person alike, for example 1001.jpg and 1001.png")
            .into());
    }
    if console.json {
        let result = json!({"schema": SCHEMA, "pairs": rows, "unmatched": unpaired});
        console.result(result.to_string().as_bytes())?;
    } else {
        console.result(&pairing.manifest()?)?;
    }
    Ok(Exit::Done)
}

fn refused(unpaired: &[Unpaired]) -> Error {
    let mut named: Vec<_> = unpaired.iter().take(NAMED).map(in_words).collect();
    if unpaired.len() > NAMED {
        named.push(format!("and {} more", unpaired.len() - NAMED));
    }
    let what = count(unpaired.len() as u64, "photo");
    Error::new(Kind::Input, format!("{what} can't be paired: {}", named.join("; ")))
        .hint("add or rename them, or leave them out with --skip-unmatched")
}

fn in_words(Unpaired { file, why }: &Unpaired) -> String {
    format!("`{file}` {why}")
}
