//! Which photos are meant: files, whole directories, patterns.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use glob::{Pattern, glob};

use crate::error::{Error, Kind, reason};
use crate::photo::Source;

/// The endings by which a file in a directory is taken for a photo. Files that are named one
/// by one are recognised by their content alone.
const ENDINGS: [&str; 16] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "tif", "tiff", "bmp", "gif", "pnm", "ppm", "qoi",
    "heic", "heif", "avif",
];

/// The deepest that directories are followed.
const DEEPEST: usize = 32;

/// The photos that `arguments` name, in their order, those of a directory by name.
///
/// # Errors
/// [`Kind::Input`] for a directory that can't be read or has no photo in it, and for a pattern
/// that nothing matches.
pub fn photos(arguments: &[PathBuf]) -> Result<Vec<Source>, Error> {
    let mut photos = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            photos.push(Source::Stdin);
        } else if argument.is_dir() {
            photos.extend(of_directory(argument)?);
        } else if is_pattern(argument) && !argument.exists() {
            photos.extend(of_pattern(argument)?);
        } else {
            photos.push(Source::Path(argument.clone()));
        }
    }
    Ok(photos)
}

fn of_directory(directory: &Path) -> Result<Vec<Source>, Error> {
    let mut found = Vec::new();
    walk(directory, DEEPEST, &mut found)?;
    if found.is_empty() {
        let what = format!("`{}` has no photos in it", directory.display());
        return Err(Error::new(Kind::Input, what).hint(
            "in a directory photos are known by their endings: .jpg, .png, .webp, .tiff and so on",
        ));
    }
    Ok(found.into_iter().map(Source::Path).collect())
}

/// Hidden files are left out, and links to directories are not followed: they may go in circles.
fn walk(directory: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    let failed = |e: &std::io::Error| {
        let what = format!("`{}` can't be read: {}", directory.display(), reason(e));
        Error::new(Kind::Input, what)
    };
    let entries = fs::read_dir(directory).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(|e| failed(&e))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let kind = entry.file_type().map_err(|e| failed(&e))?;
        let path = entry.path();
        if is_hidden {
        } else if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, found)?;
        } else if !kind.is_dir() && has_photo_ending(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn has_photo_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).map(str::to_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

fn is_pattern(argument: &Path) -> bool {
    argument.to_str().is_some_and(|text| text.contains(['*', '?', '[']))
}

/// What a shell that does not expand patterns, or is told not to, leaves to us.
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

/// The parts of a pattern that begin with a dot themselves.
fn hidden_parts(pattern: &str) -> Vec<Pattern> {
    let parts = pattern.split(std::path::is_separator).filter(|part| part.starts_with('.'));
    parts.filter_map(|part| Pattern::new(part).ok()).collect()
}

/// As in a shell, only a pattern that begins with a dot matches a name that does. The crate's
/// own option for that panics on names that are not UTF-8 (0.3.4, `fill_todo`).
fn is_shown(path: &Path, hidden: &[Pattern]) -> bool {
    path.components().all(|part| {
        let name = part.as_os_str().to_string_lossy();
        !name.starts_with('.') || hidden.iter().any(|pattern| pattern.matches(&name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_gives_its_photos_by_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let names: Vec<_> = photos(&[folder]).unwrap().iter().map(Source::name).collect();
        let ends = ["astronaut.png", "astronaut_id_card.jpg", "grace_hopper.jpg"];
        assert_eq!(names.len(), ends.len(), "{names:?}");
        assert!(names.iter().zip(ends).all(|(name, end)| name.ends_with(end)), "{names:?}");
    }

    #[test]
    fn patterns_are_expanded_and_files_taken_as_they_are() {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
        assert_eq!(photos(&[samples.join("*.jpg")]).unwrap().len(), 2);
        assert!(photos(&[samples.join("*.bmp")]).is_err());
        assert_eq!(photos(&["no such file".into()]).unwrap().len(), 1);
        assert_eq!(photos(&["-".into()]).unwrap(), [Source::Stdin]);
    }

    #[cfg(unix)]
    #[test]
    fn patterns_pass_over_hidden_names_and_those_that_are_not_text() {
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
