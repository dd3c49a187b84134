//! The annotated picture for a judged pair.

use image::Rgb;

use super::banner::Banner;
use super::panel::{Face, Panel};
use super::{AMBER, GREEN, GREY, Print, RED, Sheet, faces_in_words, turn_in_words};
use crate::render::verdict::{SANDBOX, in_short, score};
use crate::verdict::answer::{AnswerDetails, ImageDetails};
use crate::verdict::{Status, Verdict};

pub struct Subject<'a> {
    /// `None` if there is no verdict.
    pub status: Option<Status>,
    /// The verdict, or the reason for its absence.
    pub headline: String,
    pub score: String,
    /// Caveats: sandbox, downgrade, review, or the built-in engine.
    pub caveats: Vec<String>,
    /// Ids and time of the request.
    pub identity: Vec<String>,
    pub images: [&'a ImageDetails; 2],
}

impl<'a> Subject<'a> {
    pub fn of_answer(verdict: &Verdict, details: &'a AnswerDetails) -> Self {
        let identity = [
            details.vendor_data.as_ref().map(|id| format!("vendor data {id}")),
            details.request_id.as_ref().map(|id| format!("request {id}")),
            details.created_at.clone(),
        ];
        Self {
            status: Some(verdict.status()),
            headline: verdict.status().name().to_owned(),
            score: format!("{} · threshold {}", score(verdict), verdict.threshold()),
            caveats: caveats(verdict, details),
            identity: identity.into_iter().flatten().collect(),
            images: [&details.user_image, &details.ref_image],
        }
    }
}

pub fn sheet(photos: &[Print; 2], subject: &Subject<'_>) -> Sheet {
    let colour = colour(subject.status);
    let [user, reference] = photos;
    let [of_user, of_reference] = subject.images;
    let lines = vec![
        subject.headline.clone(),
        subject.score.clone(),
        subject.identity.join(" · "),
        subject.caveats.join(" · "),
    ];
    let panels = vec![
        panel("User image", user, of_user, colour),
        panel("Reference image", reference, of_reference, colour),
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

fn caveats(verdict: &Verdict, details: &AnswerDetails) -> Vec<String> {
    let downgraded_by =
        verdict.downgraded_by().map(|why| format!("Approved, but {why}: reported as In Review"));
    let sandbox = verdict.is_sandbox().then(|| SANDBOX.to_owned());
    let settled = verdict.is_settled().then(|| "settled by a review".to_owned());
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
