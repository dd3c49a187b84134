//! The form of a face match: read within limits, then validated, with all errors reported at once.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::answers::{self, FieldErrors};
use crate::photo::{Format, LIMIT};
use crate::values::json::Object;
use crate::verdict::Threshold;

const TEXT_LIMIT: usize = 16 * 1024;
/// The size limit for `vendor_data`, which stays in memory.
const VENDOR_DATA_LIMIT: usize = 1024;
/// The maximum number of parts in a form; further ones are ignored.
const PARTS: usize = 64;

pub(super) struct Form {
    pub(super) user_image: Bytes,
    pub(super) ref_image: Bytes,
    pub(super) threshold: Threshold,
    pub(super) rotate: bool,
    pub(super) save: bool,
    pub(super) vendor_data: Option<String>,
    pub(super) metadata: Option<Box<RawValue>>,
}

/// The parts as sent. If a name is repeated, the last one wins.
#[derive(Default)]
struct Parts {
    user_image: Option<Upload>,
    ref_image: Option<Upload>,
    texts: BTreeMap<&'static str, String>,
}

struct Upload {
    file_name: Option<String>,
    bytes: Vec<u8>,
}

const THRESHOLD: &str = "face_match_score_decline_threshold";
const TEXTS: [&str; 5] = [THRESHOLD, "metadata", "rotate_image", "save_api_request", "vendor_data"];

pub(super) async fn read(form: Multipart) -> Result<Form, Response> {
    let parts = collect(form).await.map_err(|e| {
        if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
            answers::too_large()
        } else {
            let text = format!("Multipart form parse error - {}", e.body_text());
            answers::detail(StatusCode::BAD_REQUEST, &text)
        }
    })?;
    check(parts).map_err(|errors| answers::fields(&errors))
}

async fn collect(mut form: Multipart) -> Result<Parts, MultipartError> {
    let mut parts = Parts::default();
    let mut count = 0;
    while let Some(mut field) = form.next_field().await? {
        count += 1;
        let name = field.name().unwrap_or_default().to_owned();
        if count > PARTS {
            drain(&mut field, 0).await?;
        } else if name == "user_image" {
            parts.user_image = Some(upload(field).await?);
        } else if name == "ref_image" {
            parts.ref_image = Some(upload(field).await?);
        } else if let Some(known) = TEXTS.into_iter().find(|known| *known == name) {
            let bytes = drain(&mut field, TEXT_LIMIT).await?;
            parts.texts.insert(known, String::from_utf8_lossy(&bytes).into_owned());
        } else {
            drain(&mut field, 0).await?;
        }
    }
    Ok(parts)
}

async fn upload(mut field: Field<'_>) -> Result<Upload, MultipartError> {
    let file_name = field.file_name().map(str::to_owned);
    Ok(Upload { file_name, bytes: drain(&mut field, LIMIT).await? })
}

/// Reads the whole field, keeping at most one byte more than `limit`.
async fn drain(field: &mut Field<'_>, limit: usize) -> Result<Vec<u8>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        let room = (limit + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(bytes)
}

fn check(mut parts: Parts) -> Result<Form, FieldErrors> {
    let mut text = |name| parts.texts.remove(name);
    let threshold = text(THRESHOLD).map_or_else(|| Ok(Threshold::default()), |t| threshold(&t));
    let mut flag = |name, otherwise| text(name).map_or(Ok(otherwise), |text| boolean(&text));
    let (rotate, save) = (flag("rotate_image", false), flag("save_api_request", true));
    let mut errors = FieldErrors::new();
    let form = Form {
        user_image: note(&mut errors, "user_image", photo(parts.user_image)),
        ref_image: note(&mut errors, "ref_image", photo(parts.ref_image)),
        threshold: note(&mut errors, THRESHOLD, threshold),
        rotate: note(&mut errors, "rotate_image", rotate),
        save: note(&mut errors, "save_api_request", save),
        vendor_data: note(&mut errors, "vendor_data", vendor_data(text("vendor_data"))),
        metadata: note(&mut errors, "metadata", metadata(text("metadata"))),
    };
    if errors.is_empty() { Ok(form) } else { Err(errors) }
}

fn note<T: Default>(errors: &mut FieldErrors, field: &'static str, value: Result<T, String>) -> T {
    value.unwrap_or_else(|error| {
        errors.entry(field).or_default().push(error);
        T::default()
    })
}

fn photo(upload: Option<Upload>) -> Result<Bytes, String> {
    let Upload { file_name, bytes } = upload.ok_or("No file was submitted.")?;
    let file_name = file_name
        .ok_or("The submitted data was not a file. Check the encoding type on the form.")?;
    if bytes.is_empty() {
        return Err("The submitted file is empty.".to_owned());
    }
    if bytes.len() > LIMIT {
        return Err("File size should not exceed 5 MB".to_owned());
    }
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_allowed = ["tiff", "jpg", "jpeg", "png", "webp"]
        .iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(extension));
    if !is_allowed {
        let extension: String = extension.chars().take(32).collect();
        return Err(format!(
            "File extension \u{201c}{extension}\u{201d} is not allowed. Allowed extensions are: tiff, jpg, jpeg, png, webp."
        ));
    }
    if Format::of(&bytes).is_none() {
        return Err(NOT_AN_IMAGE.to_owned());
    }
    Ok(bytes.into())
}

pub(super) const NOT_AN_IMAGE: &str =
    "Upload a valid image. The file you uploaded was either not an image or a corrupted image.";

fn threshold(text: &str) -> Result<Threshold, String> {
    let text = text.trim();
    let value = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
    let value = value.map_err(|_| "A valid number is required.")?;
    if value > Decimal::ONE_HUNDRED {
        return Err("Ensure this value is less than or equal to 100.".to_owned());
    }
    if value < Decimal::ZERO {
        return Err("Ensure this value is greater than or equal to 0.".to_owned());
    }
    value.normalize().to_string().parse().map_err(str::to_owned)
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.trim().to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "1" => Ok(true),
        "false" | "f" | "no" | "n" | "off" | "0" => Ok(false),
        _ => Err("Must be a valid boolean.".to_owned()),
    }
}

fn vendor_data(text: Option<String>) -> Result<Option<String>, String> {
    match text.map(|text| text.trim().to_owned()) {
        Some(text) if text.len() > VENDOR_DATA_LIMIT => {
            Err(format!("Ensure this field has no more than {VENDOR_DATA_LIMIT} characters."))
        }
        text => Ok(text.filter(|text| !text.is_empty())),
    }
}

fn metadata(text: Option<String>) -> Result<Option<Box<RawValue>>, String> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.len() > TEXT_LIMIT {
        return Err("The metadata is too long.".to_owned());
    }
    if Object::parse(&text).is_err() {
        return Err("Value must be a valid JSON object.".to_owned());
    }
    RawValue::from_string(text).map(Some).map_err(|_| "Value must be valid JSON.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_numbers_from_0_to_100() {
        for (text, value) in
            [("30", "30"), (" 62.50 ", "62.5"), ("0", "0"), ("100.0", "100"), ("5e1", "50")]
        {
            assert_eq!(threshold(text).unwrap().to_string(), value);
        }
        assert!(threshold("101").unwrap_err().contains("less than or equal to 100"));
        assert!(threshold("-0.5").unwrap_err().contains("greater than or equal to 0"));
        for text in ["", "thirty", "NaN", "inf", "1,5", "0x10"] {
            assert!(threshold(text).unwrap_err().contains("valid number"), "{text}");
        }
    }

    #[test]
    fn booleans_have_several_spellings() {
        for text in ["true", "True", "1", "yes"] {
            assert_eq!(boolean(text), Ok(true));
        }
        for text in ["false", "False", "0"] {
            assert_eq!(boolean(text), Ok(false));
        }
        assert!(boolean("maybe").is_err() && boolean("").is_err());
    }
}
