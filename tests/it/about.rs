//! Answers that are not about the request: swapped, cached, echoed by someone else.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::message::Request;
use crate::support::{Answer, Outcome, Photos, Service, Tool};

const TAG: &str = "didit_face_request";
const SESSION: &str = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73";

fn body(members: &Value) -> String {
    let mut body = json!({
        "request_id": SESSION,
        "face_match": {"status": "Approved", "score": 80},
    });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body.to_string()
}

/// The tag of a request that was sent.
fn tag(request: &Request) -> Option<String> {
    let metadata: Value = serde_json::from_str(&request.field("metadata")?).unwrap();
    Some(metadata[TAG].as_str()?.to_owned())
}

/// Answers each request with what `answer` makes of its tag.
fn run(
    options: &[&str],
    answer: impl Fn(Option<String>) -> Answer + Send + Sync + 'static,
) -> (Outcome, Service) {
    let service = Service::start(move |connection| {
        while connection.request() {
            let tag = tag(connection.last());
            connection.send(answer(tag).bytes());
        }
    });
    let outcome = Tool::matching(&service, &Photos::new()).args(options).run();
    (outcome, service)
}

#[derive(Clone, Debug)]
enum Echo {
    Missing,
    Null,
    Own,
    /// As text in JSON, as it was sent.
    OwnAsText,
    Other(String),
    Odd,
}

fn echoes() -> impl Strategy<Value = Echo> {
    prop_oneof![
        Just(Echo::Missing),
        Just(Echo::Null),
        Just(Echo::Own),
        Just(Echo::OwnAsText),
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}".prop_map(Echo::Other),
        Just(Echo::Odd),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn an_answer_that_is_not_about_this_request_is_never_a_verdict(
        echo in echoes(),
        sent in prop::option::of("[a-c]{1,2}"),
        vendor_data in prop_oneof![Just(Value::Null), "[a-c]{1,2}".prop_map(Value::from), Just(json!(5))],
        age in prop::option::of(prop_oneof![Just(0_u64), 60_u64..9000]),
        is_tagged: bool,
    ) {
        let echoed = echo.clone();
        let data = vendor_data.clone();
        let options: Vec<&str> = sent.iter().flat_map(|sent| ["--vendor-data", sent]).collect();
        let options = [options, if is_tagged { vec![] } else { vec!["--no-tag"] }].concat();
        let (outcome, service) = run(&options, move |tag| {
            let own = json!({ TAG: tag });
            let metadata = match &echoed {
                Echo::Missing => json!({"other": 1}),
                Echo::Null => Value::Null,
                Echo::Own => own,
                Echo::OwnAsText => own.to_string().into(),
                Echo::Other(tag) => json!({ TAG: tag }),
                Echo::Odd => json!({ TAG: 5 }),
            };
            let answer = Answer::new(200, body(&json!({"metadata": metadata, "vendor_data": data})));
            match age {
                Some(age) => answer.header("Age", &age.to_string()),
                None => answer,
            }
        });
        let is_own = is_tagged && matches!(echo, Echo::Own | Echo::OwnAsText);
        let is_anothers = matches!(echo, Echo::Other(_) | Echo::Odd)
            || sent.as_ref().is_some_and(|sent| vendor_data.as_str().is_some_and(|data| data != sent))
            || age.is_some_and(|age| age > 30);
        if is_own || !is_anothers {
            outcome.exits(0);
        } else {
            outcome.fails(9).stderr_has("can't be trusted").stderr_has("costs a credit");
            // Never the session that the answer names: it may be another's.
            prop_assert!(!outcome.stderr.contains(SESSION), "a foreign id: {outcome:?}");
            for command in outcome.stderr.split("didit-face decision ").skip(1) {
                let own = sent.as_ref().map(|sent| format!("--vendor-data {sent}"));
                prop_assert!(own.is_some_and(|own| command.starts_with(&own)), "{outcome:?}");
            }
        }
        prop_assert_eq!(service.requests().len(), 1);
    }
}

#[test]
fn an_age_that_cannot_be_read_may_be_any() {
    for ages in [&["abc"][..], &["0, 90"], &["99999999999999999999"], &["0", "900"], &["-1"]] {
        let (outcome, _) = run(&["--no-tag"], |_| {
            let answer = Answer::new(200, body(&json!({})));
            ages.iter().fold(answer, |answer, age| answer.header("Age", age))
        });
        outcome.fails(9).stderr_has("can't be trusted");
    }
}

#[test]
fn every_request_has_a_tag_of_its_own() {
    let (outcome, first) = run(&[], |_| Answer::new(200, body(&json!({}))));
    outcome.exits(0);
    let (_, second) = run(&[], |_| Answer::new(200, body(&json!({}))));
    let tags = [first, second].map(|service| tag(&service.only_request()).unwrap());
    assert!(tags[0] != tags[1] && tags[0].len() == 36, "{tags:?}");
}

#[test]
fn spaces_around_vendor_data_do_not_count() {
    let echo = |data: &'static str| {
        run(&["--vendor-data", " a "], move |_| {
            Answer::new(200, body(&json!({"vendor_data": data})))
        })
    };
    for data in ["a", " a", "a\n"] {
        let (outcome, service) = echo(data);
        outcome.exits(0);
        assert_eq!(service.only_request().field("vendor_data").unwrap(), "a");
    }
    let (outcome, _service) = echo("A");
    outcome.fails(9).stderr_has("`A`");
}

#[test]
fn a_service_that_refuses_metadata_is_asked_without_the_tag() {
    let refuse = |tag: Option<String>| match tag {
        Some(_) => Answer::new(400, r#"{"metadata": ["Unknown field."]}"#),
        None => Answer::new(200, body(&json!({}))),
    };
    let (outcome, service) = run(&[], refuse);
    outcome.exits(0);
    let tags: Vec<_> = service.requests().iter().map(tag).collect();
    assert!(matches!(&tags[..], [Some(_), None]), "{tags:?}");
    // What it refuses about the user's own metadata is the user's to see.
    let refuse = |_| Answer::new(400, r#"{"metadata": ["Unknown field."]}"#);
    let (outcome, service) = run(&["--metadata", r#"{"a": 1}"#], refuse);
    outcome.fails(6).stderr_has("metadata: Unknown field.").stderr_has("nothing was charged");
    assert_eq!(service.requests().len(), 2);
    let (outcome, service) = run(&["--no-tag"], refuse);
    outcome.fails(6);
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn the_tag_cannot_be_given() {
    let metadata = format!(r#"{{"{TAG}": "x"}}"#);
    let outcome = Tool::new().pair(&Photos::new()).args(["--metadata", &metadata]).run();
    outcome.fails(2).stderr_has(TAG);
}

#[test]
fn paid_requests_share_no_connection() {
    let service = Service::answering([
        Answer::new(429, "").header("Retry-After", "0"),
        Answer::new(200, body(&json!({}))),
    ]);
    Tool::matching(&service, &Photos::new()).run().exits(0);
    assert_eq!((service.connections(), service.requests().len()), (2, 2));
}
