//! `--help`, `man` and `completions`: what they show and hide.

use didit_face::cli::{self, pages};

use crate::support::Tool;

/// The command lines of the examples, each on one line.
fn commands(page: &pages::Page) -> Vec<String> {
    let joined = page.examples.replace("\\\n ", "").replace("|\n ", "|");
    joined.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn every_command_has_a_page_with_two_or_three_examples() {
    for command in cli::command().get_subcommands() {
        let page = pages::of(command.get_name());
        let count = page.map_or(0, |page| commands(page).len());
        assert!((2..=3).contains(&count), "cli/pages.rs: {}", command.get_name());
    }
    assert_eq!(cli::command().get_subcommands().count(), pages::PAGES.len());
}

#[test]
fn every_example_is_a_command_line() {
    for line in pages::PAGES.iter().flat_map(commands) {
        // Our part of the pipe.
        let words = line.split_whitespace().skip_while(|w| *w != "didit-face");
        let words = words.take_while(|w| !["|", ">", "<"].contains(w));
        let mut words: Vec<_> = words.map(Into::into).collect();
        if line.contains("xargs") {
            words.push("7cdda24e-311a-46d3-a3bb-e5d9b564ce73".into());
        }
        let parsed = cli::Cli::parse_arguments(&words);
        assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
    }
}

#[test]
fn help_ends_with_examples() {
    for page in pages::PAGES {
        for flag in ["--help", "-h"] {
            let help = Tool::plain().args([page.command, flag]).run();
            help.exits(0);
            assert!(help.stdout.replace("\n  ", "\n").ends_with(page.examples), "{}", help.stdout);
        }
    }
}

#[test]
fn help_hides_settings_that_mean_nothing_to_the_command() {
    for (command, shown, hidden) in [
        ("match", ["--api-url", "--retries"].as_slice(), ["--auth-url"].as_slice()),
        ("register", &["--auth-url", "--timeout"], &["--api-url"]),
        ("report", &["--color", "--quiet"], &["--retries", "--api-url", "--timeout", "--cacert"]),
        ("completions", &[], &["--retries", "--json", "--color"]),
    ] {
        let help = Tool::plain().args([command, "--help"]).run();
        let has = |flag: &&str| help.stdout.contains(flag);
        assert!(shown.iter().all(has), "{command}: {}", help.stdout);
        assert!(!hidden.iter().any(has), "{command}: {}", help.stdout);
    }
}

#[test]
fn hidden_settings_are_accepted_before_and_after_the_command() {
    let first = Tool::plain().args(["man"]).run();
    for arguments in [
        ["--retries", "3", "--api-url", "https://a.example", "man"],
        ["man", "--retries", "3", "--api-url", "https://a.example"],
    ] {
        let run = Tool::plain().args(arguments).run();
        run.exits(0);
        assert_eq!(run.stdout, first.stdout);
    }
}

#[test]
fn man_prints_the_main_page_or_that_of_a_command() {
    let main = Tool::plain().arg("man").run();
    main.exits(0);
    for heading in ["NAME", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
        assert!(
            main.stdout
                .contains(&format!(".SH {heading}\n").replace("EXIT STATUS", "\"EXIT STATUS\"")),
            "{heading}"
        );
    }
    for page in pages::PAGES {
        assert!(main.stdout.replace('\\', "").contains(&format!("didit-face-{}(1)", page.command)));
        let own = Tool::plain().args(["man", page.command]).run();
        own.exits(0).stdout_has(".SH EXAMPLES");
    }
    Tool::plain().args(["man", "mach"]).run().fails(2).stderr_has("match");
}

#[test]
fn man_writes_all_pages_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    Tool::plain().args(["man", "--dir", path]).run().exits(0);
    assert_eq!(folder.path().read_dir().unwrap().count(), pages::PAGES.len() + 1);
    let missing = folder.path().join("missing");
    let run = Tool::plain().args(["man", "--dir", missing.to_str().unwrap()]).run();
    run.fails(11).stderr_has("missing").stderr_has("no such folder");
}
