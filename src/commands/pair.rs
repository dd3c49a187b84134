//! What `match` and `batch` share before a pair is judged.

use crate::api::FaceMatch;
use crate::cli::options::SentOptions;
use crate::photo::Photo;
use crate::prepare::Remark;
use crate::render::Console;
use crate::values::tag::RequestTag;

pub(super) fn request(user: Photo, reference: Photo, options: &SentOptions) -> FaceMatch {
    FaceMatch {
        user_image: user,
        ref_image: reference,
        threshold: options.threshold,
        rotate: options.rotate,
        save: !options.no_save,
        vendor_data: options.vendor_data.clone().filter(|data| !data.is_empty()),
        metadata: options.metadata.clone(),
        tag: (!options.no_tag).then(RequestTag::random),
    }
}

pub(super) fn tell(remark: &Remark, console: &Console) {
    match remark {
        Remark::Note(text) => console.note(text),
        Remark::Warning(text) => console.warn(text),
    }
}
