//! Code shared by all tables: borders, badges, and paths that wrap without losing characters.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, presets};

use super::console::{Paint, Stream};
use crate::values::text::safe;

/// Marks where a path may wrap, and is removed at the end. [`safe`] text never contains it.
const MAY_BREAK: char = '\u{200b}';
/// Marks the ends of a badge, and has no width. [`safe`] text never contains it.
const BADGE: char = '\u{2060}';

/// A table with borders on a terminal, and without elsewhere.
pub(crate) fn frame(stream: Stream) -> Table {
    let mut table = Table::new();
    table.load_style(match (stream.is_terminal, stream.has_unicode) {
        (false, _) => presets::NOTHING,
        (true, true) => presets::UTF8_FULL_CONDENSED.with_rounded_corners(),
        (true, false) => presets::ASCII_FULL_CONDENSED,
    });
    if let Some(width) = stream.width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

/// A table without borders, for labels and values.
pub(super) fn plain(stream: Stream) -> Table {
    let mut table = frame(stream);
    table.load_style(presets::NOTHING);
    table
}

/// Keeps the columns at `places` from wrapping; the others share the remaining width.
pub(crate) fn keep_whole(table: &mut Table, places: &[usize]) {
    for place in places {
        if let Some(column) = table.column_mut(*place) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

/// A cell for a path, an id, or text that holds some, which wraps after spaces and separators.
pub(crate) fn path(text: &str) -> Cell {
    let mut broken = String::with_capacity(text.len() + 8);
    for c in safe(text).chars() {
        broken.push(c);
        if matches!(c, ' ' | '/' | '\\' | '_' | '-') {
            broken.push(MAY_BREAK);
        }
    }
    Cell::new(broken).set_delimiter(MAY_BREAK)
}

/// A word that [`drawn`] may colour.
pub(crate) fn badge(word: &str) -> String {
    format!("{BADGE}{word}{BADGE}")
}

/// Renders `table` with coloured badges. They are coloured last, since a table counts colour codes
/// as characters.
pub(crate) fn drawn(stream: Stream, table: &Table, paints: &[(&str, Paint)]) -> String {
    let text = table.trim_fmt().replace(MAY_BREAK, "");
    let paint = |text: String, (word, paint): &(&str, Paint)| {
        text.replace(&badge(word), &stream.paint(*paint, word))
    };
    paints.iter().fold(text, paint).replace(BADGE, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_loses_no_character_at_any_width() {
        let name = "photographs/customers/2026_11/some-very-long-name-without-an-end.jpg";
        for width in [30, 45, 60, 80, 200] {
            let stream = Stream {
                is_terminal: true,
                is_coloured: false,
                has_unicode: true,
                width: Some(width),
            };
            let mut table = frame(stream);
            table.add_row([path(name), Cell::new("advice that takes a few words of room")]);
            let text = drawn(stream, &table, &[]);
            let cells =
                text.lines().filter_map(|line| line.split(['│', '┆']).nth(1)).map(str::trim);
            assert_eq!(cells.collect::<String>(), name, "{text}");
        }
    }
}
