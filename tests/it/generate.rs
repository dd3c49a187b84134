//! The checked-in completions and manual pages are what the program prints.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap_complete::{Generator, Shell};
use didit_face::cli;

use crate::support::Tool;

const RENEW: &str = "out of step; run packaging/generate";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn generated_completions_match_the_files() {
    for shell in Shell::value_variants() {
        let path = folder("completions").join(shell.file_name("didit-face"));
        let printed = Tool::plain().args(["completions", &shell.to_string()]).run();
        let file = fs::read_to_string(&path).unwrap_or_default();
        assert!(file == printed.stdout, "{}: {RENEW}", path.display());
    }
}

#[test]
fn generated_manual_pages_match_the_files() {
    let pages = tempfile::tempdir().unwrap();
    Tool::plain().args(["man", "--dir"]).arg(pages.path()).run().exits(0);
    let pages: Vec<_> = pages.path().read_dir().unwrap().map(|page| page.unwrap().path()).collect();
    for page in &pages {
        let path = folder("man").join(page.file_name().unwrap());
        let file = fs::read_to_string(&path).unwrap_or_default();
        assert!(file == fs::read_to_string(page).unwrap(), "{}: {RENEW}", path.display());
    }
    assert_eq!(folder("man").read_dir().unwrap().count(), pages.len(), "stale files in man/");
}

#[test]
fn every_visible_option_has_a_place_in_the_manual() {
    for command in cli::visible_command().get_subcommands() {
        let page = Tool::plain().args(["man", command.get_name()]).run();
        let page = page.stdout.replace('\\', "");
        for option in command.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(page.contains(&format!("--{option}")), "{}: {option}", command.get_name());
        }
    }
}
