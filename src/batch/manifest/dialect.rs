//! The format of a CSV file: its delimiter, and the line on which each record begins.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// How far to look for the end of the first line; headers have a few hundred bytes.
const LONGEST_HEADER: u64 = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// The byte at which the header begins, after a line `sep=;`.
    pub(super) start: u64,
    pub(super) line: u64,
}

impl Dialect {
    /// Recognises comma, semicolon or tab by the header, or takes the one that `sep=` names.
    pub(super) fn of(file: &mut File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        let mut first = Vec::new();
        BufReader::new(&mut *file).take(LONGEST_HEADER).read_until(b'\n', &mut first)?;
        let text = first.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&first);
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = *text {
            return Ok(Self { delimiter, start: first.len() as u64, line: 2 });
        }
        let count = |delimiter: u8| first.split(|byte| *byte == delimiter).count();
        let delimiter = [b',', b';', b'\t'].into_iter().rev().max_by_key(|d| count(*d));
        Ok(Self { delimiter: delimiter.unwrap_or(b','), start: 0, line: 1 })
    }
}

/// What a file is that can't be CSV, to complete "the manifest …".
pub(super) fn foreign(file: &mut File) -> io::Result<Option<&'static str>> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.take(1024).read_to_end(&mut head)?;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    Ok(match head.as_slice() {
        _ if head.len() < 1024 && text.trim_ascii().is_empty() => Some("is empty"),
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            Some("is an Excel workbook: save it as CSV UTF-8")
        }
        _ => None,
    })
}

/// Records where lines begin: the csv crate counts CRLF and blank lines differently from editors.
pub(super) struct Counted<R> {
    source: R,
    /// For each line that is not blank: the byte at which it begins, and its number.
    lines: VecDeque<(u64, u64)>,
    line: u64,
    at: u64,
    is_blank: bool,
    after_return: bool,
}

impl<R: Read> Counted<R> {
    pub(super) fn new(source: R, line: u64) -> Self {
        let lines = VecDeque::new();
        Self { source, lines, line, at: 0, is_blank: true, after_return: false }
    }

    fn note(&mut self, byte: u8) {
        match byte {
            b'\n' if self.after_return => {}
            b'\n' | b'\r' => {
                self.line += 1;
                self.is_blank = true;
            }
            _ if self.is_blank => {
                self.lines.push_back((self.at, self.line));
                self.is_blank = false;
            }
            _ => {}
        }
        self.after_return = byte == b'\r';
        self.at += 1;
    }

    /// The line of the record that begins at `byte`, or after blank lines there. Must be called in
    /// the order of the records.
    pub(super) fn line_at(&mut self, byte: u64) -> u64 {
        while self.lines.front().is_some_and(|(start, _)| *start < byte) {
            self.lines.pop_front();
        }
        self.lines.front().map_or(0, |(_, line)| *line)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        buffer[..count].iter().for_each(|byte| self.note(*byte));
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn dialect(text: &str) -> Dialect {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Dialect::of(&mut file).unwrap()
    }

    #[test]
    fn the_delimiter_is_seen_or_named() {
        for (text, delimiter, start, line) in [
            ("", b',', 0, 1),
            ("user_image", b',', 0, 1),
            ("user_image,ref_image\r\n", b',', 0, 1),
            ("user_image;ref_image;note, or not\n", b';', 0, 1),
            ("\u{feff}user_image\tref_image\t\t\n", b'\t', 0, 1),
            ("sep=;\r\nuser_image;ref_image\n", b';', 7, 2),
            ("SEP=,\nuser_image,ref_image\n", b',', 6, 2),
            ("sep=\t\nuser_image\tref_image\n", b'\t', 6, 2),
        ] {
            assert_eq!(dialect(text), Dialect { delimiter, start, line }, "{text:?}");
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let text = "a\r\n\r\n\nb\rc\n\"d\r\nd\"\r\n \ne";
        let mut counted = Counted::new(text.as_bytes(), 1);
        counted.read_to_end(&mut Vec::new()).unwrap();
        for (part, line) in [("a", 1), ("b", 4), ("c", 5), ("\"d", 6), (" \ne", 8), ("e", 9)] {
            let at = text.rfind(part).unwrap() as u64;
            assert_eq!(counted.line_at(at), line, "{part:?}");
        }
        let mut counted = Counted::new("a\r\n\r\nb".as_bytes(), 2);
        counted.read_to_end(&mut Vec::new()).unwrap();
        // Where the csv crate sees the end of the record before, and where it begins.
        assert_eq!([0, 2, 5].map(|at| counted.line_at(at)), [2, 4, 4]);
    }
}
