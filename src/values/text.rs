//! Text from outside, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::system::System;

/// The maximum length of an id or path in a message, in characters. Ordinary ones are shorter.
pub const QUOTED: usize = 200;

/// `text` with everything that could move the cursor, change colours, reorder or hide characters
/// written as `\u{…}`, so that it stays on one line and shows what it is.
///
/// Covers the C0 and C1 controls (ESC, newlines), line and paragraph separators, the bidirectional
/// controls (Trojan Source, CVE-2021-42574), zero-width and tag characters.
pub fn safe(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmful(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// `text` made [`safe`] and cut to `limit` characters, with an ellipsis if it was cut.
pub fn excerpt(text: &str, limit: usize) -> String {
    let text = safe(text.trim());
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// `1 pair`, `2 pairs`.
pub fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

pub fn megabytes(bytes: usize) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// A file's size; in kilobytes below 1 MB, so that small ones can be told apart.
pub fn size(bytes: usize) -> String {
    if bytes < 950_000 { format!("{} KB", bytes.div_ceil(1000)) } else { megabytes(bytes) }
}

/// `text` as one word of this system's shells, for a command to copy.
pub fn quoted(text: &str) -> Cow<'_, str> {
    System::HERE.quoted(text)
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
