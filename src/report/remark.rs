//! An answer's warnings in words that name the photo, each once.

use serde_json::Value;

use crate::values::json::text;

/// Warnings that merely repeat why a pair was declined.
const RESTATED: [&str; 3] = ["LOW_FACE_MATCH_SIMILARITY", "NO_REFERENCE_IMAGE", "NO_FACE_DETECTED"];

/// `both photos: low image quality`; leaves out what a reason already says, if there is one.
pub(super) fn in_words(warnings: &[Value], has_reason: bool) -> Vec<String> {
    let mut notes: Vec<(String, [bool; 2])> = Vec::new();
    for warning in warnings {
        let risk = text(&warning["risk"]).or_else(|| text(warning)).unwrap_or_default();
        if has_reason && RESTATED.contains(&risk.as_str()) {
            continue;
        }
        let title = text(&warning["short_description"]).map(|title| in_sentence(&title));
        let title = title.or_else(|| (!risk.is_empty()).then_some(risk));
        let title = title.unwrap_or_else(|| "unnamed warning".to_owned());
        let long = text(&warning["long_description"]).unwrap_or_default().to_lowercase();
        let photos = ["user image", "reference image"].map(|photo| long.contains(photo));
        match notes.iter_mut().find(|(known, _)| *known == title) {
            Some((_, [user, reference])) => {
                *user |= photos[0];
                *reference |= photos[1];
            }
            None => notes.push((title, photos)),
        }
    }
    let named = |(title, photos): (String, [bool; 2])| match photos {
        [true, true] => format!("both photos: {title}"),
        [true, false] => format!("user image: {title}"),
        [false, true] => format!("reference image: {title}"),
        [false, false] => title,
    };
    notes.into_iter().map(named).collect()
}

/// What a pair was before it was looked up.
pub(super) fn settled(from: &str) -> String {
    match from {
        "unknown" => "lost answer found again".to_owned(),
        _ => "decided by manual review".to_owned(),
    }
}

/// `Low quality` becomes `low quality`; abbreviations stay.
fn in_sentence(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain([second]).chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_warning_is_said_once_and_names_its_photos() {
        let of = |risk: &str, short: &str, long: &str| json!({"risk": risk, "short_description": short, "long_description": long});
        let quality = |photo: &str| {
            of("LOW_IMAGE_QUALITY", "Low image quality", &format!("In the {photo} it is blurred."))
        };
        let twice = [quality("user image"), quality("reference image"), json!("BARE"), json!(7)];
        let said = ["both photos: low image quality", "BARE", "unnamed warning"];
        assert_eq!(in_words(&twice, false), said);
        assert_eq!(in_words(&[quality("user image")], true), ["user image: low image quality"]);
        let restated = [of("NO_FACE_DETECTED", "No face detected", "in the user image")];
        assert_eq!(in_words(&restated, true), [""; 0]);
        assert_eq!(in_words(&restated, false), ["user image: no face detected"]);
    }
}
