//! Runs the built binary, isolated from the caller's environment.

use std::ffi::OsStr;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use predicates::Predicate;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

use super::{Photos, Service};

/// The default key of every run; no output may show it.
pub(crate) const KEY: &str = "sk-test.9f8e7d6c5b4a";

/// The longest that a run may take; reaching it means a hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// One run of the tool, at `-v` unless it is [`Tool::plain`].
pub(crate) struct Tool {
    command: assert_cmd::Command,
    secret: String,
    /// Keeps the photos until the run is over.
    folders: Vec<Arc<TempDir>>,
}

impl Tool {
    /// An environment with only `PATH`, and no arguments.
    pub(crate) fn plain() -> Self {
        let mut command = assert_cmd::cargo_bin_cmd!("didit-face");
        command.env_clear().timeout(PATIENCE);
        // Without SystemRoot, no socket opens on Windows.
        for name in ["PATH", "SystemRoot"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self { command, secret: KEY.to_owned(), folders: Vec::new() }
    }

    /// With the key, and `-v`, whose lines are separated from the others.
    pub(crate) fn new() -> Self {
        Self::plain().env("DIDIT_API_KEY", KEY).arg("-v")
    }

    /// With `base` as the service, and a timeout that fits a test.
    pub(crate) fn with_base(base: &str) -> Self {
        Self::new().env("DIDIT_API_URL", base).env("DIDIT_TIMEOUT", "10")
    }

    pub(crate) fn at(service: &Service) -> Self {
        Self::with_base(&service.base())
    }

    /// `match` of two photos, sent to `service`.
    pub(crate) fn matching(service: &Service, photos: &Photos) -> Self {
        Self::at(service).pair(photos)
    }

    pub(crate) fn pair(mut self, photos: &Photos) -> Self {
        self.folders.push(photos.share());
        self.arg("match").arg(&photos.user).arg(&photos.reference)
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<T: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Looks for `secret` in the output instead of [`KEY`].
    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.secret);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.command.write_stdin(bytes);
        self
    }

    /// Runs it, and checks that no output shows the key.
    pub(crate) fn run(mut self) -> Outcome {
        let output = self.command.output().expect("the tool starts");
        Outcome::new(&output, &self.secret)
    }

    /// Limits its address space, in kilobytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn within(self, kilobytes: u32) -> Self {
        let (secret, folders) = (self.secret.clone(), self.folders.clone());
        let shell = self.after(&format!("ulimit -v {kilobytes}"));
        let mut command = assert_cmd::Command::from_std(shell);
        command.timeout(PATIENCE);
        Self { command, secret, folders }
    }

    /// For tests that need the streams themselves.
    pub(crate) fn into_command(self) -> std::process::Command {
        let of = &self.command;
        let mut command = std::process::Command::new(of.get_program());
        command.env_clear().args(of.get_args());
        command.envs(of.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    }
}

/// A run's exit code and output.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    /// Without the lines of `-v`.
    pub(crate) stderr: String,
    /// The lines of `-v`.
    pub(crate) details: Vec<String>,
}

impl Outcome {
    pub(crate) fn of(output: &Output) -> Self {
        Self::new(output, KEY)
    }

    fn new(Output { status, stdout, stderr }: &Output, secret: &str) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let (stdout, stderr) = (text(stdout), text(stderr));
        assert!(
            !stdout.contains(secret) && !stderr.contains(secret),
            "the key is shown:\n{stdout}\n{stderr}"
        );
        assert!(!stderr.contains("hint: nothing was sent"), "not a hint: {stderr}");
        for line in stderr.lines().filter(|line| line.starts_with(r#"{"error""#)) {
            super::schema::conforms("error", &serde_json::from_str(line).expect("JSON"));
        }
        let (details, rest): (Vec<_>, Vec<_>) =
            stderr.split_inclusive('\n').partition(|line| is_detail(line));
        Self {
            code: status.code(),
            stdout,
            stderr: rest.concat(),
            details: details.into_iter().map(str::to_owned).collect(),
        }
    }

    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Exits with `code`, with nothing on stdout, and on stderr only one `error: ` line and any
    /// `hint: ` lines.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32) -> &Self {
        self.exits(code);
        assert_eq!(self.stdout, "", "{self:#?}");
        let lines: Vec<_> = self.stderr.lines().collect();
        assert!(self.stderr.ends_with('\n') && !lines.is_empty(), "{self:#?}");
        assert!(lines[0].starts_with("error: ") && lines[0].len() > "error: ".len(), "{self:#?}");
        assert!(lines[1..].iter().all(|line| line.starts_with("hint: ")), "{self:#?}");
        for noise in ["Caused by", "stack backtrace", "panicked", "Error {", "Some(", "Custom {"] {
            assert!(!self.stderr.contains(noise), "{noise}: {self:#?}");
        }
        self
    }

    #[track_caller]
    pub(crate) fn stderr_has(&self, text: &str) -> &Self {
        assert!(contains(text).eval(&self.stderr), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn stderr_lacks(&self, text: &str) -> &Self {
        assert!(!contains(text).eval(&self.stderr), "{text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn stdout_has(&self, text: &str) -> &Self {
        assert!(contains(text).eval(&self.stdout), "no {text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn stdout_lacks(&self, text: &str) -> &Self {
        assert!(!contains(text).eval(&self.stdout), "{text:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn details_have(&self, text: &str) -> &Self {
        assert!(contains(text).eval(&self.details.concat()), "no {text:?} in {self:#?}");
        self
    }

    /// The JSON on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:#?}"))
    }

    /// Everything it printed.
    pub(crate) fn all(&self) -> String {
        [self.stdout.as_str(), &self.stderr, &self.details.concat()].concat()
    }

    /// The cells of the table's row `label`, its columns being at least two spaces apart.
    #[track_caller]
    pub(crate) fn row(&self, label: &str) -> Vec<&str> {
        let line = self.stdout.lines().find(|line| line.trim_start().starts_with(label));
        let cells = line.unwrap_or_else(|| panic!("no row {label:?} in {self:#?}")).trim_start();
        cells[label.len()..].split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
    }
}

fn is_detail(line: &str) -> bool {
    ["* ", "> ", "< "].iter().any(|mark| line.starts_with(mark))
}
