//! What differs between systems, for both of them, and the plain rules about exit codes, errors and panics.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use didit_face::error::reason;
use didit_face::exit::Exit;
use didit_face::panics::{are_caught, caught};
use didit_face::values::system::System::{Posix, Windows};
use didit_face::values::system::is_device_on_windows;

#[test]
fn words_are_quoted_for_the_shells_of_each_system() {
    for (text, posix, windows) in [
        ("ann+x@mail.example", "ann+x@mail.example", "ann+x@mail.example"),
        ("", "''", "\"\""),
        (r"C:\a\b.png", r"'C:\a\b.png'", r"C:\a\b.png"),
        ("my photo.jpg", "'my photo.jpg'", "\"my photo.jpg\""),
        ("o'hara", r"'o'\''hara'", "\"o'hara\""),
        ("a&calc", "'a&calc'", "\"a&calc\""),
        ("$(x)`y", "'$(x)`y'", "\"`$(x)``y\""),
        ("a\"&b", "'a\"&b'", "\"a\"\"&b\""),
        ("a”;b", "'a”;b'", "\"a`”;b\""),
        (r"C:\my dir\", r"'C:\my dir\'", r#""C:\my dir\\""#),
        ("@home", "@home", "\"@home\""),
        ("a,b", "a,b", "\"a,b\""),
    ] {
        assert_eq!((&*Posix.quoted(text), &*Windows.quoted(text)), (posix, windows));
    }
}

#[test]
fn variables_are_set_as_each_shell_wants() {
    assert_eq!(Posix.set_variable("K", "/a b"), ["use it with: export K='/a b'"]);
    assert_eq!(
        Windows.set_variable("K", r"C:\o'hara\k"),
        [
            r"use it in PowerShell with: $env:K='C:\o''hara\k'",
            "use it in cmd with: set \"K=C:\\o'hara\\k\""
        ]
    );
    assert_eq!((Posix.temporary_folder(), Windows.temporary_folder()), ("TMPDIR", "TEMP"));
    assert_eq!(Windows.variable(OsStr::new("Didit_Api_Key")), "DIDIT_API_KEY");
    assert_eq!(Posix.variable(OsStr::new("https_proxy")), "https_proxy");
}

#[test]
fn names_that_windows_reserves_are_known() {
    for name in
        ["NUL", "nul.txt", "con.2", "COM1.a", "aux.", "nul .x", "COM¹", "lpt².tar.gz", "CONIN$"]
    {
        assert!(is_device_on_windows(name) && Windows.is_device(Path::new(name)), "{name}");
        assert!(Windows.unusable_name(Path::new(name)).is_some(), "{name}");
        assert_eq!(
            (Posix.is_device(Path::new(name)), Posix.unusable_name(Path::new(name))),
            (false, None)
        );
    }
    for name in ["null", "con-2", "com0", "com10", "a.nul", "aux_", "results.jsonl"] {
        assert!(!is_device_on_windows(name), "{name}");
        assert_eq!(Windows.unusable_name(Path::new(name)), None, "{name}");
    }
    let long = "k".repeat(300);
    for name in
        [long.as_str(), "my:key?.txt", "out:1?.png", "a|b", "a*", "a<b>", "a ", "a.", "a\u{1}"]
    {
        assert!(Windows.unusable_name(Path::new(name)).is_some(), "{name}");
    }
}

#[test]
fn a_batch_is_as_good_as_its_worst_pair() {
    for (pairs, approved, declined, in_review, exit) in [
        (3, 3, 0, 0, Exit::Done),
        (3, 1, 1, 1, Exit::Declined),
        (3, 2, 0, 1, Exit::InReview),
        (3, 2, 0, 0, Exit::Incomplete),
        (3, 0, 2, 0, Exit::Incomplete),
        (3, 4, 0, 0, Exit::Incomplete),
        (0, 0, 0, 0, Exit::Done),
    ] {
        assert_eq!(Exit::of_batch(pairs, approved, declined, in_review), exit);
    }
}

#[test]
fn reasons_have_neither_a_number_nor_a_full_stop() {
    let held = "The process cannot access the file because it is being used by another process. (os error 32)";
    let reason = reason(&io::Error::other(held));
    assert!(reason.ends_with("used by another process"), "{reason}");
}

#[test]
fn a_caught_panic_gives_none_and_prints_nothing() {
    assert_eq!(caught(|| 7), Some(7));
    assert_eq!(caught(|| assert_eq!(1, 2, "a bug of a decoder")), None);
    assert_eq!(caught(|| (are_caught(), caught(|| ()).is_some())), Some((true, true)));
    assert!(!are_caught());
}
