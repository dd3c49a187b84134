//! The bar on a terminal: its width, the rate limit, and that it is cleared.

use std::io::Write;
use std::process::Child;
use std::time::Duration;

use rustix::process::Signal;

use super::{Batch, answering, approved};
use crate::support::process::signal;
use crate::support::screen::{Screen, WIDTH};

/// A signal as from Ctrl-C: the terminal adds `^C` at the cursor.
fn press_ctrl_c(screen: &mut Screen, child: &Child) {
    screen.theirs.write_all(b"^C").unwrap();
    signal(child, Signal::INT);
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
    screen.take_all();
    assert!(!screen.text().contains('█'), "--quiet draws nothing");
    let (batch, service) = slow_batch(6, 400);
    let mut child = screen.start(batch.tool(&service).args(["--jobs", "1"]));
    let text = screen.until(|text| text.contains("2 credits used"));
    let bar = text.lines().find(|line| line.contains("2/6")).unwrap();
    assert_eq!(bar.chars().count(), WIDTH, "{text}");
    assert!(bar.ends_with(" 33%") && bar.contains('░'), "{text}");
    assert!(text.contains("\n2 approved  ") && !text.contains("declined"), "{text}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let text = screen.until(|text| text.contains("6 of 6 pairs"));
    assert!(!text.contains('█') && !text.contains("/6\n"), "{text}");
}

#[test]
fn nothing_stale_is_left_after_ctrl_c() {
    for presses in [1, 2] {
        let (batch, service) = slow_batch(40, if presses == 2 { 3000 } else { 500 });
        let mut screen = Screen::new();
        let mut child = screen.start(batch.tool(&service).args(["--jobs", "2"]));
        screen.until(|text| text.contains("2 credits used"));
        press_ctrl_c(&mut screen, &child);
        if presses == 2 {
            screen.until(|text| text.contains("press Ctrl-C again"));
            // Within a second, it would belong to the first.
            std::thread::sleep(Duration::from_millis(1100));
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
        let wanted = format!("rate limit: waiting {second}\n");
        screen.until(|text| text.contains(&wanted));
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
