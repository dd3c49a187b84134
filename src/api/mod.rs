//! The client of the service: one method for each endpoint, which returns status and body.

pub mod account;
mod answer;
mod base;
pub mod billing;
mod cause;
mod face_match;
mod failure;
mod gate;
mod handshake;
mod login;
mod observer;
mod provenance;
pub mod proxy;
mod request;
mod retry;
mod runtime;
mod said;
pub mod session;
pub mod sessions;
mod status;
mod tls;
mod transport;
mod upload;

pub use answer::Answer;
pub use base::Base;
pub use face_match::FaceMatch;
pub use gate::{Alone, Gate};
pub use login::Application;
pub use observer::{Event, Observer};
pub use tls::CaFile;
pub use transport::{Client, Connection};
