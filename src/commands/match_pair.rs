//! `match`: one pair, from arguments to exit code.

use super::intake::{Intake, Original, both};
use super::{Context, annotate, decision, local, pair};
use crate::answer::Report;
use crate::api::{Encoded, FaceMatch};
use crate::cli::Match;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::photo::Source;
use crate::render::{self, Progress};
use crate::secret::ApiKey;
use crate::session::SessionId;
use crate::verdict::{Status, Verdict};

/// Compares two photos and ends in the verdict's exit code.
pub(super) fn run(arguments: &Match, context: &Context) -> Result<Exit> {
    let is_drawn = arguments.annotation.annotate.is_some() || arguments.annotation.preview;
    let intake = Intake::new(&arguments.options)?.looked_at(is_drawn);
    let annotate = annotate::prepare(&arguments.annotation)?;
    if arguments.options.dry_run {
        return dry_run(arguments, &intake, context);
    }
    let key = if arguments.options.local { None } else { Some(context.api_key()?) };
    let progress = Progress::new(&context.console);
    let (request, client) = side_by_side(
        || ready(arguments, &intake, context),
        || key.clone().map(|key| context.client(Some(key), progress.observer())).transpose(),
    );
    let (client, (request, encoded)) = (client?, request?);
    let annotate = annotate.map(|annotate| annotate.with(&request)).transpose()?;
    let body = match client.zip(encoded) {
        None => local::answer(&request)?,
        Some((client, encoded)) => interrupt::while_paying(|| client.face_match(&encoded))?.body,
    };
    drop(progress);
    let verdict = pair::judge(&body, &arguments.options)?;
    let (verdict, settled) = settle(&body, verdict, key, arguments, context)?;
    let verdict = pair::hold_back(verdict, &arguments.options);
    show(&body, settled.as_deref(), &verdict, &request, context)?;
    if let Some(annotate) = annotate {
        annotate.finish(&body, &verdict, context)?;
    }
    Ok(Exit::from(&verdict))
}

/// The pair, and the form that it is sent in, if it is to be sent.
fn ready(
    arguments: &Match,
    intake: &Intake,
    context: &Context,
) -> Result<(FaceMatch, Option<Encoded>)> {
    let request = request(arguments, intake, context)?;
    let encoded = if arguments.options.local { None } else { Some(request.encoded()?) };
    Ok((request, encoded))
}

/// Both photos made ready, and everything else that goes with them.
fn request(arguments: &Match, intake: &Intake, context: &Context) -> Result<FaceMatch> {
    let [user, reference] =
        [&arguments.user_image, &arguments.ref_image].map(|p| Source::from_argument(p));
    if (&user, &reference) == (&Source::Stdin, &Source::Stdin) {
        return Err(Error::new(Kind::Usage, "only one of the two images can be `-`")
            .hint("give the other one as a file")
            .into());
    }
    let (user, reference) = originals(&user, &reference, intake)?;
    let rotate = arguments.options.rotate;
    let (user, reference) =
        side_by_side(|| intake.prepare(user, rotate), || intake.prepare(reference, rotate));
    let ((user, of_user), (reference, of_reference)) = both(user, reference)?;
    of_user.iter().chain(&of_reference).for_each(|remark| remark.say(&context.console));
    Ok(pair::request(user, reference, &arguments.options))
}

/// Both photos; the one from standard input last, so that nobody types for a file that is missing.
fn originals(
    user: &Source,
    reference: &Source,
    intake: &Intake,
) -> Result<(Original, Original), Error> {
    if *user == Source::Stdin {
        let reference = intake.open(reference)?;
        return Ok((intake.open(user)?, reference));
    }
    Ok((intake.open(user)?, intake.open(reference)?))
}

/// Two pieces of work on two threads: to set up the client takes as long as to read a photo.
fn side_by_side<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)), b)
    })
}

/// With `--wait`: the verdict that the review comes to, and the answer that says so.
fn settle(
    body: &[u8],
    verdict: Verdict,
    key: Option<ApiKey>,
    arguments: &Match,
    context: &Context,
) -> Result<(Verdict, Option<Vec<u8>>)> {
    let (Some(limit), Some(key), Status::InReview) = (arguments.wait, key, verdict.status()) else {
        return Ok((verdict, None));
    };
    let Some(id) = Report::read(body)?.request_id.and_then(|id| id.parse::<SessionId>().ok())
    else {
        context.console.warn("the answer has no request id to wait with: still In Review");
        return Ok((verdict, None));
    };
    let decided = decision::follow(&id, limit, key, context).map_err(|e| paid_for(e, &id))?;
    Ok((verdict.settle(decided.decision), Some(decided.body)))
}

/// The pair itself is paid for: nobody should send it again for want of its decision.
fn paid_for(e: anyhow::Error, id: &SessionId) -> anyhow::Error {
    let Some(error) = e.downcast_ref::<Error>() else { return e };
    error
        .clone()
        .maybe_billed()
        .hint(format!("the request is In Review, and paid; ask for it again with: didit-face decision {id} --wait"))
        .into()
}

/// With `--json`, the answer that the exit code comes from: after a wait, the session's.
fn show(
    body: &[u8],
    settled: Option<&[u8]>,
    verdict: &Verdict,
    request: &FaceMatch,
    context: &Context,
) -> Result<()> {
    let console = &context.console;
    if console.json {
        console.result(settled.unwrap_or(body))?;
        if let (Some(limit), Some(score)) = (verdict.held_back(), verdict.score()) {
            console.note(&format!(
                "Approved with score {score}, below --review-below {limit}: reported as In Review"
            ));
        }
    } else {
        let names = [request.user_image.name(), request.ref_image.name()];
        let report = Report::read(body)?;
        console.table(&render::verdict::table(console.out, verdict, &report, names))?;
    }
    Ok(())
}

/// Checks everything that can be checked without sending, and says what would be sent.
fn dry_run(arguments: &Match, intake: &Intake, context: &Context) -> Result<Exit> {
    let request = request(arguments, intake, context)?;
    let key = if arguments.options.local {
        "not needed".to_owned()
    } else {
        match context.api_key() {
            Ok(_) => "set, not shown".to_owned(),
            Err(e) => {
                context.console.warn(&format!("without --dry-run this would fail: {e}"));
                "missing".to_owned()
            }
        }
    };
    let plan = render::plan::Plan::new(
        &request,
        &context.settings.api.value,
        arguments.options.local,
        &key,
    );
    let console = &context.console;
    if console.json {
        console.result(plan.as_json().as_bytes())?;
    } else {
        console.table(&plan.as_text())?;
    }
    Ok(Exit::Done)
}
