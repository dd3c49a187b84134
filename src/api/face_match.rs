//! `POST /v3/face-match/`: two photos in one multipart form.

use bytes::Bytes;
use reqwest::Method;
use reqwest::blocking::multipart::{Form, Part};
use reqwest::header::HeaderValue;

use super::answer::Answer;
use super::request::{Effect, Request};
use super::status;
use super::transport::Client;
use crate::buffer;
use crate::error::{Error, Result};
use crate::photo::Photo;
use crate::verdict::Threshold;

/// A request to compare two photos.
#[derive(Clone)]
pub struct FaceMatch {
    /// The photo to verify.
    pub user_image: Photo,
    /// The photo to compare with.
    pub ref_image: Photo,
    /// The score below which the service declines.
    pub threshold: Threshold,
    /// Whether to try all four angles.
    pub rotate: bool,
    /// Whether the service may store the request.
    pub save: bool,
    /// The caller's identifier.
    pub vendor_data: Option<String>,
    /// A JSON object, as text.
    pub metadata: Option<String>,
}

impl FaceMatch {
    /// The path of the endpoint.
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
        fields.extend(self.metadata.clone().map(|data| ("metadata", data)));
        fields
    }

    /// The form as one piece: sent whole it is 20 ms faster than in reqwest's small chunks.
    fn encode(&self) -> Result<(HeaderValue, Bytes)> {
        let mut form = Form::new();
        for (field, photo, file_name) in self.images() {
            // Read straight into the body, the only copy in memory.
            let part = Part::reader_with_length(photo.reader(), photo.size() as u64)
                .file_name(file_name)
                .mime_str(photo.format().media_type())?;
            form = form.part(field, part);
        }
        for (name, value) in self.fields() {
            form = form.text(name, value);
        }
        let content_type = format!("multipart/form-data; boundary={}", form.boundary());
        let length = self.encoded_length();
        let body = buffer::read_to_end(&mut form.into_reader(), length, usize::MAX)
            .map_err(|e| e.downcast::<Error>().map_or_else(Into::into, anyhow::Error::from))?;
        Ok((HeaderValue::try_from(content_type)?, body))
    }

    /// Slightly more than the form needs, so that it never grows by doubling.
    fn encoded_length(&self) -> usize {
        const OVERHEAD: usize = 512;
        let images = self.user_image.size() + self.ref_image.size();
        let fields: usize = self.fields().iter().map(|(_, value)| value.len() + OVERHEAD).sum();
        images + fields + 2 * OVERHEAD
    }
}

/// A form ready to be sent, as often as it takes; the photos are needed no more.
pub struct Encoded(Request);

impl Encoded {
    /// Whether the service keeps the request, so that it can be looked up.
    pub fn is_saved(&self) -> bool {
        self.0.effect == Effect::Paid { is_saved: true }
    }
}

impl FaceMatch {
    /// The request as it is sent.
    pub fn encoded(&self) -> Result<Encoded> {
        Ok(Encoded(Request {
            method: Method::POST,
            path: Self::PATH.to_owned(),
            content: Some(self.encode()?),
            effect: Effect::Paid { is_saved: self.save },
            token: None,
        }))
    }
}

impl Client {
    /// Asks for a verdict; the answer is a `200`, its body not yet judged.
    pub fn face_match(&self, Encoded(request): &Encoded) -> Result<Answer> {
        let answer = self.send(request)?;
        if answer.status == 200 {
            return Ok(answer);
        }
        Err(request.answered(&answer, status::error(self.base(), &answer)).into())
    }
}
