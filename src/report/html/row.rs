//! A pair in the format that the page's script reads: an array, because member names would make up
//! half of a large page. The order is that of the constants in page.js.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::links::Links;
use crate::report::{Entry, PairStatus, Report};
use crate::values::text::safe;
use crate::verdict::answer::ImageDetails;

/// Values that rows refer to by index.
pub(super) struct Columns<'a> {
    report: &'a Report<'a>,
    pub(super) judges: Vec<&'a str>,
    pub(super) links: Links<'a>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(report: &'a Report<'a>, links: Links<'a>) -> Self {
        let judges: BTreeSet<&str> =
            report.judges.iter().map(|judge| judge.name.as_str()).collect();
        Self { report, judges: judges.into_iter().collect(), links }
    }

    pub(super) fn row(&mut self, entry: &Entry, faces: Option<&[String; 2]>) -> Value {
        let [user, reference] = [0, 1].map(|place: usize| {
            self.links.of(&entry.photos[place], entry.sha256[place].as_deref())
        });
        let judge = self.judges.binary_search(&entry.judge.as_str()).ok();
        let extra = self.report.extra.iter().map(|name| Value::from(safe(entry.extra(name))));
        let hint = entry.error.as_ref().and_then(|error| error.hint.as_deref());
        let mut row = vec![
            Value::from(safe(&entry.id)),
            Value::from(entry.status as u8),
            json!(entry.score),
            json!(entry.threshold),
            user,
            reference,
            json!(entry.vendor_data.as_deref().map(safe)),
            json!(judge),
            json!(entry.time()),
            json!(entry.elapsed_ms),
            json!(remarks(entry)),
            json!(entry.request_id.as_deref().map(safe)),
            if entry.status.is_judged() {
                json!(entry.faces.each_ref().map(face))
            } else {
                Value::Null
            },
            Value::Array(extra.collect()),
            json!(hint.map(|hint| hint.lines().map(safe).collect::<Vec<_>>().join("; "))),
            json!(faces),
        ];
        while row.pop_if(|last| last.is_null()).is_some() {}
        Value::Array(row)
    }
}

pub(super) fn remarks(entry: &Entry) -> Vec<String> {
    let paid = (entry.status == PairStatus::Unknown && entry.error.is_some())
        .then(|| "may have been charged".to_owned());
    let remarks = entry.remarks().into_iter().chain(paid);
    remarks.map(|remark| safe(&remark).into_owned()).collect()
}

/// The number of faces, the rotation angle, and the bounding box of the compared face; also the
/// size of the photo that was sent, if it differs from the file.
fn face(details: &ImageDetails) -> Value {
    let faces = details.faces.len();
    let angle = details.best_angle.unwrap_or(0);
    match details.faces.first().and_then(|face| face.bbox) {
        Some(bbox) => {
            let mut face = vec![json!(faces), json!(angle), json!(bbox.map(f64::round))];
            face.extend(details.sent_size.map(|size| json!(size)));
            Value::Array(face)
        }
        None => json!([faces, angle]),
    }
}
