//! Journals of any version, in any order: all readers agree, and what may be paid stays unsent.

use std::io::Write as _;

use didit_face::batch::journal::{
    Failure, Journal, Mark, Marked, Naming, Options, PairState, Reading, Record, Standing, State,
    number, response,
};
use didit_face::report::{Format, Options as ReportOptions, PairStatus, Report, Settings};
use didit_face::values::ids::RequestTag;
use proptest::prelude::*;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Approved,
    Declined,
    Unknown,
    NotCharged,
    /// The run was killed.
    Nothing,
}

/// How a version of the program wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// Before requests were announced.
    Old,
    Announced,
    Tagged,
}

#[derive(Clone, Debug)]
struct Sent {
    pair: usize,
    outcome: Outcome,
    version: Version,
    /// When our clock said that it was sent and ended; the service's is right.
    clock: u32,
}

fn requests() -> impl Strategy<Value = Vec<Sent>> {
    use Outcome::{Approved, Declined, NotCharged, Nothing, Unknown};
    let outcome = prop::sample::select(vec![Approved, Declined, Unknown, NotCharged, Nothing]);
    let version = prop::sample::select(vec![Version::Old, Version::Announced, Version::Tagged]);
    let sent = (0..3_usize, outcome, version, 0..5000_u32);
    let sent =
        sent.prop_map(|(pair, outcome, version, clock)| Sent { pair, outcome, version, clock });
    prop::collection::vec(sent, 1..9)
}

fn options() -> Options {
    Options { save: true, judged_by: "test".to_owned(), ..Options::default() }
}

fn photos(pair: usize) -> [String; 2] {
    [format!("user{pair}"), "reference".to_owned()]
}

/// The lines of the request of this number.
fn lines(number_of: usize, sent: &Sent) -> Vec<String> {
    let time = |seconds: u32| {
        format!(
            "2026-01-01T{:02}:{:02}:{:02}.{number_of:06}Z",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    };
    let is_announced = sent.version != Version::Old;
    let [user, reference] = photos(sent.pair);
    let record = Record {
        id: format!("p{}", sent.pair),
        user_sha256: Some(user),
        ref_sha256: Some(reference),
        threshold: number(&30),
        attempts: 1,
        options: options(),
        finished_at: time(sent.clock + 1),
        sent_at: is_announced.then(|| time(sent.clock)),
        tag: (sent.version == Version::Tagged).then(RequestTag::random),
        ..Record::default()
    };
    let mut lines = Vec::new();
    if is_announced {
        lines.push(serde_json::to_string(&Marked(Mark::Sent, &record)).unwrap());
    }
    let judged = |status: &str, score: u32, exit_code| {
        let created_at = format!("2026-01-02T00:00:00.{number_of:06}Z");
        let answer = format!(
            r#"{{"request_id":"r{number_of}","face_match":{{"status":"{status}","score":{score}}},"created_at":"{created_at}"}}"#
        );
        Record {
            status: Some(status.to_owned()),
            score: Some(number(&score)),
            exit_code,
            request_id: Some(format!("r{number_of}")),
            response: response(answer.as_bytes()),
            ..record.clone()
        }
    };
    let failed = |maybe_billed| Record {
        exit_code: 7,
        error: Some(Failure {
            kind: "network".to_owned(),
            message: "lost".to_owned(),
            hint: None,
            http_status: None,
            maybe_billed,
            charged: None,
        }),
        ..record.clone()
    };
    let record = match sent.outcome {
        Outcome::Approved => judged("Approved", 80, 0),
        Outcome::Declined => judged("Declined", 20, 1),
        Outcome::Unknown => failed(true),
        Outcome::NotCharged => failed(false),
        Outcome::Nothing => return lines,
    };
    lines.push(serde_json::to_string(&record).unwrap());
    lines
}

/// What the lines say of a pair: its verdict, or whether it may have been charged.
fn expected(lines: &[(usize, String)], sent: &[Sent], pair: usize) -> Option<Outcome> {
    let has = |number: usize, part: &str| {
        lines.iter().any(|(of, line)| *of == number && line.contains(part))
    };
    let of_pair = || sent.iter().enumerate().filter(|(_, sent)| sent.pair == pair);
    // The service's times are in the order of the requests.
    let verdict = of_pair().rfind(|(number, _)| has(*number, r#""response":{"#));
    if let Some((_, sent)) = verdict {
        return Some(sent.outcome);
    }
    let may_be_paid = of_pair().any(|(number, _)| {
        has(number, r#""maybe_billed":true"#)
            || has(number, r#""state":"sent""#) && !has(number, r#""maybe_billed":false"#)
    });
    may_be_paid.then_some(Outcome::Unknown)
}

fn read(text: &str, naming: Naming) -> State {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Journal::peek(file.path(), Reading { naming, ..Reading::default() }).unwrap()
}

/// What `batch` would do with a pair.
fn planned(state: &State, pair: usize, id: Option<&str>) -> Option<Outcome> {
    let photos = photos(pair);
    let photos = photos.each_ref().map(String::as_str);
    match state.standing(id, photos, "30".parse().unwrap(), &options()).unwrap() {
        Standing::Judged(known) => Some(match known.status.name() {
            "Approved" => Outcome::Approved,
            _ => Outcome::Declined,
        }),
        Standing::Unknown { .. } => Some(Outcome::Unknown),
        Standing::New => None,
        _ => panic!("only one kind of request was made"),
    }
}

fn reported(state: &State, pair: usize) -> Option<Outcome> {
    let report = Report::read(state, Settings::default()).unwrap();
    let mut entries = report.entries().map(Result::unwrap);
    match entries.find(|entry| entry.id == format!("p{pair}"))?.status {
        PairStatus::Approved => Some(Outcome::Approved),
        PairStatus::Declined => Some(Outcome::Declined),
        PairStatus::Unknown => Some(Outcome::Unknown),
        _ => None,
    }
}

/// What `decision --journal` asks about.
fn looked_up(state: &State, pair: usize) -> bool {
    let mut pairs = state.pairs().map(|pair| (pair, state.current(pair).unwrap()));
    let found = pairs.find(|(_, (record, _))| record.id == format!("p{pair}"));
    found.is_some_and(|(pair, (_, is))| {
        matches!(is, PairState::Unknown { .. }) && !state.unknown(pair).unwrap().is_empty()
    })
}

fn merged(state: &State) -> String {
    let report = Report::read(state, Settings::default()).unwrap();
    let mut text = Vec::new();
    Format::Jsonl.write(&report, &ReportOptions::default(), &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

proptest! {
    #[test]
    fn readers_agree_and_nothing_paid_is_sent_again(
        sent in requests(),
        order in prop::collection::vec(any::<u32>(), 40),
        keep in prop::collection::vec(0..10_u8, 40),
        cut in 0..400_usize,
    ) {
        let all = sent.iter().enumerate().flat_map(|(number, sent)| {
            lines(number, sent).into_iter().map(move |line| (number, line))
        });
        // Some lines are missing, some are there twice.
        let mut kept: Vec<(usize, String)> = all
            .zip(&keep)
            .filter(|(_, keep)| **keep > 0)
            .flat_map(|(line, keep)| std::iter::repeat_n(line, if *keep > 7 { 2 } else { 1 }))
            .collect();
        prop_assume!(!kept.is_empty());
        let mut places: Vec<_> = (0..kept.len()).collect();
        places.sort_by_key(|place| order[*place]);
        kept = places.into_iter().map(|place| kept[place].clone()).collect();
        let mut text: String = kept.iter().map(|(_, line)| line.clone() + "\n").collect();
        // The last line may be cut off.
        let last = kept.last().unwrap().1.len();
        if kept.len() > 1 && cut > 1 && cut < last {
            text.truncate(text.len() - cut);
            kept.pop();
        }
        let state = read(&text, Naming::Ids);
        let merged = merged(&state);
        for pair in 0..3 {
            let id = format!("p{pair}");
            let wanted = expected(&kept, &sent, pair);
            prop_assert_eq!(planned(&state, pair, Some(&id)), wanted);
            prop_assert_eq!(reported(&state, pair), wanted);
            prop_assert_eq!(looked_up(&state, pair), wanted == Some(Outcome::Unknown));
            prop_assert_eq!(planned(&read(&text, Naming::Content), pair, None), wanted, "without ids");
            if !merged.is_empty() {
                prop_assert_eq!(planned(&read(&merged, Naming::Ids), pair, Some(&id)), wanted, "merged");
            }
        }
    }
}
