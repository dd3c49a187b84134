//! `check`: checks photos before anything is sent.

use super::annotate::Destination;
use super::parallel::on_all_cores;
use crate::cli::Check;
use crate::commands::Context;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::photo::{CHECK_PERMISSIONS, MOST_BYTES, Source, gather};
use crate::preflight::{CheckOptions, Inspection, Inspector, Level};
use crate::render;
use crate::render::annotate::{Layout, MOST_PHOTOS, Print, checked};

pub(in crate::commands) fn run(arguments: &Check, context: &Context) -> Result<Exit> {
    let gather::Gathered { photos, notes, .. } = gather::photos(&arguments.images)?;
    let paths = photos.iter().filter_map(Source::path);
    let destination = Destination::prepare(&arguments.annotation, paths, context)?;
    let is_drawn = destination.is_some();
    let layout = is_drawn.then(|| Layout::of(photos.len()));
    if is_drawn && photos.len() > MOST_PHOTOS {
        return Err(too_many(photos.len()).into());
    }
    let options = CheckOptions { rotate: arguments.rotate, fit: arguments.fit.is_some() };
    let console = &context.console;
    for note in &notes {
        console.note(note);
    }
    let bar = render::counting(console, photos.len(), "photos");
    let inspector = Inspector::default();
    let inspect = |photo: &Source| inspect(photo, &inspector, options, layout);
    let inspected = on_all_cores(&photos, inspect, || bar.inc(1));
    bar.finish_and_clear();
    let (inspections, prints): (Vec<_>, Vec<_>) = inspected?.into_iter().unzip();
    let shown: Vec<_> =
        inspections.iter().filter(|inspection| is_wanted(inspection, arguments)).collect();
    if console.json {
        console.result(render::check::json(&shown).as_bytes())?;
    } else {
        let levels: Vec<_> = inspections.iter().map(Inspection::level).collect();
        console.table(&render::check::table(console.out, &shown, &levels))?;
    }
    let is_any_unusable = inspections.iter().any(|inspection| inspection.level() == Level::Fails);
    if let Some(destination) = destination {
        let photos: Vec<_> = prints.into_iter().zip(inspections).collect();
        destination.put(&checked::sheet(&photos))?;
    }
    Ok(if is_any_unusable { Exit::Input } else { Exit::Done })
}

fn is_wanted(inspection: &Inspection, arguments: &Check) -> bool {
    let only = &arguments.only;
    only.is_empty() || only.iter().any(|level| level == inspection.level().name())
}

fn too_many(count: usize) -> Error {
    let what = format!("a picture shows at most {MOST_PHOTOS} photos, not {count}");
    Error::new(Kind::Usage, what).hint("give fewer photos, or leave out --annotate and --preview")
}

/// The photo is kept only if it is to be drawn.
fn inspect(
    photo: &Source,
    inspector: &Inspector,
    options: CheckOptions,
    layout: Option<Layout>,
) -> Result<(Inspection, Option<Print>)> {
    let name = photo.name();
    match photo.read(MOST_BYTES) {
        Ok(bytes) => {
            let inspection = inspector.inspect(name.clone(), &bytes, options)?;
            let layout = layout.filter(|_| inspection.seen.is_some());
            let print = layout.and_then(|layout| Print::decode(&name, &bytes, layout).ok());
            Ok((inspection, print))
        }
        Err(e) => {
            // The table says the name in a cell of its own.
            let why = e.message().trim_start_matches('`').strip_prefix(&name);
            let why = why.map_or(e.message(), |why| why.trim_start_matches(['`', ' ']));
            let is_denied = e.next_step() == Some(CHECK_PERMISSIONS);
            let fix = if is_denied { CHECK_PERMISSIONS } else { "check the path" };
            Ok((Inspection::unreadable(name.clone(), why, fix), None))
        }
    }
}
