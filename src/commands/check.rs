//! `check`: checks photos before anything is sent.

use super::Context;
use super::annotate::Destination;
use super::parallel::on_all_cores;
use crate::api::FaceMatch;
use crate::cli::Check;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::photo::{CHECK_PERMISSIONS, DOWNLOAD, MOST_BYTES, Source, gather};
use crate::preflight::{CheckOptions, Inspection, Inspector, Level};
use crate::render::annotate::{MOST_PHOTOS, Print, checked};
use crate::render::{self, Console};

pub(super) fn run(arguments: &Check, context: &Context) -> Result<Exit> {
    let gather::Gathered { photos, notes, .. } = gather::photos(&arguments.images)?;
    let paths = photos.iter().filter_map(Source::path);
    let destination = Destination::prepare(&arguments.annotation, paths, context)?;
    let is_drawn = destination.is_some();
    if is_drawn && photos.len() > MOST_PHOTOS {
        let what = format!("a picture shows at most {MOST_PHOTOS} photos, not {}", photos.len());
        let hint = "give fewer photos, or leave out --annotate and --preview";
        return Err(Error::new(Kind::Usage, what).hint(hint).into());
    }
    let options = CheckOptions { rotate: arguments.rotate, fit: arguments.fit.is_some() };
    let console = &context.console;
    for note in &notes {
        console.note(note);
    }
    let bar = render::counting(console, photos.len(), "photos");
    let inspector = Inspector::default();
    let inspect = |photo: &Source| inspect(photo, &inspector, options, is_drawn);
    let inspected = on_all_cores(&photos, inspect, || bar.inc(1));
    bar.finish_and_clear();
    let inspected = inspected?;
    let only = &arguments.only;
    let is_wanted = |inspection: &&Inspection| {
        only.is_empty() || only.iter().any(|level| level == inspection.level().name())
    };
    let shown: Vec<_> =
        inspected.iter().map(|(inspection, _)| inspection).filter(is_wanted).collect();
    let levels: Vec<_> = inspected.iter().map(|(inspection, _)| inspection.level()).collect();
    if console.json {
        console.result(render::check::json(&shown).as_bytes())?;
    } else {
        console.table(&render::check::table(console.out, &shown, &levels))?;
    }
    if let Some(destination) = destination {
        destination.put(&checked::sheet(&inspected))?;
    }
    Ok(if levels.contains(&Level::Fails) { Exit::Input } else { Exit::Done })
}

/// The photo is kept only if it is to be drawn.
fn inspect(
    photo: &Source,
    inspector: &Inspector,
    options: CheckOptions,
    is_drawn: bool,
) -> Result<(Inspection, Option<Print>)> {
    let name = photo.name();
    match photo.read(MOST_BYTES) {
        Ok(bytes) => {
            let inspection = inspector.inspect(name.clone(), &bytes, options)?;
            let is_drawn = is_drawn && inspection.seen.is_some();
            let print = is_drawn.then(|| Print::decode(&name, &bytes).ok()).flatten();
            Ok((inspection, print))
        }
        Err(e) => {
            // The table says the name in a cell of its own.
            let why = e.message().trim_start_matches('`').strip_prefix(&name);
            let why = why.map_or(e.message(), |why| why.trim_start_matches(['`', ' ']));
            let known = [CHECK_PERMISSIONS, DOWNLOAD];
            let fix = known.into_iter().find(|fix| e.next_step() == Some(fix));
            let fix = fix.unwrap_or("check the path");
            Ok((Inspection::unreadable(name.clone(), why, fix), None))
        }
    }
}

/// Names the photos whose face is turned: the service doesn't say why it declined one.
pub(super) fn suggest_rotate(request: &FaceMatch, console: &Console) {
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
