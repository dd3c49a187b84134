//! Holds output against `docs/schema/`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::Value;

static KNOWN: Mutex<Option<HashMap<String, Validator>>> = Mutex::new(None);

/// Panics unless `value` is as `docs/schema/NAME.json` says.
#[track_caller]
pub(crate) fn conforms(name: &str, value: &Value) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let schemas = known.get_or_insert_with(HashMap::new);
    let validator = schemas.entry(name.to_owned()).or_insert_with(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.json"));
        let schema = serde_json::from_str(&fs::read_to_string(file).expect(name)).expect(name);
        jsonschema::validator_for(&schema).expect("a schema")
    });
    let wrong: Vec<_> =
        validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "not as docs/schema/{name}.json says: {wrong:?}\n{value:#}");
}
