//! Small types that carry a rule, and formatting for text and JSON.

pub mod digest;
pub mod email;
pub mod json;
pub mod money;
pub mod number;
pub mod redact;
pub mod seconds;
pub mod secret;
pub mod session;
pub mod size;
pub mod system;
pub mod tag;
pub mod text;
