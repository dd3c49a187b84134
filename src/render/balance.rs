//! A balance as a table.

use comfy_table::presets;

use super::style::Stream;
use super::table::frame;
use crate::api::billing::Balance;

/// The balance and the auto-refill settings.
pub fn balance(stream: Stream, balance: &Balance) -> String {
    let mut table = frame(stream);
    table.load_style(presets::NOTHING);
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
