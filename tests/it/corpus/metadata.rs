//! The value of `--metadata`: one JSON object, sent verbatim, or a usage error.

use clap::Parser as _;
use didit_face::cli::{Cli, Command};
use serde_json::{Map, Value};

pub(crate) fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let object = serde_json::from_str::<Map<String, Value>>(&text);
    if let Some(metadata) = accepted(&text) {
        assert_eq!(metadata, text);
        object.as_ref().expect("the service must be able to read it");
    }
    // As a library writes it: no duplicate keys, nothing odd.
    if let Ok(object) = object {
        let written = Value::Object(object).to_string();
        assert_eq!(accepted(&written), Some(written));
    }
}

fn accepted(text: &str) -> Option<String> {
    let option = format!("--metadata={text}");
    let cli = Cli::try_parse_from(["didit-face", "match", "a.jpg", "b.jpg", &option]).ok()?;
    let Command::Match(arguments) = cli.command else { unreachable!("it says match") };
    arguments.options.sent.metadata
}
