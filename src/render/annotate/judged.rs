//! The annotated picture for a judged pair.

use image::Rgb;

use super::banner::Banner;
use super::panel::{Face, Panel};
use super::{AMBER, GREEN, GREY, Print, RED, Sheet, faces_in_words, turn_in_words};
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

pub fn sheet(photos: &[Print; 2], subject: &Subject<'_>) -> Sheet {
    let colour = colour(subject.status);
    let [user, reference] = photos;
    let [of_user, of_reference] = subject.images;
    let count = |image: &ImageDetails| faces_in_words(image.faces.len(), "compared");
    let faces = format!(
        "{} in the user image, {} in the reference image",
        count(of_user),
        count(of_reference)
    );
    let caveats = std::iter::once(&faces).chain(&subject.caveats).map(String::as_str);
    let lines = vec![
        subject.headline.clone(),
        subject.score.clone(),
        subject.identity.join(" · "),
        caveats.collect::<Vec<_>>().join(" · "),
    ];
    let [for_user, for_reference] = match subject.at_fault {
        Some(photos) => photos.map(|is_at_fault| if is_at_fault { colour } else { GREY }),
        None => [colour; 2],
    };
    let panels = vec![
        panel("User image", user, of_user, for_user),
        panel("Reference image", reference, of_reference, for_reference),
    ];
    Sheet { banner: Banner { colour, lines }, panels }
}

fn panel(title: &str, print: &Print, image: &ImageDetails, colour: Rgb<u8>) -> Panel {
    let turn = image.turn();
    let image = image.on(print.size_turned(0));
    let boxed = image.faces.iter().map(|face| Face { bbox: face.bbox, label: in_short(face) });
    let facts = [Some(faces_in_words(image.faces.len(), "compared")), turn_in_words(turn)];
    Panel {
        print: Some(print.clone()),
        turn,
        faces: boxed.collect(),
        colour,
        title: format!("{title}: {}", print.name),
        facts: facts.into_iter().flatten().collect(),
        remarks: None,
    }
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

fn colour(status: Option<Status>) -> Rgb<u8> {
    match status {
        Some(Status::Approved) => GREEN,
        Some(Status::Declined) => RED,
        Some(Status::InReview) => AMBER,
        None => GREY,
    }
}
