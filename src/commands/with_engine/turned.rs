//! Detects whether a declined photo lies on its side, which the service doesn't say.

use crate::api::FaceMatch;
use crate::pair::Judged;
use crate::preflight::{CheckOptions, Inspector};
use crate::render::Console;

/// Names the photos whose face is turned.
pub(in crate::commands) fn suggest_rotate(_: &Judged, request: &FaceMatch, console: &Console) {
    let (inspector, options) = (Inspector::default(), CheckOptions::default());
    for photo in [&request.user_image, &request.ref_image] {
        let name = photo.name().to_owned();
        let inspection = inspector.inspect(name, &photo.bytes(), options).ok();
        let seen = inspection.and_then(|inspection| inspection.seen);
        if let Some(angle) = seen.map(|seen| seen.best_angle).filter(|angle| *angle != 0) {
            let name = photo.name();
            console.hint(&format!("`{name}` looks rotated by {angle}°; retry with --rotate"));
        }
    }
}
