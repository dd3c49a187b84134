//! The account of every test.

pub(crate) const EMAIL: &str = "ann@mail.example";
pub(crate) const PASSWORD: &str = "MyStr0ng!Pass";
/// The emailed code.
pub(crate) const CODE: &str = "A3K9F2";
pub(crate) const NEW_KEY: &str = "sk-new.0a1b2c3d";
