//! Small types that carry a rule, and formatting for text and JSON.

pub mod digest;
pub mod ids;
pub mod json;
pub mod quantity;
pub mod secret;
pub mod system;
pub mod text;
