//! Links from a page to the photos, relative, so that the page doesn't disclose the machine's folders.
//!
//! Only a photo that is still the one that was judged gets a link: any other could show someone else.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::report::photo_file::{is_rooted, last_part, located, sha256};

/// All but the unreserved characters of RFC 3986 and the path separator.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

const MOST: usize = 4096;

/// Why a photo isn't shown; the page's script has the words, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unshown {
    Missing,
    Changed,
    /// The journal doesn't say what was judged.
    Unnamed,
    /// On another drive than the page.
    Apart,
}

/// Builds links from a page's folder to the photos. Both paths are canonical.
pub(super) struct Links<'a> {
    /// The folder that relative names start from.
    base: &'a Path,
    page: &'a Path,
    /// By name and SHA-256: a photo may belong to many pairs. Forgotten when there are [`MOST`].
    known: HashMap<(String, Option<String>), Value>,
}

impl<'a> Links<'a> {
    pub(super) fn new(base: &'a Path, page: &'a Path) -> Self {
        Self { base, page, known: HashMap::new() }
    }

    pub(super) fn prefix(&self) -> Option<String> {
        let path = encoded(&relative(self.page, self.base)?);
        Some(if path.is_empty() { "./".to_owned() } else { format!("./{path}/") })
    }

    /// What the script shows of a photo: its name if the link is the prefix and the name, else the name
    /// and the link, or the name and the number of an [`Unshown`].
    pub(super) fn of(&mut self, name: &str, judged: Option<&str>) -> Value {
        let photo = (name.to_owned(), judged.map(str::to_owned));
        if let Some(known) = self.known.get(&photo) {
            return known.clone();
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        let shown = self.shown(name, judged);
        self.known.insert(photo, shown.clone());
        shown
    }

    fn shown(&self, name: &str, judged: Option<&str>) -> Value {
        let unshown = |why: Unshown| {
            let name = if is_rooted(name) { last_part(name) } else { name };
            json!([name, why as u8])
        };
        let path = located(self.base, name);
        match (judged, sha256(&path)) {
            (None, _) => return unshown(Unshown::Unnamed),
            (Some(_), None) => return unshown(Unshown::Missing),
            (Some(judged), Some(now)) if judged != now => return unshown(Unshown::Changed),
            _ => {}
        }
        if !is_rooted(name) && !name.contains('\\') && self.prefix().is_some() {
            return json!(name);
        }
        // Canonical, like the page's folder: on Windows, only then do their prefixes agree.
        let path = path.canonicalize().ok().and_then(|path| relative(self.page, &path));
        let Some(path) = path else { return unshown(Unshown::Apart) };
        let shown = if is_rooted(name) { path.to_string_lossy().into_owned() } else { name.into() };
        json!([shown, format!("./{}", encoded(&path))])
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
            let links = Links::new(Path::new(base), Path::new(page));
            assert_eq!(links.prefix().as_deref(), Some(prefix));
        }
    }
}
