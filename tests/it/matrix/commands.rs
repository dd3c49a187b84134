//! The commands that use the network: how each is run, and where its secret goes.

use crate::support::account::{CODE, EMAIL, PASSWORD};
use crate::support::bodies::APPROVED;
use crate::support::{KEY, Photos, Tool};

/// A command, and what it sends.
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) secret: Secret,
    /// A healthy service's answer.
    pub(super) good: &'static str,
    arguments: &'static [&'static str],
}

/// The one secret of a request, and its place.
pub(super) enum Secret {
    /// In the header `x-api-key`, once.
    Key,
    /// In the body, once.
    InBody(&'static str),
}

use Secret::{InBody, Key};

pub(super) const COMMANDS: [Command; 9] = [
    command("match", Key, APPROVED, &[]),
    command("batch", Key, APPROVED, &[]),
    command("decision", Key, DECIDED, &["decision", "request-1"]),
    command("decision --wait", Key, DECIDED, &["decision", "request-1", "--wait=2"]),
    command("register", InBody(PASSWORD), REGISTERED, &["register", EMAIL]),
    command("verify", InBody(CODE), VERIFIED, &["verify", EMAIL, CODE]),
    command("verify --resend", InBody(PASSWORD), SENT, &["verify", EMAIL, "--resend"]),
    command("balance", Key, BALANCE, &["balance"]),
    command("top-up", Key, CHECKOUT, &["top-up", "50"]),
];

const DECIDED: &str = r#"{"session_id": "request-1", "status": "Approved"}"#;
const REGISTERED: &str = r#"{"message": "Registration successful."}"#;
const VERIFIED: &str = r#"{"application": {"api_key": "sk-new.0a1b2c3d"}}"#;
const SENT: &str = r#"{"message": "A new code was sent."}"#;
const BALANCE: &str = r#"{"balance": "12.50"}"#;
const CHECKOUT: &str = r#"{"checkout_session_url": "https://pay.example/c/1"}"#;

const fn command(
    name: &'static str,
    secret: Secret,
    good: &'static str,
    arguments: &'static [&'static str],
) -> Command {
    Command { name, secret, good, arguments }
}

impl Command {
    /// The command at `base`, with all secrets in its environment, needed or not.
    pub(super) fn at(&self, base: &str, photos: &Photos) -> Tool {
        let tool = Tool::with_base(base)
            .env("DIDIT_AUTH_URL", base)
            .env("DIDIT_PASSWORD", PASSWORD)
            .args(["--retries", "1"]);
        match self.name {
            "match" => tool.pair(photos),
            "batch" => {
                let manifest = b"user_image,ref_image\nselfie.jpg,id card.png\n";
                let tool = tool.arg("batch").arg(photos.add("pairs.csv", manifest));
                let tool = tool.args(["--jobs", "2", "-o"]).arg(photos.folder().join(JOURNAL));
                tool.arg("--base-dir").arg(photos.folder())
            }
            _ => tool.args(self.arguments),
        }
    }

    /// The secret that its requests hold.
    pub(super) fn own(&self) -> &'static str {
        match self.secret {
            Key => KEY,
            InBody(secret) => secret,
        }
    }

    /// The secrets that must not be in its requests at all.
    pub(super) fn others(&self) -> Vec<&'static str> {
        let is_other = |secret: &&str| *secret != self.own();
        [KEY, PASSWORD, CODE].into_iter().filter(is_other).collect()
    }
}

/// The journal of `batch`, in the folder with the photos.
pub(super) const JOURNAL: &str = "results.jsonl";
