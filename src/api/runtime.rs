//! The event loop that requests run on while their caller waits.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// One per process. It is never shut down: that would wait for pending name lookups.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// On its own thread, it notices at once when the service closes an idle connection. On the caller's
/// thread, the next request would go into that connection and be lost.
pub(super) fn runtime() -> io::Result<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(RUNTIME.get_or_init(|| runtime))
}
