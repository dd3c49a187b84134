//! A safe file name for each pair, from any id.

use std::collections::HashSet;

use crate::values::digest;
use crate::values::system::is_device_on_windows;

/// File systems take 255 bytes; this leaves room for the hash and the extension.
const LONGEST: usize = 120;

/// The names given so far, in lower case: some file systems ignore case.
#[derive(Default)]
pub(super) struct FileNames(HashSet<String>);

impl FileNames {
    /// `ID.extension`. The name gets a hash of the id if the id can't be a file name on every
    /// system, or differs from an earlier one only in case.
    pub(super) fn of(&mut self, id: &str, extension: &str) -> String {
        let mut name: String =
            id.chars().map(|c| if is_plain(c) { c } else { '_' }).take(LONGEST).collect();
        while name.len() > LONGEST {
            name.pop();
        }
        if is_device_on_windows(&name) {
            name.insert(0, '_');
        }
        let is_usable = name == id
            && !name.is_empty()
            && !name.starts_with(['.', '-'])
            && !name.ends_with([' ', '.']);
        if !is_usable || self.0.contains(&name.to_lowercase()) {
            let hash = &digest::hex(id.as_bytes())[..12];
            name = format!("{}~{hash}", name.trim_start_matches(['.', '-']));
        }
        self.0.insert(name.to_lowercase());
        format!("{name}.{extension}")
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+' | '@' | '=' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_ids_name_their_files() {
        let mut names = FileNames::default();
        for id in ["1003", "ann@mail.example", "Kunde 7", "日本"] {
            assert_eq!(names.of(id, "png"), format!("{id}.png"));
        }
    }

    #[test]
    fn odd_ids_stay_in_the_folder_and_never_collide() {
        let mut names = FileNames::default();
        let long = "x".repeat(5000);
        let odd = [
            "../../etc/passwd",
            "a/b",
            "a\\b",
            "a:b",
            "",
            ".",
            "..",
            ".x",
            "-rf",
            "a ",
            "CON",
            "nul.txt",
            "con.2",
            "COM1.a",
            "aux.",
            "nul .x",
            "COM¹",
            "a\0b",
            "\u{202e}gpj",
            &long,
            "Same",
            "same",
            "SAME",
        ];
        let mut seen = HashSet::new();
        for id in odd {
            let name = names.of(id, "png");
            assert!(
                name.len() < 200 && !name.contains(['/', '\\', ':', '\0', '\u{202e}']),
                "{name}"
            );
            assert!(!name.starts_with(['.', '-']) && !is_device_on_windows(&name), "{name}");
            assert!(seen.insert(name.to_lowercase()), "{name}");
        }
    }
}
