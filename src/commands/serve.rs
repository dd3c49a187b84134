//! `serve`: the built-in engine behind the service's HTTP contract.

use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::Context;
use crate::cli::Serve;
use crate::error::{Error, Kind, Result, reason};
use crate::exit::Exit;
use crate::interrupt;
use crate::render::Console;
use crate::server::{Ended, Fault, Notice, Options, ReviewBand, Server, Stop};
use crate::values::json::SCHEMA;
use crate::values::secret::ApiKey;
use crate::values::text::{quoted, safe};

const HELP: &str = "see `didit-face serve --help`";

/// Serves until Ctrl-C (130) or SIGTERM (0); requests in progress are finished.
pub(super) fn run(arguments: &Serve, context: &Context) -> Result<Exit> {
    let stop = Stop::default();
    let first = stop.clone();
    interrupt::instead(move || first.now());
    let ended = server(arguments, context)?.run(&stop)?;
    context.console.note("stopped; nothing was saved");
    Ok(match ended {
        Ended::Stopped => Exit::Interrupted,
        Ended::Terminated => Exit::Done,
    })
}

/// Starts a server, and prints how to reach it.
fn server(arguments: &Serve, context: &Context) -> Result<Server> {
    let console = context.console;
    let address = address(&arguments.listen)?;
    if !address.ip().is_loopback() {
        console.warn(&format!(
            "other machines can reach `{address}`, unencrypted; didit-face itself uses plain http only on this machine"
        ));
    }
    let key = key(arguments.key.as_ref())?;
    let options = options(arguments, key.clone())?;
    let server =
        Server::bind(address, options, move |notice| tell(console, &notice)).map_err(|e| {
            Error::new(Kind::Usage, format!("can't listen on `{address}`: {}", reason(&e))).hint(
                "choose another address with --listen, or a free port with --listen 127.0.0.1:0",
            )
        })?;
    console.result(how_to_reach(&server, &key, console).as_bytes())?;
    console.note(&format!("listening on {}; Ctrl-C stops it", server.address()));
    Ok(server)
}

fn address(text: &str) -> Result<SocketAddr, Error> {
    text.to_socket_addrs().ok().and_then(|mut all| all.next()).ok_or_else(|| {
        Error::invalid_value("--listen <ADDRESS:PORT>", Some(text), "must be ADDRESS:PORT")
            .hint("for example 127.0.0.1:8787")
            .and_hint("port 0 takes a free port")
    })
}

fn key(given: Option<&SecretString>) -> Result<ApiKey, Error> {
    let random = SecretString::from(format!("local_{}", Uuid::new_v4().simple()));
    ApiKey::new(given.unwrap_or(&random))
        .map_err(|why| Error::invalid_value("--key <KEY>", None, why).hint(HELP))
}

fn options(arguments: &Serve, key: ApiKey) -> Result<Options, Error> {
    Ok(Options {
        key,
        credits: arguments.credits,
        rate: arguments.rate,
        review: arguments.review.as_deref().map(review).transpose()?,
        latency: Duration::from_millis(arguments.latency),
        fault: arguments.fault.as_deref().map(fault).transpose()?,
        denied: arguments
            .deny
            .iter()
            .map(|text| parsed("--deny <PERMISSION,...>", text, HELP))
            .collect::<Result<_, _>>()?,
        sandbox: arguments.sandbox,
    })
}

fn review(text: &str) -> Result<ReviewBand, Error> {
    parsed(
        "--review <LOW..HIGH>",
        text,
        "LOW and HIGH are scores from 0 to 100\nfor example 30..60",
    )
}

fn fault(text: &str) -> Result<Fault, Error> {
    parsed(
        "--fault <RATE:FAULT>",
        text,
        "RATE is 0 to 1\nFAULT is 400-599 or drop, with -after to fail after processing\nfor example 0.05:503-after",
    )
}

fn parsed<T>(flag: &str, text: &str, hint: &str) -> Result<T, Error>
where
    T: FromStr<Err = &'static str>,
{
    text.parse().map_err(|why| Error::invalid_value(flag, Some(text), why).hints(hint.lines()))
}

/// The only place that shows the key, which opens nothing but this server.
fn how_to_reach(server: &Server, key: &ApiKey, console: Console) -> String {
    let base = server.base();
    let auth = format!("{base}/auth");
    if console.json {
        let lines =
            json!({"schema": SCHEMA, "api_url": base, "auth_url": auth, "api_key": key.reveal()});
        return format!("{lines}\n");
    }
    [("DIDIT_API_URL", base), ("DIDIT_AUTH_URL", &auth), ("DIDIT_API_KEY", key.reveal())]
        .map(|(name, value)| format!("export {name}={}\n", quoted(value)))
        .concat()
}

fn tell(console: Console, notice: &Notice<'_>) {
    match notice {
        Notice::Mail { email, code } => {
            console.announce("mail", &format!("to {email}: your verification code is {code}"));
        }
        Notice::Answered { method, path, status, elapsed } => {
            let millis = elapsed.as_millis();
            let status = status.map_or("dropped".to_owned(), |status| status.to_string());
            console.detail(&format!("{method} {} {status} {millis} ms", safe(path)));
        }
    }
}
