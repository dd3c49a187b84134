//! Writes a decoded photo, upright and in RGB, to stdout as a PPM.
//!
//! `tests/decoders/compare.py` compares it with other decoders.

#![allow(clippy::print_stderr, reason = "an example")]

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use didit_face::picture::decode::upright;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("usage: decode PHOTO")?;
    let picture = upright(&std::fs::read(file)?.into())?;
    let mut out = io::stdout().lock();
    write!(out, "P6\n{} {}\n255\n", picture.width(), picture.height())?;
    out.write_all(picture.as_raw())?;
    Ok(())
}
