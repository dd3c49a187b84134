//! Small types that carry a rule, and text from outside made harmless.

use std::borrow::Cow;
use std::time::Duration;

use didit_face::api::Base;
use didit_face::values::digest::{fingerprint, hex, number};
use didit_face::values::ids::{Email, SessionId};
use didit_face::values::json::Object;
use didit_face::values::quantity::{PhotoSize, TopUp, Usd, in_words};
use didit_face::values::text::{excerpt, quoted, safe};
use proptest::prelude::*;

#[test]
fn it_is_sha_256() {
    let of_a = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    assert_eq!(hex(b"a"), of_a);
    assert_eq!(number(b"a"), 0xca97_8112_ca1b_bdca);
}

#[test]
fn different_parts_never_give_the_same_digest() {
    assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
}

#[test]
fn no_identifier_leads_to_another_path() {
    let base = Base::parse("https://a.example").unwrap();
    for (id, segment) in [
        ("a1b2-C3_x", "a1b2-C3_x"),
        ("a?x=1", "a%3Fx%3D1"),
        ("a#b", "a%23b"),
        ("a%2fb", "a%252fb"),
        ("%2e%2e", "%252e%252e"),
        ("ü", "%C3%BC"),
        ("a1b2c3d4-...", "a1b2c3d4-..."),
    ] {
        let id: SessionId = id.parse().unwrap();
        let path = format!("/v3/session/{}/decision/", id.as_path_segment());
        assert_eq!(base.join(&path).path(), format!("/v3/session/{segment}/decision/"));
    }
}

#[test]
fn paths_are_not_ids() {
    let long = "a".repeat(129);
    for text in ["", ".", "..", "...", "a/b", "../x", "a\\b", "a b", "a\nb", "a\u{85}b", &long] {
        assert!(text.parse::<SessionId>().is_err(), "{text:?}");
    }
}

#[test]
fn invalid_addresses_are_refused() {
    for good in ["a@b.co", "ann.o'hara+x@mail.example.org", "jürgen@bücher.example"] {
        assert!(good.parse::<Email>().is_ok(), "{good}");
    }
    let long = format!("{}@b.co", "a".repeat(250));
    for bad in
        ["", "ann", "@b.co", "ann@", "ann@b", "ann@.co", "a b@c.de", "a@b@c.de", "a\n@b.co", &long]
    {
        assert!(bad.parse::<Email>().is_err(), "{bad}");
    }
}

#[test]
fn members_keep_their_original_text() {
    let object = Object::parse(r#" {"a": 1.50, "b": null, "c": "x\u0079"} "#).unwrap();
    assert_eq!(object.get("a"), Some("1.50"));
    assert_eq!(object.get("b"), None);
    assert_eq!(object.get("missing"), None);
    assert_eq!(object.string("c").as_deref(), Some("xy"));
    assert_eq!(object.string("a"), None);
}

#[test]
fn only_an_object_that_every_reader_understands_is_accepted() {
    assert!(Object::of_answer(br#"{"a": [1], "b": {}}"#).is_ok());
    assert!(Object::of_answer(b"{\"a\": \"\xff\"}").is_err());
    let nested = |depth| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let (deep, deeper) = (nested(200), nested(1000));
    for text in [
        "",
        "[]",
        "[1]",
        "{} {}",
        r#"{"a":1,}"#,
        "\u{feff}{}",
        // Ambiguous.
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        // Members that can't be read.
        r#"{"a":1e999}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"a":[{"b":"\ud800"}]}"#,
        &deep,
        &deeper,
    ] {
        assert!(Object::of_answer(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn durations_use_the_largest_units() {
    for (seconds, words) in [
        (1, "1 second"),
        (45, "45 seconds"),
        (60, "1 minute"),
        (3600, "1 hour"),
        (4530, "1 hour 15 minutes 30 seconds"),
    ] {
        assert_eq!(in_words(Duration::from_secs(seconds)), words);
    }
}

#[test]
fn sizes_are_read_as_people_write_them() {
    let bytes = |text: &str| text.parse().map(PhotoSize::bytes);
    assert_eq!((bytes("500KB"), bytes("1.5MB")), (Ok(500_000), Ok(1_500_000)));
    assert_eq!((bytes("5MB"), bytes("800000")), (Ok(5_000_000), Ok(800_000)));
    assert_eq!((bytes("500 kb"), bytes("20000b")), (Ok(500_000), Ok(20_000)));
    for bad in ["", "0", "-1MB", "5.3MB", "1KB", "1GB", "MB", "1e5", "inf", "nan", "5MiB"] {
        assert!(bytes(bad).is_err(), "{bad}");
    }
    for text in ["500KB", "1.5MB", "5MB", "800001"] {
        assert_eq!(text.parse::<PhotoSize>().map(|size| size.to_string()), Ok(text.to_owned()));
    }
}

#[test]
fn amounts_are_exact() {
    for (literal, shown) in [
        (r#""1234.5600""#, "1234.56 USD"),
        (r#""0.0001""#, "0.0001 USD"),
        ("50", "50.00 USD"),
        ("0.1", "0.10 USD"),
        (r#""-3.5""#, "-3.50 USD"),
        (r#""9007199254740993.01""#, "9007199254740993.01 USD"),
    ] {
        assert_eq!(Usd::from_json(literal).unwrap().to_string(), shown, "{literal}");
    }
}

#[test]
fn only_plain_amounts_are_accepted() {
    for literal in ["null", "true", "{}", "1e3"] {
        assert_eq!(Usd::from_json(literal), None, "{literal}");
    }
    let tiny = "0.00000000000000000000000000001";
    for text in ["", "1e3", "1,234.56", " 5", "+5", "$5", "NaN", ".5", "5.", "1.2.3", "--5", tiny] {
        assert_eq!(Usd::from_json(&format!("\"{text}\"")), None, "{text}");
    }
}

#[test]
fn a_top_up_is_at_least_50_dollars_in_whole_cents() {
    for (text, json) in [("50", "50"), ("50.00", "50"), ("62.50", "62.5"), ("20000000", "20000000")]
    {
        assert_eq!(text.parse::<TopUp>().unwrap().as_json(), json);
    }
    for text in ["49.99", "50.001", "-50", "1e3", "", "fifty", "50 USD", "٥٠"] {
        assert!(text.parse::<TopUp>().is_err(), "{text}");
    }
}

/// Controls, separators and default ignorable characters, except for the variation selectors of
/// emoji (DerivedCoreProperties.txt).
const HARMFUL: &[(u32, u32)] = &[
    (0x00, 0x1f),
    (0x7f, 0x9f),
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x3164, 0x3164),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
];

fn any_text() -> impl Strategy<Value = String> {
    let harmful = proptest::sample::select(HARMFUL).prop_flat_map(|(from, to)| from..=to);
    let harmful = harmful.prop_filter_map("a character", char::from_u32);
    let any = prop_oneof![any::<char>(), harmful, proptest::char::range(' ', '~')];
    proptest::collection::vec(any, 0..40).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn safe_text_holds_nothing_harmful(text in any_text()) {
        let out = safe(&text);
        let stays = |c: char| {
            !HARMFUL.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(c)))
        };
        prop_assert!(out.chars().all(stays), "{out:?}");
        prop_assert_eq!(safe(&out), out.as_ref());
        prop_assert_eq!(text.chars().all(stays), out == text);
    }

    #[test]
    fn an_excerpt_is_never_longer_than_wanted(text in any_text(), limit in 0_usize..50) {
        let out = excerpt(&text, limit);
        let whole = safe(text.trim());
        let expected: String = whole.chars().take(limit).collect();
        prop_assert!(out == *whole || out == format!("{expected}…"), "{out}");
        prop_assert!(out.chars().count() <= limit + 1);
    }
}

#[test]
fn plain_text_is_untouched() {
    assert!(matches!(safe("José's selfie – 1.jpg"), Cow::Borrowed(_)));
}

#[test]
fn escapes_overrides_and_separators_are_spelled_out() {
    assert_eq!(
        safe("a\x1b[31mb\u{202e}c\u{200b}\n\u{9b}\u{2028}\u{e0041}"),
        r"a\u{1b}[31mb\u{202e}c\u{200b}\u{a}\u{9b}\u{2028}\u{e0041}"
    );
}

#[test]
fn shell_words_are_quoted_when_necessary() {
    assert_eq!(quoted("ann+x@mail.example"), "ann+x@mail.example");
    assert_eq!(quoted("o'hara$(x)@a.b"), r"'o'\''hara$(x)@a.b'");
    assert_eq!(quoted(""), "''");
}

#[test]
fn excerpts_are_cut_by_characters() {
    assert_eq!(excerpt("  äöü ", 3), "äöü");
    assert_eq!(excerpt("äöüß", 3), "äöü…");
}
