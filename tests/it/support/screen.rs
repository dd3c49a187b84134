//! A terminal for tests, which shows what a person would see.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::Tool;

/// In columns.
pub(crate) const WIDTH: usize = 70;

/// Interprets just enough escape codes for a bar.
pub(crate) struct Screen {
    ours: OwnedFd,
    pub(crate) theirs: File,
    bytes: Vec<u8>,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = File::options().read(true).write(true).open(name).unwrap();
        let size = Winsize { ws_col: 70, ws_row: 24, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&theirs, size).unwrap();
        Self { ours, theirs, bytes: Vec::new() }
    }

    /// Starts the tool with its stderr on the terminal.
    pub(crate) fn start(&self, tool: Tool) -> Child {
        let mut command = tool.env("TERM", "xterm").env("LANG", "C.UTF-8").into_command();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(self.theirs.try_clone().unwrap()).spawn().unwrap()
    }

    /// Waits for `is_there`, and returns what it shows.
    pub(crate) fn until(&mut self, is_there: impl Fn(&str) -> bool) -> String {
        let since = Instant::now();
        loop {
            let text = self.text();
            if is_there(&text) {
                return text;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "it shows:\n{text}");
            self.take();
        }
    }

    /// Reads what arrives; `false` if nothing does within a moment.
    pub(crate) fn take(&mut self) -> bool {
        let moment = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        let ours = PollFd::new(&self.ours, PollFlags::IN);
        let comes = poll(&mut [ours], Some(&moment)).is_ok_and(|count| count > 0);
        if comes {
            let mut buffer = [0; 1 << 14];
            let count = File::from(self.ours.try_clone().unwrap()).read(&mut buffer).unwrap();
            self.bytes.extend_from_slice(&buffer[..count]);
        }
        comes
    }

    /// Reads what an exited tool wrote, which may arrive a little later.
    pub(crate) fn take_all(&mut self) {
        let mut silent = 0;
        while silent < 10 {
            silent = if self.take() { 0 } else { silent + 1 };
        }
    }

    /// The lines as a person sees them.
    pub(crate) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let mut lines = vec![Vec::new()];
        let (mut row, mut column) = (0, 0);
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '\r' => column = 0,
                '\n' => row += 1,
                '\u{1b}' => {
                    let (mut number, mut end) = (String::new(), ' ');
                    for c in chars.by_ref().skip(1) {
                        if c.is_ascii_alphabetic() {
                            end = c;
                            break;
                        }
                        number.push(c);
                    }
                    let count = number.parse().unwrap_or(1);
                    match end {
                        'A' => row -= count,
                        'B' => row += count,
                        'K' => lines[row].clear(),
                        _ => {}
                    }
                }
                c => {
                    if column == WIDTH {
                        (row, column) = (row + 1, 0);
                    }
                    lines.resize(lines.len().max(row + 1), Vec::new());
                    let line: &mut Vec<char> = &mut lines[row];
                    line.resize(line.len().max(column + 1), ' ');
                    line[column] = c;
                    column += 1;
                }
            }
            lines.resize(lines.len().max(row + 1), Vec::new());
        }
        let lines = lines.iter().map(|line| line.iter().collect::<String>());
        lines.map(|line| line.trim_end().to_owned() + "\n").collect()
    }
}
