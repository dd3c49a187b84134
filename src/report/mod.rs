//! The report: one page that needs nothing but itself.
//!
//! Names in a journal may be hostile. They reach the page in two ways only: as JSON that
//! can't end its script element, to be set as text by the page's own script, and as
//! escaped text. A policy in the page forbids every other script and all of the network.

mod histogram;
mod page;
mod row;
#[cfg(feature = "engine")]
mod thumbnail;

pub use page::page;
pub use row::{Rows, Verdict};
#[cfg(feature = "engine")]
pub use thumbnail::add as add_thumbnails;

/// `text` as it may stand between tags or in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
