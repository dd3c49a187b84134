//! How the photos are prepared before they are sent. The comments are help texts.

use clap::Args;

use crate::values::quantity::PhotoSize;

#[derive(Args, Clone, Copy, Debug)]
pub struct PrepareOptions {
    /// Convert photos over SIZE (500KB, 1.5MB; default 5MB), or in another format, to JPEG
    #[arg(long, value_name = "SIZE", num_args = 0..=1, require_equals = true, default_missing_value = "5MB")]
    pub fit: Option<PhotoSize>,

    /// Check both photos first; send nothing if one is unusable
    #[arg(long)]
    pub check: bool,

    /// Strip EXIF (including GPS), XMP, IPTC and comments
    #[arg(long)]
    pub strip_metadata: bool,
}
