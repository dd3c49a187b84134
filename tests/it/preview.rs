//! `--preview` on the test's own terminal: what it is asked, and what it gets.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use didit_face::render::picture::{Protocol, Room, escape_codes, is_complete};
use image::{Rgb, RgbImage};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::photos::sample;
use crate::support::{Photos, Tool};

/// A terminal with the tool's stderr on it.
struct Terminal {
    ours: OwnedFd,
    theirs: File,
}

impl Terminal {
    fn new() -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        let theirs = File::options().read(true).write(true).open(name).unwrap();
        let size = Winsize { ws_col: 80, ws_row: 24, ws_xpixel: 800, ws_ypixel: 480 };
        tcsetwinsize(&theirs, size).unwrap();
        Self { ours, theirs }
    }

    /// Runs `tool` on it, and answers its question with `answer`. Returns the output before and
    /// after the question, and the exit code.
    fn run(self, tool: Tool, answer: &[u8]) -> (String, String, i32) {
        let mut command = tool.into_command();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(self.theirs.try_clone().unwrap());
        let mut child = command.spawn().unwrap();
        drop(command);
        let mut ours = File::from(self.ours);
        let mut seen = Vec::new();
        let before = loop {
            let text = String::from_utf8_lossy(&seen).into_owned();
            if let Some((before, _)) = text.split_once("\x1b[c") {
                assert!(!tcgetattr(&self.theirs).unwrap().local_modes.contains(LocalModes::ECHO));
                break before.to_owned();
            }
            if waits(&ours) {
                assert!(more(&mut ours, &mut seen));
            } else if child.try_wait().unwrap().is_some() {
                // It may have written more and exited since.
                while waits(&ours) {
                    assert!(more(&mut ours, &mut seen));
                }
                break String::from_utf8_lossy(&seen).into_owned();
            }
        };
        seen.clear();
        ours.write_all(answer).unwrap();
        let modes = self.theirs;
        let since = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(since.elapsed() < Duration::from_secs(30), "still running");
            if waits(&ours) {
                assert!(more(&mut ours, &mut seen));
            }
        };
        assert!(tcgetattr(&modes).unwrap().local_modes.contains(LocalModes::ECHO));
        while waits(&ours) {
            assert!(more(&mut ours, &mut seen));
        }
        (before, String::from_utf8_lossy(&seen).into_owned(), status.code().unwrap())
    }
}

/// Reads what is there; `false` at the end.
fn more(terminal: &mut File, seen: &mut Vec<u8>) -> bool {
    let mut buffer = vec![0; 1 << 16];
    match terminal.read(&mut buffer) {
        Ok(count) if count > 0 => seen.extend_from_slice(&buffer[..count]),
        _ => return false,
    }
    true
}

/// Whether something can be read within a moment.
fn waits(terminal: &File) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let moment = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    // A signal isn't input.
    poll(&mut [PollFd::new(terminal, PollFlags::IN)], Some(&moment)).is_ok_and(|count| count > 0)
}

fn matching(photos: &Photos) -> Tool {
    Tool::plain().env("TERM", "xterm").pair(photos).args(["--local", "--preview"])
}

fn pair() -> Photos {
    Photos::of(&sample("astronaut_id_card.jpg"), &sample("astronaut.png"))
}

#[test]
fn kitty_shows_the_picture() {
    let photos = pair();
    let answer = b"\x1b_Gi=31;OK\x1b\\\x1b[?62;4c";
    let (_, seen, code) = Terminal::new().run(matching(&photos), answer);
    assert_eq!(code, 0);
    // 80 columns of 10 pixels and 24 rows of 20: the rows keep the aspect ratio in every version.
    let start = seen.find("\x1b_Ga=T,f=100,q=2,c=").expect("a picture");
    let size = seen[start..].split([',', '=']).filter_map(|word| word.parse::<f64>().ok());
    let size: Vec<_> = size.take(4).collect();
    let pieces = seen[start..].split("\x1b\\").filter_map(|piece| piece.split_once(';'));
    let data: String = pieces.map(|(_, data)| data).collect();
    let picture = image::load_from_memory(&STANDARD.decode(data.trim()).unwrap()).unwrap();
    let (columns, rows) = (size[2] * 10.0, size[3] * 20.0);
    let aspect = f64::from(picture.width()) / f64::from(picture.height());
    assert!((columns / rows / aspect - 1.0).abs() < 0.05, "{size:?} for {aspect}");
    assert!(size[3] <= 22.0, "{size:?}");
    // The banner is in the colour of an Approved.
    assert_eq!(picture.to_rgb8().get_pixel(2, 2).0, [26, 127, 55]);
}

#[test]
fn sixels_are_used_if_the_terminal_has_nothing_better() {
    let photos = pair();
    let tool = Tool::plain().env("TERM", "xterm").arg("check").arg(&photos.user).arg("--preview");
    let (_, seen, code) = Terminal::new().run(tool, b"\x1b[?62;4;22c");
    assert_eq!(code, 0);
    assert!(seen.contains("\x1bP") && seen.contains("\x1b\\"), "{seen:.200?}");
}

/// tmux takes kitty's question for the title of the pane.
#[test]
fn tmux_is_not_asked_for_kittys_protocol() {
    let photos = pair();
    let tool = Tool::plain().env("TERM", "tmux-256color").arg("check").arg(&photos.user);
    let (before, seen, _) = Terminal::new().run(tool.arg("--preview"), b"\x1b[?62;4;22c");
    assert!(
        seen.contains("\x1bP") && !before.contains("\x1b_") && !seen.contains("\x1b_"),
        "{before:?}"
    );
}

/// Before a credit is spent: before the key is even looked for.
#[test]
fn a_terminal_without_images_is_named_before_anything_is_sent() {
    let photos = pair();
    let tool = Tool::plain().env("TERM", "xterm").pair(&photos).arg("--preview");
    let (_, seen, code) = Terminal::new().run(tool, b"\x1b[?1;2c");
    let warned = seen.find("can't show images").expect("a warning");
    assert!(code == 4 && warned < seen.find("error:").unwrap(), "{seen:?}");
}

#[test]
fn iterm_is_known_by_its_name() {
    let photos = pair();
    let tool = matching(&photos).env("LC_TERMINAL", "iTerm2");
    let (_, seen, code) = Terminal::new().run(tool, b"\x1b[?62c");
    assert_eq!(code, 0);
    assert!(seen.contains("\x1b]1337;File=inline=1;size="), "{seen:.200?}");
}

#[test]
fn a_terminal_without_images_still_shows_the_verdict() {
    let photos = pair();
    let (_, seen, code) = Terminal::new().run(matching(&photos), b"\x1b[?1;2c");
    assert_eq!(code, 0);
    assert!(seen.contains("can't show images") && seen.contains("--annotate"), "{seen:?}");
    let (_, silent, code) = Terminal::new().run(matching(&photos), b"");
    assert!(code == 0 && silent.contains("can't show images"), "{silent:?}");
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let photos = pair();
    let outcome = matching(&photos).arg("--json").run();
    outcome.exits(0).stderr_has("can't show images").stderr_lacks("\u{1b}");
    assert!(serde_json::from_str::<serde_json::Value>(&outcome.stdout).is_ok());
    let (before, _, code) = Terminal::new().run(matching(&photos).env("TERM", "dumb"), b"");
    assert!(code == 0 && before.contains("can't show images"), "{before:?}");
}

/// A background job that asks its terminal would be stopped.
#[cfg(target_os = "linux")]
#[test]
fn a_background_job_does_not_query_the_terminal() {
    let terminal = Terminal::new();
    let tool = Tool::plain().env("TERM", "xterm-kitty").args(["match", "--local", "--preview"]);
    let tool =
        tool.args(["astronaut.png", "astronaut_id_card.jpg"].map(crate::support::photos::sample));
    let script = "\"$0\" \"$@\" & wait $!; exit $?";
    let mut session = tool.under(&["setsid", "--ctty", "--wait", "sh", "-m", "-c", script]);
    let stream = || terminal.theirs.try_clone().unwrap();
    session.stdin(stream()).stdout(Stdio::null()).stderr(stream());
    let mut child = session.spawn().unwrap();
    drop(session);
    let (mut ours, mut seen) = (File::from(terminal.ours), Vec::new());
    let since = Instant::now();
    let status = loop {
        while waits(&ours) {
            assert!(more(&mut ours, &mut seen));
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "it was stopped");
        std::thread::sleep(Duration::from_millis(20));
    };
    // What it wrote last.
    while waits(&ours) && more(&mut ours, &mut seen) {}
    let text = String::from_utf8_lossy(&seen);
    assert_eq!(status.code(), Some(0), "{text}");
    assert!(!text.contains("\x1b_Gi=31") && text.contains("--annotate"), "{text}");
}

#[test]
fn the_answer_selects_the_protocol() {
    for (answer, is_iterm, protocol) in [
        ("\x1b_Gi=31;OK\x1b\\\x1b[?62;c", false, Some(Protocol::Kitty)),
        ("\x1b_Gi=31;ENOTSUPPORTED:x\x1b\\\x1b[?62;4;22c", false, Some(Protocol::Sixel)),
        ("\x1b[?62;4c", true, Some(Protocol::Iterm)),
        ("\x1b[?1;2c", false, None),
        ("\x1b[?64;14;44c", false, None),
        ("", false, None),
        ("", true, Some(Protocol::Iterm)),
    ] {
        assert_eq!(Protocol::of(answer.as_bytes(), is_iterm), protocol, "{answer:?}");
    }
    assert!(is_complete(b"\x1b[?1;2c") && is_complete(b"typed\x1b[?6c"));
    assert!(!is_complete(b"\x1b_Gi=31;OK\x1b\\\x1b[?62;4") && !is_complete(b"c"));
}

#[test]
fn sixels_fit_a_terminal_that_does_not_report_pixels() {
    let picture =
        RgbImage::from_fn(1000, 700, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90]));
    let room = Room { columns: 80, rows: 24, pixels: (0, 0) };
    let codes = escape_codes(&picture, Protocol::Sixel, room).unwrap();
    // 62 columns of 8 pixels.
    assert!(String::from_utf8(codes).unwrap().contains(";496;347"));
}
