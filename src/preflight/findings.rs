//! Problems of a photo, each with advice.

use super::CheckOptions;
use super::criteria as limit;
use crate::engine::Portrait;
use crate::engine::detector::{Detection, overlap};
use crate::engine::measure::Measures;
use crate::engine::quality::{self, Flaw};
use crate::photo::{Foreign, Format, LIMIT, ambiguous, is_decodable};
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

    pub(super) fn fails(code: &'static str, what: impl Into<String>, advice: &'static str) -> Self {
        Self::new(Level::Fails, code, what, advice)
    }

    fn warns(code: &'static str, what: impl Into<String>, advice: &'static str) -> Self {
        Self::new(Level::Warns, code, what, advice)
    }

    pub fn in_words(&self) -> String {
        format!("{}: {}", self.what, self.advice)
    }

    pub(super) fn undecodable(bytes: &[u8], error: picture::Error) -> Self {
        use picture::Error::{Damaged, TooLarge, TooSlow, Unsupported};
        let code = match (Format::of(bytes), error) {
            (_, TooLarge { .. } | TooSlow) => "pixels",
            (None, Damaged(_)) if is_decodable(bytes) => "damaged",
            (None, _) => {
                let kind = Foreign::of(bytes);
                if bytes.is_empty() {
                    return Self::fails("format", "empty file", "take or export it again");
                }
                let advice = kind.conversion().and_then(|advice| advice.lines().next());
                return Self::fails(
                    "format",
                    kind.to_string(),
                    advice.unwrap_or("choose another file"),
                );
            }
            (_, Unsupported(_)) => "unsupported",
            _ => "damaged",
        };
        Self::fails(code, error.to_string(), error.advice())
    }
}

/// Reasons for the service to refuse the file itself. `is_known`: it is a picture that
/// isn't damaged.
pub(super) fn of_file(bytes: &[u8], is_known: bool, options: CheckOptions) -> Vec<Finding> {
    const CONVERT: &str = "use --fit to convert it to JPEG";
    if options.fit || !is_known {
        return Vec::new();
    }
    let large = (bytes.len() > LIMIT).then(|| {
        let what = format!("{}, over the service's limit of 5 MB", megabytes(bytes.len()));
        Finding::fails("bytes", what, "use --fit to scale it down")
    });
    let foreign = Format::of(bytes).is_none().then(|| {
        let what = format!("{}; the service takes JPEG, PNG, WebP and TIFF", Foreign::of(bytes));
        Finding::fails("format", what, CONVERT)
    });
    let ambiguous = ambiguous::reason(bytes).map(|why| {
        Finding::warns("read-differently", format!("programs read it differently: {why}"), CONVERT)
    });
    [large, foreign, ambiguous].into_iter().flatten().collect()
}

/// Whether the colours under transparent pixels show other faces, for a service that ignores the
/// transparency.
pub(super) fn hidden(seen: &Portrait, below: &Portrait) -> Option<Finding> {
    let is_same = match (seen.largest(), below.largest()) {
        (Some(face), Some(other)) => {
            let distance = seen.embedding.as_ref().zip(below.embedding.as_ref());
            let distance = distance.map(|(face, other)| face.distance(other));
            overlap(&face.bbox, &other.bbox) > limit::SAME_FACE
                && distance.is_some_and(|distance| distance < limit::SAME_PICTURE)
        }
        (face, other) => face.is_none() && other.is_none(),
    };
    (!is_same || below.faces.len() > seen.faces.len()).then(|| {
        let what = "transparent pixels hide another face, which programs may show";
        Finding::warns("hidden-by-transparency", what, "use --fit to convert it to JPEG")
    })
}

pub(super) fn of_picture(seen: &Portrait, options: CheckOptions) -> Vec<Finding> {
    let Some(face) = seen.largest() else {
        let advice = "retake it with the whole face, from the front, in good light";
        return vec![Finding::fails("no-face", "no face found", advice)];
    };
    let turned = (seen.best_angle != 0 && !options.rotate).then(|| {
        let what = format!("looks rotated by {} degrees", seen.best_angle);
        Finding::warns("turned", what, "retry with --rotate")
    });
    let measured: Vec<_> = seen.measures.iter().flat_map(of_measures).collect();
    // Whatever else is wrong with a photo may be why its face is hard to recognise.
    let is_news = |flaw: &&Flaw| measured.is_empty() || **flaw != Flaw::HardToRecognise;
    let flaws = seen.flaws.iter().filter(is_news).filter_map(|flaw| of_flaw(*flaw, seen));
    let found = [turned, cut_off(face, seen.size)].into_iter().flatten().chain(flaws);
    found.collect::<Vec<_>>().into_iter().chain(measured).collect()
}

/// What the engine also warns about when it compares.
fn of_flaw(flaw: Flaw, seen: &Portrait) -> Option<Finding> {
    let measured = |measure: fn(&Measures) -> f32| seen.measures.as_ref().map(measure);
    let is_hopeless = match flaw {
        Flaw::SmallFace(height) => height < limit::LOW_FACE,
        Flaw::Blurred => measured(|m| m.sharpness).is_some_and(|value| value < limit::BLURRED),
        Flaw::Dark => measured(|m| m.brightness).is_some_and(|value| value < limit::DARK),
        _ => false,
    };
    let (code, what, advice) = match flaw {
        Flaw::Turned(_) => return None,
        Flaw::Doubtful => ("doubtful-face", flaw.to_string(), "use a photo of the person"),
        Flaw::Rival => {
            let others = seen.faces.len();
            let what = format!("{others} faces; another is nearly as large, or more central");
            ("several-faces", what, "crop it to the right face")
        }
        Flaw::Young(age) => {
            let what = format!("looks about {age:.0} years old; young children look alike");
            ("young-face", what, "let a person compare the photos")
        }
        Flaw::EyesCovered => ("covered-eyes", "eyes covered".into(), "take off dark glasses"),
        Flaw::MouthCovered => ("covered-mouth", "mouth covered".into(), "take off the mask"),
        Flaw::SmallFace(height) => {
            let what = format!("face only {height:.0} pixels high");
            ("small-face", what, "move closer, or send the original")
        }
        Flaw::Blurred => ("blurred", "blurred".into(), "hold the camera still, and focus"),
        Flaw::Dark => ("dark", "too dark".into(), "put more light on the face"),
        Flaw::OneSidedLight => ("one-sided-light", "light from one side".into(), "face the light"),
        Flaw::HardToRecognise => {
            ("hard-to-recognise", "hard to recognise".into(), "take another photo, from the front")
        }
    };
    let level = if is_hopeless { Level::Fails } else { Level::Warns };
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
    let below = |value: f32, [warn, fail]: [f32; 2]| {
        let level = if value < fail { Level::Fails } else { Level::Warns };
        (value < warn).then_some(level)
    };
    let bright = below(-brightness, limit::BRIGHT.map(|b| -b)).map(|level| {
        Finding::new(level, "bright", "too bright", "use less light, or a shorter exposure")
    });
    // Dark photos have low contrast anyway.
    let is_dark = brightness < quality::DARK[0];
    let flat = below(contrast, limit::FLAT).filter(|_| !is_dark).map(|level| {
        Finding::new(level, "flat", "little contrast", "use even light, and clean the lens")
    });
    let clipped = (clipped > limit::CLIPPED).then(|| {
        let what = format!("{:.0}% of the face is black or white", 100.0 * clipped);
        Finding::warns("clipped", what, "avoid hard light and flash")
    });
    [tilted, aside, bright, flat, clipped].into_iter().flatten().collect()
}
