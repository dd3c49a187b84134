#!/usr/bin/env python3
"""Tests completion in bash, zsh and fish with the scripts in completions/.

bash and zsh run on their own terminals: presses a key that inserts all matches, and reads the line
back. Needs only Python's standard library.
"""

import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPTS = os.path.join(ROOT, "completions")
PATIENCE = 60

# Input, words that must be offered, and words that must not.
CASES = [
    ("didit-face ma", ["match", "man"], ["batch"]),
    ("didit-face match --th", ["--threshold"], ["--api-url"]),
    ("didit-face match --no", ["--no-save"], ["--json"]),
    ("didit-face batch --sh", ["--shard"], ["--jobs"]),
    ("didit-face match ", ["selfie.jpg", "photos"], ["--threshold"]),
    ("didit-face match self", ["selfie.jpg"], ["photos"]),
    ("didit-face match selfie.jpg id", ["id.jpg"], ["selfie.jpg"]),
    ("didit-face match a.jpg b.jpg --annotate ver", ["verdict.png"], ["selfie.jpg"]),
    ("didit-face match a b --color ", ["auto", "always", "never"], ["selfie.jpg"]),
    ("didit-face --color ", ["auto", "always", "never"], ["match"]),
    ("didit-face --color never mat", ["match"], ["batch"]),
    ("didit-face top-up --op", ["--open"], ["--success-url"]),
    ("didit-face completions z", ["zsh"], ["bash"]),
    ("didit-face man dec", ["decision"], ["match"]),
    ("didit-face match a b --threshold ", [], ["selfie.jpg"]),
    ("didit-face batch p.csv --base-dir ", ["photos"], ["selfie.jpg"]),
    ("didit-face serve --deny ", ["match", "billing"], ["selfie.jpg"]),
    ("didit-face report --format ", ["md", "html"], ["selfie.jpg"]),
    # Settings that a command doesn't use are accepted, but not offered.
    ("didit-face report --re", [], ["--retries"]),
]
BASH_ONLY = [
    ("didit-face match --color=al", ["always"], ["auto"]),
    ("didit-face check --only fails,w", ["fails,warns"], ["fails,fine"]),
]


class Shell:
    """An interactive shell on a pseudo-terminal that writes its command line to a file."""

    def __init__(self, command, setup, folder, keys):
        self.line_file = os.path.join(folder, ".line")
        self.folder, self.keys = folder, keys
        environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": folder, "LC_ALL": "C.UTF-8"}
        environment["LINE_FILE"] = self.line_file
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.type(setup + "\ntouch .ready\n")
        self.wait_for(os.path.join(folder, ".ready"))
        os.remove(os.path.join(folder, ".ready"))

    def type(self, text):
        os.write(self.terminal, text.encode())

    def drain(self):
        while select.select([self.terminal], [], [], 0)[0]:
            try:
                if not os.read(self.terminal, 65536):
                    return
            except OSError:
                return

    def wait_for(self, path, again=None):
        """Waits for `path`; types `again` every 5 s, as the line editor may not have been ready."""
        start = typed = time.monotonic()
        while not os.path.exists(path):
            self.drain()
            now = time.monotonic()
            if now > start + PATIENCE:
                sys.exit(f"timed out after {PATIENCE} s waiting for {path}")
            if again and now > typed + 5:
                self.type(again)
                typed = now
            time.sleep(0.02)

    def complete(self, line):
        """Returns the words that the shell inserts for the last word of `line`."""
        if os.path.exists(self.line_file):
            os.remove(self.line_file)
        keys = "\x15" + line + self.keys  # Ctrl-U clears the line
        self.type(keys)
        self.wait_for(self.line_file, again=keys)
        with open(self.line_file, encoding="utf-8") as file:
            whole = file.read()
        kept = line[: line.rfind(" ") + 1]
        assert whole.startswith(kept), (line, whole)
        return whole[len(kept):].split()

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def bash(folder):
    setup = (
        f"source '{SCRIPTS}/didit-face.bash'; "
        'write() { printf "%s" "$READLINE_LINE" >"$LINE_FILE.new"; mv "$LINE_FILE.new" "$LINE_FILE"; READLINE_LINE=; }; '
        "bind 'set completion-query-items 0'; "
        r"""bind -x '"\C-x\C-w": write'; bind '"\C-x\C-a": insert-completions'"""
    )
    return Shell(["bash", "--norc", "--noprofile", "-i"], setup, folder, "\x18\x01\x18\x17")


def zsh(folder):
    setup = (
        f"fpath=('{SCRIPTS}' $fpath); autoload -Uz compinit; compinit -u -D; "
        "zle -C all-matches complete-word _generic; "
        "zstyle ':completion:all-matches:*' completer _all_matches _complete; "
        "zstyle ':completion:all-matches:*' insert true; "
        'write() { printf "%s" "$BUFFER" >"$LINE_FILE.new"; mv "$LINE_FILE.new" "$LINE_FILE"; BUFFER=; }; '
        "zle -N write; bindkey '^X^A' all-matches; bindkey '^X^W' write"
    )
    return Shell(["zsh", "-f", "-i"], setup, folder, "\x18\x01\x18\x17")


def fish(folder, line):
    script = f"source '{SCRIPTS}/didit-face.fish'; complete --do-complete '{line}'"
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "LC_ALL": "C.UTF-8"}
    run = subprocess.run(["fish", "--no-config", "-c", script], cwd=folder, env=environment,
                         capture_output=True, text=True, timeout=PATIENCE, check=False)
    if run.returncode != 0 or run.stderr:
        sys.exit(f"fish: {run.stderr}")
    return [candidate.split("\t")[0] for candidate in run.stdout.splitlines()]


def check(shell, complete, cases):
    failures = 0
    for line, wanted, unwanted in cases:
        offered = [word.rstrip("/=").replace("--color=", "") for word in complete(line)]
        missing = [word for word in wanted if word not in offered]
        unexpected = [word for word in unwanted if word in offered]
        if missing or unexpected:
            failures += 1
            print(f"{shell}: {line!r} offers {offered}: missing {missing}, unexpected {unexpected}")
    print(f"{shell}: {len(cases) - failures} of {len(cases)} lines passed")
    return failures


def main():
    for program in ["bash", "zsh", "fish"]:
        if not shutil.which(program):
            message = f"{program} not found: run tests/shells/install"
            if os.environ.get("CI"):
                sys.exit(message)
            print(f"skipped: {message}")
            return
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in ["selfie.jpg", "id.jpg", "verdict.png"]:
            open(os.path.join(folder, name), "w", encoding="utf-8").close()
        os.mkdir(os.path.join(folder, "photos"))
        for name, start, cases in [("bash", bash, CASES + BASH_ONLY), ("zsh", zsh, CASES)]:
            shell = start(folder)
            failures += check(name, shell.complete, cases)
            shell.close()
        failures += check("fish", lambda line: fish(folder, line), CASES)
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
