//! The bar on a terminal: as wide as it, with the wait for a rate limit, and gone in the end.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::{Batch, answering, approved};
use crate::support::Tool;

const WIDTH: usize = 70;

/// A terminal that draws what it gets, as far as a bar needs it.
struct Screen {
    ours: OwnedFd,
    theirs: File,
    bytes: Vec<u8>,
}

impl Screen {
    fn new() -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = File::options().read(true).write(true).open(name).unwrap();
        let size = Winsize { ws_col: 70, ws_row: 24, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&theirs, size).unwrap();
        Self { ours, theirs, bytes: Vec::new() }
    }

    fn start(&self, tool: Tool) -> Child {
        let mut command = tool.env("TERM", "xterm").env("LANG", "C.UTF-8").into_command();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(self.theirs.try_clone().unwrap()).spawn().unwrap()
    }

    /// What it shows once `is_there`, which must be soon.
    fn until(&mut self, is_there: impl Fn(&str) -> bool) -> String {
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

    fn take(&mut self) {
        let moment = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        let ours = PollFd::new(&self.ours, PollFlags::IN);
        if poll(&mut [ours], Some(&moment)).is_ok_and(|count| count > 0) {
            let mut buffer = [0; 1 << 14];
            let count = File::from(self.ours.try_clone().unwrap()).read(&mut buffer).unwrap();
            self.bytes.extend_from_slice(&buffer[..count]);
        }
    }

    /// The lines as a person sees them.
    fn text(&self) -> String {
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

/// A signal as Ctrl-C sends it: the terminal adds a `^C` where the cursor is.
fn press_ctrl_c(screen: &mut Screen, child: &Child) {
    screen.theirs.write_all(b"^C").unwrap();
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
}

fn slow_batch(pairs: usize, time: u64) -> (Batch, crate::support::Service) {
    let service = answering(move |_| {
        std::thread::sleep(Duration::from_millis(time));
        approved()
    });
    (Batch::of(pairs), service)
}

#[test]
fn the_bar_is_as_wide_as_the_terminal_and_leaves_nothing_behind() {
    let (batch, service) = slow_batch(6, 400);
    let mut screen = Screen::new();
    let mut child = screen.start(batch.tool(&service).args(["--jobs", "1", "-q"]));
    child.wait().unwrap();
    screen.take();
    assert!(!screen.text().contains('█'), "--quiet draws nothing");
    let (batch, service) = slow_batch(6, 400);
    let mut child = screen.start(batch.tool(&service).args(["--jobs", "1"]));
    let text = screen.until(|text| text.contains("2 credits used"));
    let bar = text.lines().find(|line| line.contains("2/6")).unwrap();
    assert_eq!(bar.chars().count(), WIDTH, "{text}");
    assert!(text.contains("\n2 approved, 0 declined, 0 in review, 0 failed\n"), "{text}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let text = screen.until(|text| text.contains("6 of 6 pairs"));
    assert!(!text.contains('█') && !text.contains("/6\n"), "{text}");
}

#[test]
fn nothing_stale_is_left_after_ctrl_c() {
    for presses in [1, 2] {
        let (batch, service) = slow_batch(40, 500);
        let mut screen = Screen::new();
        let mut child = screen.start(batch.tool(&service).args(["--jobs", "2"]));
        screen.until(|text| text.contains("2 credits used"));
        press_ctrl_c(&mut screen, &child);
        if presses == 2 {
            screen.until(|text| text.contains("press Ctrl-C again"));
            press_ctrl_c(&mut screen, &child);
        }
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let text = screen.until(|text| text.contains("hint: "));
        for stale in ["█", "/40", "credits used", "^C"] {
            assert!(!text.contains(stale), "{stale} after {presses}:\n{text}");
        }
        assert_eq!(text.matches("approved").count(), usize::from(presses == 1), "{text}");
    }
}

#[test]
fn a_wait_for_the_rate_limit_says_how_long() {
    let batch = Batch::of(3);
    let service = answering(|id| match id {
        "p0" => approved().header("X-RateLimit-Remaining", "0").header("Retry-After", "3"),
        _ => approved(),
    });
    let mut screen = Screen::new();
    let mut child = screen.start(batch.tool(&service).args(["--jobs", "1"]));
    for second in ["3s", "2s", "1s"] {
        let wanted = format!("\nrate limit: waiting {second}\n");
        screen.until(|text| text.contains(&wanted));
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
