//! How large photos are drawn, and how many fit in a row.

/// The most photos in one picture.
pub const MOST_PHOTOS: usize = 48;

/// More are laid out in a grid of equal fields.
const SIDE_BY_SIDE: usize = 3;
const MOST_COLUMNS: usize = 6;

#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub(super) columns: usize,
    /// The height of each photo.
    pub(super) height: i32,
    /// The width of each field; `None` if it follows the photo's.
    pub(super) width: Option<i32>,
    /// The longest side that drawing needs of a photo, whichever way it is turned.
    pub(super) longest: u32,
}

impl Layout {
    pub const PAIR: Self = Self { columns: SIDE_BY_SIDE, height: 900, width: None, longest: 2048 };

    /// A grid is about as wide as it is high.
    pub fn of(photos: usize) -> Self {
        if photos <= SIDE_BY_SIDE {
            return Self::PAIR;
        }
        let columns = (1..MOST_COLUMNS).find(|n| n * n >= photos).unwrap_or(MOST_COLUMNS);
        Self { columns, height: 420, width: Some(560), longest: 640 }
    }
}
