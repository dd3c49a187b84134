//! `--preview`: a picture in the terminal, if it can show one.

use std::io::{self, Write};

use image::RgbImage;

use crate::cli::settings::{self, Environment};
use crate::error::Result;
use crate::render::Console;
use crate::render::picture::{Protocol, Room, escape_codes, question};

/// A terminal that can show pictures.
pub(super) struct Screen(Protocol, Room);

impl Screen {
    /// Asks the terminal on stderr, and warns if it can't: before anything is sent or charged.
    pub(super) fn find(environment: &Environment, console: &Console) -> Option<Self> {
        let question = question(settings::is_multiplexed(environment));
        let terminal = if console.err.is_terminal { ask(&question) } else { None };
        let is_iterm = settings::is_iterm(environment);
        let screen =
            terminal.and_then(|(answer, room)| Some(Self(Protocol::of(&answer, is_iterm)?, room)));
        if screen.is_none() {
            console.warn("this terminal can't show images (kitty, iTerm2 or sixel); use --annotate FILE.png instead");
        }
        screen
    }

    pub(super) fn show(self, picture: &RgbImage) -> Result<()> {
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
