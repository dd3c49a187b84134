//! Times whole processes: start-up, a remote `match` against a loopback server, and a local one.
//!
//! `benches/peers.py` compares them with other programs.

#![allow(clippy::unwrap_used, reason = "a benchmark that can't run may panic")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use divan::Bencher;

const VERDICT: &str =
    r#"{"request_id": "bench", "face_match": {"status": "Approved", "score": 80, "warnings": []}}"#;

fn main() {
    divan::main();
}

fn tool() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_didit-face"));
    command.env_clear().stdout(Stdio::null());
    command
}

#[divan::bench]
fn version(bencher: Bencher) {
    bencher.bench(|| tool().arg("--version").status().unwrap());
}

#[divan::bench]
fn help(bencher: Bencher) {
    bencher.bench(|| tool().arg("--help").status().unwrap());
}

/// Sends two photos of `size` bytes each over plain HTTP.
#[divan::bench(args = [200_000, 2_000_000, 5_000_000])]
fn remote_match(bencher: Bencher, size: usize) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let photos = ["user", "ref"].map(|name| noise(folder, name, size));
    let base = serve();
    bencher.bench(|| {
        let mut command = tool();
        command.env("DIDIT_API_KEY", "bench").env("DIDIT_API_URL", &base);
        let status = command.arg("match").args(&photos).status().unwrap();
        assert!(status.success());
    });
}

#[divan::bench]
fn local_match(bencher: Bencher) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    let photos = ["astronaut.png", "grace_hopper.jpg"].map(|name| samples.join(name));
    bencher.bench(|| {
        let status = tool().args(["match", "--local"]).args(&photos).status().unwrap();
        assert_eq!(status.code(), Some(1));
    });
}

/// Writes a file with a JPEG signature; the server doesn't look further.
fn noise(folder: &Path, name: &str, size: usize) -> PathBuf {
    let path = folder.join(format!("{name}-{size}.jpg"));
    let mut bytes = vec![0x5a; size];
    bytes[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Starts a loopback server that approves every pair.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().for_each(|stream| answer(stream.unwrap())));
    base
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::with_capacity(256 * 1024, stream.try_clone().unwrap());
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).unwrap();
    let size = VERDICT.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n{VERDICT}"
    )
    .unwrap();
}
