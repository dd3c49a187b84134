//! A balance as a table.

use super::style::Stream;
use super::table::plain;
use crate::api::billing::Balance;

pub fn balance(stream: Stream, balance: &Balance) -> String {
    let mut table = plain(stream);
    table.add_row(["Balance", &balance.balance.to_string()]);
    table.add_row(["Auto-refill", &refill(balance)]);
    format!("{}\n", table.trim_fmt())
}

fn refill(balance: &Balance) -> String {
    match (balance.refills, balance.refill_amount, balance.refill_threshold) {
        (None, ..) => "-".to_owned(),
        (Some(false), ..) => "off".to_owned(),
        (Some(true), Some(amount), Some(threshold)) => {
            format!("on: adds {amount} when it falls below {threshold}")
        }
        (Some(true), Some(amount), None) => format!("on: adds {amount}"),
        (Some(true), None, _) => "on".to_owned(),
    }
}
