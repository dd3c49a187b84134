//! The service: one method for each endpoint, bytes and status out.

mod base;
mod face_match;
mod failure;
mod gate;
mod retry;
mod transport;

pub use base::Base;
pub use face_match::{Encoded, FaceMatch};
pub use gate::{Alone, Gate};
pub use transport::{Answer, CaFile, Client, Connection, Event, Observer};
