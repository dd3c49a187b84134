//! `balance`: shows the credit balance; a gate for CI.

use super::{Context, client};
use crate::api::billing;
use crate::cli::Balance;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::render;

pub(super) fn run(arguments: &Balance, context: &Context) -> Result<Exit> {
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
