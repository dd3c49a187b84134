//! What a build without the built-in engine says where one is needed.

use crate::error::{Error, Kind};

/// `what` is not in this build.
pub(super) fn error(what: &str) -> Error {
    Error::new(Kind::Usage, format!("this build has no built-in engine, so there is no {what}"))
        .hint("build it with the default features: cargo build --release")
}
