//! Networks that are loaded on first use.

use std::sync::OnceLock;

use anyhow::{Result, anyhow};

/// An embedded network, loaded on first use. `models/README.md` documents their origins.
pub struct Lazy<T> {
    name: &'static str,
    read: fn() -> Result<T>,
    loaded: OnceLock<Result<T, String>>,
}

impl<T> Lazy<T> {
    pub(super) const fn new(name: &'static str, read: fn() -> Result<T>) -> Self {
        Self { name, read, loaded: OnceLock::new() }
    }

    /// Loads the network unless it is loaded; concurrent callers wait.
    pub fn load(&self) -> Result<&T> {
        let loaded = self.loaded.get_or_init(|| (self.read)().map_err(|e| e.to_string()));
        loaded.as_ref().map_err(|e| anyhow!("cannot load {}: {e}", self.name))
    }

    pub(super) fn is_loaded(&self) -> bool {
        self.loaded.get().is_some()
    }
}
