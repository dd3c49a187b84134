//! `top-up`: gets a payment page for credits.

use super::{Context, client};
use crate::api::billing::{Checkout, CheckoutUrl};
use crate::cli::TopUp;
use crate::error::{Error, Result, amend};
use crate::exit::Exit;
use crate::render::Console;

pub(super) fn run(arguments: &TopUp, context: &Context) -> Result<Exit> {
    let (client, progress) = client(context, "requesting a payment page")?;
    let answer = client.top_up(Checkout {
        amount: arguments.amount,
        success_url: &arguments.success_url,
        cancel_url: &arguments.cancel_url,
    });
    drop(progress);
    let with_hint = |e: Error| {
        if e.is_maybe_processed() {
            e.hint("it may have been processed, but nothing is charged until you pay on the page: run the command again")
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
