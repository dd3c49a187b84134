#![no_main]

#[path = "../../tests/it/corpus/multipart.rs"]
mod multipart;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| multipart::check(bytes));
