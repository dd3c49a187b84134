//! Names the judge of a pair: the service, a sandbox, or the built-in engine.

use std::collections::BTreeSet;

use url::Url;

use super::Entry;
use crate::verdict::answer::EngineDetails;

/// Derives the judge from the base URL (or `built-in engine`) and from the answer.
pub fn name(asked: &str, engine: Option<&EngineDetails>, is_sandbox: bool) -> String {
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
    let host = if is_sandbox { format!("sandbox of {host}") } else { host };
    match version {
        Some(version) => format!("{version} at {host}"),
        None => host,
    }
}

/// A verdict that was looked up later doesn't name its engine: it is that of the other pairs that
/// the same service judged, if they agree.
pub fn unify(entries: &mut [Entry]) {
    let names: BTreeSet<String> = entries.iter().map(|entry| entry.judge.clone()).collect();
    for entry in entries.iter_mut().filter(|entry| entry.is_settled) {
        let end = format!(" at {}", entry.judge);
        let mut same = names.iter().filter(|name| name.ends_with(&end));
        if let (Some(name), None) = (same.next(), same.next()) {
            entry.judge.clone_from(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_sandbox_engine_and_stand_in_are_distinguished() {
        let engine =
            EngineDetails { name: "built-in".to_owned(), version: Some("0.1.0".to_owned()) };
        let host = "https://verification.didit.me/";
        for (asked, engine, is_sandbox, wanted) in [
            (host, None, false, "verification.didit.me"),
            (host, None, true, "sandbox of verification.didit.me"),
            ("built-in engine", Some(&engine), false, "built-in engine 0.1.0"),
            ("built-in engine", None, false, "built-in engine"),
            ("http://127.0.0.1:87/", Some(&engine), false, "built-in engine 0.1.0 at 127.0.0.1:87"),
            (
                "http://127.0.0.1:87/",
                Some(&engine),
                true,
                "built-in engine 0.1.0 at sandbox of 127.0.0.1:87",
            ),
        ] {
            assert_eq!(name(asked, engine, is_sandbox), wanted);
        }
    }
}
