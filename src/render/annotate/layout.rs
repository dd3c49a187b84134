//! How large photos are drawn, and how many stand in a row.

/// The most photos that one picture shows.
pub const MOST_PHOTOS: usize = 48;

/// More stand in a grid, each in a field of the same size.
const SIDE_BY_SIDE: usize = 3;
const MOST_COLUMNS: usize = 6;

/// What depends on how many photos there are.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub(super) columns: usize,
    /// Of each photo.
    pub(super) height: i32,
    /// Of each photo's field; `None` if it is as wide as its photo.
    pub(super) width: Option<i32>,
    /// The longest side of a photo that drawing needs, whichever way it is turned.
    pub(super) longest: u32,
}

impl Layout {
    pub const PAIR: Self = Self { columns: SIDE_BY_SIDE, height: 900, width: None, longest: 2048 };

    /// That of so many photos; a grid is about as wide as it is high.
    pub fn of(photos: usize) -> Self {
        if photos <= SIDE_BY_SIDE {
            return Self::PAIR;
        }
        let columns = (1..MOST_COLUMNS).find(|n| n * n >= photos).unwrap_or(MOST_COLUMNS);
        Self { columns, height: 420, width: Some(560), longest: 640 }
    }
}
