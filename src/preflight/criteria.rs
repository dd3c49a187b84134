//! The thresholds of the pre-flight check, and where they come from.
//!
//! A photo *fails* if it would be refused or its face is practically absent; it *warns* if the
//! verdict would be less reliable. `quality` in the engine's crate decides when a comparison warns of size, blur
//! and darkness; here is what fails. The figures in brackets are from version 1 of the engine
//! (dlib): two sample portraits (astronaut, Hopper) were degraded step by step and compared with the
//! originals, where 0 was the same photo and 0.6 the limit for one person. A photo warns from a
//! distance of about 0.25 and fails from 0.4 to 0.5: a guide, not a law.
//!
//! The portrait standards (ISO/IEC 19794-5, ICAO Doc 9303) are for passports, and stricter than a
//! comparison needs; they are quoted where they cover the same property.

/// Minimum face height in pixels. 19794-5: a head at least 180 pixels wide.
pub const LOW_FACE: f32 = 20.0;

/// Maximum yaw in degrees: beyond it, half of the face starts to be hidden. 19794-5 asks for 5,
/// which an estimate from three landmarks can't resolve.
pub const TURNED_ASIDE: f32 = 30.0;

/// Maximum roll in degrees: about halfway to the point where another quarter turn fits better.
/// Faces are levelled before they are compared. 19794-5 asks for 5.
pub const TILTED: f32 = 25.0;

/// The maximum share of the bounding box's side outside the picture: the detector only guesses what
/// is cut off. 19794-5: the whole head, ear to ear, crown to chin.
pub const CUT_OFF: f32 = 0.06;

/// Minimum sharpness in thousandths (0.5). The samples have 150 to 770.
pub const BLURRED: f32 = 2.0;

/// The overlap of two boxes (intersection over union) above which they show the same face.
pub const SAME_FACE: f32 = 0.5;

/// The distance of two embeddings under which two renderings of one photo show the same face: a score
/// of 90, which 65 % of the pairs of one person in different photos reach.
pub const SAME_PICTURE: f32 = 0.85;

/// Minimum mean grey value of a dark face (0.37-0.45).
pub const DARK: f32 = 10.0;

/// Maximum mean grey value, to warn (0.23-0.26) and to fail (0.41-0.5).
pub const BRIGHT: [f32; 2] = [218.0, 240.0];

/// Minimum range of grey values, to warn (0.22-0.23) and to fail (0.37-0.5). 19794-5 asks for 7
/// bits, 128 values, in the face; the samples have 121 to 189.
pub const FLAT: [f32; 2] = [50.0, 14.0];

/// The maximum share of the face that is nearly black or white (0.17-0.26). 19794-5 and Doc 9303
/// give no number: neither under- nor overexposed, no bright spots.
pub const CLIPPED: f32 = 0.2;
