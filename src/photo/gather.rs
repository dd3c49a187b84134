//! Finds the photos that arguments name: files, folders, patterns.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use glob::{Pattern, glob};

use crate::error::{Error, Kind, reason};
use crate::photo::Source;

/// In a folder, photos are recognised by their extension; files named on the command line, by
/// their content.
const EXTENSIONS: [&str; 16] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "tif", "tiff", "bmp", "gif", "pnm", "ppm", "qoi",
    "heic", "heif", "avif",
];

const DEEPEST: usize = 32;

/// The photos that `arguments` name, in their order; those of a folder are sorted by name.
///
/// # Errors
/// [`Kind::Input`] for a folder that can't be read or has no photos, and for a pattern that
/// matches nothing.
pub fn photos(arguments: &[PathBuf]) -> Result<Vec<Source>, Error> {
    let mut photos = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            photos.push(Source::Stdin);
        } else if argument.is_dir() {
            photos.extend(of_folder(argument)?);
        } else if is_pattern(argument) && !argument.exists() {
            photos.extend(of_pattern(argument)?);
        } else {
            photos.push(Source::Path(argument.clone()));
        }
    }
    Ok(photos)
}

fn of_folder(folder: &Path) -> Result<Vec<Source>, Error> {
    let mut found = Vec::new();
    walk(folder, DEEPEST, &mut found)?;
    if found.is_empty() {
        let what = format!("`{}` has no photos in it", folder.display());
        return Err(Error::new(Kind::Input, what).hint(
            "photos in a folder are recognised by their extension: .jpg, .png, .webp, .tiff and so on",
        ));
    }
    Ok(found.into_iter().map(Source::Path).collect())
}

/// Skips hidden files, and links to folders, which may form a cycle.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |e: &std::io::Error| {
        let what = format!("`{}` can't be read: {}", folder.display(), reason(e));
        Error::new(Kind::Input, what)
    };
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(|e| failed(&e))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let kind = entry.file_type().map_err(|e| failed(&e))?;
        let path = entry.path();
        if is_hidden {
        } else if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, found)?;
        } else if !kind.is_dir() && has_photo_extension(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn has_photo_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).map(str::to_lowercase);
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn is_pattern(argument: &Path) -> bool {
    argument.to_str().is_some_and(|text| text.contains(['*', '?', '[']))
}

/// Expands a pattern, for shells that don't or are told not to.
fn of_pattern(pattern: &Path) -> Result<Vec<Source>, Error> {
    let text = pattern.to_string_lossy();
    let invalid = |e: glob::PatternError| {
        Error::new(Kind::Input, format!("invalid pattern `{text}`: {}", e.msg))
    };
    let shown = hidden_parts(&text);
    let paths = glob(&text).map_err(invalid)?.flatten();
    let files = paths.filter(|path| is_shown(path, &shown) && path.is_file());
    let files: Vec<_> = files.map(Source::Path).collect();
    if files.is_empty() {
        return Err(Error::new(Kind::Input, format!("the pattern `{text}` matches no file")));
    }
    Ok(files)
}

/// The parts of a pattern that begin with a dot.
fn hidden_parts(pattern: &str) -> Vec<Pattern> {
    let parts = pattern.split(std::path::is_separator).filter(|part| part.starts_with('.'));
    parts.filter_map(|part| Pattern::new(part).ok()).collect()
}

/// As in a shell, hidden names match only patterns that begin with a dot. The crate's own option
/// for that panics on names that aren't UTF-8 (0.3.4, `fill_todo`).
fn is_shown(path: &Path, hidden: &[Pattern]) -> bool {
    path.components().all(|part| {
        let name = part.as_os_str().to_string_lossy();
        !name.starts_with('.') || hidden.iter().any(|pattern| pattern.matches(&name))
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
        let found =
            |pattern: &str| photos(&[folder.path().join(pattern)]).map_or(0, |all| all.len());
        assert_eq!((found("*.jpg"), found("**/*.jpg"), found(".*.jpg")), (1, 1, 1));
        assert_eq!((found(".hidden/*.jpg"), found(".h*/*.jpg"), found("*/*.jpg")), (1, 1, 0));
    }
}
