//! Finds the chunks of a WebP. The decoder would allocate whatever length a chunk claims.

/// Flags of the VP8X chunk.
pub const HAS_EXIF: u8 = 0x08;
pub const HAS_XMP: u8 = 0x04;
pub const HAS_ALPHA: u8 = 0x10;

/// The contents of the first chunk with this name, unless truncated (WebP container specification,
/// "RIFF file format").
pub fn chunk(photo: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    let mut chunks = photo.get(12..)?;
    loop {
        let (name, rest) = chunks.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if *name == wanted {
            return rest.get(..length);
        }
        // Chunks are padded to an even length.
        chunks = rest.get(length..)?.get(length % 2..)?;
    }
}

pub fn has_flag(photo: &[u8], flag: u8) -> bool {
    chunk(photo, *b"VP8X").and_then(<[u8]>::first).is_some_and(|flags| flags & flag != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_chunks_are_found() {
        let file = b"RIFF....WEBPVP8X\x03\0\0\0abc.ICCP\x02\0\0\0hiEXIF\xff\xff\xff\xffx";
        assert_eq!(chunk(file, *b"ICCP"), Some(b"hi".as_slice()));
        assert_eq!(chunk(file, *b"VP8X"), Some(b"abc".as_slice()));
        assert_eq!(chunk(file, *b"EXIF"), None);
        assert_eq!(chunk(file, *b"XMP "), None);
        assert_eq!(chunk(b"RIFF", *b"ICCP"), None);
    }
}
