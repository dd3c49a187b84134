//! Who judged a pair: the service, a sandbox, or the built-in engine.

use serde_json::Value;
use url::Url;

use crate::verdict::answer::EngineDetails;

/// The judge by the base URL that was asked (or `built-in engine`), and by what the answer says.
pub(super) fn name(asked: &str, engine: Option<&EngineDetails>, response: &Value) -> String {
    let version = engine.map(|engine| match &engine.version {
        Some(version) => format!("{} engine {version}", engine.name),
        None => format!("{} engine", engine.name),
    });
    let Ok(url) = Url::parse(asked) else {
        return version.unwrap_or_else(|| asked.to_owned());
    };
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => asked.to_owned(),
    };
    match version {
        Some(version) => format!("{version} at {host}"),
        None if response["environment"] == "sandbox" => format!("sandbox of {host}"),
        None => host,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn service_sandbox_engine_and_stand_in_are_told_apart() {
        let engine =
            EngineDetails { name: "built-in".to_owned(), version: Some("0.1.0".to_owned()) };
        let host = "https://verification.didit.me/";
        let sandbox = json!({"environment": "sandbox"});
        for (asked, engine, response, wanted) in [
            (host, None, &Value::Null, "verification.didit.me"),
            (host, None, &sandbox, "sandbox of verification.didit.me"),
            ("built-in engine", Some(&engine), &Value::Null, "built-in engine 0.1.0"),
            ("built-in engine", None, &Value::Null, "built-in engine"),
            (
                "http://127.0.0.1:87/",
                Some(&engine),
                &Value::Null,
                "built-in engine 0.1.0 at 127.0.0.1:87",
            ),
        ] {
            assert_eq!(name(asked, engine, response), wanted);
        }
    }
}
