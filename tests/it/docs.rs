//! README and docs: links lead somewhere, options exist, and shell blocks run.

use std::fs;
use std::path::{Path, PathBuf};

use didit_face::cli::Cli;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page for readers, by its path in the repository.
fn pages() -> Vec<(PathBuf, String)> {
    let folders = ["", "docs", "fuzz", "engine/models", "assets/samples", "assets/fonts"];
    let files = folders.iter().flat_map(|folder| root().join(folder).read_dir().unwrap());
    let paths = files.map(|file| file.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|e| e == "md"));
    pages.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// A fenced block: its language, why it is not run (if it says so), and its lines.
#[cfg_attr(not(unix), expect(dead_code, reason = "blocks are run against `serve`"))]
struct Block {
    language: String,
    not_run: bool,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut before, mut open) = (Vec::new(), "", None::<Block>);
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                let not_run = before.starts_with("<!-- not run: ");
                open = Some(Block { language: language.to_owned(), not_run, text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
        before = line;
    }
    blocks
}

/// GitHub's anchor of a heading: lower case, no punctuation, hyphens for spaces.
fn anchors(page: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let slug = |heading: &str| {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(slug).collect()
}

fn links(page: &str) -> Vec<&str> {
    let ends = [("](", ')'), ("src=\"", '"'), ("srcset=\"", '"')];
    ends.iter()
        .flat_map(|(begin, end)| {
            page.split(begin).skip(1).filter_map(|rest| rest.split(*end).next())
        })
        .collect()
}

#[test]
fn links_lead_to_files_and_headings_that_exist() {
    for (path, page) in pages() {
        for link in links(&page).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target =
                if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: {link}", path.display());
            if !anchor.is_empty() {
                let anchors = anchors(&fs::read_to_string(&target).unwrap());
                assert!(anchors.iter().any(|a| a == anchor), "{}: {link}", path.display());
            }
        }
    }
}

#[test]
fn every_page_in_docs_is_linked_from_the_readme_which_stays_short() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.len() <= 8192, "{} bytes", readme.len());
    for (path, _) in pages() {
        if let Ok(page) = path.strip_prefix(root().join("docs")) {
            assert!(readme.contains(&format!("(docs/{}", page.display())), "{}", page.display());
        }
    }
}

#[test]
fn every_command_in_a_code_block_is_valid() {
    let mut count = 0;
    for (path, page) in pages().iter().filter(|(path, _)| !path.ends_with("CHANGELOG.md")) {
        for block in blocks(page) {
            let text = block.text.replace("\\\n", " ");
            for line in text.lines().filter(|line| line.contains("didit-face ")) {
                let calls =
                    line.split("didit-face ").skip(1).map(|call| format!("didit-face {call}"));
                for call in calls {
                    let call = call.split(['|', '>', ';', '#', ')', '&']).next().unwrap();
                    let words = call.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
                    let piped =
                        line.contains("xargs").then_some("7cdda24e-311a-46d3-a3bb-e5d9b564ce73");
                    let words: Vec<_> = words.chain(piped).map(Into::into).collect();
                    let parsed = Cli::parse_arguments(&words);
                    assert!(parsed.is_ok(), "{}: {call}: {}", path.display(), parsed.unwrap_err());
                    count += 1;
                }
            }
        }
    }
    assert!(count > 30, "{count}");
}

#[test]
fn every_test_that_a_promise_names_exists() {
    let page = fs::read_to_string(root().join("docs/promises.md")).unwrap();
    let quoted = page.split('`').skip(1).step_by(2).filter(|text| text.contains("::"));
    let mut count = 0;
    for path in quoted {
        let (module, name) = path.rsplit_once("::").unwrap();
        let file = module.trim_end_matches("::tests").replace("::", "/");
        let places = ["tests/it", "src"].map(|folder| root().join(folder).join(&file));
        let files = places.iter().flat_map(|place| {
            [place.with_extension("rs"), place.join("mod.rs"), place.join("tests.rs")]
        });
        let is_test = |file: PathBuf| {
            fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("fn {name}(")))
        };
        assert!(files.into_iter().any(is_test), "{path}");
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// In a comment above it, in each crate's manifest.
#[test]
fn every_dependency_has_a_reason() {
    let manifests = ["Cargo.toml", "engine/Cargo.toml"];
    let manifests = manifests.iter().filter_map(|n| fs::read_to_string(root().join(n)).ok());
    let mut count = 0;
    for manifest in manifests {
        for section in manifest.split("\n[").filter(|s| s.contains("dependencies]")) {
            let mut above = "";
            for line in section.lines().skip(1) {
                let is_crate = line.starts_with(char::is_alphanumeric) && line.contains('=');
                if is_crate {
                    assert!(above.starts_with("# "), "no reason above `{line}`");
                    count += 1;
                }
                above = line;
            }
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn the_tables_of_exit_codes_agree() {
    let table = fs::read_to_string(root().join("docs/exit-codes.md")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for (code, _) in didit_face::cli::pages::EXIT_CODES {
        assert!(table.contains(&format!("\n| {code} |")), "docs/exit-codes.md: {code}");
        assert!(readme.contains(&format!("| {code} | ")), "README.md: {code}");
    }
}

#[cfg(unix)]
mod run {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::{Command, Output};

    use super::*;

    const PHOTOS: [(&str, &str); 6] = [
        ("astronaut.png", "selfie.jpg"),
        ("astronaut_id_card.jpg", "id_photo.jpg"),
        ("astronaut.png", "selfies/1001.jpg"),
        ("astronaut_id_card.jpg", "cards/1001.png"),
        ("astronaut.png", "selfies/1002.jpg"),
        ("astronaut_id_card.jpg", "cards/1002.png"),
    ];

    /// A reader's folder: the samples, and the photos that the pages name.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        symlink(root().join("assets"), folder.path().join("assets")).unwrap();
        for (sample, name) in PHOTOS {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::copy(root().join("assets/samples").join(sample), file).unwrap();
        }
        folder
    }

    /// Runs a block in a clean shell with only the program on its path.
    fn shell(block: &str, folder: &Path, program: &Path, more: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        Command::new("bash")
            .args(["--norc", "-u", "-c", block])
            .current_dir(folder)
            .env_clear()
            .env("PATH", path)
            .env("HOME", folder)
            .envs(more.iter().copied())
            .output()
            .unwrap()
    }

    fn program() -> PathBuf {
        Path::new(env!("CARGO_BIN_EXE_didit-face")).parent().unwrap().to_owned()
    }

    /// Points the shell at a stand-in, in case a block forgets `--local`.
    fn with_stand_in(block: &str) -> String {
        format!(
            "didit-face serve --listen 127.0.0.1:0 --key your_key >.stand-in 2>/dev/null & stand_in=$!\n\
             trap 'kill $stand_in' EXIT\n\
             until grep -q DIDIT_API_KEY .stand-in; do kill -0 $stand_in || exit 99; sleep 0.1; done\n\
             . ./.stand-in\n{block}"
        )
    }

    #[test]
    fn shell_blocks_run_in_a_clean_folder() {
        let mut count = 0;
        for (path, page) in pages() {
            for block in blocks(&page).iter().filter(|b| b.language == "sh" && !b.not_run) {
                let folder = folder();
                let run = shell(&with_stand_in(&block.text), folder.path(), &program(), &[]);
                let said = String::from_utf8_lossy(&run.stderr);
                assert!(run.status.success(), "{}:\n{}{said}", path.display(), block.text);
                let has_comment = block.text.lines().any(|line| line.trim_start().starts_with('#'));
                assert!(!has_comment, "{}: zsh's prompt takes no comments", path.display());
                assert!(!said.contains("error:"), "{}:\n{}{said}", path.display(), block.text);
                count += 1;
            }
        }
        assert!(count >= 4, "only {count} blocks were found");
    }

    /// A session as a script: each command up to its pipe, and the files that it shows with `cat`.
    fn script(session: &str) -> String {
        let mut script = String::new();
        for step in session.strip_prefix("$ ").unwrap().split("\n$ ") {
            let (command, output) = step.split_once('\n').unwrap_or((step, ""));
            script += &match command.strip_prefix("cat ") {
                Some(file) => format!("cat >{file} <<'END'\n{output}\nEND\n"),
                None => format!("{}\n", command.split('|').next().unwrap()),
            };
        }
        script
    }

    #[test]
    fn console_sessions_run_in_a_clean_folder() {
        let mut count = 0;
        for (path, page) in pages() {
            let blocks = blocks(&page);
            let sessions = blocks.iter().filter(|b| b.language == "console" && !b.not_run);
            let scripts: Vec<_> = sessions.map(|block| script(&block.text)).collect();
            let all = with_stand_in(&format!("set -e\n{}", scripts.concat()));
            let run = shell(&all, folder().path(), &program(), &[]);
            let said = String::from_utf8_lossy(&run.stderr);
            assert!(run.status.success(), "{}:\n{all}{said}", path.display());
            count += scripts.len();
        }
        assert!(count >= 4, "only {count} sessions were found");
    }

    /// The `run:` steps of a GitHub workflow, except the installation.
    fn steps(workflow: &str) -> Vec<String> {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let lines: Vec<_> = workflow.lines().collect();
        let step = |(place, line): (usize, &&str)| {
            let (before, command) = line.split_once("run: ")?;
            let below = lines[place + 1..].iter().take_while(|next| indent(next) > before.len());
            match command {
                "|" => Some(below.copied().collect::<Vec<_>>().join("\n")),
                _ => Some(command.to_owned()),
            }
        };
        let steps = lines.iter().enumerate().filter_map(step);
        steps.filter(|step: &String| !step.starts_with("cargo install")).collect()
    }

    #[test]
    fn the_job_without_a_key_passes() {
        let page = fs::read_to_string(root().join("docs/ci.md")).unwrap();
        let steps = steps(&blocks(&page)[0].text);
        assert_eq!(steps.len(), 3, "{steps:?}");
        let (start, gates) = steps.split_first().unwrap();
        let gates: Vec<_> = gates.iter().map(|step| format!("(\n{step}\n)\n")).collect();
        let job = format!(
            "set -e\ntouch env\nexport GITHUB_ENV=$PWD/env RUNNER_TEMP=$PWD\n{start}\n\
             trap 'kill $!' EXIT\nset -a\n. ./env\nset +a\n{}",
            gates.concat()
        );
        let run = shell(&job, folder().path(), &program(), &[]);
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{job}{said}");
    }

    fn rehearsal() -> String {
        let page = fs::read_to_string(root().join("docs/getting-started.md")).unwrap();
        let rehearsal = blocks(&page).into_iter().find(|b| b.text.contains("didit-face serve"));
        rehearsal.unwrap().text
    }

    #[test]
    fn the_rehearsal_ends_with_a_verdict_and_leaves_nothing_behind() {
        let folder = folder();
        let temporary = ("TMPDIR", "tmp");
        fs::create_dir(folder.path().join("tmp")).unwrap();
        let block = rehearsal() + "env | grep DIDIT_ && exit 1; ls -A . tmp";
        let run = shell(&block, folder.path(), &program(), &[temporary]);
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(said.contains("Approved") && said.contains("exit code 0"), "{said}");
        let left = ".:\nassets\ncards\nid_photo.jpg\nselfie.jpg\nselfies\ntmp\n\ntmp:\n";
        assert!(said.ends_with(left), "{said}");
    }

    /// Wherever `serve` fails, not one request may go to the real service.
    #[test]
    fn the_rehearsal_stops_if_serve_dies_or_prints_no_url() {
        for serve in ["exit 11", "echo 'export DIDIT_API_KEY=k'; exec sleep 60"] {
            let folder = folder();
            let bin = folder.path().join("bin");
            fs::create_dir(&bin).unwrap();
            let stub = format!(
                "#!/bin/sh\n[ \"$1\" = serve ] && {{ {serve}; }}\necho \"$@\" >>\"$HOME/asked\"\n"
            );
            fs::write(bin.join("didit-face"), stub).unwrap();
            fs::set_permissions(bin.join("didit-face"), fs::Permissions::from_mode(0o755)).unwrap();
            let temporary = folder.path().join("tmp");
            fs::create_dir(&temporary).unwrap();
            let environment = [("DIDIT_API_KEY", "real"), ("TMPDIR", "tmp")];
            let run = shell(&rehearsal(), folder.path(), &bin, &environment);
            assert!(!run.status.success());
            assert_eq!(temporary.read_dir().unwrap().count(), 0, "it left files behind");
            assert!(!folder.path().join("asked").exists(), "it went on without serve");
        }
    }
}
