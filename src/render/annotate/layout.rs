//! The size of photos in a picture, and how many fit in a row.

/// The maximum number of photos in one picture.
pub const MOST_PHOTOS: usize = 48;

/// Up to this many photos share one row; more are laid out in a grid of equal fields.
const SIDE_BY_SIDE: usize = 3;
const MOST_COLUMNS: usize = 6;

#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub(super) columns: usize,
    /// The height of each photo.
    pub(super) height: i32,
    /// The width of each field; `None` to follow the photo's aspect ratio.
    pub(super) width: Option<i32>,
    /// The longest side at which a photo is drawn, in any rotation.
    pub(super) longest: u32,
}

impl Layout {
    pub const PAIR: Self = Self { columns: SIDE_BY_SIDE, height: 900, width: None, longest: 2048 };

    /// Chooses a grid that is about square.
    pub fn of(photos: usize) -> Self {
        if photos <= SIDE_BY_SIDE {
            return Self::PAIR;
        }
        let columns = (1..MOST_COLUMNS).find(|n| n * n >= photos).unwrap_or(MOST_COLUMNS);
        Self { columns, height: 420, width: Some(560), longest: 640 }
    }
}
