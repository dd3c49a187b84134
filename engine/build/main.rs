//! Prepares the engine's models.

#![allow(clippy::print_stdout, reason = "that is how a build script speaks to cargo")]

mod weights;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build");
    weights::write_all()?;
    Ok(())
}
