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
    if !text.chars().any(is_harmful) {
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

/// In megabytes, with one decimal.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Controls, separators and default ignorable characters, except for the variation selectors of
    /// emoji (DerivedCoreProperties.txt).
    const HARMFUL: &[(u32, u32)] = &[
        (0x00, 0x1f),
        (0x7f, 0x9f),
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0x3164, 0x3164),
        (0xfeff, 0xfeff),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfffb),
        (0x1bca0, 0x1bca3),
        (0x1d173, 0x1d17a),
        (0xe0000, 0xe0fff),
    ];

    fn any_text() -> impl Strategy<Value = String> {
        let harmful = proptest::sample::select(HARMFUL).prop_flat_map(|(from, to)| from..=to);
        let harmful = harmful.prop_filter_map("a character", char::from_u32);
        let any = prop_oneof![any::<char>(), harmful, proptest::char::range(' ', '~')];
        proptest::collection::vec(any, 0..40).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn safe_text_holds_nothing_harmful(text in any_text()) {
            let out = safe(&text);
            let stays = |c: char| {
                !HARMFUL.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(c)))
            };
            prop_assert!(out.chars().all(stays), "{out:?}");
            prop_assert_eq!(safe(&out), out.as_ref());
            prop_assert_eq!(text.chars().all(stays), out == text);
        }

        #[test]
        fn an_excerpt_is_never_longer_than_wanted(text in any_text(), limit in 0_usize..50) {
            let out = excerpt(&text, limit);
            let whole = safe(text.trim());
            let expected: String = whole.chars().take(limit).collect();
            prop_assert!(out == *whole || out == format!("{expected}…"), "{out}");
            prop_assert!(out.chars().count() <= limit + 1);
        }
    }

    #[test]
    fn plain_text_is_untouched() {
        assert!(matches!(safe("José's selfie – 1.jpg"), Cow::Borrowed(_)));
    }

    #[test]
    fn escapes_overrides_and_separators_are_spelled_out() {
        assert_eq!(
            safe("a\x1b[31mb\u{202e}c\u{200b}\n\u{9b}\u{2028}\u{e0041}"),
            r"a\u{1b}[31mb\u{202e}c\u{200b}\u{a}\u{9b}\u{2028}\u{e0041}"
        );
    }

    #[test]
    fn excerpts_are_cut_by_characters() {
        assert_eq!(excerpt("  äöü ", 3), "äöü");
        assert_eq!(excerpt("äöüß", 3), "äöü…");
    }
}
