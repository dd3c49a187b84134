//! Problems of a photo, each with advice.

use super::CheckOptions;
use super::criteria as limit;
use crate::engine::detector::{Detection, overlap};
use crate::engine::examine::Examination;
use crate::engine::measure::Measures;
use crate::engine::quality::{self, Flaw};
use crate::photo::{Foreign, Format, LIMIT, ambiguous};
use crate::picture;
use crate::values::text::megabytes;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    #[default]
    Fine,
    /// The verdict would be less reliable.
    Warns,
    /// Unusable.
    Fails,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warns => "warns",
            Self::Fails => "fails",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub level: Level,
    /// A stable identifier for scripts.
    pub code: &'static str,
    pub what: String,
    pub advice: &'static str,
}

impl Finding {
    fn new(
        level: Level,
        code: &'static str,
        what: impl Into<String>,
        advice: &'static str,
    ) -> Self {
        Self { level, code, what: what.into(), advice }
    }

    pub fn in_words(&self) -> String {
        format!("{}: {}", self.what, self.advice)
    }

    pub(super) fn fails(code: &'static str, what: impl Into<String>, advice: &'static str) -> Self {
        Self::new(Level::Fails, code, what, advice)
    }

    fn warns(code: &'static str, what: impl Into<String>, advice: &'static str) -> Self {
        Self::new(Level::Warns, code, what, advice)
    }

    fn below(value: f32, [warn, fail]: [f32; 2]) -> Option<Level> {
        match value {
            v if v < fail => Some(Level::Fails),
            v if v < warn => Some(Level::Warns),
            _ => None,
        }
    }

    pub(super) fn undecodable(bytes: &[u8], error: &picture::Error) -> Self {
        let kind = Foreign::of(bytes);
        match (Format::of(bytes), error) {
            (_, picture::Error::TooLarge { .. } | picture::Error::TooSlow) => {
                Self::fails("pixels", error.to_string(), "make it smaller")
            }
            (Some(_), picture::Error::Unsupported(_)) => {
                Self::fails("unsupported", error.to_string(), error.advice())
            }
            (Some(_), _) => Self::fails("damaged", error.to_string(), error.advice()),
            (None, _) if bytes.is_empty() => {
                Self::fails("format", "empty file", "take or export it again")
            }
            (None, _) => Self::fails(
                "format",
                kind.to_string(),
                kind.conversion().unwrap_or("choose another file"),
            ),
        }
    }
}

/// Reasons for the service to refuse the file itself. `is_known`: we can decode it.
pub(super) fn of_file(bytes: &[u8], is_known: bool, options: CheckOptions) -> Vec<Finding> {
    let mut findings = Vec::new();
    if options.fit || !is_known {
        return findings;
    }
    if bytes.len() > LIMIT {
        let what = format!("{}, over the service's limit of 5 MB", megabytes(bytes.len()));
        findings.push(Finding::fails("bytes", what, "use --fit to scale it down"));
    }
    if Format::of(bytes).is_none() {
        let what = format!("{}; the service takes JPEG, PNG, WebP and TIFF", Foreign::of(bytes));
        findings.push(Finding::fails("format", what, "use --fit to convert it to JPEG"));
    }
    if let Some(why) = ambiguous::reason(bytes) {
        let what = format!("programs read it differently: {why}");
        findings.push(Finding::warns("read-differently", what, "use --fit to convert it to JPEG"));
    }
    findings
}

/// Whether the colours under transparent pixels show other faces, for a service that ignores the
/// transparency.
pub(super) fn hidden(seen: &Examination, below: &Examination) -> Option<Finding> {
    let is_same = match (seen.faces.first(), below.faces.first()) {
        (Some(seen), Some(below)) => overlap(&seen.bbox, &below.bbox) > limit::SAME_FACE,
        (seen, below) => seen.is_none() && below.is_none(),
    };
    (!is_same || below.faces.len() > seen.faces.len()).then(|| {
        let what = "transparent pixels hide another face, which programs may show";
        Finding::warns("hidden-by-transparency", what, "use --fit to convert it to JPEG")
    })
}

pub(super) fn of_picture(seen: &Examination, options: CheckOptions) -> Vec<Finding> {
    let Some(face) = seen.faces.first() else {
        let advice = "retake it with the whole face, from the front, in good light";
        return vec![Finding::fails("no-face", "no face found", advice)];
    };
    let turned = (seen.best_angle != 0 && !options.rotate).then(|| {
        let what = format!("needs rotating clockwise by {} degrees", seen.best_angle);
        Finding::warns("turned", what, "use --rotate")
    });
    let measured: Vec<_> = seen.measures.iter().flat_map(of_measures).collect();
    // Whatever else is wrong with a photo may be why its face is hard to recognise.
    let is_news = |flaw: &&Flaw| measured.is_empty() || **flaw != Flaw::HardToRecognise;
    let flaws = seen.flaws.iter().filter(is_news).filter_map(|flaw| of_flaw(*flaw, seen));
    let found = [turned, cut_off(face, seen.size)].into_iter().flatten().chain(flaws);
    let mut found: Vec<_> = found.collect();
    found.extend(measured);
    found
}

/// What the engine also warns about when it compares.
fn of_flaw(flaw: Flaw, seen: &Examination) -> Option<Finding> {
    let measures = seen.measures.as_ref();
    let at_least = |value: Option<f32>, fail: f32| {
        if value.is_some_and(|value| value < fail) { Level::Fails } else { Level::Warns }
    };
    let (level, code, what, advice) = match flaw {
        Flaw::Turned(_) => return None,
        Flaw::Doubtful => {
            (Level::Warns, "doubtful-face", flaw.to_string(), "use a photo of the person")
        }
        Flaw::Rival => {
            let others = seen.faces.len();
            let what = format!("{others} faces; another is nearly as large, or more central");
            (Level::Warns, "several-faces", what, "crop it to the right face")
        }
        Flaw::Young(age) => {
            let what = format!("looks about {age:.0} years old; young children look alike");
            (Level::Warns, "young-face", what, "let a person compare the photos")
        }
        Flaw::EyesCovered => {
            (Level::Warns, "covered-eyes", "eyes covered".to_owned(), "take off dark glasses")
        }
        Flaw::MouthCovered => {
            (Level::Warns, "covered-mouth", "mouth covered".to_owned(), "take off the mask")
        }
        Flaw::SmallFace(height) => {
            let what = format!("face only {height:.0} pixels high");
            let level = at_least(Some(height), limit::LOW_FACE);
            (level, "small-face", what, "move closer, or send the original")
        }
        Flaw::Blurred => {
            let level = at_least(measures.map(|m| m.sharpness), limit::BLURRED);
            (level, "blurred", "blurred".to_owned(), "hold the camera still, and focus")
        }
        Flaw::Dark => {
            let level = at_least(measures.map(|m| m.brightness), limit::DARK);
            (level, "dark", "too dark".to_owned(), "put more light on the face")
        }
        Flaw::OneSidedLight => {
            let what = "light from one side".to_owned();
            (Level::Warns, "one-sided-light", what, "face the light")
        }
        Flaw::HardToRecognise => {
            let what = "hard to recognise".to_owned();
            (Level::Warns, "hard-to-recognise", what, "take another photo, from the front")
        }
    };
    Some(Finding::new(level, code, what, advice))
}

fn cut_off(face: &Detection, (width, height): (u32, u32)) -> Option<Finding> {
    let [left, top, right, bottom] = face.bbox;
    #[allow(clippy::cast_precision_loss, reason = "sides are far below 2^24")]
    let [width, height] = [width as f32, height as f32];
    let outside = |low: f32, high: f32, side: f32| (-low).max(high - side) / (high - low);
    let most = outside(left, right, width).max(outside(top, bottom, height));
    (most > limit::CUT_OFF)
        .then(|| Finding::warns("cut-off", "face cut off by the edge", "show the whole face"))
}

fn of_measures(measures: &Measures) -> Vec<Finding> {
    let Measures { roll, yaw, brightness, contrast, clipped, .. } = *measures;
    let advice = "hold the camera straight, or turn the photo";
    let tilted = (roll.abs() > limit::TILTED).then(|| {
        Finding::warns("tilted", format!("head tilted by {:.0} degrees", roll.abs()), advice)
    });
    let aside = (yaw.abs() > limit::TURNED_ASIDE).then(|| {
        let what = format!("head turned sideways by about {:.0} degrees", yaw.abs());
        Finding::warns("turned-aside", what, "look at the camera")
    });
    let bright = Finding::below(-brightness, limit::BRIGHT.map(|b| -b)).map(|level| {
        Finding::new(level, "bright", "too bright", "use less light, or a shorter exposure")
    });
    // Dark photos have low contrast anyway.
    let is_dark = brightness < quality::DARK[0];
    let flat = Finding::below(contrast, limit::FLAT).filter(|_| !is_dark).map(|level| {
        Finding::new(level, "flat", "little contrast", "use even light, and clean the lens")
    });
    let clipped = (clipped > limit::CLIPPED).then(|| {
        let what = format!("{:.0}% of the face is black or white", 100.0 * clipped);
        Finding::warns("clipped", what, "avoid hard light and flash")
    });
    [tilted, aside, bright, flat, clipped].into_iter().flatten().collect()
}
