//! `balance` and `top-up`.

use super::{Context, client};
use crate::api::billing;
use crate::api::billing::{Checkout, CheckoutUrl};
use crate::cli::{Balance, TopUp};
use crate::error::{Error, Kind, Result, amend};
use crate::exit::Exit;
use crate::render;
use crate::render::Console;

pub(super) fn balance(arguments: &Balance, context: &Context) -> Result<Exit> {
    let (client, progress) = client(context, "asking for the balance")?;
    let body = client.balance()?.body;
    drop(progress);
    let balance = billing::Balance::read(&body)?;
    if let Some(least) = arguments.at_least
        && balance.balance < least
    {
        let message = format!("the balance is {}, below --at-least {least}", balance.balance);
        return Err(Error::new(Kind::Credits, message)
            .hint("buy credits: didit-face top-up 50")
            .into());
    }
    let console = &context.console;
    if console.json {
        console.result(&body)?;
    } else {
        console.table(&render::balance(console.out, &balance))?;
    }
    Ok(Exit::Done)
}

pub(super) fn top_up(arguments: &TopUp, context: &Context) -> Result<Exit> {
    let (client, progress) = client(context, "requesting a payment page")?;
    let answer = client.top_up(Checkout {
        amount: arguments.amount,
        success_url: &arguments.success_url,
        cancel_url: &arguments.cancel_url,
    });
    drop(progress);
    let with_hint = |e: Error| {
        if e.is_maybe_processed() {
            e.hint("it may have been processed, but nothing is charged until you pay on the page")
                .and_hint("run the command again")
        } else {
            e
        }
    };
    let body = answer.map_err(|e| amend(e, with_hint))?.body;
    let url = CheckoutUrl::read(&body)?;
    let console = &context.console;
    if console.json {
        console.result(&body)?;
    } else {
        console.result(format!("{}\n", url.as_str()).as_bytes())?;
    }
    if arguments.open {
        open(&url, console);
    } else {
        console.note("nothing is charged until you pay on that page");
    }
    Ok(Exit::Done)
}

/// The URL is on stdout already, so a browser that doesn't open is not a failure.
fn open(url: &CheckoutUrl, console: &Console) {
    if !url.is_https() {
        console.warn("not opened in the browser: the page is not https");
    } else if let Err(e) = webbrowser::open(url.as_str()) {
        console.warn(&format!("could not open a browser ({e}): open the URL yourself"));
    }
}
