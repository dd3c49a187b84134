//! Every threshold of the pre-flight, each with its reason.
//!
//! A photo *fails* when it would be refused, or when the face in it is as good as not there; it
//! *warns* when a verdict is to be had but is worth less. The portrait standards (ISO/IEC
//! 19794-5, ICAO Doc 9303) are made for passports: they ask for more than a comparison needs,
//! so they set no limit here but where it says so.

/// A face lower than this fails: the comparison sees it at 150 pixels, so nine of ten of those
/// would be made up. The astronaut's portrait, shrunk until its face was 40 pixels high, was
/// 0.4 away from itself, two thirds of the way to another person. (19794-5 asks for 180 pixels
/// from ear to ear.)
pub const LOWEST_FACE: f32 = 40.0;

/// A face lower than this warns: the built-in engine's own limit.
pub const LOW_FACE: f32 = crate::engine::quality::MIN_FACE_HEIGHT;

/// Two faces of which the smaller is at least this high, in heights of the larger: which of
/// them is compared hangs on a few pixels. (19794-5: one person a portrait.)
pub const RIVAL: f32 = 0.75;

/// A head turned aside by more degrees than this warns: half of the face begins to be hidden.
/// (19794-5 asks for 5; the estimate alone is not as exact as that.)
pub const TURNED_ASIDE: f32 = 30.0;

/// A head tilted by more degrees than this warns: the detector was trained on upright faces
/// and finds fewer from here on. (19794-5: 5 to 8; a tilt is undone before the comparison.)
pub const TILTED: f32 = 25.0;

/// A box that reaches out of the picture by more than this part of its side: cut off. The
/// detector guesses the hidden part of a box.
pub const CUT_OFF: f32 = 0.06;

/// A face with less sharpness than this warns: the built-in engine's own limit, in thousandths.
pub const BLURRED: f32 = 1000.0 * crate::engine::quality::MIN_SHARPNESS;

/// Sharpness below which a face fails: blurred so, the sample portraits were 0.6 or more away
/// from themselves, which is another person.
pub const SMEARED: f32 = 2.0;

/// The mean grey value below which a face warns, and fails: the sample portraits, darkened to
/// it, lost a tenth, and most, of their grey values to rounding.
pub const DARK: [f32; 2] = [50.0, 15.0];

/// The mean grey value above which a face warns, and fails.
pub const BRIGHT: [f32; 2] = [215.0, 242.0];

/// The span of grey values below which a face warns, and fails. (19794-5 asks for 7 bits, 128
/// values, in the face; the samples have 140 to 220.)
pub const FLAT: [f32; 2] = [64.0, 16.0];

/// The part of the face's pixels that may be as good as black or white. (19794-5 and Doc 9303:
/// neither under- nor overexposed, no bright spots; they give no number.)
pub const CLIPPED: f32 = 0.15;
