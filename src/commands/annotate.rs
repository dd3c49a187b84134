//! `--annotate`: a picture of the pair with its faces and its verdict.

use std::path::Path;

use super::new_file::NewFile;
use crate::answer::Report;
use crate::api::FaceMatch;
use crate::cli::Annotation;
use crate::engine::EngineError;
use crate::error::{Error, Kind, Result};
use crate::photo::Photo;
use crate::render::annotate::{Print, png};
use crate::verdict::Verdict;

/// The file that the picture will be, and later the photos in it.
pub(super) struct Annotate<Photos> {
    file: NewFile,
    photos: Photos,
}

/// Sees to it that the file can be written; `None` if no picture is wanted.
pub(super) fn prepare(wanted: &Annotation) -> Result<Option<Annotate<()>>> {
    let prepare = |path: &Path| NewFile::prepare("the picture", path, wanted.force);
    let file = wanted.annotate.as_deref().map(prepare).transpose()?;
    Ok(file.map(|file| Annotate { file, photos: () }))
}

impl Annotate<()> {
    /// Decodes both photos: one that can't be drawn is said before anything is sent.
    pub(super) fn with(self, request: &FaceMatch) -> Result<Annotate<[Print; 2]>> {
        let photos = [decode(&request.user_image)?, decode(&request.ref_image)?];
        Ok(Annotate { file: self.file, photos })
    }
}

impl Annotate<[Print; 2]> {
    /// Draws what the answer says and writes it.
    pub(super) fn finish(self, body: &[u8], verdict: &Verdict) -> Result<()> {
        let picture = png(&self.photos, &Report::read(body)?, verdict)?;
        Ok(self.file.write(&picture)?)
    }
}

fn decode(photo: &Photo) -> Result<Print> {
    Print::decode(photo.name(), &photo.bytes()?).map_err(|e| match e {
        EngineError::Model(bug) => bug,
        damaged => Error::new(Kind::Input, format!("`{}`: {damaged}", photo.name()))
            .hint("it can't be drawn: leave out --annotate, or convert it first")
            .into(),
    })
}
