//! A build without the engine can't tell whether a declined photo lies on its side.

use crate::api::FaceMatch;
use crate::judge::Judged;
use crate::render::Console;
use crate::verdict::Reason;

/// Mentions `--rotate` where no face was found.
pub(super) fn suggest_rotate(judged: &Judged, _: &FaceMatch, console: &Console) {
    if judged.verdict.reason() == Some(Reason::NoFace) {
        console.hint("if a photo lies on its side, try again with --rotate");
    }
}
