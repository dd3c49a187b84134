//! `login`: gets an application's key with an address and a password.

use super::new_key::Destination;
use super::password::{self, Purpose};
use super::{Context, account_client};
use crate::api::Application;
use crate::cli::Login;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;

pub(super) fn run(arguments: &Login, context: &Context) -> Result<Exit> {
    if !arguments.surplus.is_empty() {
        return Err(password::surplus("login").into());
    }
    let destination = Destination::prepare(&arguments.key, context)?;
    let password = password::obtain(Purpose::LogIn, arguments.password_stdin, context)?;
    let (client, progress) = account_client(context, "logging in")?;
    let token = client.log_in(&arguments.email, &password)?;
    let applications = client.applications(&token)?;
    let application = chosen(&applications, arguments.application.as_deref())?;
    let (body, key) = client.application_key(application, &token)?;
    drop(progress);
    destination.deliver(&key, &body, context)?;
    Ok(Exit::Done)
}

fn chosen<'a>(
    applications: &'a [Application],
    wanted: Option<&str>,
) -> Result<&'a Application, Error> {
    let fitting: Vec<_> =
        applications.iter().filter(|a| wanted.is_none_or(|wanted| a.is(wanted))).collect();
    match (fitting.as_slice(), wanted) {
        ([one], _) => Ok(one),
        _ if applications.is_empty() => {
            Err(Error::new(Kind::Auth, "the account has no application, so it has no API key")
                .hint("create an application in the Didit Business Console"))
        }
        ([], Some(wanted)) => {
            let all: Vec<_> = applications.iter().collect();
            Err(choice(&format!("the account has no application `{wanted}`, only"), &all))
        }
        (several, _) => Err(choice("the account has several applications:", several)),
    }
}

fn choice(what: &str, applications: &[&Application]) -> Error {
    let titles: Vec<_> = applications.iter().map(|application| application.title()).collect();
    Error::new(Kind::Usage, format!("{what} {}", titles.join(", ")))
        .hint("choose one with --application, by name or id")
}
