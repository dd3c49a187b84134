//! `top-up`: a page to buy credits at.

use super::{Context, client};
use crate::api::billing::{Checkout, CheckoutUrl};
use crate::cli::TopUp;
use crate::error::Result;
use crate::exit::Exit;
use crate::render::Console;

/// Prints the page's URL, and opens it if asked to.
pub(super) fn run(arguments: &TopUp, context: &Context) -> Result<Exit> {
    let (client, progress) = client(context)?;
    progress.busy("asking for a page to pay at");
    let answer = client.top_up(&Checkout {
        amount: arguments.amount,
        success_url: arguments.success_url.clone(),
        cancel_url: arguments.cancel_url.clone(),
    });
    drop(progress);
    let body = answer?.body;
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

/// The URL stands on stdout already, so a browser that does not open is no failure.
fn open(url: &CheckoutUrl, console: &Console) {
    if !url.is_https() {
        console.warn("the page is not https, so it is not opened in the browser");
    } else if let Err(e) = webbrowser::open(url.as_str()) {
        console.warn(&format!("no browser could be opened ({e}): open the URL yourself"));
    }
}
