//! The picture of a pair that was judged.

use image::Rgb;

use super::banner::Banner;
use super::panel::{Face, Panel};
use super::placement::turn;
use super::{AMBER, GREEN, Print, RED, Sheet, faces_in_words, turn_in_words};
use crate::render::verdict::{SANDBOX, in_short, score};
use crate::verdict::answer::{AnswerDetails, ImageDetails};
use crate::verdict::{Status, Verdict};

/// The user image and the reference image, under the verdict.
pub fn sheet(photos: &[Print; 2], report: &AnswerDetails, verdict: &Verdict) -> Sheet {
    let colour = colour(verdict.status());
    let [user, reference] = photos;
    let lines = [
        verdict.status().name().to_owned(),
        format!("{} · threshold {}", score(verdict), verdict.threshold()),
        reservations(verdict, report),
    ];
    let panels = vec![
        panel("User image", user, &report.user_image, colour),
        panel("Reference image", reference, &report.ref_image, colour),
    ];
    Sheet { banner: Banner { colour, lines }, panels }
}

fn panel(title: &str, print: &Print, report: &ImageDetails, colour: Rgb<u8>) -> Panel {
    let turn = turn(report.best_angle);
    let boxed = report.faces.iter().map(|face| Face { bbox: face.bbox, label: in_short(face) });
    let facts = [Some(faces_in_words(report.faces.len(), "compared")), turn_in_words(turn)];
    Panel {
        print: Some(print.clone()),
        turn,
        faces: boxed.collect(),
        colour,
        title: format!("{title}: {}", print.name()),
        facts: facts.into_iter().flatten().collect(),
        remarks: None,
    }
}

/// What else a reader has to know of the verdict.
fn reservations(verdict: &Verdict, report: &AnswerDetails) -> String {
    let downgraded_by =
        verdict.downgraded_by().map(|why| format!("Approved, but {why}: reported as In Review"));
    let sandbox = verdict.is_sandbox().then(|| SANDBOX.to_owned());
    let settled = verdict.is_settled().then(|| "settled by a review".to_owned());
    let engine = report.engine.as_ref().map(|engine| {
        format!("judged by the {} engine on this machine, not by Didit", engine.name)
    });
    let parts: Vec<_> = [sandbox, downgraded_by, settled, engine].into_iter().flatten().collect();
    parts.join(" · ")
}

fn colour(status: Status) -> Rgb<u8> {
    match status {
        Status::Approved => GREEN,
        Status::Declined => RED,
        Status::InReview => AMBER,
    }
}
