//! Writes a photo as it is decoded, upright and in RGB, to standard output as a PPM.
//!
//! `tests/decoders/compare.py` compares it with what other decoders make of the file.

use std::io::{self, Write};

use didit_face::picture::decode::upright;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args_os().nth(1).ok_or("give the name of a photo")?;
    let picture = upright(&std::fs::read(file)?.into())?;
    let mut out = io::stdout().lock();
    write!(out, "P6\n{} {}\n255\n", picture.width(), picture.height())?;
    out.write_all(picture.as_raw())?;
    Ok(())
}
