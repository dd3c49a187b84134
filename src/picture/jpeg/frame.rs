//! JPEG frame headers (ISO/IEC 10918-1, B.2.2 and B.2.3), and which decoder can read the frame.

use crate::photo::jpeg::{Jpeg, Segment};
use crate::picture::Error;

/// A frame that one of our decoders can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) size: (u32, u32),
    pub(super) is_progressive: bool,
    components: Vec<Component>,
}

/// A colour component and its sampling factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Component {
    id: u8,
    sampling: (u8, u8),
}

impl Frame {
    /// Fails if neither decoder can read the frame.
    pub(super) fn of(jpeg: &Jpeg<'_>) -> Result<Self, Error> {
        let Segment { marker, contents, .. } =
            jpeg.frame().ok_or(Error::Damaged(Some("it is cut short")))?;
        let head = contents.split_first_chunk::<6>();
        let (&[bits, y1, y2, x1, x2, count], rest) =
            head.ok_or(Error::Damaged(Some("its header is cut short")))?;
        let component = |parameters: &[u8; 3]| Component {
            id: parameters[0],
            sampling: (parameters[1] >> 4, parameters[1] & 15),
        };
        let (listed, _) = rest.as_chunks::<3>();
        let components: Vec<_> = listed.iter().take(count.into()).map(component).collect();
        let side = |high, low| u32::from(u16::from_be_bytes([high, low]));
        let size = (side(x1, x2), side(y1, y2));
        let frame = Self { size, is_progressive: marker == 0xc2, components };
        frame.supported(marker, bits)?;
        if size.1 == 0 {
            return Err(Error::Unsupported("JPEGs that give their height at the end (DNL)"));
        }
        if frame.channels() != usize::from(count) || frame.is_out_of_bounds() {
            return Err(Error::Damaged(Some("its header is invalid")));
        }
        Ok(frame)
    }

    fn supported(&self, marker: u8, bits: u8) -> Result<(), Error> {
        match (marker, bits) {
            (0xc3, _) => Err(Error::Unsupported("lossless JPEGs")),
            (0xc5..=0xc7 | 0xcd..=0xcf, _) => Err(Error::Unsupported("hierarchical JPEGs")),
            (0xc9..=0xcb, _) => Err(Error::Unsupported("arithmetic-coded JPEGs")),
            (_, 8) if matches!(self.components.len(), 1 | 3 | 4) => Ok(()),
            (_, 8) => Err(Error::Unsupported("JPEGs with other than 1, 3 or 4 colour components")),
            _ => Err(Error::Unsupported("JPEGs with more than 8 bits a colour")),
        }
    }

    fn is_out_of_bounds(&self) -> bool {
        let sampling = self.components.iter().flat_map(|c| [c.sampling.0, c.sampling.1]);
        sampling.into_iter().any(|factor| !(1..=4).contains(&factor))
    }

    /// The number by which a decoder recognises a component's colour: 1 to 4, or the letters of RGB.
    pub(super) fn known_id(&self, id: u8, is_rgb: bool) -> u8 {
        let names = if is_rgb { b"RGB4" } else { b"\x01\x02\x03\x04" };
        let place = self.components.iter().position(|component| component.id == id);
        place.and_then(|place| names.get(place).copied()).unwrap_or(id)
    }

    /// Whether the colours are RGB, by libjpeg's rule (jdapimin.c, `default_decompress_parms`): JFIF
    /// means YCbCr, then Adobe's segment decides, then the components' ids.
    pub(super) fn is_rgb(&self, jpeg: &Jpeg<'_>) -> bool {
        let adobe = jpeg.segments.iter().filter_map(Segment::adobe_transform).next_back();
        let is_named = self.components.iter().map(|component| component.id).eq(*b"RGB");
        let is_jfif = jpeg.segments.iter().any(Segment::is_jfif);
        self.channels() == 3 && !is_jfif && adobe.map_or(is_named, |transform| transform == 0)
    }

    /// Adobe's colour transform for four components: any but 0 is YCCK.
    pub(super) fn transform(&self, jpeg: &Jpeg<'_>) -> Option<u8> {
        let adobe = jpeg.segments.iter().filter_map(Segment::adobe_transform).next_back();
        adobe.filter(|_| self.channels() == 4).map(|transform| 2 * transform.min(1))
    }

    pub(super) fn channels(&self) -> usize {
        self.components.len()
    }

    /// Whether the layout is one that cameras, phones and editors write: interleaved, with chroma
    /// subsampled by 2 at most.
    pub(super) fn is_ordinary(&self, jpeg: &Jpeg<'_>) -> bool {
        let [luma, chroma @ ..] = self.components.as_slice() else { return false };
        let is_together = self.is_progressive || self.is_interleaved(jpeg);
        let is_even = |sampling: (u8, u8)| matches!(sampling, (1 | 2, 1 | 2));
        match chroma {
            [] => true,
            // In CMYK, black has luma's sampling.
            [first, second, others @ ..] => {
                is_together
                    && is_even(luma.sampling)
                    && [first, second].iter().all(|c| c.sampling == (1, 1))
                    && others.iter().all(|c| c.sampling == luma.sampling)
            }
            [_] => false,
        }
    }

    /// Whether jpeg-decoder supports the sampling factors: if one lies between 1 and the maximum,
    /// it reads pixels from outside the picture.
    pub(super) fn has_readable_sampling(&self) -> bool {
        let samplings = || self.components.iter().map(|component| component.sampling);
        let widest = samplings().map(|(h, _)| h).max().unwrap_or(1);
        let highest = samplings().map(|(_, v)| v).max().unwrap_or(1);
        samplings().all(|(h, v)| (h == 1 || h == widest) && (v == 1 || v == highest))
    }

    fn is_interleaved(&self, jpeg: &Jpeg<'_>) -> bool {
        let count = jpeg.scans().next().and_then(|scan| scan.contents.first());
        count.is_some_and(|count| usize::from(*count) == self.channels())
    }

    /// Whether the scan headers cover every coefficient of every component, down to the last bit
    /// (G.1.1.1).
    pub(super) fn has_all_scans(&self, jpeg: &Jpeg<'_>) -> bool {
        let mut missing = vec![u64::MAX; self.channels()];
        for scan in jpeg.scans() {
            let Some((count, rest)) = scan.contents.split_first() else { continue };
            let (listed, rest) = rest.split_at(rest.len().min(2 * usize::from(*count)));
            let &[first, last, bits] = rest else { continue };
            if self.is_progressive && bits & 15 != 0 || first > last || last > 63 {
                continue;
            }
            let (first, last) = if self.is_progressive { (first, last) } else { (0, 63) };
            let read = (u64::MAX >> (63 - last)) & (u64::MAX << first);
            for id in listed.iter().step_by(2) {
                let found = self.components.iter().position(|component| component.id == *id);
                if let Some(missing) = found.and_then(|i| missing.get_mut(i)) {
                    *missing &= !read;
                }
            }
        }
        missing.iter().all(|coefficients| *coefficients == 0)
    }
}
