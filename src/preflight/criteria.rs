//! Every threshold of the pre-flight, each with its reason.
//!
//! A photo *fails* when it would be refused, or when the face in it is as good as not there; it
//! *warns* when a verdict is to be had but is worth less. Measured: two of the sample portraits
//! (astronaut, Hopper) were made worse step by step and compared with themselves by the built-in
//! engine, for which 0 is the same photo and 0.6 the limit of one person. Warned is where they
//! were about 0.25 away, failed where they were 0.4 to 0.5 away. That is two portraits and not
//! Didit's engine: a guide, not a law.
//!
//! The portrait standards (ISO/IEC 19794-5, ICAO Doc 9303) are made for passports and ask for
//! more than a comparison needs; what they ask for is named where they speak of the same thing.

/// Pixels below which the face warns (the built-in engine's own limit, 0.16-0.18 away), and
/// fails (0.34-0.44). 19794-5: a head at least 180 pixels wide.
pub const LOW_FACE: [f32; 2] = [crate::engine::quality::MIN_FACE_HEIGHT, 30.0];

/// A head turned aside by more degrees than this warns: half of the face begins to be hidden.
/// 19794-5 asks for 5, which an estimate from three points can't tell.
pub const TURNED_ASIDE: f32 = 30.0;

/// A head tilted by more degrees than this warns: half of the way to another quarter turn. A
/// tilt is undone before faces are compared. 19794-5 asks for 5.
pub const TILTED: f32 = 25.0;

/// A box that reaches out of the picture by more than this part of its side: the detector only
/// guesses what is cut off there. 19794-5: the whole head, ear to ear, crown to chin.
pub const CUT_OFF: f32 = 0.06;

/// Sharpness, in thousandths, below which a face warns (the built-in engine's own limit, 0.31
/// away), and fails (0.5). The samples have 150 to 770.
pub const BLURRED: [f32; 2] = [1000.0 * crate::engine::quality::MIN_SHARPNESS, 2.0];

/// The mean grey value below which a face warns (0.22-0.23 away), and fails (0.37-0.45).
pub const DARK: [f32; 2] = [50.0, 10.0];

/// The mean grey value above which a face warns (0.23-0.26 away), and fails (0.41-0.5).
pub const BRIGHT: [f32; 2] = [218.0, 240.0];

/// The span of grey values below which a face warns (0.22-0.23 away), and fails (0.37-0.5).
/// 19794-5 asks for 7 bits, 128 values, in the face; the samples have 121 to 189.
pub const FLAT: [f32; 2] = [50.0, 14.0];

/// The part of a face that may be as good as black or white (0.17-0.26 away). 19794-5 and Doc
/// 9303: neither under- nor overexposed, no bright spots; they give no number.
pub const CLIPPED: f32 = 0.2;
