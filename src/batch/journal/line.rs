//! The lines of a journal as they are read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

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

/// The line that begins at this byte.
pub(super) fn at(file: &File, offset: u64) -> io::Result<Record> {
    let mut line = Vec::new();
    BufReader::with_capacity(4096, At { file, offset }).read_until(b'\n', &mut line)?;
    let text = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| offset == 0).unwrap_or(&line);
    Record::parse(text.strip_suffix(b"\n").unwrap_or(text)).map_err(io::Error::from)
}

/// Reads a file from a byte on, and leaves its position alone.
struct At<'a> {
    file: &'a File,
    offset: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(self.file, buffer, self.offset)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(self.file, buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
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
