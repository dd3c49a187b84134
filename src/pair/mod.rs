//! What one comparison is, for `match` and `batch` alike: its options, its request, and who judges it.

mod judge;
mod options;
mod sent;

pub use judge::{Judged, Mode, engine_name};
pub use options::{PairOptions, SentOptions};

use crate::api::FaceMatch;
use crate::error::Result;
use crate::prepare::{Prepared, Remark, both};
use crate::values::ids::RequestTag;

/// Said before a credit is spent.
const SAME_FILE: &str =
    "both photos are the same picture (the same file), so a match would prove nothing";

/// Width and height of each photo that was encoded again, in pixels.
pub type Sizes = [Option<(u32, u32)>; 2];

/// The request of two prepared photos, and their sizes if they were encoded again. `say` is told what
/// is odd about them.
pub fn request(
    user: Result<Prepared>,
    reference: Result<Prepared>,
    options: &SentOptions,
    mut say: impl FnMut(&Remark),
) -> Result<(FaceMatch, Sizes)> {
    let (user, reference) = both(user, reference)?;
    user.remarks.iter().chain(&reference.remarks).for_each(&mut say);
    if user.photo.bytes() == reference.photo.bytes() {
        say(&Remark::Warning(SAME_FILE.to_owned()));
    }
    let request = FaceMatch {
        user_image: user.photo,
        ref_image: reference.photo,
        threshold: options.threshold,
        rotate: options.rotate,
        save: !options.no_save,
        vendor_data: options.vendor_data.clone().filter(|data| !data.is_empty()),
        metadata: options.metadata.clone(),
        tag: (!options.no_tag).then(RequestTag::random),
    };
    Ok((request, [user.size, reference.size]))
}
