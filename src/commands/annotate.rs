//! `--annotate` and `--preview`: a picture of the photos with their faces and the verdict.

use std::io::{self, Write};
use std::path::Path;

use image::RgbImage;

use super::Context;
use super::new_file::NewFile;
use crate::api::FaceMatch;
use crate::cli::Annotation;
use crate::cli::settings::{self, Environment};
use crate::error::{Error, Kind, Result};
use crate::pair::Judged;
use crate::photo::Photo;
use crate::render::Console;
use crate::render::annotate::judged::{self, Subject};
use crate::render::annotate::{Print, Sheet, png};
use crate::render::picture::{Protocol, Room, escape_codes, question};
use crate::values::text::quoted;

pub(super) struct Destination {
    file: Option<NewFile>,
    screen: Option<Screen>,
}

impl Destination {
    /// Checks that the file can be written and isn't one of `inputs`, and that the terminal can show
    /// pictures; `None` if no picture is wanted.
    pub(super) fn prepare<'a>(
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
    pub(super) fn with(self, request: &FaceMatch) -> Result<Annotate> {
        let photos = [decode(&request.user_image)?, decode(&request.ref_image)?];
        Ok(Annotate { destination: self, photos })
    }

    pub(super) fn put(self, sheet: &Sheet<'_>) -> Result<()> {
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

pub(super) struct Annotate {
    destination: Destination,
    photos: [Print; 2],
}

impl Annotate {
    pub(super) fn finish(self, judged: &Judged) -> Result<()> {
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
    Print::decode(photo.name(), &photo.bytes()).map_err(|e| {
        Error::new(Kind::Input, format!("`{}`: {e}", photo.name()))
            .hint("it can't be drawn: leave out --annotate and --preview, or convert it first")
            .into()
    })
}

/// A terminal that can show pictures.
struct Screen(Protocol, Room);

impl Screen {
    /// Asks the terminal on stderr, and warns if it can't: before anything is sent or charged.
    fn find(environment: &Environment, console: &Console) -> Option<Self> {
        let question = question(settings::is_multiplexed(environment));
        let terminal = if console.err.is_terminal { ask(question) } else { None };
        let is_iterm = settings::is_iterm(environment);
        let screen =
            terminal.and_then(|(answer, room)| Some(Self(Protocol::of(&answer, is_iterm)?, room)));
        if screen.is_none() {
            console.warn("this terminal can't show images (kitty, iTerm2 or sixel); use --annotate FILE.png instead");
        }
        screen
    }

    fn show(self, picture: &RgbImage) -> Result<()> {
        let codes = escape_codes(picture, self.0, self.1)?;
        // If the terminal is gone, there is nowhere to show an error.
        let _ = io::stderr().lock().write_all(&codes);
        Ok(())
    }
}

/// The terminal's answer, and its size. The answer isn't echoed, and Ctrl-C restores the terminal.
#[cfg(unix)]
fn ask(question: &str) -> Option<(Vec<u8>, Room)> {
    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcgetwinsize, tcsetattr,
    };

    use crate::render::picture::is_complete;

    /// In tenths of a second: enough for a terminal across an ocean.
    const PATIENCE: u8 = 10;

    let terminal = io::stderr();
    if is_in_background(&terminal) {
        return None;
    }
    let size = tcgetwinsize(&terminal).ok()?;
    let room =
        Room { columns: size.ws_col, rows: size.ws_row, pixels: (size.ws_xpixel, size.ws_ypixel) };
    let before = tcgetattr(&terminal).ok()?;
    let mut raw = before.clone();
    raw.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
    raw.special_codes[SpecialCodeIndex::VMIN] = 0;
    raw.special_codes[SpecialCodeIndex::VTIME] = PATIENCE;
    let restore = move |_| {
        let _ = tcsetattr(io::stderr(), OptionalActions::Now, &before);
    };
    let answer = crate::interrupt::restoring(restore, || {
        tcsetattr(&terminal, OptionalActions::Now, &raw).ok()?;
        terminal.lock().write_all(question.as_bytes()).ok()?;
        let mut answer = Vec::new();
        let mut buffer = [0; 256];
        while !is_complete(&answer) {
            match rustix::io::read(&terminal, &mut buffer) {
                // Longer than any terminal's answer.
                Ok(count) if count > 0 && answer.len() < 4096 => {
                    answer.extend_from_slice(&buffer[..count]);
                }
                Err(rustix::io::Errno::INTR) => {}
                _ => break,
            }
        }
        Some(answer)
    });
    Some((answer?, room))
}

/// A background job would be stopped (SIGTTOU) for asking.
#[cfg(unix)]
fn is_in_background(terminal: &io::Stderr) -> bool {
    rustix::termios::tcgetpgrp(terminal).is_ok_and(|group| group != rustix::process::getpgrp())
}

/// A terminal can't be asked on this platform.
#[cfg(not(unix))]
fn ask(_: &str) -> Option<(Vec<u8>, Room)> {
    let (rows, columns) = console::Term::stderr().size_checked()?;
    Some((Vec::new(), Room { columns, rows, pixels: (0, 0) }))
}
