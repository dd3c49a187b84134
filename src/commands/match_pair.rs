//! `match`: one pair, from arguments to exit code.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::{Context, annotate, check, decision};
use crate::api::FaceMatch;
use crate::cli::{Json, Match, settings};
use crate::error::{Charge, Error, Kind, Result, amend};
use crate::exit::Exit;
use crate::interrupt;
use crate::pair::{self, Judged, Mode};
use crate::photo::Source;
use crate::prepare::{Preparation, Unprepared, both};
use crate::render::{self, Console, Progress};
use crate::report::judge_name;
use crate::values::quantity;
use crate::values::secret::ApiKey;
use crate::values::text;
use crate::verdict::Status;

pub(super) fn run(arguments: &Match, context: &Context) -> Result<Exit> {
    arguments.options.fractions().for_each(|warning| context.console.warn(&warning));
    let preparation = Preparation::new(arguments.options.prepare);
    let photos = [&arguments.user_image, &arguments.ref_image].map(PathBuf::as_path);
    let inputs = photos.into_iter().chain(settings::key_file(&context.environment));
    let picture = annotate::Destination::prepare(&arguments.annotation, inputs, context)?;
    if arguments.options.dry_run {
        return dry_run(arguments, &preparation, context);
    }
    let key = if arguments.options.local { None } else { Some(context.api_key()?) };
    let progress = Progress::new(&context.console);
    let (request, mode) = side_by_side(
        || request(arguments, &preparation, context),
        || mode(key.clone(), &progress, context),
    );
    let (mode, request) = (mode?, request?);
    let picture = picture.map(|picture| picture.with(&request)).transpose()?;
    let answer = mode.ask(&request)?;
    drop(progress);
    let judged = answer.judged(request.threshold)?;
    let (judged, settled, stopped) = settle(judged, key, arguments, context)?;
    let judged = judged.tightened(arguments.options.strictness(), is_same_file(&request));
    let exit = stopped.as_ref().map_or(Exit::from(&judged.verdict), |_| Exit::Interrupted);
    let shown = show(&answer.body, settled.as_deref(), &judged, exit, &request, arguments, context)
        .and_then(|()| picture.map_or(Ok(()), |picture| picture.finish(&judged)));
    let charge = if arguments.options.local { Charge::No } else { Charge::Yes };
    shown.map_err(|e| amend(e, |e| e.charged(charge)))?;
    stopped.map_or(Ok(exit), Err)
}

fn mode(key: Option<ApiKey>, progress: &Progress, context: &Context) -> Result<Mode> {
    let Some(key) = key else { return Ok(Mode::Engine) };
    Ok(Mode::Service(context.client(Some(key), progress.observer())?))
}

fn request(arguments: &Match, preparation: &Preparation, context: &Context) -> Result<FaceMatch> {
    let [user, reference] =
        [&arguments.user_image, &arguments.ref_image].map(|p| Source::from_argument(p));
    if (&user, &reference) == (&Source::Stdin, &Source::Stdin) {
        return Err(Error::new(Kind::Usage, "only one of the two images can be `-`")
            .hint("give the other one as a file")
            .into());
    }
    let (user, reference) = originals(&user, &reference, preparation)?;
    let prepare = |photo| preparation.prepare(photo, arguments.options.sent.rotate);
    let (user, reference) = if preparation.decodes() {
        side_by_side(|| prepare(user), || prepare(reference))
    } else {
        (prepare(user), prepare(reference))
    };
    let say = |remark: &_| super::tell(remark, &context.console);
    Ok(pair::request(user, reference, &arguments.options.sent, say)?.0)
}

fn is_same_file(request: &FaceMatch) -> bool {
    request.user_image.bytes() == request.ref_image.bytes()
}

/// Reads both photos and reports both problems. Standard input comes last: nobody should wait for a
/// pipe only to learn that the other file is missing.
fn originals(
    user: &Source,
    reference: &Source,
    preparation: &Preparation,
) -> Result<(Unprepared, Unprepared)> {
    let read = |source: &Source| preparation.read(source).map_err(Into::into);
    match (user, reference) {
        (Source::Stdin, _) => {
            let reference = read(reference)?;
            Ok((read(user)?, reference))
        }
        (_, Source::Stdin) => Ok((read(user)?, read(reference)?)),
        _ => both(read(user), read(reference)),
    }
}

fn suggest_fit(request: &FaceMatch, console: &Console) {
    /// Photos over this size together take longer to send than to prepare, on most connections.
    const LARGE: usize = 4_000_000;
    const ENOUGH: usize = 500_000;
    let sizes = [&request.user_image, &request.ref_image].map(|photo| photo.bytes().len());
    let (sent, needed) = (sizes.iter().sum(), sizes.map(|size| size.min(ENOUGH)).iter().sum());
    if sent > LARGE {
        let [sent, needed] = [sent, needed].map(text::size);
        console.hint(&format!("sent {sent}; --fit=500KB sends about {needed}"));
    }
}

/// Runs both at once: setting up the client takes as long as reading a photo.
fn side_by_side<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    let a = Mutex::new(Some(a));
    let take = || a.lock().unwrap_or_else(PoisonError::into_inner).take();
    std::thread::scope(|scope| {
        let spawned = thread::Builder::new().spawn_scoped(scope, || take().map(|a| a()));
        let b = b();
        let a = match spawned.map(thread::ScopedJoinHandle::join) {
            Ok(joined) => joined.unwrap_or_else(|bug| std::panic::resume_unwind(bug)),
            // No thread is left for it.
            Err(_) => take().map(|a| a()),
        };
        match a {
            Some(a) => (a, b),
            None => unreachable!("it is taken once"),
        }
    })
}

/// With `--wait`: the verdict after the review, and the answer it came from; or why it ended early.
fn settle(
    judged: Judged,
    key: Option<ApiKey>,
    arguments: &Match,
    context: &Context,
) -> Result<(Judged, Option<Vec<u8>>, Option<anyhow::Error>)> {
    let (Some(limit), Some(key), Status::InReview) = (arguments.wait, key, judged.verdict.status())
    else {
        return Ok((judged, None, None));
    };
    let Some(id) = judged.details.session_id() else {
        context.console.warn("can't wait for the decision: the answer has no request id");
        return Ok((judged, None, None));
    };
    let console = &context.console;
    // Said before the wait, which may be interrupted: the request is already charged.
    console.note(&format!("In Review; waiting for the decision on {id}"));
    let is_stopped = Arc::new(AtomicBool::default());
    let stopping = Arc::clone(&is_stopped);
    let _grace = interrupt::gracefully(move || stopping.store(true, Ordering::Relaxed));
    let decided = match decision::follow(&id, limit, key, &is_stopped, context) {
        Ok(decided) => decided,
        Err(e) => {
            let hint = "the request is In Review, and charged; to get its decision, run";
            let hint = format!("{hint}: didit-face decision {id} --wait");
            let e = amend(e, |e| e.charged(Charge::Yes).hint(hint));
            // The answer was paid for: it is shown before the error.
            let is_interrupt =
                e.downcast_ref().is_some_and(|e: &Error| e.kind() == Kind::Interrupted);
            return if is_interrupt { Ok((judged, None, Some(e))) } else { Err(e) };
        }
    };
    let verdict = judged.verdict.settle(decided.decision);
    if verdict.status() == Status::InReview {
        let limit = quantity::in_words(limit);
        console.note(&format!(
            "still In Review after {limit}; ask again: didit-face decision {id} --wait"
        ));
    }
    Ok((Judged { verdict, ..judged }, Some(decided.body), None))
}

/// Prints the table, or the answer byte for byte; with `--wait`, both answers in one object.
fn show(
    body: &[u8],
    decision: Option<&[u8]>,
    judged: &Judged,
    exit: Exit,
    request: &FaceMatch,
    arguments: &Match,
    context: &Context,
) -> Result<()> {
    let console = &context.console;
    let Judged { verdict, details, .. } = judged;
    if context.settings.json == Some(Json::Verdict) {
        console.result(verdict_line(judged, exit, arguments, context)?.as_bytes())?;
    } else if console.json {
        match arguments.wait {
            None => console.result(body)?,
            Some(_) => console.result(&both_answers(body, decision))?,
        }
        if let Some(why) = verdict.downgraded_by() {
            console.note(&format!("Approved, but {why}: reported as In Review"));
        }
    } else {
        let names = [request.user_image.name(), request.ref_image.name()];
        console.table(&render::verdict::table(console.out, verdict, details, names))?;
        advise(judged, request, arguments, console);
    }
    if console.json && verdict.is_sandbox() {
        console.warn(render::verdict::SANDBOX);
    }
    Ok(())
}

fn verdict_line(
    judged: &Judged,
    exit: Exit,
    arguments: &Match,
    context: &Context,
) -> Result<String> {
    let Judged { verdict, details, .. } = judged;
    let is_local = arguments.options.local;
    let base = context.settings.api.value.to_string();
    let asked = if is_local { "built-in engine" } else { base.as_str() };
    let judged_by = judge_name(asked, details.engine.as_ref(), verdict.is_sandbox());
    let is_free = is_local || verdict.is_sandbox();
    let charged = if is_free { Charge::No } else { Charge::Yes };
    Ok(render::verdict_line(verdict, details, &judged_by, charged, exit)?)
}

fn advise(judged: &Judged, request: &FaceMatch, arguments: &Match, console: &Console) {
    let is_local = arguments.options.local;
    // The built-in engine says so itself, here and behind `serve`.
    let is_said = judged.details.warnings.iter().any(|warning| warning.risk == "FACE_TURNED");
    let is_known = is_said || arguments.options.prepare.check || request.rotate;
    if judged.verdict.status() == Status::Declined && !is_known && !console.quiet {
        check::suggest_rotate(request, console);
    }
    if !is_local && arguments.options.prepare.fit.is_none() {
        suggest_fit(request, console);
    }
    if let (Some(id), true, false) = (judged.details.session_id(), request.save, is_local) {
        let id = text::quoted(&id.to_string()).into_owned();
        let is_downgraded = judged.verdict.downgraded_by().is_some();
        let is_open = judged.verdict.status() == Status::InReview && !is_downgraded;
        if is_open && arguments.wait.is_none() {
            console.hint(&format!("a person decides: didit-face decision {id} --wait"));
        } else if console.err.is_terminal {
            console.hint(&format!("look it up: didit-face decision {id}"));
        }
    }
}

fn both_answers(body: &[u8], decision: Option<&[u8]>) -> Vec<u8> {
    let decision = decision.unwrap_or(b"null");
    [br#"{"match": "#, body.trim_ascii(), br#", "decision": "#, decision.trim_ascii(), b"}\n"]
        .concat()
}

fn dry_run(arguments: &Match, preparation: &Preparation, context: &Context) -> Result<Exit> {
    let request = request(arguments, preparation, context)?;
    let key = if arguments.options.local {
        "not needed".to_owned()
    } else {
        match context.api_key() {
            Ok(_) => "set, not shown".to_owned(),
            Err(e) => {
                context.console.warn(&format!("without --dry-run, this would fail: {e}"));
                "missing".to_owned()
            }
        }
    };
    let plan =
        render::Plan::new(&request, &context.settings.api.value, arguments.options.local, &key);
    let console = &context.console;
    if console.json {
        console.result(plan.as_json().as_bytes())?;
    } else {
        console.table(&plan.as_text())?;
    }
    Ok(Exit::Done)
}
