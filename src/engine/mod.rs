//! The built-in engine compares two photos, and answers in the service's JSON format.
//!
//! Its networks and geometry are the crate in `engine/`; here, photos are decoded for it.

pub mod answer;
mod error;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bytes::Bytes;
use image::RgbImage;
use rust_decimal::Decimal;

pub use didit_face_engine::{
    Attributes, Detection, Embedding, Face, Flaw, Portrait, Rotation, VERSION, detector, measure,
    pyramid, quality,
};
pub use error::{CompareError, EngineError, Role};

use crate::picture::decode;
use crate::verdict::Score;
use didit_face_engine::{Networks, similarity};

/// Two photos compared by their largest faces.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub user: Portrait,
    pub reference: Portrait,
    /// The distance between the embeddings, 0 to 2; `None` if a photo shows no face.
    pub distance: Option<f32>,
    pub score: Option<Score>,
}

/// Cheap to create, and shareable between threads.
pub struct Engine {
    networks: Networks,
}

/// How many photos are being looked at.
static BUSY: AtomicUsize = AtomicUsize::new(0);

impl Engine {
    pub const fn new() -> Self {
        Self { networks: Networks::new() }
    }

    /// Compares the largest faces of two photos, in parallel if there is a core to spare.
    pub fn compare(
        &self,
        user: &Bytes,
        reference: &Bytes,
        rotation: Rotation,
    ) -> Result<Comparison, CompareError> {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let is_alone = BUSY.fetch_add(1, Ordering::Relaxed) < cores - 1;
        let look = |photo, role| {
            self.inspect(photo, rotation).map_err(|error| CompareError { role, error })
        };
        let (user, reference) = if is_alone {
            thread::scope(|scope| {
                // Beside the decoding. Errors surface where a network is used.
                if !self.networks.are_loaded() {
                    scope.spawn(|| self.networks.load());
                }
                BUSY.fetch_add(1, Ordering::Relaxed);
                let reference = scope.spawn(|| look(reference, Role::Reference));
                let user = look(user, Role::User);
                let reference = reference.join();
                BUSY.fetch_sub(1, Ordering::Relaxed);
                (user, reference.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        } else {
            (look(user, Role::User), look(reference, Role::Reference))
        };
        BUSY.fetch_sub(1, Ordering::Relaxed);
        let (user, reference) = (user?, reference?);
        let distance = user.embedding.as_ref().zip(reference.embedding.as_ref());
        let distance = distance.map(|(a, b)| a.distance(b));
        let score = distance.and_then(score);
        Ok(Comparison { user, reference, distance, score })
    }

    /// Detects and describes the faces of one photo.
    pub fn inspect(&self, photo: &Bytes, rotation: Rotation) -> Result<Portrait, EngineError> {
        Ok(self.networks.inspect(decode::upright(photo)?, rotation)?)
    }

    /// Examines `picture`, rotating it only if it shows no upright face as it is.
    pub fn examine(&self, picture: RgbImage) -> Result<Portrait, EngineError> {
        Ok(self.networks.examine(picture)?)
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

pub fn score(distance: f32) -> Option<Score> {
    Score::new(Decimal::new(similarity::hundredths(distance).into(), 2))
}
