//! Whether an answer is about the request that was sent.

use serde_json::Value;

use crate::api::{self, FaceMatch};
use crate::error::{Error, Kind};
use crate::values::ids::RequestTag;
use crate::values::json::text;
use crate::values::text::quoted;
use crate::verdict::answer::AnswerDetails;

/// What an answer is compared with.
pub(super) struct Sent {
    tag: Option<RequestTag>,
    vendor_data: Option<String>,
    /// Whether the service keeps the request.
    is_saved: bool,
    /// Whether the answer is older than the request.
    is_stale: bool,
    /// The page of a gateway that answered in the service's place.
    page: Option<String>,
}

impl Sent {
    pub(super) fn new(request: &FaceMatch, answer: &api::Answer) -> Self {
        Self {
            tag: answer.tag,
            vendor_data: request.vendor_data.clone(),
            is_saved: request.save,
            is_stale: answer.is_stale,
            page: answer.page().map(str::to_owned),
        }
    }

    /// Whether the answer echoes the tag. The right tag proves it, whatever else it says about itself;
    /// an answer that says nothing is accepted without proof.
    pub(super) fn is_proven_by(&self, answer: &Value) -> Result<bool, Error> {
        let another = |what: &str| {
            let why = format!("the service's answer can't be trusted: {what}");
            Err(Error::new(Kind::Response, why))
        };
        if let Some(echo) = tag_of(answer) {
            let echo: Option<RequestTag> = serde_json::from_value(echo).ok();
            return if echo.is_some() && echo == self.tag {
                Ok(true)
            } else {
                another("it is about another request, by its tag")
            };
        }
        // Where none was sent, the service may have made one.
        if let (Some(echo), Some(own)) = (text(&answer["vendor_data"]), &self.vendor_data)
            && echo.trim() != own.trim()
        {
            return another(&format!("it is about another request, with the vendor_data `{echo}`"));
        }
        if self.is_stale {
            return another(
                "it comes from a cache, from before the request was sent (see its `Age`)",
            );
        }
        Ok(false)
    }

    /// For an answer that was paid for, but can't be trusted.
    pub(super) fn left_open(&self, e: Error, answer: &Value) -> Error {
        const PAID: &str = "there is no verdict, but every answer with HTTP 200 costs a credit";
        const FIRST: &str = "before you send it again,";
        // The id of another request's answer leads nowhere.
        let id =
            self.is_proven_by(answer).ok().and_then(|_| AnswerDetails::of(answer).session_id());
        let hint = match (id, &self.vendor_data) {
            _ if !self.is_saved => {
                format!("{PAID}; with --no-save, there is nothing to look up")
            }
            (Some(id), _) => format!("{PAID}: {FIRST} run `didit-face decision {id}`"),
            (None, Some(data)) => {
                let data = quoted(data);
                format!("{PAID}: {FIRST} run `didit-face decision --vendor-data {data}`")
            }
            (None, None) => {
                format!("{PAID}: {FIRST} look for it in the Didit Business Console")
            }
        };
        let e = e.hint(hint);
        match self.page.as_deref() {
            None => e,
            Some("") => e.with_page("HTTP 200 "),
            Some(page) => {
                let message = format!("{}; it is a gateway's page, `{page}`", e.message());
                e.with_page(&format!("HTTP 200 {page}")).with_message(message)
            }
        }
    }
}

/// The echoed tag, whatever it is.
fn tag_of(answer: &Value) -> Option<Value> {
    let metadata = match &answer["metadata"] {
        // Sent as text, and maybe echoed as text.
        Value::String(text) => &serde_json::from_str(text).unwrap_or_default(),
        metadata => metadata,
    };
    metadata.get(RequestTag::KEY).filter(|tag| !tag.is_null()).cloned()
}
