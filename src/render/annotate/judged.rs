//! The annotated picture for a judged pair.

use super::panel::{Face, Panel};
use super::placement::{boxes, turn};
use super::{AMBER, GREEN, GREY, Print, RED, Sheet, faces_in_words, facts};
use crate::render::verdict::{SANDBOX, in_short, score, time};
use crate::verdict::answer::{AnswerDetails, ImageDetails};
use crate::verdict::{Downgrade, Reason, Status, Verdict};

pub struct Subject<'a> {
    /// `None` if there is no verdict.
    pub status: Option<Status>,
    /// The verdict, or the reason for its absence.
    pub headline: String,
    pub score: String,
    /// Caveats: sandbox, downgrade, review, or the built-in engine.
    pub caveats: Vec<String>,
    /// The photos that the status is due to, if not to both.
    pub at_fault: Option<[bool; 2]>,
    /// Ids and time of the request.
    pub identity: Vec<String>,
    pub images: [&'a ImageDetails; 2],
}

impl<'a> Subject<'a> {
    pub fn of_answer(verdict: &Verdict, details: &'a AnswerDetails) -> Self {
        let identity = [
            details.vendor_data.as_ref().map(|id| format!("vendor data {id}")),
            details.request_id.as_ref().map(|id| format!("request {id}")),
            details.created_at.is_some().then(|| time(details.created_at.as_deref())),
        ];
        Self {
            status: Some(verdict.status()),
            headline: verdict.status().name().to_owned(),
            score: format!("{} · threshold {}", score(verdict, details), verdict.threshold()),
            caveats: caveats(verdict, details),
            at_fault: at_fault(verdict, details.faces()),
            identity: identity.into_iter().flatten().collect(),
            images: [&details.user_image, &details.ref_image],
        }
    }
}

pub fn sheet<'a>(photos: &'a [Print; 2], subject: &Subject<'_>) -> Sheet<'a> {
    let colour = match subject.status {
        Some(Status::Approved) => GREEN,
        Some(Status::Declined) => RED,
        Some(Status::InReview) => AMBER,
        None => GREY,
    };
    let [user, reference] =
        subject.images.map(|image| faces_in_words(image.faces.len(), "compared"));
    let faces = format!("{user} in the user image, {reference} in the reference image");
    let caveats = std::iter::once(&faces).chain(&subject.caveats).map(String::as_str);
    let lines = vec![
        subject.headline.clone(),
        subject.score.clone(),
        subject.identity.join(" · "),
        caveats.collect::<Vec<_>>().join(" · "),
    ];
    let panel = |place: usize, title: &str| {
        let (print, image) = (&photos[place], subject.images[place]);
        let boxed = image.faces.iter().zip(boxes(image, print.size_turned(0)));
        let is_at_fault = subject.at_fault.is_none_or(|photos| photos[place]);
        Panel {
            print: Some(print),
            turn: turn(image),
            faces: boxed.map(|(face, bbox)| Face { bbox, label: in_short(face) }).collect(),
            colour: if is_at_fault { colour } else { GREY },
            title: format!("{title}: {}", print.name),
            facts: facts(image.faces.len(), "compared", turn(image)).collect(),
            remarks: None,
        }
    };
    let panels = vec![panel(0, "User image"), panel(1, "Reference image")];
    Sheet { colour, lines, panels }
}

/// One photo without a face, or with several where `--one-face` allows one, is no fault of the other.
pub fn at_fault(verdict: &Verdict, faces: [usize; 2]) -> Option<[bool; 2]> {
    let at_fault = if verdict.reason() == Some(Reason::NoFace) {
        faces.map(|count| count == 0)
    } else if let Some(Downgrade::OneFace(faces)) = verdict.downgraded_by() {
        faces.map(|count| count != 1)
    } else {
        return None;
    };
    at_fault.contains(&true).then_some(at_fault)
}

fn caveats(verdict: &Verdict, details: &AnswerDetails) -> Vec<String> {
    let downgraded_by =
        verdict.downgraded_by().map(|why| format!("Approved, but {why}: reported as In Review"));
    let sandbox = verdict.is_sandbox().then(|| SANDBOX.to_owned());
    let settled = verdict.is_settled().then(|| "settled by manual review".to_owned());
    let engine = details.engine.as_ref().map(|engine| {
        format!("judged by the {} engine on this machine, not by Didit", engine.name)
    });
    [sandbox, downgraded_by, settled, engine].into_iter().flatten().collect()
}
