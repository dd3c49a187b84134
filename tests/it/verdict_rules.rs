//! What an answer may become. Only JSON that says Approved and keeps every rule becomes an Approved:
//! compared with an oracle that knows what was generated and never parses it.

use std::cmp::Ordering;
use std::collections::HashSet;

use didit_face::error::{Error, Kind};
use didit_face::render::{self, Stream};
use didit_face::verdict::answer::{AnswerDetails, FaceDetails};
use didit_face::verdict::{
    Reason, Score, Seen, SessionState, Status, Strictness, Threshold, Verdict,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A JSON value together with how it is spelled.
#[derive(Clone, Debug)]
enum Json {
    Plain(&'static str),
    Number(Number),
    Text(Text),
    Array(Vec<Json>),
    Object(Vec<(Text, Json)>),
}

/// A string, and how many of its first characters are written as escapes.
#[derive(Clone, Debug)]
struct Text(String, usize);

/// `digits` x 10^`exponent`, written with the point after `whole` digits.
#[derive(Clone, Debug)]
struct Number {
    is_negative: bool,
    whole: String,
    fraction: String,
    exponent: Option<i32>,
}

impl Json {
    fn spelled(&self) -> String {
        let list = |items: Vec<String>| items.join(", ");
        match self {
            Self::Plain(word) => (*word).to_owned(),
            Self::Number(number) => number.spelled(),
            Self::Text(text) => text.spelled(),
            Self::Array(items) => format!("[{}]", list(items.iter().map(Self::spelled).collect())),
            Self::Object(members) => {
                let member =
                    |(key, value): &(Text, Self)| format!("{}: {}", key.spelled(), value.spelled());
                format!("{{{}}}", list(members.iter().map(member).collect()))
            }
        }
    }

    /// The member `key` of an object without duplicate keys.
    fn member(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        let keys: HashSet<_> = members.iter().map(|(key, _)| &key.0).collect();
        let found = members.iter().find(|(other, _)| other.0 == key);
        found.filter(|_| keys.len() == members.len()).map(|(_, value)| value)
    }
}

impl Text {
    fn spelled(&self) -> String {
        let escaped = |(at, c): (usize, char)| match c {
            _ if at < self.1 => format!("\\u{:04x}", u32::from(c)),
            '"' | '\\' => format!("\\{c}"),
            _ => c.to_string(),
        };
        format!("\"{}\"", self.0.chars().enumerate().map(escaped).collect::<Vec<_>>().concat())
    }
}

impl Number {
    fn spelled(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let fraction =
            if self.fraction.is_empty() { String::new() } else { format!(".{}", self.fraction) };
        let exponent = self.exponent.map(|e| format!("e{e}")).unwrap_or_default();
        format!("{sign}{}{fraction}{exponent}", self.whole)
    }

    /// The digits scaled to `places` decimals, more than any number here has, without leading zeros.
    fn scaled(&self, places: i32) -> String {
        let decimals = i32::try_from(self.fraction.len()).unwrap();
        let zeros = places - decimals + self.exponent.unwrap_or(0);
        let zeros = "0".repeat(usize::try_from(zeros).unwrap());
        let digits = format!("{}{}{zeros}", self.whole, self.fraction);
        digits.trim_start_matches('0').to_owned()
    }

    fn is_zero(&self) -> bool {
        self.scaled(PLACES).is_empty()
    }

    /// Compares two numbers, signs aside.
    fn compare(&self, other: &Self) -> Ordering {
        let (a, b) = (self.scaled(PLACES), other.scaled(PLACES));
        a.len().cmp(&b.len()).then_with(|| a.cmp(&b))
    }

    fn is_score(&self) -> bool {
        let hundred = Self { whole: "100".to_owned(), ..Self::zero() };
        (!self.is_negative || self.is_zero()) && self.compare(&hundred) != Ordering::Greater
    }

    /// Whether it is short enough to be read exactly by any reader.
    fn is_short(&self) -> bool {
        self.whole.len() + self.fraction.len() < 20 && self.exponent.is_none()
    }

    fn zero() -> Self {
        let (whole, fraction) = ("0".to_owned(), String::new());
        Self { is_negative: false, whole, fraction, exponent: None }
    }
}

const PLACES: i32 = 80;

/// The score, if `answer` is one that may pass as Approved with `threshold`.
fn approved<'a>(answer: &'a Json, threshold: &Number) -> Option<&'a Number> {
    let face_match = answer.member("face_match")?;
    let (status, score) = (face_match.member("status")?, face_match.member("score")?);
    let is_approved = matches!(status, Json::Text(text) if text.0 == "Approved");
    let Json::Number(score) = score else { return None };
    let is_reached = score.is_score() && score.compare(threshold) != Ordering::Less;
    (is_approved && is_reached).then_some(score)
}

fn number() -> impl Strategy<Value = Number> {
    let whole = prop_oneof![
        4 => (0_u8..=99).prop_map(|n| n.to_string()),
        2 => select(vec!["0", "29", "30", "99", "100", "101", "300", "12345678901234567890123456789"])
            .prop_map(str::to_owned),
    ];
    let fraction = prop_oneof![
        4 => Just(String::new()),
        2 => "[0-9]{1,3}",
        1 => select(vec!["0{30}", "9{30}", "0{25}1", "[0-9]{20,35}"])
            .prop_flat_map(|pattern| proptest::string::string_regex(pattern).unwrap()),
    ];
    let exponent = prop_oneof![4 => Just(None), 1 => (-30..=30).prop_map(Some)];
    (proptest::bool::weighted(0.1), whole, fraction, exponent).prop_map(
        |(is_negative, whole, fraction, exponent)| Number {
            is_negative,
            whole,
            fraction,
            exponent,
        },
    )
}

fn text(words: &'static [&'static str]) -> impl Strategy<Value = Text> {
    let word = prop_oneof![8 => select(words).prop_map(str::to_owned), 1 => "[ -~é]{0,4}"];
    (word, prop_oneof![3 => Just(0), 1 => 0_usize..12]).prop_map(|(word, n)| Text(word, n))
}

fn status() -> impl Strategy<Value = Json> {
    let names: &[&str] = &[
        "Approved",
        "Approved",
        "Approved",
        "Declined",
        "In Review",
        "approved",
        "Approved ",
        "APPROVED",
        "Expired",
        "",
    ];
    text(names).prop_map(Json::Text)
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        select(vec!["null", "true", "false"]).prop_map(Json::Plain),
        number().prop_map(Json::Number),
        status(),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::Array),
            vec((key(), inner), 0..5).prop_map(Json::Object),
        ]
    })
}

fn key() -> impl Strategy<Value = Text> {
    text(&["face_match", "status", "score", "request_id", "warnings"])
}

/// An object that mostly has the member `name`, mostly of the wanted kind, and other members.
fn object_with(wanted: Vec<(&'static str, BoxedStrategy<Json>)>) -> impl Strategy<Value = Json> {
    let wanted: Vec<_> = wanted
        .into_iter()
        .map(|(name, value)| {
            let value = prop_oneof![9 => value, 1 => any_json()];
            let spelled = (Just(name.to_owned()), prop_oneof![4 => Just(0), 1 => 0_usize..12]);
            (spelled.prop_map(|(name, n)| Text(name, n)), value)
        })
        .collect();
    let others = prop_oneof![2 => Just(Vec::new()), 1 => vec((key(), any_json()), 0..3)];
    (wanted, others).prop_flat_map(|(mut members, others)| {
        members.extend(others);
        Just(members).prop_shuffle().prop_map(Json::Object)
    })
}

fn answer() -> impl Strategy<Value = Json> {
    let score = number().prop_map(Json::Number).boxed();
    let face_match = object_with(vec![("status", status().boxed()), ("score", score)]).boxed();
    let near = object_with(vec![("face_match", face_match)]);
    prop_oneof![9 => near, 1 => any_json()]
}

fn threshold() -> impl Strategy<Value = Number> {
    let whole = prop_oneof![Just(30_u8), Just(0_u8), 0_u8..100];
    (whole, "[0-9]{0,6}").prop_map(|(whole, fraction)| Number {
        whole: whole.to_string(),
        fraction,
        ..Number::zero()
    })
}

fn parsed(threshold: &Number) -> Threshold {
    threshold.spelled().parse().unwrap()
}

fn risk() -> impl Strategy<Value = &'static str> {
    select(vec!["NO_REFERENCE_IMAGE", "NO_FACE_DETECTED", "LOW_FACE_MATCH_SIMILARITY", "OTHER"])
}

fn any_status() -> impl Strategy<Value = Status> {
    select(vec![Status::Approved, Status::Declined, Status::InReview])
}

const GOOD: &[u8] = br#"{"face_match": {"status": "Approved", "score": 80.5, "warnings": []}}"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn only_what_the_oracle_approves_is_approved(answer in answer(), threshold in threshold()) {
        let text = answer.spelled();
        let verdict = Verdict::read(text.as_bytes(), parsed(&threshold));
        let is_approved = verdict.as_ref().is_ok_and(|v| v.status() == Status::Approved);
        let oracle = approved(&answer, &threshold);
        prop_assert!(!is_approved || oracle.is_some(), "{text}: {verdict:?}");
        // A reader that refuses everything must fail too.
        let is_plain = oracle.is_some_and(Number::is_short);
        prop_assert!(is_approved || !is_plain, "{text}: {verdict:?}");
    }

    #[test]
    fn a_damaged_answer_is_read_as_serde_json_reads_it(
        damage in vec((0..GOOD.len(), prop_oneof![any::<u8>(), select(GOOD)], 0..3), 1..4),
    ) {
        let mut body = GOOD.to_vec();
        for (at, byte, how) in damage {
            let at = at % body.len();
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => _ = body.remove(at),
            }
        }
        if let Ok(verdict) = Verdict::read(&body, Threshold::default()) {
            let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let face_match = &value["face_match"];
            prop_assert_eq!(&face_match["status"], verdict.status().name());
            let score = face_match["score"].as_f64();
            prop_assert!(score.is_none_or(|score| (0.0..=100.0).contains(&score)));
            let is_reached = score.is_some_and(|score| score >= 30.0);
            prop_assert!(is_reached || verdict.status() != Status::Approved);
        }
    }

    #[test]
    fn no_input_makes_it_panic(bytes in vec(any::<u8>(), 0..200), text in "\\PC{0,100}") {
        prop_assert!(Verdict::read(&bytes, Threshold::default()).is_err());
        prop_assert!(Verdict::read(text.as_bytes(), Threshold::default()).is_err());
    }

    #[test]
    fn nesting_is_refused_or_read(depth in 0_usize..3000, inside in 0_usize..3) {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let body = match inside {
            0 => deep,
            1 => format!(r#"{{"face_match": {deep}0}}"#),
            _ => format!(r#"{{"face_match": {{"status": "Approved", "score": 80, "x": [{deep}]}}}}"#),
        };
        let verdict = Verdict::read(body.as_bytes(), Threshold::default());
        prop_assert!(verdict.is_err() || (inside == 2 && depth < 128));
    }

    #[test]
    fn review_below_never_loosens(
        status in any_status(),
        score in proptest::option::of(threshold()),
        limit in threshold(),
    ) {
        let score_text = score.as_ref().map_or_else(|| "null".to_owned(), Number::spelled);
        let body = format!(r#"{{"face_match": {{"status": "{status}", "score": {score_text}}}}}"#);
        let none: Threshold = "0".parse().unwrap();
        if let Ok(before) = Verdict::read(body.as_bytes(), none) {
            let strictness = Strictness { review_below: Some(parsed(&limit)), ..Strictness::default() };
            let after = before.tightened(strictness, || unreachable!("not asked for"));
            let reaches = score.is_some_and(|score| score.compare(&limit) != Ordering::Less);
            let expected = match status {
                Status::Approved if !reaches => Status::InReview,
                as_it_was => as_it_was,
            };
            prop_assert_eq!(after.status(), expected);
            prop_assert_eq!(after.downgraded_by().is_some(), after.status() != before.status());
            prop_assert_eq!((after.score(), after.threshold()), (before.score(), before.threshold()));
        } else {
            prop_assert!(status == Status::Approved && score.is_none());
        }
    }

    #[test]
    fn a_missing_face_is_never_approved_and_never_scored(
        status in any_status(),
        score in proptest::option::of(threshold()),
        risks in vec(risk(), 0..4),
    ) {
        let score_text = score.as_ref().map_or_else(|| "null".to_owned(), Number::spelled);
        let warnings: Vec<_> = risks.iter().map(|risk| format!(r#"{{"risk": "{risk}"}}"#)).collect();
        let body = format!(
            r#"{{"face_match": {{"status": "{status}", "score": {score_text}, "warnings": [{}]}}}}"#,
            warnings.join(", ")
        );
        let is_missing = risks.iter().any(|risk| risk.starts_with("NO_"));
        match Verdict::read(body.as_bytes(), "0".parse().unwrap()) {
            Err(_) => prop_assert!(status == Status::Approved && (is_missing || score.is_none())),
            Ok(verdict) => {
                prop_assert!(status != Status::Approved || !is_missing);
                prop_assert_eq!(verdict.score().is_none(), is_missing || score.is_none());
                let is_no_face = verdict.reason() == Some(Reason::NoFace);
                let has_no_score = verdict.score().is_none();
                prop_assert_eq!(is_no_face, status == Status::Declined && has_no_score);
            }
        }
    }

    #[test]
    fn a_threshold_is_written_as_it_is_read(threshold in threshold()) {
        let read = parsed(&threshold);
        prop_assert_eq!(read.to_string().parse::<Threshold>().unwrap(), read);
        let score = Score::from_json(&threshold.spelled()).unwrap();
        prop_assert_eq!(score.to_string(), read.to_string());
        prop_assert!(read.is_reached_by(score));
    }

    #[test]
    fn a_score_is_exact_or_refused(number in number()) {
        if let Some(score) = Score::from_json(&number.spelled()) {
            prop_assert!(number.is_score());
            prop_assert_eq!(Score::from_json(&score.to_string()), Some(score));
            let (whole, fraction) = match score.to_string().split_once('.') {
                Some((whole, fraction)) => (whole.to_owned(), fraction.to_owned()),
                None => (score.to_string(), String::new()),
            };
            let shown = Number { whole, fraction, ..Number::zero() };
            prop_assert_eq!(shown.compare(&number), Ordering::Equal);
        } else {
            prop_assert!(!number.is_score() || !number.is_short());
        }
    }

    #[test]
    fn only_plain_numbers_are_thresholds(text in "[-+0-9.eE_ NaN]{0,8}") {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let points = text.bytes().filter(|b| *b == b'.').count();
        let is_plain = digits > 0 && points <= 1 && digits + points == text.len();
        let in_range = text.parse::<f64>().is_ok_and(|value| value <= 100.0);
        prop_assert_eq!(text.parse::<Threshold>().is_ok(), is_plain && in_range, "{}", text);
    }
}

fn session(body: &str) -> Result<SessionState, Error> {
    SessionState::read(body.as_bytes(), &"a1b2".parse().unwrap())
}

#[test]
fn every_status_of_the_service_has_its_place() {
    for status in ["Approved", "Declined", "In Review"] {
        let state = session(&format!(r#"{{"session_id": "A1B2", "status": "{status}"}}"#));
        assert!(matches!(state, Ok(SessionState::Decided(d)) if d.status().name() == status));
    }
    let open = ["Not Started", "In Progress", "Awaiting User", "Resubmitted"];
    for status in open.into_iter().chain(["Expired", "Kyc Expired", "Abandoned"]) {
        let state = session(&format!(r#"{{"status": "{status}"}}"#)).unwrap();
        assert!(!matches!(state, SessionState::Decided(_)) && state.name() == status);
    }
}

#[test]
fn nothing_else_becomes_a_verdict() {
    for body in [
        "",
        "null",
        r#"["Approved"]"#,
        r#""Approved""#,
        "{}",
        r#"{"status": null}"#,
        r#"{"status": true}"#,
        r#"{"status": ["Approved"]}"#,
        r#"{"status": "approved"}"#,
        r#"{"status": "Approved "}"#,
        r#"{"status": "Approved\u0000"}"#,
        r#"{"status": "Declined", "status": "Approved"}"#,
        r#"{"session_id": "other", "status": "Approved"}"#,
        r#"{"session_id": 1, "status": "Approved"}"#,
        r#"{"status": "Approved"} x"#,
        r#"{"status": "Approved""#,
        r#"{"face_match": {"status": "Approved"}}"#,
    ] {
        assert_eq!(session(body).unwrap_err().kind(), Kind::Response, "{body}");
    }
}

#[test]
fn only_a_review_can_be_settled() {
    let verdict = |status: &str| {
        let body = format!(r#"{{"face_match": {{"status": "{status}", "score": 50}}}}"#);
        Verdict::read(body.as_bytes(), Threshold::default()).unwrap()
    };
    let Ok(SessionState::Decided(approved)) = session(r#"{"status": "Approved"}"#) else {
        panic!("it is a decision")
    };
    assert_eq!(verdict("In Review").settle(approved).status(), Status::Approved);
    assert_eq!(verdict("Declined").settle(approved).status(), Status::Declined);
    let strictness = Strictness { review_below: "60".parse().ok(), ..Strictness::default() };
    assert_eq!(
        verdict("In Review").settle(approved).tightened(strictness, Seen::default).status(),
        Status::InReview
    );
}

#[test]
fn the_largest_face_comes_first() {
    let body = br#"{"face_match": {"user_image": {"entities": [
        {"bbox": [0, 0, 10, 10], "age": 1}, {"bbox": [0, 0, 50, 50], "age": 2}, {"age": 3}]}}}"#;
    let ages: Vec<_> =
        AnswerDetails::read(body).unwrap().user_image.faces.iter().map(|f| f.age).collect();
    assert_eq!(ages, [Some(2.0), Some(1.0), Some(3.0)]);
}

/// Rounding may make a different face the largest than the one the engine compared.
#[test]
fn the_engines_first_face_stays_first() {
    let body = br#"{"engine": {"name": "built-in"}, "face_match": {"user_image": {"entities": [
        {"bbox": [0, 0, 10, 10], "age": 1}, {"bbox": [0, 0, 10, 11], "age": 2}]}}}"#;
    let image = AnswerDetails::read(body).unwrap().user_image;
    assert_eq!(image.faces[0].age, Some(1.0));
}

#[test]
fn odd_types_are_left_out_and_unknown_warnings_kept() {
    let body = br#"{"request_id": 5, "face_match": {"user_image": [], "ref_image":
        {"entities": [null, {"bbox": "no", "gender": 1}], "best_angle": "90"},
        "warnings": [{"risk": "NEW_RISK"}, "BARE", 7]}}"#;
    let report = AnswerDetails::read(body).unwrap();
    assert_eq!(report.request_id, None);
    assert_eq!(report.ref_image.faces, [FaceDetails::default(), FaceDetails::default()]);
    let risks: Vec<_> = report.warnings.iter().map(|w| w.risk.as_str()).collect();
    assert_eq!(risks, ["NEW_RISK", "BARE", "unnamed warning"]);
}

fn drawn(body: &[u8], width: Option<u16>, names: [&str; 2]) -> String {
    let is_terminal = width.is_some();
    let stream = Stream { is_terminal, is_coloured: false, has_unicode: true, width };
    let verdict = Verdict::read(body, Threshold::default()).unwrap();
    render::verdict::table(stream, &verdict, &AnswerDetails::read(body).unwrap(), names)
}

#[test]
fn the_reason_for_a_turned_photo_names_rotate() {
    let body = br#"{"face_match": {"status": "Declined", "warnings": [
        {"risk": "NO_FACE_DETECTED"}, {"risk": "FACE_TURNED"}]}}"#;
    let table = drawn(body, None, ["a", "b"]);
    assert!(table.contains("no_face: try again with --rotate, or take another"), "{table}");
}

#[test]
fn the_table_fits_the_terminal() {
    let body = br#"{"face_match": {"status": "Declined", "warnings": [
        {"risk": "NO_FACE_DETECTED", "long_description": "No face was found in one of the images."}]}}"#;
    let names = ["some/long/folder/of/photos/taken/in/the/year/a.jpg", "b.jpg"];
    for width in [60, 80, 140] {
        for line in drawn(body, Some(width), names).lines() {
            assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
        }
    }
}
