//! JUnit XML for CI, with a test case for each pair: declined, failed and unknown pairs count as
//! failures, pairs in review as skipped.

use std::io::Write;

use quick_xml::Writer;
use quick_xml::escape::minimal_escape;
use quick_xml::events::attributes::Attr;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Entry, PairStatus, Report};
use crate::error::Result;
use crate::values::text::safe;

type Xml<'a> = Writer<&'a mut dyn Write>;

pub(super) fn suites(report: &Report<'_>, out: &mut dyn Write) -> Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.write_event(Event::Start(element("testsuites", &totals(report, false))))?;
    let suite = element("testsuite", &totals(report, true));
    xml.write_event(Event::Start(suite))?;
    for entry in report.entries() {
        case(&mut xml, &entry?)?;
    }
    xml.write_event(Event::End(BytesEnd::new("testsuite")))?;
    xml.write_event(Event::End(BytesEnd::new("testsuites")))?;
    Ok(xml.into_inner().write_all(b"\n")?)
}

/// The outer element allows fewer attributes than the suite.
fn totals(report: &Report<'_>, is_suite: bool) -> Vec<(&'static str, String)> {
    let in_review = report.count(PairStatus::InReview);
    let failures = report.len() - in_review - report.count(PairStatus::Approved);
    let mut attributes = vec![
        ("name", "didit-face".to_owned()),
        ("tests", report.len().to_string()),
        ("failures", failures.to_string()),
        ("errors", "0".to_owned()),
        ("time", seconds(report.elapsed_ms)),
    ];
    if is_suite {
        attributes.push(("skipped", in_review.to_string()));
        attributes.push(("timestamp", report.settings.made_at.replace(' ', "T")));
    }
    attributes
}

fn case(xml: &mut Xml<'_>, entry: &Entry) -> Result<()> {
    let attributes = [
        ("classname", "didit-face".to_owned()),
        ("name", entry.id.clone()),
        ("time", seconds(entry.elapsed_ms)),
    ];
    let case = element("testcase", &attributes);
    if entry.status == PairStatus::Approved {
        return Ok(xml.write_event(Event::Empty(case))?);
    }
    xml.write_event(Event::Start(case))?;
    let attributes = [("type", entry.status.name().to_owned()), ("message", message(entry))];
    if entry.status == PairStatus::InReview {
        xml.write_event(Event::Empty(element("skipped", &attributes)))?;
    } else {
        // Some viewers show only the attributes, others only the text.
        let facts = minimal_escape(allowed(&facts(entry))).replace("]]>", "]]&gt;");
        xml.write_event(Event::Start(element("failure", &attributes)))?;
        xml.write_event(Event::Text(BytesText::from_escaped(facts)))?;
        xml.write_event(Event::End(BytesEnd::new("failure")))?;
    }
    Ok(xml.write_event(Event::End(BytesEnd::new("testcase")))?)
}

fn message(entry: &Entry) -> String {
    let score = entry.score.as_ref().map(|score| {
        format!("{}, score {score}, threshold {}", entry.status.name(), entry.threshold)
    });
    let parts: Vec<_> = score.into_iter().chain(entry.remarks()).collect();
    parts.join("; ")
}

fn facts(entry: &Entry) -> String {
    let dash = |text: &Option<String>| safe(text.as_deref().unwrap_or("-")).into_owned();
    let [user_image, ref_image] = &entry.photos;
    format!(
        "verdict: {}\nscore: {}\nthreshold: {}\njudged by: {}\nuser image: {}\nreference image: {}\nvendor data: {}\nrequest: {}\ntime: {} UTC\n",
        entry.status.name(),
        dash(&entry.score),
        entry.threshold,
        safe(entry.judged_by().unwrap_or("-")),
        safe(user_image),
        safe(ref_image),
        dash(&entry.vendor_data),
        dash(&entry.request_id),
        entry.time(),
    )
}

fn element(name: &'static str, attributes: &[(&str, String)]) -> BytesStart<'static> {
    let mut element = BytesStart::new(name);
    for (name, value) in attributes {
        // quick-xml would also escape apostrophes and `>`, which makes files a tenth larger.
        let value = minimal_escape(allowed(&safe(value))).replace('"', "&quot;");
        element.push_attribute(Attr::DoubleQ(*name, value.as_str()));
    }
    element
}

/// Replaces the two characters that XML 1.0 (2.2) forbids and [`safe`] allows.
fn allowed(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}
