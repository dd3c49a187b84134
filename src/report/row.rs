//! The rows of the report: what the journals say of each pair, shards merged by id.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};

use crate::batch::journal::{Record, RecordState};
use crate::values::text::safe;
use crate::verdict::Status;

/// How a pair ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same person.
    Approved,
    /// Not the same person.
    Declined,
    /// A person has to decide.
    InReview,
    /// It could not be judged.
    Failed,
}

/// One pair.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) verdict: Verdict,
    /// As it was written, digit for digit.
    pub(super) score: Option<String>,
    pub(super) threshold: String,
    pub(super) photos: [String; 2],
    #[cfg_attr(not(feature = "engine"), expect(dead_code, reason = "for thumbnails"))]
    pub(super) sha256: [Option<String>; 2],
    pub(super) notes: Vec<String>,
    pub(super) finished_at: String,
    pub(super) request_id: Option<String>,
    pub(super) thumbnails: Option<[String; 2]>,
}

impl Row {
    fn new(record: Record) -> Self {
        let verdict = match record.state() {
            RecordState::Judged(verdict) => match verdict.status() {
                Status::Approved => Verdict::Approved,
                Status::Declined => Verdict::Declined,
                Status::InReview => Verdict::InReview,
            },
            RecordState::Unknown | RecordState::Failed => Verdict::Failed,
        };
        let notes = notes(&record);
        Self {
            id: record.id,
            verdict,
            score: record.score.map(|score| score.get().to_owned()),
            threshold: record.threshold.get().to_owned(),
            photos: [record.user_image, record.ref_image],
            sha256: [record.user_sha256, record.ref_sha256],
            notes,
            finished_at: record.finished_at,
            request_id: record.request_id,
            thumbnails: None,
        }
    }

    /// Whether this line says more of the pair than `other`: a judged one more than a failed
    /// one, and of two alike the later.
    fn outweighs(&self, other: &Self) -> bool {
        let weight = |row: &Self| row.verdict != Verdict::Failed;
        (weight(self), &self.finished_at) >= (weight(other), &other.finished_at)
    }
}

/// Warnings, errors and the manifest's own columns, a line each.
fn notes(record: &Record) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let warnings = record.warnings.iter().map(|warning| {
        let risk = text(&warning["risk"]).or_else(|| text(warning));
        let risk = risk.unwrap_or_else(|| "unnamed warning".to_owned());
        match text(&warning["short_description"]) {
            Some(description) => format!("{risk}: {description}"),
            None => risk,
        }
    });
    let mut notes: Vec<String> = warnings.collect();
    if let Some(error) = &record.error {
        notes.push(format!("{}: {}", error.kind, error.message));
        if error.maybe_billed {
            notes.push("may have been charged".to_owned());
        }
    }
    notes.extend(record.extra.iter().map(|(name, value)| format!("{name}: {value}")));
    notes
}

/// An array, not an object: the members' names would make up half of a large page.
impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [user, reference] = &self.photos;
        let mut row = serializer.serialize_tuple(10)?;
        row.serialize_element(&safe(&self.id))?;
        row.serialize_element(&(self.verdict as u8))?;
        row.serialize_element(&self.score)?;
        row.serialize_element(&self.threshold)?;
        row.serialize_element(user)?;
        row.serialize_element(reference)?;
        row.serialize_element(&self.notes.iter().map(|note| safe(note)).collect::<Vec<_>>())?;
        row.serialize_element(&self.finished_at)?;
        row.serialize_element(&self.request_id.as_deref().map(safe))?;
        row.serialize_element(&self.thumbnails)?;
        row.end()
    }
}

/// All pairs, in the order in which they first came.
#[derive(Debug, Default)]
pub struct Rows {
    pub(super) rows: Vec<Row>,
    places: HashMap<String, usize>,
}

impl Rows {
    /// Adds what a line says, where it says more than those before.
    pub fn add(&mut self, record: Record) {
        let row = Row::new(record);
        match self.places.get(&row.id) {
            None => {
                self.places.insert(row.id.clone(), self.rows.len());
                self.rows.push(row);
            }
            Some(&place) => {
                if let Some(known) = self.rows.get_mut(place).filter(|known| row.outweighs(known)) {
                    *known = row;
                }
            }
        }
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many ended in `verdict`.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }
}
