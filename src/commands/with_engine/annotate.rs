//! `--annotate` and `--preview`: a picture of the photos with their faces and the verdict.

use std::path::Path;

use super::preview::Screen;
use crate::api::FaceMatch;
use crate::cli::Annotation;
use crate::commands::Context;
use crate::commands::new_file::NewFile;
use crate::error::{Error, Kind, Result};
use crate::pair::Judged;
use crate::photo::Photo;
use crate::render::annotate::judged::{self, Subject};
use crate::render::annotate::{Layout, Print, Sheet, png};
use crate::values::text::quoted;

pub(in crate::commands) struct Destination {
    file: Option<NewFile>,
    screen: Option<Screen>,
}

impl Destination {
    /// Checks that the file can be written and is none of `inputs`, and that the terminal can show
    /// pictures; `None` if no picture is wanted.
    pub(in crate::commands) fn prepare<'a>(
        wanted: &Annotation,
        inputs: impl IntoIterator<Item = &'a Path>,
        context: &Context,
    ) -> Result<Option<Self>> {
        let prepare = |path: &Path| -> Result<NewFile> {
            let file = NewFile::prepare("the picture", path, wanted.force)?.keeping(inputs)?;
            is_png(path)?;
            Ok(file)
        };
        let file = wanted.annotate.as_deref().map(prepare).transpose()?;
        let screen = wanted.preview.then(|| Screen::find(&context.environment, &context.console));
        let screen = screen.flatten();
        Ok((file.is_some() || screen.is_some()).then_some(Self { file, screen }))
    }

    /// Decodes both photos, so that one that can't be drawn is reported before anything is sent.
    pub(in crate::commands) fn with(self, request: &FaceMatch) -> Result<Annotate> {
        let photos = [decode(&request.user_image)?, decode(&request.ref_image)?];
        Ok(Annotate { destination: self, photos })
    }

    pub(super) fn put(self, sheet: &Sheet) -> Result<()> {
        let picture = sheet.draw()?;
        if let Some(screen) = self.screen {
            screen.show(&picture)?;
        }
        match self.file {
            Some(file) => Ok(file.write(&png(&picture)?)?),
            None => Ok(()),
        }
    }
}

pub(in crate::commands) struct Annotate {
    destination: Destination,
    photos: [Print; 2],
}

impl Annotate {
    pub(in crate::commands) fn finish(self, judged: &Judged) -> Result<()> {
        let subject = Subject::of_answer(&judged.verdict, &judged.details);
        self.destination.put(&judged::sheet(&self.photos, &subject))
    }
}

/// The picture is always a PNG.
fn is_png(path: &Path) -> Result<(), Error> {
    match path.extension() {
        Some(other) if !other.eq_ignore_ascii_case("png") => {
            let message = format!("--annotate writes a PNG, not `{}`", path.display());
            let name = path.with_extension("png").display().to_string();
            Err(Error::new(Kind::Usage, message).hint(format!("name it {}", quoted(&name))))
        }
        _ => Ok(()),
    }
}

fn decode(photo: &Photo) -> Result<Print> {
    Print::decode(photo.name(), &photo.bytes(), Layout::PAIR).map_err(|e| {
        Error::new(Kind::Input, format!("`{}`: {e}", photo.name()))
            .hint("it can't be drawn: leave out --annotate and --preview, or convert it first")
            .into()
    })
}
