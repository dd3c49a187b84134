//! Pairs the photos of two folders by their names without extension.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, Kind, folder_reason};
use crate::photo::{Foreign, Format};

/// Enough to recognise every format.
const HEAD: u64 = 32;

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub id: String,
    pub user_image: String,
    pub ref_image: String,
}

/// A photo that is in no row.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Unpaired {
    pub file: String,
    /// Completes "the photo …".
    pub why: String,
}

#[derive(Debug, Default)]
pub struct Pairing {
    /// Sorted by id.
    pub rows: Vec<Row>,
    pub unpaired: Vec<Unpaired>,
}

type ByName = BTreeMap<String, Vec<String>>;

impl Pairing {
    pub fn of(users: &Path, references: &Path) -> Result<Self, Error> {
        let mut pairing = Self::default();
        let [user, mut reference] = [pairing.photos(users)?, pairing.photos(references)?];
        for (id, files) in user {
            let others = reference.remove(&id).unwrap_or_default();
            match (files.as_slice(), others.as_slice()) {
                ([user_image], [ref_image]) => {
                    let (user_image, ref_image) = (user_image.clone(), ref_image.clone());
                    pairing.rows.push(Row { id, user_image, ref_image });
                }
                (_, []) => pairing.leave(files, "has no partner", references),
                _ => pairing.leave(
                    [files, others].concat(),
                    "is not the only one of its name",
                    users,
                ),
            }
        }
        for files in reference.into_values() {
            pairing.leave(files, "has no partner", users);
        }
        Ok(pairing)
    }

    fn leave(&mut self, files: Vec<String>, why: &str, folder: &Path) {
        let why = match why {
            "has no partner" => format!("{why} in `{}`", folder.display()),
            _ => why.to_owned(),
        };
        self.unpaired.extend(files.into_iter().map(|file| Unpaired { file, why: why.clone() }));
    }

    /// The photos in a folder itself, recognised by their content, without hidden ones.
    fn photos(&mut self, folder: &Path) -> Result<ByName, Error> {
        let failed = |e: &std::io::Error| {
            let what =
                format!("can't read the folder `{}`: {}", folder.display(), folder_reason(e));
            Error::new(Kind::Input, what)
        };
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut names: Vec<_> =
            entries.map_err(|e| failed(&e))?.iter().map(fs::DirEntry::file_name).collect();
        names.sort();
        let mut photos = ByName::new();
        for name in names.iter().filter(|name| !name.as_encoded_bytes().starts_with(b".")) {
            let path = folder.join(name);
            if !is_photo(&path) {
                continue;
            }
            let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str()).map(str::trim);
            match (stem.filter(|stem| !stem.is_empty()), cell(&path)) {
                (Some(stem), Some(cell)) => photos.entry(stem.to_owned()).or_default().push(cell),
                _ => self.unpaired.push(Unpaired {
                    file: path.display().to_string(),
                    why: "has a name that a manifest can't hold".to_owned(),
                }),
            }
        }
        Ok(photos)
    }

    pub fn manifest(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        self.rows.iter().try_for_each(|row| writer.serialize(row))?;
        writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))
    }
}

fn is_photo(path: &Path) -> bool {
    let mut head = Vec::new();
    let is_read = path.is_file()
        && File::open(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok());
    let is_foreign = || {
        let foreign = Foreign::of(&head);
        !matches!(foreign, Foreign::Unknown | Foreign::Markup | Foreign::Other(_))
    };
    is_read && (Format::of(&head).is_some() || is_foreign())
}

/// The path as `batch` will read it: cells are trimmed.
fn cell(path: &Path) -> Option<String> {
    let text = path.to_str().filter(|text| *text == text.trim_end())?;
    let is_bare = text == text.trim_start();
    Some(if is_bare {
        text.to_owned()
    } else {
        PathBuf::from(".").join(text).display().to_string()
    })
}
