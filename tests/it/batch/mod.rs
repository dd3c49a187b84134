//! `batch`: manifests, journals, limits, and what stops a run.

mod ending;
mod file;
mod fitted;
mod identity;
mod journal;
mod kill;
mod local;
mod manifest;
mod pace;
mod resume;
#[cfg(unix)]
mod screen;
mod select;
mod state;
mod stop;
mod wait;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::bodies::verdict;
use crate::support::photos::{JPEG, PNG, padded};
use crate::support::{Answer, Outcome, Photos, Service, Tool};

/// A folder with photos, a manifest and a journal.
pub(crate) struct Batch {
    pub(crate) photos: Photos,
    pub(crate) manifest: PathBuf,
    pub(crate) journal: PathBuf,
}

impl Batch {
    /// Pairs `p0`, `p1` ..., with their ids as vendor data.
    pub(crate) fn of(pairs: usize) -> Self {
        let batch = Self::with("");
        let mut manifest = "id,user_image,ref_image,vendor_data\n".to_owned();
        for i in 0..pairs {
            batch.photos.add(&format!("user{i}.jpg"), &padded(JPEG, 400 + i));
            manifest += &format!("p{i},user{i}.jpg,reference.png,p{i}\n");
        }
        fs::write(&batch.manifest, manifest).unwrap();
        batch
    }

    /// This manifest, next to `user.jpg` and `reference.png`.
    pub(crate) fn with(manifest: impl AsRef<[u8]>) -> Self {
        let photos = Photos::new();
        photos.add("user.jpg", &padded(JPEG, 700));
        photos.add("reference.png", &padded(PNG, 600));
        let journal = photos.folder().join("results.jsonl");
        let manifest = photos.add("pairs.csv", manifest.as_ref());
        Self { photos, manifest, journal }
    }

    pub(crate) fn tool(&self, service: &Service) -> Tool {
        self.tool_at(60_000, service)
    }

    /// With a rate in requests per minute.
    pub(crate) fn tool_at(&self, rate: u32, service: &Service) -> Tool {
        let tool = Tool::at(service).arg("batch").arg(&self.manifest);
        let tool = tool.arg("-o").arg(&self.journal).arg("--base-dir").arg(self.photos.folder());
        tool.args(["--rate", &rate.to_string()])
    }

    pub(crate) fn run(&self, service: &Service) -> Outcome {
        self.tool(service).run()
    }

    /// The finished pairs' records.
    pub(crate) fn records(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.journal).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["state"] != "sent").collect()
    }

    /// The id of each verdict, with repetitions.
    pub(crate) fn judged(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.journal).unwrap_or_default();
        let records = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let judged = records.filter(|record| !record["status"].is_null());
        let mut ids: Vec<_> = judged.map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }
}

/// A service whose answers depend on the vendor data.
pub(crate) fn answering(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Service {
    Service::start(move |connection| {
        while connection.request() {
            let id = connection.last().field("vendor_data").unwrap_or_default();
            connection.send(answer(&id).bytes());
        }
    })
}

pub(crate) fn approved() -> Answer {
    Answer::new(200, verdict("Approved", &80.into()))
}

pub(crate) fn declined() -> Answer {
    Answer::new(200, verdict("Declined", &20.into()))
}

pub(crate) fn in_review() -> Answer {
    Answer::new(200, verdict("In Review", &50.into()))
}

pub(crate) fn in_review_as(request_id: &str) -> Answer {
    let body = serde_json::json!({
        "request_id": request_id, "face_match": {"status": "In Review", "score": 50},
    });
    Answer::new(200, body.to_string())
}
