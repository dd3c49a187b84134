//! SHA-256, by ring, which TLS needs anyway.

use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, BufRead, BufReader, Read};

use ring::digest::{Context, Digest, SHA256, digest};

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    in_hex(&digest(&SHA256, bytes))
}

/// The SHA-256 of `start` and everything in `rest`, in hexadecimal.
pub fn hex_of(start: &[u8], rest: impl Read) -> io::Result<String> {
    let mut context = Context::new(&SHA256);
    context.update(start);
    let mut rest = BufReader::with_capacity(1 << 16, rest);
    loop {
        let piece = rest.fill_buf()?;
        if piece.is_empty() {
            return Ok(in_hex(&context.finish()));
        }
        context.update(piece);
        let length = piece.len();
        rest.consume(length);
    }
}

fn in_hex(digest: &Digest) -> String {
    digest
        .as_ref()
        .iter()
        .fold(String::with_capacity(64), |text, byte| text + &format!("{byte:02x}"))
}

/// The first eight bytes of the SHA-256, as a number.
pub fn number(bytes: &[u8]) -> u64 {
    (shortened(&digest(&SHA256, bytes)) >> 64) as u64
}

/// Half of a SHA-256 of `parts` and their lengths, so that `["ab"]` and `["a", "b"]` differ.
pub fn fingerprint(parts: &[&str]) -> u128 {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    shortened(&context.finish())
}

/// A hash for comparisons within one process; not SHA-256.
pub fn quick(bytes: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    (hasher.finish() >> 32) as u32
}

fn shortened(digest: &Digest) -> u128 {
    digest.as_ref().iter().take(16).fold(0, |number, &byte| number << 8 | u128::from(byte))
}
