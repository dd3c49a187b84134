//! Running programs: starting, waiting for and signalling them.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};

#[cfg(unix)]
use super::Outcome;
use super::Tool;

#[cfg_attr(not(unix), expect(dead_code, reason = "for tests of signals, shells and files"))]
impl Tool {
    /// Starts it; [`ended`] collects its output.
    pub(crate) fn spawn(self) -> Child {
        start(self.into_command())
    }

    /// Run by another program, such as `nohup`.
    pub(crate) fn under(self, program: &[&str]) -> Command {
        let tool = self.into_command();
        let mut command = Command::new(program[0]);
        command.env_clear();
        command.envs(tool.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.args(&program[1..]).arg(tool.get_program()).args(tool.get_args());
        command
    }

    /// Run by a shell, after `setup`.
    pub(crate) fn after(self, setup: &str) -> Command {
        self.under(&["sh", "-c", &format!("{setup}; exec \"$0\" \"$@\"")])
    }
}

pub(crate) fn start(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("it starts")
}

#[cfg(unix)]
pub(crate) fn ended(mut child: Child) -> Outcome {
    wait_until(|| child.try_wait().expect("its status").is_some());
    Outcome::of(&child.wait_with_output().expect("its output"))
}

#[track_caller]
pub(crate) fn wait_until(mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(30), "still waiting");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(unix)]
pub(crate) fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("it runs");
}

/// The permissions of a file.
#[cfg(unix)]
pub(crate) fn mode(path: impl AsRef<std::path::Path>) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}
