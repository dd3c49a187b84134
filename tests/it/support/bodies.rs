//! Answers of the service.

use serde_json::{Value, json};

/// The example from the specification.
pub(crate) const APPROVED: &str = r#"{"request_id": "a1b2c3d4-0001", "face_match": {"status": "Approved", "score": 80,
  "user_image": {"entities": [{"age": 27.63, "bbox": [40, 40, 100, 100], "confidence": 0.717, "gender": "male"}], "best_angle": 0},
  "ref_image":  {"entities": [{"age": 22.16, "bbox": [156, 234, 679, 898], "confidence": 0.717, "gender": "male"}], "best_angle": 0},
  "warnings": []}, "created_at": "2025-05-01T13:11:07.977806Z"}"#;

/// An example of the service's own reference.
pub(crate) const DECLINED: &str = r#"{"request_id": "7cdda24e-311a-46d3-a3bb-e5d9b564ce73", "face_match": {"status": "Declined", "score": 24.87,
  "user_image": {"entities": [{"bbox": [661, 728, 1688, 2188], "confidence": 0.732973, "age": 26.91, "gender": "male", "race": null}], "best_angle": 0},
  "ref_image":  {"entities": [{"bbox": [156, 234, 679, 898], "confidence": 0.717775, "age": 41.2, "gender": "male", "race": null}], "best_angle": 0},
  "warnings": [{"risk": "LOW_FACE_MATCH_SIMILARITY", "feature": "FACEMATCH", "additional_data": null, "log_type": "error",
    "short_description": "Low face match similarity", "long_description": "The facial features of the two images differ."}]},
 "vendor_data": "user-123", "metadata": null, "created_at": "2026-06-12T01:08:19.859116+00:00"}"#;

/// An answer with only a verdict.
pub(crate) fn verdict(status: &str, score: &Value) -> String {
    json!({"face_match": {"status": status, "score": score}}).to_string()
}
