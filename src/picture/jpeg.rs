//! What the marker segments of a JPEG say, where the decoder does not (ISO/IEC 10918-1, B.1.1).

/// What is known before the picture is decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scans {
    /// Whether the end marker is missing, so that part of the picture would come out grey.
    pub(super) is_cut_short: bool,
    /// Whether the picture comes in several scans, from coarse to fine.
    pub(super) is_progressive: bool,
}

/// Reads the segments up to the first scan.
///
/// The end is looked for after it has begun: the preview in the EXIF block has an end too. In a
/// scan 0xFF is never followed by 0xD9 but there (B.1.1.2).
pub(super) fn scans(file: &[u8]) -> Scans {
    let mut is_progressive = false;
    let mut rest = file.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = *rest {
        if marker == 0xff {
            rest = &rest[1..]; // a fill byte
            continue;
        }
        // SOF2, SOF6, SOF10 and SOF14 (table B.1).
        is_progressive |= matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
        let length = usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(2 + length..).unwrap_or_default();
        if marker == 0xda {
            let is_cut_short = !rest.windows(2).any(|pair| pair == [0xff, 0xd9]);
            return Scans { is_cut_short, is_progressive };
        }
    }
    Scans { is_cut_short: true, is_progressive }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_looked_for_in_the_scan() {
        // SOI, APP1 with an end marker inside, SOS, scan data, EOI.
        let whole = b"\xff\xd8\xff\xe1\x00\x04\xff\xd9\xff\xff\xda\x00\x02scan\xff\x00\xff\xd9";
        assert!(!scans(whole).is_cut_short);
        assert!(scans(&whole[..whole.len() - 1]).is_cut_short);
        for end in 0..whole.len() - 1 {
            assert!(scans(&whole[..end]).is_cut_short, "{end}");
        }
    }

    #[test]
    fn a_progressive_picture_says_so_in_its_frame() {
        let file = |frame: u8| {
            let segments = [0xff, 0xd8, 0xff, frame, 0, 3, 8, 0xff, 0xda, 0, 2, 0xff, 0xd9];
            scans(&segments)
        };
        assert_eq!(file(0xc2), Scans { is_cut_short: false, is_progressive: true });
        assert_eq!(file(0xc0), Scans { is_cut_short: false, is_progressive: false });
    }
}
