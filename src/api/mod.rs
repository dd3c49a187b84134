//! The client of the service: one method for each endpoint, which returns status and body.

pub mod account;
pub mod billing;
mod error_body;
mod face_match;
mod failure;
mod provenance;
mod request;
mod retry;
pub mod route;
pub mod session;
mod status;
mod tls;
mod transport;
mod upload;

pub use account::Application;
pub use face_match::FaceMatch;
pub use provenance::Answer;
pub use request::{Event, Observer};
pub use retry::{Alone, Gate};
pub use route::Base;
pub use tls::CaFile;
pub use transport::{Client, Connection};
