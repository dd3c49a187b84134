//! Small types that carry a rule, and the text they are written in.

pub mod digest;
pub mod email;
pub mod json;
pub mod money;
pub mod seconds;
pub mod secret;
pub mod session;
pub mod size;
pub mod text;
