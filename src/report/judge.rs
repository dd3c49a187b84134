//! Names the judge of a pair: the service, a sandbox, or the built-in engine.

use std::collections::BTreeSet;

use url::Url;

use crate::batch::journal::Brief;
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

/// Who judged some of the pairs, or was asked to.
#[derive(Clone, Hash, PartialEq, Eq)]
pub(super) struct Judge {
    asked: String,
    engine: Option<EngineDetails>,
    is_sandbox: bool,
    is_settled: bool,
    pub(super) name: String,
    pub(super) judged: usize,
}

impl Judge {
    /// Without its name, which [`unify`] gives it.
    pub(super) fn of(record: &Brief<'_>) -> Self {
        Self {
            asked: record.options.judged_by.clone().into_owned(),
            engine: record.engine(),
            is_sandbox: record.is_sandbox(),
            is_settled: record.settled_from.is_some(),
            name: String::new(),
            judged: 0,
        }
    }
}

/// Names all. A verdict that was looked up later doesn't name its engine: it is that of the other
/// pairs that the same service judged, if they agree.
pub(super) fn unify(judges: &mut [Judge]) {
    for judge in &mut *judges {
        judge.name = name(&judge.asked, judge.engine.as_ref(), judge.is_sandbox);
    }
    let names: BTreeSet<String> = judges.iter().map(|judge| judge.name.clone()).collect();
    for judge in judges.iter_mut().filter(|judge| judge.is_settled) {
        let end = format!(" at {}", judge.name);
        let mut same = names.iter().filter(|name| name.ends_with(&end));
        if let (Some(name), None) = (same.next(), same.next()) {
            judge.name.clone_from(name);
        }
    }
}
