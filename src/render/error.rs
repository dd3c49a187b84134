//! Errors as JSON.

use serde::Serialize;

use crate::error::{Error, Kind};
use crate::exit::Exit;

#[derive(Serialize)]
struct Line<'a> {
    error: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    kind: Kind,
    message: &'a str,
    hint: Option<&'a str>,
    http_status: Option<u16>,
    exit_code: u8,
}

pub(super) fn as_json(error: &Error) -> String {
    let body = Body {
        kind: error.kind(),
        message: error.message(),
        hint: error.next_step(),
        http_status: error.status(),
        exit_code: Exit::from(error.kind()).code(),
    };
    // Can't fail: only strings and numbers.
    serde_json::to_string(&Line { error: body }).unwrap_or_default() + "\n"
}
