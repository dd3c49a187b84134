//! Looks at photos with the engine and prints what it measures, a JSON object per photo: for the
//! scripts in `benches/`. Reads the photos' paths from standard input.
//!
//! cargo run --release --example measure < paths.txt > measures.jsonl

use std::io::{self, BufRead as _, Write as _};
use std::sync::Mutex;
use std::{fs, thread};

use didit_face::engine::{Engine, Rotation};
use serde_json::json;

fn main() -> io::Result<()> {
    let paths: Vec<_> = io::stdin().lock().lines().collect::<io::Result<_>>()?;
    let (engine, paths) = (Engine::new(), Mutex::new(paths.into_iter()));
    let cores = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let work = || {
            while let Some(path) = paths.lock().ok().and_then(|mut paths| paths.next()) {
                let line = measured(&engine, &path)?;
                writeln!(io::stdout().lock(), "{line}")?;
            }
            Ok(())
        };
        let all: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        all.into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
    })
}

fn measured(engine: &Engine, path: &str) -> io::Result<serde_json::Value> {
    let Ok(portrait) = engine.inspect(&fs::read(path)?.into(), Rotation::AsIs) else {
        return Ok(json!({"path": path, "faces": null}));
    };
    let face = portrait.faces.first();
    let flaws: Vec<_> = portrait.flaws.iter().map(ToString::to_string).collect();
    Ok(json!({
        "path": path,
        "faces": portrait.faces.len(),
        "confidence": face.map(|face| face.detection.confidence),
        "age": face.and_then(|face| Some(face.attributes?.age)),
        "embedding": portrait.embedding.map(|embedding| embedding.raw.to_vec()),
        "measures": portrait.measures.map(|m| json!({
            "height": m.height, "yaw": m.yaw, "roll": m.roll, "sharpness": m.sharpness,
            "brightness": m.brightness, "highlight": m.highlight, "contrast": m.contrast,
            "clipped": m.clipped, "shade": m.shade, "eyes": m.eyes, "mouth": m.mouth,
            "norm": m.recognisability,
        })),
        "flaws": flaws,
    }))
}
