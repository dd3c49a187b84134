//! `delete`: erases stored comparisons, asking first.

use std::collections::HashMap;
use std::io::{self, BufRead as _, Write as _};
use std::path::Path;

use serde_json::json;

use super::{Context, client};
use crate::api::session::Erased;
use crate::batch::journal::{self, Journal, Mark, Marked, Reading, Record};
use crate::cli::Delete;
use crate::error::{Error, Kind, Result, reason};
use crate::exit::Exit;
use crate::values::ids::SessionId;
use crate::values::json::SCHEMA;

type Outcomes<'a> = Vec<(&'a SessionId, Result<Erased, Error>)>;

/// Erases all of them, and exits with the code of the first failure.
pub(super) fn run(arguments: &Delete, context: &Context) -> Result<Exit> {
    let journal = arguments.journal.as_deref();
    let journal = journal.map(|path| Requests::open(path, arguments, context)).transpose()?;
    let mut ids: Vec<&SessionId> = Vec::new();
    for id in journal.as_ref().map_or(&arguments.ids, |journal| &journal.ids) {
        if !ids.iter().any(|known| known.is(&id.to_string())) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        context.console.note("nothing to erase");
        return report(&Outcomes::new(), 0, context);
    }
    if !arguments.yes {
        confirm(ids.len(), context)?;
    }
    let (client, progress) = client(context, "erasing")?;
    let mut outcomes = Outcomes::new();
    for id in &ids {
        progress.busy(format!("erasing {} of {}", outcomes.len() + 1, ids.len()));
        let outcome = client.erase(id).map_err(Error::of).and_then(whole);
        if let (Some(journal), Ok(_)) = (&journal, &outcome) {
            journal.mark(id)?;
        }
        // The next one would fail too.
        let is_over = outcome.as_ref().is_err_and(Error::is_final);
        outcomes.push((id, outcome));
        if is_over {
            break;
        }
    }
    drop(progress);
    report(&outcomes, ids.len(), context)
}

/// The stored requests of a journal, also those that later ones have replaced.
struct Requests {
    journal: Journal,
    ids: Vec<SessionId>,
    records: HashMap<String, Record>,
}

impl Requests {
    fn open(path: &Path, arguments: &Delete, context: &Context) -> Result<Self> {
        // Opening it would create it, and it is an input here.
        journal::read(&[path], Reading::default())?;
        let (journal, state) = Journal::open(path, Reading::default())?;
        let (mut ids, mut records) = (Vec::new(), HashMap::new());
        let service = context.settings.api.value.to_string();
        let is_wanted = |record: &Record| {
            let status = record.status.as_deref().unwrap_or_default().to_lowercase();
            let is_named = |name: &String| status.ends_with(name.as_str());
            let is_here = record.options.save && record.options.judged_by == service;
            is_here && (arguments.only.is_empty() || arguments.only.iter().any(is_named))
        };
        journal::lines(path, |record| {
            let id = record.request_id.as_deref().and_then(|id| SessionId::of_uuid(id).ok());
            if let Some(id) = id.filter(|_| is_wanted(&record) && !state.is_deleted(&record)) {
                records.insert(id.to_string(), record);
                ids.push(id);
            }
        })?;
        // Not in the order in which they happened to end.
        let row =
            |id: &SessionId| records.get(&id.to_string()).map(|record| (record.row, &record.id));
        ids.sort_by(|a, b| row(a).cmp(&row(b)));
        Ok(Self { journal, ids, records })
    }

    fn mark(&self, id: &SessionId) -> Result<(), Error> {
        let Some(record) = self.records.get(&id.to_string()) else { return Ok(()) };
        self.journal.record(&Marked(Mark::Deleted, record)).map_err(|e| {
            e.and_hint("run it again afterwards: what is erased already counts as done")
        })
    }
}

/// A template of the face that is kept is a failure.
fn whole(erased: Erased) -> Result<Erased, Error> {
    let Erased::ButForTemplate { id, until } = &erased else { return Ok(erased) };
    let id = id.as_deref().unwrap_or("unknown id");
    let until = until.as_ref().map_or_else(String::new, |until| format!(", until {until}"));
    let message = format!("erased, but the service keeps a template of the face ({id}{until})");
    Err(Error::new(Kind::Service, message).hint(
        "erase it too: DELETE /v3/biometric-templates/ID/ with the same key, or in the Didit Business Console",
    ))
}

/// Asks on the terminal; anything but yes is a no.
fn confirm(count: usize, context: &Context) -> Result<(), Error> {
    if !context.may_prompt() {
        let message = "`delete` is permanent, and can't ask for confirmation: nothing was erased";
        return Err(
            Error::new(Kind::Usage, message).hint("add --yes to erase without confirmation")
        );
    }
    let host = context.settings.api.value.authority();
    let what = if count == 1 {
        "this comparison".to_owned()
    } else {
        format!("these {count} comparisons")
    };
    let question = format!("Permanently erase {what} at {host}, photos included? [y/N] ");
    let mut line = String::new();
    io::stderr()
        .write_all(question.as_bytes())
        .and_then(|()| io::stdin().lock().read_line(&mut line))
        .map_err(|e| {
            Error::new(Kind::Usage, format!("can't prompt on the terminal: {}", reason(&e)))
        })?;
    if matches!(line.trim().to_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err(Error::new(Kind::Usage, "not confirmed: nothing was erased"))
    }
}

fn report(outcomes: &Outcomes<'_>, count: usize, context: &Context) -> Result<Exit> {
    let console = &context.console;
    let failures: Vec<_> =
        outcomes.iter().filter_map(|(id, outcome)| Some((id, outcome.as_ref().err()?))).collect();
    let done = outcomes.iter().filter_map(|(id, outcome)| Some((id, outcome.as_ref().ok()?)));
    if console.json {
        if let Some((id, error)) = failures.first() {
            let left = count - done.count();
            return Err(of_several(id, error, left, count).into());
        }
        let all: Vec<_> = done
            .map(|(id, erased)| json!({"schema": SCHEMA, "request_id": id.to_string(), "result": word(erased)}))
            .collect();
        console.result(format!("{}\n", json!(all)).as_bytes())?;
        return Ok(Exit::Done);
    }
    let lines: Vec<_> = done.map(|(id, erased)| line(id, erased)).collect();
    console.table(&lines.concat())?;
    let Some(((id, first), others)) = failures.split_first() else { return Ok(Exit::Done) };
    for (id, error) in others {
        console.fail(&of_several(id, error, 1, 1));
    }
    Err(of_several(id, first, count - lines.len(), count).into())
}

fn of_several(id: &SessionId, error: &Error, left: usize, count: usize) -> Error {
    let of_all = if count > 1 { format!("; {left} of {count} not erased") } else { String::new() };
    error.clone().with_message(format!("`{id}`: {}{of_all}", error.message()))
}

fn line(id: &SessionId, erased: &Erased) -> String {
    match erased {
        Erased::Now | Erased::ButForTemplate { .. } => format!("{id}  erased\n"),
        Erased::NotThere => {
            format!("{id}  not found: already erased, never stored, or in another application\n")
        }
    }
}

fn word(erased: &Erased) -> &'static str {
    match erased {
        Erased::Now | Erased::ButForTemplate { .. } => "erased",
        Erased::NotThere => "not_there",
    }
}
