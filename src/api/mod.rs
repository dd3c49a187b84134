//! The service: one method for each endpoint, bytes and status out.

pub mod account;
mod base;
pub mod billing;
mod cause;
mod face_match;
mod failure;
mod gate;
pub mod proxy;
mod retry;
pub mod session;
mod transport;

pub use base::Base;
pub use face_match::{Encoded, FaceMatch};
pub use gate::{Alone, Gate};
pub use transport::{Answer, CaFile, Client, Connection, Event, Observer};
