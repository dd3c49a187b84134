//! Settings: flag, then environment, then default, decided once.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use clap::ColorChoice;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::api::route::{self, ProxySettings};
use crate::api::{Base, CaFile, Connection};
use crate::cli::{Global, Json};
use crate::error::{Error, Kind, unreadable};
use crate::render::StyleChoice;
use crate::values::quantity;
use crate::values::secret::{ApiKey, MARK};
use crate::values::system::System;

/// The flag, its value's name, the variable and the default of a setting.
type Names = (&'static str, &'static str, &'static str, &'static str);

const API_URL: Names = ("--api-url", "URL", "DIDIT_API_URL", "https://verification.didit.me");
const AUTH_URL: Names = ("--auth-url", "URL", "DIDIT_AUTH_URL", "https://apx.didit.me/auth");
const TIMEOUT: Names = ("--timeout", "SECONDS", "DIDIT_TIMEOUT", "60");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RETRIES: u32 = 2;
/// A key has about 40 characters; a larger file holds something else.
const KEY_FILE_LIMIT: usize = 8 * 1024;

const SECRETS: [&str; 2] = ["DIDIT_API_KEY", "DIDIT_PASSWORD"];

/// The environment at the start. A variable that is set but empty counts as not set.
///
/// Secrets are zeroed after use; the system's own copy of the environment is not.
#[derive(Clone, Default)]
pub struct Environment {
    variables: HashMap<OsString, OsString>,
    /// `None` if it isn't UTF-8.
    secrets: HashMap<OsString, Option<SecretString>>,
}

impl Environment {
    pub fn of_process() -> Self {
        std::env::vars_os().collect()
    }

    /// The value of a variable that holds no secret.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(&System::HERE.variable(OsStr::new(name))).map(OsString::as_os_str)
    }

    /// The value of a variable that holds a secret; the error says what is wrong with it.
    pub fn secret(&self, name: &str) -> Option<Result<&SecretString, &'static str>> {
        let text = self.secrets.get(OsStr::new(name))?;
        Some(text.as_ref().ok_or("is not UTF-8 text"))
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<T: IntoIterator<Item = (OsString, OsString)>>(variables: T) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables.into_iter().filter(|(_, value)| !value.is_empty()) {
            let name = System::HERE.variable(&name);
            if SECRETS.iter().any(|secret| name == *secret) {
                let text = value.into_string().ok().map(SecretString::from);
                environment.secrets.insert(name, text);
            } else {
                environment.variables.insert(name, value);
            }
        }
        environment
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag(&'static str),
    Variable(&'static str),
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::Default => f.write_str("default"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Setting<T> {
    pub value: T,
    pub origin: Origin,
}

/// The settings of this run; nothing reads flags or variables after this.
#[derive(Clone, Debug)]
pub struct Settings {
    pub api: Setting<Base>,
    pub auth: Setting<Base>,
    pub connection: Connection,
    /// Where the timeout in `connection` came from.
    pub timeout_origin: Origin,
    pub style: StyleChoice,
    pub quiet: bool,
    pub verbose: bool,
    pub json: Option<Json>,
    pub no_input: bool,
}

impl Settings {
    /// The error names the flag or variable whose value is bad.
    pub fn resolve(flags: &Global, environment: &Environment) -> Result<Self, Error> {
        let timeout = setting(TIMEOUT, flags.timeout.as_deref(), environment, quantity::seconds)?;
        Ok(Self {
            api: setting(API_URL, flags.api_url.as_deref(), environment, Base::parse)?,
            auth: setting(AUTH_URL, flags.auth_url.as_deref(), environment, Base::parse)?,
            connection: Connection {
                timeout: timeout.value,
                connect_timeout: flags.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
                retries: flags.retries.unwrap_or(RETRIES),
                ca_file: ca_file(flags, environment),
                proxy: proxy_settings(environment),
            },
            timeout_origin: timeout.origin,
            style: style_choice(flags.color, environment),
            quiet: flags.quiet,
            verbose: flags.verbose,
            json: flags.json,
            no_input: flags.no_input,
        })
    }

    /// For `--verbose`: each setting that has several sources, and the one that was used.
    pub fn origins(&self) -> [String; 3] {
        let Self { api, auth, connection, timeout_origin, .. } = self;
        [
            format!("api-url: {} ({})", api.value, api.origin),
            format!("auth-url: {} ({})", auth.value, auth.origin),
            format!("timeout: {} s ({timeout_origin})", connection.timeout.as_secs_f64()),
        ]
    }
}

fn setting<T>(
    (flag, value_name, variable, default): Names,
    given: Option<&str>,
    environment: &Environment,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Setting<T>, Error> {
    let (text, origin) = match (given, environment.get(variable)) {
        (Some(text), _) => (text.into(), Origin::Flag(flag)),
        (None, Some(text)) => (text.to_string_lossy(), Origin::Variable(variable)),
        (None, None) => (default.into(), Origin::Default),
    };
    let value = parse(&text).map_err(|why| {
        // A variable may hold a key, and the text before an `@` is a password.
        let is_shown = flag == TIMEOUT.0 || given.is_some() && !text.contains(['@', '?', '#']);
        let shown = is_shown.then_some(&*text);
        let flag = format!("{flag} <{value_name}>");
        let name = if given.is_some() { &flag } else { variable };
        Error::invalid_value(name, shown, &why)
    })?;
    Ok(Setting { value, origin })
}

fn ca_file(flags: &Global, environment: &Environment) -> Option<CaFile> {
    let flag = flags.cacert.as_ref().map(|path| (path.clone(), "--cacert"));
    let variable = || Some((environment.get("SSL_CERT_FILE")?.into(), "SSL_CERT_FILE"));
    flag.or_else(variable).map(|(path, named_by)| CaFile { path, named_by })
}

fn proxy_settings(environment: &Environment) -> ProxySettings {
    let text = |name: &str| Some(environment.get(name)?.to_string_lossy().into_owned());
    let find = |name: &&'static str| Some((*name, text(name)?.into()));
    ProxySettings {
        proxy: route::VARIABLES.iter().find_map(find),
        exceptions: route::EXCEPTIONS.iter().find_map(|name| text(name)).unwrap_or_default(),
    }
}

/// Colour: the flag, then `NO_COLOR` (no-color.org), `CLICOLOR_FORCE`, `FORCE_COLOR` and `TERM`. Drawing
/// characters: the locale (POSIX order), unless it names a charset other than UTF-8.
pub fn style_choice(flag: Option<ColorChoice>, environment: &Environment) -> StyleChoice {
    let is_dumb = environment.get("TERM").is_some_and(|term| term == "dumb");
    let is_forced = || {
        let forces = |name| environment.get(name).is_some_and(|value| value != "0");
        forces("CLICOLOR_FORCE") || forces("FORCE_COLOR")
    };
    let colour = match flag.unwrap_or(ColorChoice::Auto) {
        ColorChoice::Always => Some(true),
        ColorChoice::Never => Some(false),
        ColorChoice::Auto if environment.get("NO_COLOR").is_some() => Some(false),
        ColorChoice::Auto if is_forced() => Some(true),
        ColorChoice::Auto => is_dumb.then_some(false),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| environment.get(name));
    let unicode = locale.is_none_or(|locale| {
        let locale = locale.to_string_lossy().to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    StyleChoice { colour, unicode: unicode && !is_dumb, is_dumb }
}

/// Whether the terminal shows iTerm2 pictures. The protocol has no query, so the variables decide.
pub fn is_iterm(environment: &Environment) -> bool {
    let is = |name, values: &[&str]| {
        environment.get(name).is_some_and(|value| values.iter().any(|v| value == *v))
    };
    is("TERM_PROGRAM", &["iTerm.app", "WezTerm", "mintty"]) || is("LC_TERMINAL", &["iTerm2"])
}

/// Whether tmux or screen stands between us and the terminal.
pub fn is_multiplexed(environment: &Environment) -> bool {
    let is_set = |name| environment.get(name).is_some();
    let term = environment.get("TERM").unwrap_or_default().to_string_lossy();
    is_set("TMUX") || is_set("STY") || term.starts_with("tmux") || term.starts_with("screen")
}

/// The API key, from `DIDIT_API_KEY` or else from the file named by `DIDIT_API_KEY_FILE`.
pub fn api_key(environment: &Environment) -> Result<Setting<ApiKey>, Error> {
    let refused = |what: String| {
        Error::new(Kind::Auth, what).hint(
            "copy the key from the Didit Business Console (API & Webhooks), with nothing before or after it",
        )
    };
    if let Some(text) = environment.secret("DIDIT_API_KEY") {
        let value = text
            .and_then(ApiKey::new)
            .map_err(|why| refused(format!("the key in `DIDIT_API_KEY` {why}")))?;
        return Ok(Setting { value, origin: Origin::Variable("DIDIT_API_KEY") });
    }
    if let Some(path) = key_file(environment) {
        let what = format!("the key file `{}` (from `DIDIT_API_KEY_FILE`)", path.display());
        let text = read_key_file(path).map_err(|why| {
            Error::new(Kind::Auth, format!("{what} {why}"))
                .hint("check the path, or create the file: didit-face login EMAIL --save FILE")
        })?;
        let value = ApiKey::new(&text).map_err(|why| refused(format!("{what} {why}")))?;
        return Ok(Setting { value, origin: Origin::Variable("DIDIT_API_KEY_FILE") });
    }
    Err(Error::new(
        Kind::Auth,
        "no API key: neither `DIDIT_API_KEY` nor `DIDIT_API_KEY_FILE` is set",
    )
    .hint("get one: didit-face register EMAIL, or didit-face login EMAIL if you have an account")
    .and_hint("or try it without a key: --local"))
}

/// Reads a secret of at most `limit` bytes, without a byte order mark. The error completes "the
/// file …".
pub fn secret_text(source: impl Read, limit: usize) -> Result<SecretString, String> {
    // Room for all of it: a growing buffer would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * limit));
    source.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    if bytes.len() > limit {
        return Err("is too long".to_owned());
    }
    if matches!(**bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || bytes.contains(&0) {
        return Err("is UTF-16 text: save it as UTF-8".to_owned());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| "is not text")?;
    Ok(SecretString::from(text.strip_prefix(MARK).unwrap_or(text)))
}

pub fn key_file(environment: &Environment) -> Option<&Path> {
    environment.get("DIDIT_API_KEY_FILE").map(Path::new)
}

fn read_key_file(path: &Path) -> Result<SecretString, String> {
    secret_text(File::open(path).map_err(|e| unreadable(&e))?, KEY_FILE_LIMIT)
}

/// The key file, if other users can read it and this user can change that. (A secret mounted into a
/// container belongs to another user, or is read-only.)
#[cfg(unix)]
pub fn key_file_to_protect(environment: &Environment) -> Option<&Path> {
    use std::os::unix::fs::MetadataExt;

    use rustix::fs::{StatVfsMountFlags, statvfs};

    let path = key_file(environment)?;
    let metadata = std::fs::metadata(path).ok()?;
    let is_open = metadata.is_file() && metadata.mode() & 0o044 != 0;
    let user = rustix::process::geteuid();
    let is_ours = user.is_root() || metadata.uid() == user.as_raw();
    let is_read_only =
        || statvfs(path).is_ok_and(|system| system.f_flag.contains(StatVfsMountFlags::RDONLY));
    (is_open && is_ours && !is_read_only()).then_some(path)
}

/// On this platform, other users can't read what is in a user's folder.
#[cfg(not(unix))]
pub fn key_file_to_protect(_: &Environment) -> Option<&Path> {
    None
}
