//! `POST /v3/face-match/`: two photos in one multipart form.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::provenance::Answer;
use super::request::{Content, Effect, Lookup, Request};
use super::transport::Client;
use super::{failure, status};
use crate::error::Result;
use crate::photo::Photo;
use crate::values::ids::RequestTag;
use crate::verdict::Threshold;

#[derive(Clone)]
pub struct FaceMatch {
    pub user_image: Photo,
    pub ref_image: Photo,
    pub threshold: Threshold,
    pub rotate: bool,
    pub save: bool,
    pub vendor_data: Option<String>,
    /// A JSON object, as text.
    pub metadata: Option<String>,
    /// Added to `metadata`.
    pub tag: Option<RequestTag>,
}

impl FaceMatch {
    /// How it can be found if its answer is lost.
    pub fn lookup(&self) -> Lookup {
        match &self.vendor_data {
            _ if !self.save => Lookup::Never,
            Some(id) => Lookup::ByVendorData(id.clone()),
            None => Lookup::ByHand,
        }
    }

    pub const PATH: &str = "/v3/face-match/";

    /// The two image fields, each with the file name that is sent: not the user's own, which
    /// may name a person, but one whose extension agrees with the content.
    pub fn images(&self) -> [(&'static str, &Photo, String); 2] {
        [("user_image", &self.user_image), ("ref_image", &self.ref_image)]
            .map(|(field, photo)| (field, photo, format!("{field}.{}", photo.format().extension())))
    }

    /// The text fields, in the order in which they are sent.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("face_match_score_decline_threshold", self.threshold.to_string()),
            ("rotate_image", self.rotate.to_string()),
        ];
        if !self.save {
            fields.push(("save_api_request", false.to_string()));
        }
        fields.extend(self.vendor_data.clone().map(|data| ("vendor_data", data)));
        fields.extend(self.tagged_metadata().map(|data| ("metadata", data)));
        fields
    }

    fn tagged_metadata(&self) -> Option<String> {
        let Some(tag) = self.tag else { return self.metadata.clone() };
        let tag = format!(r#""{}":"{tag}""#, RequestTag::KEY);
        let Some(metadata) = &self.metadata else { return Some(format!("{{{tag}}}")) };
        // Spliced in, so that the user's own numbers keep every digit.
        let members = metadata.trim().strip_prefix('{')?.trim_start();
        let comma = if members.starts_with('}') { "" } else { "," };
        Some(format!("{{{tag}{comma}{members}"))
    }

    fn encoded(&self, is_open: &Arc<AtomicBool>) -> Request {
        let request = self.clone();
        Request {
            method: Method::POST,
            content: Content::Form(Box::new(move || request.form())),
            effect: Effect::Paid(self.lookup()),
            is_open: Arc::clone(is_open),
            ..Request::get(Self::PATH)
        }
    }

    /// The photos' own bytes among what a form needs; nothing is copied.
    fn form(&self) -> Form {
        let mut form = Form::new();
        for (field, photo, file_name) in self.images() {
            let media_type = HeaderValue::from_static(photo.format().media_type());
            let part = Part::stream(photo.bytes())
                .file_name(file_name)
                .headers([(CONTENT_TYPE, media_type)].into_iter().collect());
            form = form.part(field, part);
        }
        self.fields().into_iter().fold(form, |form, (name, value)| form.text(name, value))
    }
}

impl Client {
    /// Asks for a verdict; the answer is a `200` to the whole request, its body not yet judged.
    ///
    /// `is_open` says at any time whether the request may have been charged.
    ///
    /// If the service refuses `metadata`, which costs nothing, it is asked again without our tag.
    pub fn face_match(&self, request: &FaceMatch, is_open: &Arc<AtomicBool>) -> Result<Answer> {
        let mut request = request.clone();
        let tag =
            request.tag.take_if(|_| self.refuses_tags.load(Ordering::Relaxed)).or(request.tag);
        let mut encoded = request.encoded(is_open);
        let mut answer = self.send(&encoded);
        if request.tag.is_some()
            && answer.as_ref().is_ok_and(is_about_metadata)
            && self.gate.wait(Duration::ZERO)
        {
            request.tag = None;
            encoded = request.encoded(is_open);
            answer = self.send(&encoded);
            let refuses_tags = !answer.as_ref().is_ok_and(is_about_metadata);
            self.refuses_tags.store(refuses_tags, Ordering::Relaxed);
        }
        let answer = answer.and_then(|answer| match answer.status {
            200 if answer.is_uploaded => Ok(Answer { tag: request.tag, ..answer }),
            200 => Err(failure::too_early(self.base()).attempts(answer.attempts)),
            _ => Err(encoded.answered(&answer, status::error(self.base(), &answer))),
        });
        let was_untagged = tag.is_some() && request.tag.is_none();
        Ok(answer.map_err(|e| if was_untagged { e.mark_untagged() } else { e })?)
    }
}

/// Whether the service refuses the request for its `metadata`.
fn is_about_metadata(answer: &Answer) -> bool {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    answer.status == 400 && !body["metadata"].is_null()
}
