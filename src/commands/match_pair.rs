//! `match`: one pair, from arguments to exit code.

use super::{Context, local, pair};
use crate::answer::Report;
use crate::api::{Client, FaceMatch};
use crate::cli::Match;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::interrupt;
use crate::photo::{Photo, Source};
use crate::render::{self, Progress};
use crate::secret::ApiKey;
use crate::verdict::Verdict;

/// Compares two photos and ends in the verdict's exit code.
pub(super) fn run(arguments: &Match, context: &Context) -> Result<Exit> {
    if arguments.options.dry_run {
        return dry_run(arguments, context);
    }
    let key = if arguments.options.local { None } else { Some(context.api_key()?) };
    let request = request(arguments)?;
    let body = match key {
        None => local::answer(&request)?,
        Some(key) => remote_answer(&request, key, context)?,
    };
    let verdict = pair::judge(&body, &arguments.options)?;
    show(&body, &verdict, &request, context)?;
    Ok(Exit::from(&verdict))
}

/// Both photos read and checked, and everything else that goes with them.
fn request(arguments: &Match) -> Result<FaceMatch> {
    let [user, reference] =
        [&arguments.user_image, &arguments.ref_image].map(|p| Source::from_argument(p));
    if (&user, &reference) == (&Source::Stdin, &Source::Stdin) {
        return Err(Error::new(Kind::Usage, "only one of the two images can be `-`")
            .hint("give the other one as a file")
            .into());
    }
    let (user, reference) = side_by_side(|| Photo::read(&user), || Photo::read(&reference));
    Ok(pair::request(user?, reference?, &arguments.options))
}

/// Two pieces of work on two threads: large photos take a millisecond each to read.
fn side_by_side<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)), b)
    })
}

fn remote_answer(request: &FaceMatch, key: ApiKey, context: &Context) -> Result<Vec<u8>> {
    let settings = &context.settings;
    let progress = Progress::new(&context.console);
    let client =
        Client::new(&settings.api.value, Some(key), &settings.connection, progress.observer())?;
    let answer = interrupt::while_paying(|| client.face_match(request));
    progress.finish();
    Ok(answer?.body)
}

fn show(body: &[u8], verdict: &Verdict, request: &FaceMatch, context: &Context) -> Result<()> {
    let console = &context.console;
    if console.json {
        console.result(body)?;
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
fn dry_run(arguments: &Match, context: &Context) -> Result<Exit> {
    let request = request(arguments)?;
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
