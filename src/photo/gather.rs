//! Finds the photos that arguments name: files, folders, patterns.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern, glob_with};

use super::{Foreign, Format, Source};
use crate::error::{Error, Kind};
use crate::values::system::System;
use crate::values::text::count;

/// In a folder, photos are recognised by their content. A file with one of these extensions is
/// expected to be one, too.
const EXTENSIONS: [&str; 20] = [
    "jpg", "jpeg", "jpe", "jfif", "mpo", "png", "apng", "webp", "tif", "tiff", "bmp", "gif", "pnm",
    "ppm", "pgm", "qoi", "heic", "heif", "hif", "avif",
];

/// What systems and network storage put beside photos, thumbnails above all. Other such names begin
/// with a dot.
const OF_SYSTEMS: &str = "@eaDir #recycle #snapshot @Recycle @Recently-Snapshot __MACOSX Thumbs.db \
    ehthumbs.db desktop.ini";

const DEEPEST: usize = 32;
/// Enough to recognise every format.
const HEAD: u64 = 512;

/// The photos that arguments name, and what was skipped on the way.
#[derive(Default)]
pub struct Gathered {
    pub photos: Vec<Source>,
    /// Sentences for the user.
    pub notes: Vec<String>,
    hidden: u64,
    others: u64,
    folders: HashSet<PathBuf>,
    links: BTreeSet<PathBuf>,
}

/// The photos that `arguments` name, in their order; those of a folder are sorted by name. A folder
/// or a link that can't be opened is among them.
pub fn photos(arguments: &[PathBuf]) -> Result<Gathered, Error> {
    let mut found = Gathered::default();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            found.photos.push(Source::Stdin);
        } else if argument.is_dir() {
            let before = found.photos.len();
            found.folders.clear();
            found.walk(argument, DEEPEST);
            // Last, so that a folder has its own name, not that of a link to it.
            while let Some(link) = found.links.pop_first() {
                found.walk(&link, DEEPEST);
            }
            found.photos[before..].sort_by(|one, other| one.path().cmp(&other.path()));
            if found.photos.len() == before {
                let what = format!("`{}` has no photos in it", argument.display());
                return Err(Error::new(Kind::Input, what));
            }
        } else if is_pattern(argument, System::HERE) && !argument.exists() {
            found.photos.extend(of_pattern(argument, System::HERE)?);
        } else {
            found.photos.push(Source::Path(argument.clone()));
        }
    }
    let (hidden, others) = (found.hidden, found.others);
    if hidden + others > 0 {
        let counts = format!("{hidden} hidden or system, {others} not an image");
        found.notes.push(format!("skipped {}: {counts}", count(hidden + others, "other file")));
    }
    Ok(found)
}

impl Gathered {
    /// Follows links, but visits no folder twice: links may form a cycle.
    fn walk(&mut self, folder: &Path, depth: usize) {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let (Ok(entries), Ok(canonical)) = (entries, folder.canonicalize()) else {
            // Reading it says why not.
            self.photos.push(Source::Path(folder.to_owned()));
            return;
        };
        if !self.folders.insert(canonical) {
            self.notes
                .push(format!("skipped `{}`, a link to a folder seen before", folder.display()));
            return;
        }
        for entry in entries {
            let (name, path) = (entry.file_name(), entry.path());
            if is_hidden(&name) {
                self.hidden += 1;
            } else if path.is_dir() && path.is_symlink() {
                self.links.insert(path);
            } else if path.is_dir() && depth > 0 {
                self.walk(&path, depth - 1);
            } else if !path.is_dir() && may_be_photo(&path) {
                self.photos.push(Source::Path(path));
            } else {
                self.others += 1;
            }
        }
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
        || OF_SYSTEMS.split_whitespace().any(|of_system| name == of_system)
}

/// A file that is an image, or is named as one, or that can't be opened.
fn may_be_photo(path: &Path) -> bool {
    // Opening a pipe would block, and a device may have an effect.
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return false;
    }
    let extension = path.extension().and_then(OsStr::to_str).map(str::to_lowercase);
    if extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str())) {
        return true;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    // Some signatures are a few letters, with which a text may begin as well.
    let is_text = head.iter().all(|byte| matches!(byte, b'\t'..=b'\r' | b' '..=b'~'));
    let is_image = Format::of(&head).is_some() || Foreign::of(&head).is_image();
    read.is_err() || is_image && !is_text
}

/// On Windows, brackets are ordinary characters.
fn is_pattern(argument: &Path, system: System) -> bool {
    let special = |c| matches!(c, '*' | '?') || c == '[' && system == System::Posix;
    argument.to_str().is_some_and(|text| text.contains(special))
}

/// Expands a pattern, for shells that don't or are told not to.
fn of_pattern(pattern: &Path, system: System) -> Result<Vec<Source>, Error> {
    let given = pattern.to_string_lossy();
    let (text, options) = match system {
        System::Posix => (given.clone(), MatchOptions::new()),
        System::Windows => {
            let bracket =
                |c| if matches!(c, '[' | ']') { format!("[{c}]") } else { String::from(c) };
            let options = MatchOptions { case_sensitive: false, ..MatchOptions::new() };
            (given.chars().map(bracket).collect(), options)
        }
    };
    let invalid = |e: glob::PatternError| {
        Error::new(Kind::Input, format!("invalid pattern `{given}`: {}", e.msg))
    };
    let shown = hidden_parts(&text);
    let paths = glob_with(&text, options).map_err(invalid)?.flatten();
    let files = paths.filter(|path| is_shown(path, &shown, options) && path.is_file());
    let files: Vec<_> = files.map(Source::Path).collect();
    if files.is_empty() {
        return Err(Error::new(Kind::Input, format!("the pattern `{given}` matches no file")));
    }
    Ok(files)
}

fn hidden_parts(pattern: &str) -> Vec<Pattern> {
    let parts = pattern.split(std::path::is_separator).filter(|part| part.starts_with('.'));
    parts.filter_map(|part| Pattern::new(part).ok()).collect()
}

/// As in a shell, hidden names match only patterns that begin with a dot. The crate's own option
/// for that panics on names that aren't UTF-8 (0.3.4, `fill_todo`).
fn is_shown(path: &Path, hidden: &[Pattern], options: MatchOptions) -> bool {
    path.components().all(|part| {
        let name = part.as_os_str().to_string_lossy();
        !name.starts_with('.') || hidden.iter().any(|pattern| pattern.matches_with(&name, options))
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn patterns_skip_names_that_are_hidden_or_not_utf8() {
        use std::os::unix::ffi::OsStrExt;

        let folder = tempfile::tempdir().unwrap();
        let hidden = folder.path().join(".hidden");
        fs::create_dir(&hidden).unwrap();
        for name in [b"a.jpg".as_slice(), b"x\xff.jpg", b".b.jpg", b".hidden/c.jpg"] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), b"").unwrap();
        }
        let found = |pattern: &str| {
            photos(&[folder.path().join(pattern)]).map_or(0, |all| all.photos.len())
        };
        assert_eq!((found("*.jpg"), found("**/*.jpg"), found(".*.jpg")), (1, 1, 1));
        assert_eq!((found(".hidden/*.jpg"), found(".h*/*.jpg"), found("*/*.jpg")), (1, 1, 0));
    }

    #[test]
    fn on_windows_patterns_ignore_case_and_brackets_are_ordinary() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "x[1]b.JPG", "x1c.jpg"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let found = |pattern: &str, system| {
            let pattern = folder.path().join(pattern);
            is_pattern(&pattern, system)
                .then(|| of_pattern(&pattern, system).map_or(0, |f| f.len()))
        };
        for (pattern, posix, windows) in [
            ("*.jpg", Some(2), Some(3)),
            ("A.JP*", Some(0), Some(1)),
            ("X[1]*.jpg", Some(0), Some(1)),
            ("x[1]*.jpg", Some(1), Some(1)),
            ("x[1]b.JPG", Some(0), None),
        ] {
            let both = (found(pattern, System::Posix), found(pattern, System::Windows));
            assert_eq!(both, (posix, windows), "{pattern}");
        }
    }
}
