//! Large pieces of data in memory that the kernel hands over in one go.

use std::io::{self, Read};

use bytes::Bytes;
use memmap2::MmapOptions;

/// Below this, ordinary memory is as fast, and faster where it is used again, as in a batch.
const LARGE: usize = 1024 * 1024;

/// Reads `reader` to its end, but at most `most` bytes, where about `expected` are to come.
///
/// For two photos of 2 MB the page faults of ordinary memory take longer than to send them.
pub fn read_to_end(reader: &mut dyn Read, expected: usize, most: usize) -> io::Result<Bytes> {
    if !(LARGE..=most).contains(&expected) {
        let mut bytes = Vec::with_capacity(expected.min(most));
        reader.take(most as u64).read_to_end(&mut bytes)?;
        return Ok(Bytes::from(bytes));
    }
    let mut map = MmapOptions::new().len(expected).populate().map_anon()?;
    let mut length = 0;
    loop {
        match reader.read(&mut map[length..]) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let read = Bytes::from_owner(map).slice(..length);
    if length < expected {
        return Ok(read);
    }
    // More came than was expected: start over in memory that can grow.
    read_to_end(&mut read.as_ref().chain(reader), 0, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_to_the_end_whatever_was_expected() {
        let data: Vec<u8> = (0..LARGE * 2).map(|i| i.to_le_bytes()[0]).collect();
        for expected in [0, 1, LARGE, data.len() - 1, data.len(), data.len() + 1, 9 * LARGE] {
            let read = read_to_end(&mut data.as_slice(), expected, 8 * LARGE).unwrap();
            assert!(read == data, "{expected}");
        }
    }

    #[test]
    fn reads_no_more_than_the_most() {
        for expected in [0, LARGE, 2 * LARGE, 3 * LARGE] {
            let read = read_to_end(&mut io::repeat(7), expected, 2 * LARGE).unwrap();
            assert_eq!(read.len(), 2 * LARGE, "{expected}");
        }
    }
}
