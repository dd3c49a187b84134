//! The thresholds of the pre-flight, with reasons.
//!
//! A photo *fails* if it would be refused or its face is practically absent; it *warns* if the verdict
//! would be less reliable. Measured: two sample portraits (astronaut, Hopper) were degraded step by
//! step and compared with the originals by the built-in engine, for which 0 is the same photo and
//! 0.6 the limit of one person. The limit to warn is at a distance of about 0.25, to fail at 0.4 to
//! 0.5. These are two portraits and not Didit's engine: a guide, not a law.
//!
//! The portrait standards (ISO/IEC 19794-5, ICAO Doc 9303) are for passports and ask for more than a
//! comparison needs; they are quoted where they cover the same property.

/// A face lower than this many pixels warns (the engine's own limit, at 0.16-0.18) or fails
/// (0.34-0.44). 19794-5: a head at least 180 pixels wide.
pub const LOW_FACE: [f32; 2] = [crate::engine::quality::MIN_FACE_HEIGHT, 30.0];

/// A head turned aside by more degrees warns: half of the face starts to be hidden. 19794-5 asks for
/// 5, which an estimate from three points can't tell.
pub const TURNED_ASIDE: f32 = 30.0;

/// A head tilted by more degrees warns: halfway to another quarter turn. Tilts are undone before
/// faces are compared. 19794-5 asks for 5.
pub const TILTED: f32 = 25.0;

/// A box that extends beyond the picture by more than this part of its side warns: the detector only
/// guesses what is cut off. 19794-5: the whole head, ear to ear, crown to chin.
pub const CUT_OFF: f32 = 0.06;

/// Less sharpness, in thousandths, warns (the engine's own limit, at 0.31) or fails (0.5). The
/// samples have 150 to 770.
pub const BLURRED: [f32; 2] = [1000.0 * crate::engine::quality::MIN_SHARPNESS, 2.0];

/// A lower mean grey value warns (0.22-0.23) or fails (0.37-0.45).
pub const DARK: [f32; 2] = [50.0, 10.0];

/// A higher mean grey value warns (0.23-0.26) or fails (0.41-0.5).
pub const BRIGHT: [f32; 2] = [218.0, 240.0];

/// A smaller span of grey values warns (0.22-0.23) or fails (0.37-0.5).
/// 19794-5 asks for 7 bits, 128 values, in the face; the samples have 121 to 189.
pub const FLAT: [f32; 2] = [50.0, 14.0];

/// A larger part of the face that is nearly black or white warns (0.17-0.26). 19794-5 and Doc 9303:
/// neither under- nor overexposed, no bright spots, without a number.
pub const CLIPPED: f32 = 0.2;
