//! The lines of a journal as they are read.

use std::fs::File;
use std::io::{self, BufRead, Read};

use serde_json::error::Category;

use super::record::Record;

/// Longer than any line of ours: an answer has at most 1 MiB.
pub(super) const LONGEST: u64 = 32 * 1024 * 1024;
/// The start of every line that we write.
const BEGINNING: &[u8] = br#"{"id":""#;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[derive(Debug)]
pub enum Unreadable {
    Io(io::Error),
    Foreign,
    /// This line, counted from 1.
    Damaged(u64),
}

/// Passes each whole line to `take` with the byte at which it begins, and returns whether the last
/// line is cut off. `take` returns whether the line makes sense.
///
/// A killed run may leave an incomplete line. The next run leaves it where it is.
pub fn each(
    mut source: impl BufRead,
    mut take: impl FnMut(u64, Record) -> io::Result<bool>,
) -> Result<bool, Unreadable> {
    let (mut line, mut offset, mut number) = (Vec::new(), 0, 0);
    let (mut damaged, mut is_ours, mut is_torn) = (None, false, false);
    loop {
        line.clear();
        let mut limited = source.by_ref().take(LONGEST);
        let length = limited.read_until(b'\n', &mut line).map_err(Unreadable::Io)? as u64;
        if length == 0 {
            break;
        }
        number += 1;
        is_torn = line.pop_if(|byte| *byte == b'\n').is_none();
        let text = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 1).unwrap_or(&line);
        match Record::parse(text) {
            Ok(record) => {
                is_ours = true;
                // After damage, only whether anything is ours still matters.
                if damaged.is_none() && !take(offset, record).map_err(Unreadable::Io)? {
                    damaged = Some(number);
                }
            }
            Err(e) if breaks_off(text, &e) => {
                is_ours |= damaged.is_none() && text.starts_with(&BEGINNING[..1]);
            }
            Err(_) => damaged = damaged.or(Some(number)),
        }
        if damaged.is_some() && is_ours {
            break;
        }
        offset += length;
    }
    match damaged {
        _ if number > 0 && !is_ours => Err(Unreadable::Foreign),
        Some(number) => Err(Unreadable::Damaged(number)),
        None => Ok(is_torn),
    }
}

/// How much to read at a random place: more than most lines have.
const SMALL: usize = 4 * 1024;
const LARGE: usize = 64 * 1024;

/// A part of a file, for lines that may follow one another.
#[derive(Default)]
pub(super) struct Window {
    start: u64,
    bytes: Vec<u8>,
    /// Whether the file has no more.
    is_last: bool,
    /// Where the line after the last one begins.
    next: u64,
}

impl Window {
    /// The line that begins at `offset`, without its end.
    pub(super) fn line(&mut self, file: &File, offset: u64) -> io::Result<&[u8]> {
        let is_near = self.next > 0 && offset.wrapping_sub(self.next) < LARGE as u64;
        let mut size = if is_near { LARGE } else { SMALL };
        let (from, length) = loop {
            let from = usize::try_from(offset.wrapping_sub(self.start)).unwrap_or(usize::MAX);
            if let Some(rest) = self.bytes.get(from..) {
                let length = { rest }.skip_until(b'\n')?;
                if self.is_last || rest[..length].ends_with(b"\n") {
                    break (from, length);
                }
            }
            self.fill(file, offset, size)?;
            size *= 4;
        };
        self.next = offset + length as u64;
        let line = self.bytes[from..from + length].trim_ascii_end();
        Ok(line.strip_prefix(BYTE_ORDER_MARK).filter(|_| offset == 0).unwrap_or(line))
    }

    fn fill(&mut self, file: &File, offset: u64, size: usize) -> io::Result<()> {
        (self.start, self.is_last) = (offset, false);
        self.bytes.resize(size, 0);
        let mut filled = 0;
        while filled < size && !self.is_last {
            let (rest, offset) = (&mut self.bytes[filled..], offset + filled as u64);
            #[cfg(unix)]
            let read = std::os::unix::fs::FileExt::read_at(file, rest, offset)?;
            #[cfg(windows)]
            let read = std::os::windows::fs::FileExt::seek_read(file, rest, offset)?;
            (filled, self.is_last) = (filled + read, read == 0);
        }
        self.bytes.truncate(filled);
        Ok(())
    }
}

/// Whether `line` is the beginning of one of ours; a file system may have filled the rest with
/// zeros.
fn breaks_off(line: &[u8], e: &serde_json::Error) -> bool {
    let end = line.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let text = &line[..end];
    let is_cut = e.classify() == Category::Eof || end < line.len();
    is_cut && (text.starts_with(BEGINNING) || BEGINNING.starts_with(text.trim_ascii()))
}
