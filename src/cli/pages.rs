//! Help and manual texts of each command, apart from its options.

/// What a command talks to. Decides which settings and variables its help shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The verification service, with the API key.
    Service,
    /// The account service, with a password.
    Account,
    Local,
    Nothing,
}

impl Reach {
    /// Whether a command's help hides the setting with this id. The command still accepts it.
    pub fn hides(self, setting: &str) -> bool {
        match self {
            Self::Service => setting == "auth_url",
            Self::Account => setting == "api_url",
            Self::Local => !matches!(setting, "color" | "quiet" | "json"),
            Self::Nothing => true,
        }
    }

    pub fn variables(self) -> &'static [Entry] {
        match self {
            Self::Service => &SERVICE_VARIABLES,
            Self::Account => &ACCOUNT_VARIABLES,
            Self::Local => &[NO_COLOR, FORCE_COLOR],
            Self::Nothing => &[],
        }
    }
}

type Entry = (&'static str, &'static str);

const KEY: Entry = ("DIDIT_API_KEY", "The API key.");
const KEY_FILE: Entry =
    ("DIDIT_API_KEY_FILE", "A file that holds the API key; read if DIDIT_API_KEY is not set.");
const API_URL: Entry = ("DIDIT_API_URL", "Base URL of the verification service.");
const AUTH_URL: Entry = ("DIDIT_AUTH_URL", "Base URL of the account service.");
const PASSWORD: Entry = ("DIDIT_PASSWORD", "The password of the account.");
const TIMEOUT: Entry =
    ("DIDIT_TIMEOUT", "Time limit in seconds for the answer, once the request is sent.");
const CA_FILE: Entry =
    ("SSL_CERT_FILE", "A PEM file of certificates to trust in addition to the system's.");
const PROXIES: Entry = (
    "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY",
    "The proxy to use. Not used for a service on this machine.",
);
const NO_COLOR: Entry = ("NO_COLOR", "Print no colours, if set and not empty.");
const FORCE_COLOR: Entry = (
    "CLICOLOR_FORCE, FORCE_COLOR",
    "Print colours even if the output is not a terminal, if set and neither empty nor 0.",
);

const SERVICE_VARIABLES: [Entry; 8] =
    [KEY, KEY_FILE, API_URL, TIMEOUT, CA_FILE, PROXIES, NO_COLOR, FORCE_COLOR];
const ACCOUNT_VARIABLES: [Entry; 7] =
    [PASSWORD, AUTH_URL, TIMEOUT, CA_FILE, PROXIES, NO_COLOR, FORCE_COLOR];
pub const VARIABLES: [Entry; 10] =
    [KEY, KEY_FILE, API_URL, AUTH_URL, PASSWORD, TIMEOUT, CA_FILE, PROXIES, NO_COLOR, FORCE_COLOR];

pub const EXIT_CODES: &[(u8, &str)] = &[
    (0, "Approved (match, batch, decision); done (other commands)"),
    (1, "Declined"),
    (2, "Wrong command line; nothing was read or sent"),
    (3, "In Review"),
    (4, "No API key, or the key was refused"),
    (5, "Not enough credits"),
    (6, "A photo, file or value that can't be used"),
    (7, "No answer: DNS, connection, TLS or timeout"),
    (8, "The service refused or failed"),
    (9, "An answer that can't be trusted, or a session without a verdict"),
    (10, "batch: some pairs have no verdict"),
    (11, "The result could not be written"),
    (70, "A bug in didit-face"),
    (130, "Interrupted"),
];

#[derive(Debug)]
pub struct Page {
    pub command: &'static str,
    pub reach: Reach,
    pub exits: &'static [u8],
    /// Command lines to copy, each below a comment that says what it does.
    pub examples: &'static str,
    /// Files that it reads or writes, apart from the photos.
    pub files: &'static [Entry],
}

const KEY_FILE_MODE: Entry = ("$DIDIT_API_KEY_FILE", "The API key. It should have mode 0600.");
const ANNOTATED: Entry = (
    "FILE.png",
    "The annotated picture: mode 0600, written completely or not at all, never replaced without --force.",
);
const JOURNAL: Entry = (
    "RESULTS.jsonl",
    "The journal: mode 0600, append-only, locked while a batch runs. It holds the service's answers: treat it like the photos.",
);

/// In the order of the help.
pub const PAGES: &[Page] = &[
    Page {
        command: "match",
        reach: Reach::Service,
        exits: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 70, 130],
        examples: "\
# Compare a selfie with an ID photo
didit-face match selfie.jpg id_photo.jpg
# Compare on this machine, without a key; nothing is sent
didit-face match --local selfie.jpg id_photo.jpg
# Check the photos before paying, and draw what was compared
didit-face match selfie.jpg card.jpg --check --annotate verdict.png
",
        files: &[KEY_FILE_MODE, ANNOTATED],
    },
    Page {
        command: "pairs",
        reach: Reach::Local,
        exits: &[0, 2, 6, 11, 70, 130],
        examples: "\
# selfies/1001.jpg and cards/1001.png are a pair
didit-face pairs selfies cards > pairs.csv
# Leave out photos without a partner
didit-face pairs selfies cards --skip-unmatched > pairs.csv
",
        files: &[],
    },
    Page {
        command: "batch",
        reach: Reach::Service,
        exits: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 70, 130],
        examples: "\
# Judge all pairs; the same command continues after an interruption
didit-face batch pairs.csv -o results.jsonl
# Check all photos, and see what a run would cost at most
didit-face batch pairs.csv -o results.jsonl --dry-run
# Try the first five pairs, and wait for their reviews
didit-face batch pairs.csv -o results.jsonl --limit 5 --wait
",
        files: &[JOURNAL, KEY_FILE_MODE],
    },
    Page {
        command: "report",
        reach: Reach::Local,
        exits: &[0, 2, 6, 11, 70, 130],
        examples: "\
# Turn the results of a batch into one HTML page
didit-face report results.jsonl -o report.html
# Merge shards, and put small pictures into the page
didit-face report results-*.jsonl -o report.html --embed-thumbnails
# See what other thresholds would have decided
didit-face report results.jsonl --what-if 40,50,60,70
",
        files: &[JOURNAL],
    },
    Page {
        command: "check",
        reach: Reach::Local,
        exits: &[0, 2, 6, 11, 70, 130],
        examples: "\
# Check two photos
didit-face check selfie.jpg id_photo.jpg
# Check a folder, and show only what is wrong
didit-face check photos/ --only fails,warns
# Draw the faces that were found
didit-face check selfie.jpg --annotate faces.png
",
        files: &[ANNOTATED],
    },
    Page {
        command: "decision",
        reach: Reach::Service,
        exits: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 70, 130],
        examples: "\
# Wait for the decision on a request, for up to an hour
didit-face decision 7cdda24e-311a-46d3-a3bb-e5d9b564ce73 --wait=3600
# Find a request whose answer was lost
didit-face decision --vendor-data user-123
# Look up the reviews and lost answers of a batch
didit-face decision --journal results.jsonl --wait
",
        files: &[JOURNAL, KEY_FILE_MODE],
    },
    Page {
        command: "delete",
        reach: Reach::Service,
        exits: &[0, 2, 4, 5, 7, 8, 9, 11, 70, 130],
        examples: "\
# Erase a comparison, photos and all
didit-face delete 7cdda24e-311a-46d3-a3bb-e5d9b564ce73
# Erase everything that a batch stored
didit-face delete --journal results.jsonl
# Erase only the pairs that were declined
didit-face delete --journal results.jsonl --only declined
",
        files: &[JOURNAL, KEY_FILE_MODE],
    },
    Page {
        command: "register",
        reach: Reach::Account,
        exits: &[0, 2, 6, 7, 8, 9, 11, 70, 130],
        examples: "\
# Register, and type a password
didit-face register you@company.com
# In a script
didit-face register you@company.com --password-stdin < password.txt
",
        files: &[],
    },
    Page {
        command: "verify",
        reach: Reach::Account,
        exits: &[0, 2, 4, 6, 7, 8, 9, 11, 70, 130],
        examples: "\
# Store the API key in a file that only you can read
didit-face verify you@company.com A3K9F2 --save ~/.didit-key
# Ask for a new code
didit-face verify you@company.com --resend
",
        files: &[("FILE", "The API key that --save writes, mode 0600.")],
    },
    Page {
        command: "login",
        reach: Reach::Account,
        exits: &[0, 2, 4, 6, 7, 8, 9, 11, 70, 130],
        examples: "\
# Store the API key in a file that only you can read
didit-face login you@company.com --save ~/.didit-key
# In a script, for one application of several
didit-face login you@company.com --application Shop \\
  --password-stdin < password.txt
",
        files: &[("FILE", "The API key that --save writes, mode 0600.")],
    },
    Page {
        command: "balance",
        reach: Reach::Service,
        exits: &[0, 2, 4, 5, 7, 8, 9, 11, 70, 130],
        examples: "\
# Show the balance
didit-face balance
# Fail a CI job early (exit code 5) if credits run low
didit-face balance --at-least 10
",
        files: &[KEY_FILE_MODE],
    },
    Page {
        command: "top-up",
        reach: Reach::Service,
        exits: &[0, 2, 4, 5, 6, 7, 8, 9, 11, 70, 130],
        examples: "\
# Print the URL of a payment page for 50 dollars
didit-face top-up 50
# Open it in the browser
didit-face top-up 50 --open
",
        files: &[KEY_FILE_MODE],
    },
    Page {
        command: "serve",
        reach: Reach::Local,
        exits: &[0, 2, 11, 70, 130],
        examples: "\
# On a free port; the printed lines point didit-face at it
didit-face serve --listen 127.0.0.1:0
# With a fixed key, for CI
didit-face serve --key ci-key
# Add latency and fail 5% of requests
didit-face serve --latency 500 --fault 0.05:503
",
        files: &[],
    },
    Page {
        command: "completions",
        reach: Reach::Nothing,
        exits: &[0, 2, 11, 70],
        examples: "\
# Bash
didit-face completions bash \\
  > ~/.local/share/bash-completion/completions/didit-face
# Fish
didit-face completions fish \\
  > ~/.config/fish/completions/didit-face.fish
# Zsh, for a folder in $fpath
didit-face completions zsh > ~/.zfunc/_didit-face
",
        files: &[],
    },
    Page {
        command: "man",
        reach: Reach::Nothing,
        exits: &[0, 2, 11, 70],
        examples: "\
# Read the main page
didit-face man | man -l -
# Read the page of a command
didit-face man match | man -l -
# Write all pages, for a package
didit-face man --dir man
",
        files: &[],
    },
];

impl Page {
    /// The command's exit codes, and what they mean for it.
    pub fn exit_codes(&self) -> impl Iterator<Item = (u8, &'static str)> {
        let own = EXIT_CODES.iter().filter(|(code, _)| self.exits.contains(code));
        own.map(|&(code, meaning)| (code, self.meaning(code).unwrap_or(meaning)))
    }

    fn meaning(&self, code: u8) -> Option<&'static str> {
        Some(match (self.command, code) {
            ("batch", 0) => "All pairs are Approved",
            ("batch", 1) => "All pairs have a verdict, at least one is Declined",
            ("batch", 3) => "At least one pair is In Review, all others are Approved",
            ("batch" | "decision", 10) => "Some pairs have no verdict",
            ("match" | "decision", 0) => "Approved",
            (_, 0) => "Done",
            ("balance", 5) => "The balance is below --at-least",
            ("login", 2) => "Wrong command line, or no application of that name",
            ("serve", 2) => "Wrong command line, or an address that can't be used",
            ("pairs", 6) => "A folder can't be read, or photos can't be paired",
            ("check", 6) => "A photo is unusable",
            ("register" | "verify" | "login" | "top-up", 6) => "A value that can't be used",
            ("match" | "decision", _) => return None,
            (_, 9) => "An answer that can't be trusted",
            _ => return None,
        })
    }
}

pub fn of(command: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.command == command)
}

pub fn examples(page: &Page) -> String {
    let lines = page.examples.lines().map(|line| format!("\n  {line}"));
    format!("Examples:{}", lines.collect::<String>())
}

pub fn exit_codes() -> String {
    let lines = EXIT_CODES.iter().map(|(code, meaning)| format!("\n  {code:>3}  {meaning}"));
    format!("Exit codes:{}", lines.collect::<String>())
}
