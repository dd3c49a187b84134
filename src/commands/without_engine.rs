//! Stubs for a build without the built-in engine. `needs_engine` refuses every option that leads
//! here, except that the hint about `--rotate` needs no option.

pub(super) mod annotate {
    use std::path::Path;

    use crate::api::FaceMatch;
    use crate::cli::Annotation;
    use crate::commands::Context;
    use crate::error::Result;
    use crate::judge::Judged;

    pub(in crate::commands) enum Destination {}

    impl Destination {
        #[expect(clippy::unnecessary_wraps, reason = "a build with the engine can fail here")]
        pub(in crate::commands) fn prepare<'a>(
            _: &Annotation,
            _: impl IntoIterator<Item = &'a Path>,
            _: &Context,
        ) -> Result<Option<Self>> {
            Ok(None)
        }

        pub(in crate::commands) fn with(self, _: &FaceMatch) -> Result<Self> {
            match self {}
        }

        pub(in crate::commands) fn finish(self, _: &Judged) -> Result<()> {
            match self {}
        }
    }
}

pub(super) mod faces {
    use std::collections::HashMap;

    use crate::error::Result;
    use crate::report::Report;

    pub(in crate::commands) fn of(_: &Report) -> Result<HashMap<String, [String; 2]>> {
        unreachable!("refused before")
    }
}

pub(super) mod pictures {
    use std::path::Path;

    use crate::error::{Error, Result};
    use crate::render::Console;
    use crate::report::Report;

    pub(in crate::commands) enum Folder {}

    impl Folder {
        pub(in crate::commands) fn prepare(_: &Path) -> Result<Self, Error> {
            unreachable!("refused before")
        }

        pub(in crate::commands) fn fill(&self, _: &Report, _: bool, _: &Console) -> Result<()> {
            match *self {}
        }
    }
}

pub(super) mod turned {
    use crate::api::FaceMatch;
    use crate::judge::Judged;
    use crate::render::Console;
    use crate::verdict::Reason;

    pub(in crate::commands) fn suggest_rotate(judged: &Judged, _: &FaceMatch, console: &Console) {
        if judged.verdict.reason() == Some(Reason::NoFace) {
            console.hint("if a photo lies on its side, try again with --rotate");
        }
    }
}
