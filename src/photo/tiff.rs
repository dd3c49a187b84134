//! The first directory of a TIFF or an EXIF block (TIFF 6.0, section 2; BigTIFF).

/// Tags of TIFF 6.0.
pub mod tag {
    /// What kind of picture it is: bit 0 says that it is a smaller copy of another.
    pub const NEW_SUBFILE_TYPE: u64 = 254;
    pub const WIDTH: u64 = 256;
    pub const HEIGHT: u64 = 257;
    pub const BITS: u64 = 258;
    pub const COMPRESSION: u64 = 259;
    pub const PHOTOMETRIC: u64 = 262;
    pub const FILL_ORDER: u64 = 266;
    pub const STRIP_OFFSETS: u64 = 273;
    pub const ORIENTATION: u64 = 274;
    pub const SAMPLES: u64 = 277;
    pub const STRIP_LENGTHS: u64 = 279;
    pub const PLANAR: u64 = 284;
    pub const EXTRA_SAMPLES: u64 = 338;
    pub const SAMPLE_FORMAT: u64 = 339;
    pub const SUBSAMPLING: u64 = 530;
}

/// Values of [`tag::PHOTOMETRIC`].
pub mod colours {
    pub const WHITE_IS_ZERO: u64 = 0;
    pub const GREY: u64 = 1;
    pub const RGB: u64 = 2;
    pub const PALETTE: u64 = 3;
    pub const CMYK: u64 = 5;
    pub const YCBCR: u64 = 6;
}

/// A value of [`tag::SAMPLE_FORMAT`].
pub const FLOAT: u64 = 3;
const ASCII: u64 = 2;

pub struct Directory<'a> {
    file: &'a [u8],
    is_little: bool,
    is_big: bool,
    /// The offset of each entry.
    entries: Vec<usize>,
}

impl<'a> Directory<'a> {
    /// `None` if the file has no directory.
    pub fn of(file: &'a [u8]) -> Option<Self> {
        let is_little = file.starts_with(b"II");
        let mut directory = Self { file, is_little, is_big: false, entries: Vec::new() };
        directory.is_big = directory.number(2, 2)? == 43;
        let (offset, tags, tag, count) =
            if directory.is_big { (8, 8, 20, 8) } else { (4, 2, 12, 4) };
        let start = usize::try_from(directory.number(offset, count)?).ok()?;
        let listed = directory.number(start, tags)?;
        // At most as many as fit in the file.
        let places = (start.checked_add(tags)?..file.len()).step_by(tag).zip(0..listed);
        directory.entries = places.map(|(place, _)| place).collect();
        Some(directory)
    }

    pub(super) fn number(&self, at: usize, length: usize) -> Option<u64> {
        let bytes = self.file.get(at..)?.get(..length)?.iter();
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.is_little { bytes.rev().fold(0, join) } else { bytes.fold(0, join) })
    }

    /// Why the decoder must not read the file, if it mustn't: it prints to stderr if a string is too
    /// long, and misreads a BigTIFF directory after an unknown type.
    pub fn flaw(&self) -> Option<&'static str> {
        let count = if self.is_big { 8 } else { 4 };
        self.entries.iter().find_map(|&entry| match self.number(entry + 2, 2)? {
            ASCII if self.number(entry + 4, count)? > self.file.len() as u64 => {
                Some("a string in it is longer than the file")
            }
            1..=13 | 16..=18 => None,
            _ => self.is_big.then_some("it holds a value of an unknown type"),
        })
    }

    /// Whether the first picture is a thumbnail, as in camera raws: every decoder would take it for
    /// the photo.
    pub fn is_thumbnail(&self) -> bool {
        self.value(tag::NEW_SUBFILE_TYPE, 0) & 1 == 1
    }

    pub(super) fn entry(&self, tag: u64) -> Option<usize> {
        self.entries.iter().copied().find(|&entry| self.number(entry, 2) == Some(tag))
    }

    /// Whether every reader gets to the end of this entry: some stop at a value outside of the file,
    /// or take what should be a fraction for one. Not for BigTIFF.
    pub(super) fn is_plain_up_to(&self, last: usize) -> bool {
        const LENGTHS: [u64; 14] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
        const FRACTION: usize = 5;
        const FRACTIONS: [u64; 6] = [0x11a, 0x11b, 0x13e, 0x13f, 0x211, 0x214];
        let is_plain = |entry: usize| {
            let kind = usize::try_from(self.number(entry + 2, 2)?).ok()?;
            let length = LENGTHS.get(kind).unwrap_or(&0) * self.number(entry + 4, 4)?;
            let end = if length > 4 { self.number(entry + 8, 4)? + length } else { 0 };
            let is_read = kind == FRACTION || !FRACTIONS.contains(&self.number(entry, 2)?);
            Some(is_read && end <= self.file.len() as u64)
        };
        let mut entries = self.entries.iter().copied().take_while(|entry| *entry <= last);
        last + 12 <= self.file.len() && entries.all(|entry| is_plain(entry) == Some(true))
    }

    /// The offset of a tag's values, the length of each, and their count.
    fn place(&self, tag: u64) -> Option<(usize, usize, usize)> {
        let entry = self.entry(tag)?;
        let length: usize = match self.number(entry + 2, 2)? {
            1 | 7 => 1,
            3 => 2,
            4 => 4,
            16 => 8,
            _ => return None,
        };
        let width = if self.is_big { 8 } else { 4 };
        let count = usize::try_from(self.number(entry + 4, width)?).ok()?;
        let field = entry + 4 + width;
        let is_inline = length.checked_mul(count)? <= width;
        let start =
            if is_inline { field } else { usize::try_from(self.number(field, width)?).ok()? };
        Some((start, length, count))
    }

    /// A tag's values; empty if it is missing or truncated.
    pub fn values(&self, tag: u64) -> Vec<u64> {
        let values = || -> Option<Vec<u64>> {
            let (start, length, count) = self.place(tag)?;
            self.file.get(start..)?.get(..length.checked_mul(count)?)?;
            (0..count).map(|i| self.number(start + i * length, length)).collect()
        };
        values().unwrap_or_default()
    }

    pub fn value(&self, tag: u64, default: u64) -> u64 {
        self.values(tag).first().copied().unwrap_or(default)
    }

    /// Writes the directory again at the end of `file`, with one more tag of LONGs. Not for BigTIFF.
    pub fn extend(&self, file: &mut Vec<u8>, tag: u16, values: &[u32]) {
        let short =
            |value: u16| if self.is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let long =
            |value: u32| if self.is_little { value.to_le_bytes() } else { value.to_be_bytes() };
        let place = |file: &Vec<u8>| long(u32::try_from(file.len()).unwrap_or(u32::MAX));
        let count = |list: usize| u16::try_from(list).unwrap_or(u16::MAX);
        let mut start = place(file);
        if let [value] = values {
            start = long(*value);
        }
        file.extend(values.iter().flat_map(|value| long(*value)));
        let directory = place(file);
        file.extend(short(count(self.entries.len() + 1)));
        for entry in &self.entries {
            file.extend_from_within(*entry..(entry + 12).min(file.len()));
        }
        let listed = long(u32::try_from(values.len()).unwrap_or(u32::MAX));
        file.extend([&short(tag)[..], &short(4), &listed, &start, &[0; 4]].concat());
        file[4..8].copy_from_slice(&directory);
    }

    pub fn replace(&self, file: &mut [u8], tag: u64, value: u8) {
        let Some((start, length, _)) = self.place(tag) else { return };
        if let Some(bytes) = file.get_mut(start..).and_then(|rest| rest.get_mut(..length)) {
            bytes.fill(0);
            let lowest = if self.is_little { bytes.first_mut() } else { bytes.last_mut() };
            if let Some(byte) = lowest {
                *byte = value;
            }
        }
    }
}
