//! The event loop that requests run on, while their caller waits.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// One for the process. It is never shut down, which would wait for names that can't be resolved.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// A thread of its own sees at once when the service closes an idle connection: on the caller's
/// thread, the next request would be sent into it, and lost.
pub(super) fn runtime() -> io::Result<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(RUNTIME.get_or_init(|| runtime))
}
