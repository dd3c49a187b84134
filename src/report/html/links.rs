//! Links from a page to the photos, relative where possible, so that the page doesn't disclose the
//! machine's folders.

use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986 and the path separator.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// Builds links from a page's folder to the photos.
///
/// Both paths are canonical.
pub(super) struct Links<'a> {
    /// The folder that relative names start from.
    pub(super) base: &'a Path,
    /// The page's folder.
    pub(super) page: &'a Path,
}

impl Links<'_> {
    /// The prefix that turns a relative name into a link.
    pub(super) fn prefix(&self) -> String {
        let path = relative(self.page, self.base).unwrap_or_default();
        let path = encoded(&path);
        if path.is_empty() { "./".to_owned() } else { format!("./{path}/") }
    }

    /// The path of `name` to show, and its link; `None` if the page builds the link from the path, or
    /// can't link to the file.
    pub(super) fn of(&self, name: &str) -> (String, Option<String>) {
        let path = Path::new(name);
        if path.is_relative() {
            return (name.to_owned(), None);
        }
        match relative(self.page, path) {
            Some(path) => {
                (path.to_string_lossy().into_owned(), Some(format!("./{}", encoded(&path))))
            }
            None => (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), None),
        }
    }
}

fn encoded(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    utf8_percent_encode(&parts.join("/"), ENCODED).to_string()
}

/// The path from the folder `from` to `to`; `None` if they are on different drives.
fn relative(from: &Path, to: &Path) -> Option<PathBuf> {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let is_root = |part: &Component<'_>| matches!(part, Component::RootDir | Component::Prefix(_));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let (up, down) = (&from[common..], &to[common..]);
    if up.iter().chain(down).any(is_root) {
        return None;
    }
    Some(up.iter().map(|_| Component::ParentDir).chain(down.iter().copied()).collect())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_to_the_page() {
        for (base, page, prefix) in [
            ("/a/b", "/a/b", "./"),
            ("/a/b", "/a", "./b/"),
            ("/a", "/a/b c", "./../"),
            ("/a/b?c", "/x/y", "./../../a/b%3Fc/"),
            ("/", "/x", "./../"),
        ] {
            let links = Links { base: Path::new(base), page: Path::new(page) };
            assert_eq!(links.prefix(), prefix);
        }
        let links = Links { base: Path::new("/a/photos"), page: Path::new("/a/reports") };
        assert_eq!(links.of("x/y.jpg").1, None);
        let (name, address) = links.of("/a/photos/1 2.jpg");
        assert_eq!(name, "../photos/1 2.jpg");
        assert_eq!(address.as_deref(), Some("./../photos/1%202.jpg"));
    }
}
