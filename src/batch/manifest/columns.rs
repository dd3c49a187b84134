//! The header of a manifest: which column is what.

use csv::StringRecord;

use crate::values::text::{QUOTED, excerpt};

/// Our names, and the service's own.
const KNOWN: [(&str, Column); 9] = [
    ("user_image", Column::Photo(0)),
    ("ref_image", Column::Photo(1)),
    ("id", Column::Id),
    ("vendor_data", Column::VendorData),
    ("threshold", Column::Threshold),
    ("face_match_score_decline_threshold", Column::Threshold),
    ("rotate", Column::Rotate),
    ("rotate_image", Column::Rotate),
    ("expect", Column::Expect),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Photo(usize),
    Id,
    VendorData,
    Threshold,
    Rotate,
    Expect,
}

#[derive(Default)]
pub(super) struct Columns {
    /// Without empty ones at the end.
    pub(super) count: usize,
    pub(super) photos: [usize; 2],
    pub(super) id: Option<usize>,
    pub(super) vendor_data: Option<usize>,
    pub(super) threshold: Option<usize>,
    pub(super) rotate: Option<usize>,
    pub(super) expect: Option<usize>,
    pub(super) others: Vec<(usize, String)>,
}

const FOUND: usize = 8;

impl Columns {
    /// The error completes "the manifest …".
    pub(super) fn of(header: &StringRecord) -> Result<Self, String> {
        // Spreadsheets leave empty columns behind.
        let mut columns = Self { count: used(header), ..Self::default() };
        let mut photos = [None; 2];
        for (place, name) in header.iter().take(columns.count).enumerate() {
            let twice = |known: &str| format!("has the column `{}` twice", excerpt(known, QUOTED));
            let Some((known, column)) = known(name)? else {
                if columns.others.iter().any(|(_, other)| other == name) {
                    return Err(twice(name));
                }
                columns.others.push((place, name.to_owned()));
                continue;
            };
            let slot = match column {
                Column::Photo(side) => &mut photos[side],
                Column::Id => &mut columns.id,
                Column::VendorData => &mut columns.vendor_data,
                Column::Threshold => &mut columns.threshold,
                Column::Rotate => &mut columns.rotate,
                Column::Expect => &mut columns.expect,
            };
            if slot.replace(place).is_some() {
                return Err(twice(known));
            }
        }
        columns.photos = match photos {
            [Some(user), Some(reference)] => [user, reference],
            [None, None] if columns.count == 0 => return Err("has no header".to_owned()),
            [None, None] => {
                let found: Vec<_> = header
                    .iter()
                    .take(FOUND)
                    .map(|name| format!("`{}`", excerpt(name, QUOTED)))
                    .collect();
                let found = found.join(", ");
                return Err(format!(
                    "has the columns {found}; wanted `user_image` and `ref_image`"
                ));
            }
            [None, _] => return Err("has no column `user_image`".to_owned()),
            [_, None] => return Err("has no column `ref_image`".to_owned()),
        };
        Ok(columns)
    }
}

/// The known column of this name, in any case, with blanks, hyphens or underscores. A name that is
/// nearly one of them is refused: it would be sent without what it says.
fn known(name: &str) -> Result<Option<(&'static str, Column)>, String> {
    let plain = plain(name);
    if let Some(found) = KNOWN.iter().find(|(known, _)| self::plain(known) == plain) {
        return Ok(Some(*found));
    }
    match KNOWN.iter().find(|(known, _)| is_near(&plain, &self::plain(known))) {
        Some((near, _)) => {
            let name = excerpt(name, QUOTED);
            Err(format!("has a column `{name}`: did you mean `{near}`? Rename it to be sure"))
        }
        None => Ok(None),
    }
}

fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'));
    kept.flat_map(char::to_lowercase).collect()
}

/// A letter in four may differ, or two may follow.
fn is_near(name: &str, known: &str) -> bool {
    known.len() > 2
        && (strsim::osa_distance(name, known) <= known.len() / 4
            || name.strip_prefix(known).is_some_and(|rest| rest.chars().count() <= 2))
}

/// The number of cells in a record, without empty ones at its end.
pub(super) fn used(record: &StringRecord) -> usize {
    (0..record.len())
        .rev()
        .find(|place| !trim(&record[*place]).is_empty())
        .map_or(0, |last| last + 1)
}

/// Without blanks and invisible characters at both ends.
pub(super) fn trim(cell: &str) -> &str {
    cell.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_in_any_spelling_and_near_misses_refused() {
        for (name, column) in [
            ("User Image", Some("user_image")),
            ("REF-IMAGE", Some("ref_image")),
            ("Rotate_Image", Some("rotate_image")),
            ("vendordata", Some("vendor_data")),
            ("note", None),
            ("threshold_comment", None),
            ("aspect", None),
            ("idx", None),
        ] {
            assert_eq!(known(name).unwrap().map(|(name, _)| name), column, "{name}");
        }
        for near in
            ["treshold", "thresholds", "user_imge", "vendor_dta", "roatte", "expected", "refimages"]
        {
            assert!(known(near).unwrap_err().contains("did you mean"), "{near}");
        }
    }
}
