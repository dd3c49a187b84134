//! A manifest: refused as a whole, or every row is a valid pair.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use clap::Parser as _;
use didit_face::batch::manifest::{Census, Manifest, Pair, Selection, Shard};
use didit_face::cli::{Cli, Command};
use didit_face::pair::PairOptions;

pub(crate) fn check(bytes: &[u8]) {
    let whole = census(bytes, Shard::default());
    let parts = ["1/2", "2/2"].map(|part| census(bytes, part.parse().expect("a part")));
    let Some(whole) = whole else { return assert!(parts.iter().all(Option::is_none)) };
    let parts: u64 = parts.iter().flatten().map(|census| census.pairs).sum();
    assert_eq!(whole.pairs, parts, "each pair is in one part");
    assert!(whole.pairs == whole.rows || !whole.has_ids, "only rows without ids can repeat others");
    let mut again = manifest(bytes, Shard::default());
    assert!(again.check(Path::new("/nowhere")).expect("checked before").is_ok());
    let pairs: Vec<Pair> =
        again.pairs().expect("checked before").map(|pair| pair.expect("checked before")).collect();
    assert_eq!(pairs.len() as u64, whole.pairs);
    let ids: HashSet<_> = pairs.iter().map(|pair| &pair.id).collect();
    assert_eq!(ids.len(), pairs.len(), "no duplicate ids");
    for pair in &pairs {
        assert!(pair.photos.iter().all(|photo| !photo.is_empty()) && !pair.id.is_empty());
        let threshold: f64 = pair.options.sent.threshold.to_string().parse().expect("a number");
        assert!((0.0..=100.0).contains(&threshold));
    }
}

/// What the check finds; `None` if it refuses.
fn census(bytes: &[u8], shard: Shard) -> Option<Census> {
    let problems = match manifest(bytes, shard).check(Path::new("/nowhere")).ok()? {
        Ok(census) => return Some(census),
        Err(problems) => problems,
    };
    assert_eq!(problems.first.len() as u64 + problems.more(), problems.count);
    assert!(problems.count > 0);
    None
}

pub(crate) fn manifest(bytes: &[u8], shard: Shard) -> Manifest {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    Manifest::new("pairs.csv".to_owned(), file, options(), Selection::new(shard, &[]))
}

fn options() -> &'static PairOptions {
    static OPTIONS: OnceLock<PairOptions> = OnceLock::new();
    OPTIONS.get_or_init(|| match Cli::parse_from(["didit-face", "match", "a", "b"]).command {
        Command::Match(arguments) => arguments.options,
        other => unreachable!("{other:?}"),
    })
}
