//! Every command that uses the network, with every fault: exit code, number of
//! requests, one helpful message, and each secret only in its place and to its host.
//!
//! The whole as a Markdown table: `cargo test --test it -- --nocapture matrix`

mod cell;
mod commands;
mod faults;
mod stage;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use self::commands::{COMMANDS, Command};
use self::faults::Fault;
use self::stage::Stage;

/// Most of a cell's time is waiting.
const AT_ONCE: usize = 8;

#[test]
#[allow(clippy::print_stdout, reason = "the table is for people")]
fn every_command_survives_every_fault() {
    let (faults, stage) = (faults::all(), Stage::new());
    let pairs: Vec<(usize, usize)> = (0..COMMANDS.len())
        .flat_map(|column| (0..faults.len()).map(move |row| (row, column)))
        .collect();
    let table = Mutex::new(vec![vec!["failed".to_owned(); COMMANDS.len()]; faults.len()]);
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(&(row, column)) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (fault, command) = (&faults[row], &COMMANDS[column]);
            match run(&stage, fault, command) {
                Ok(shown) => table.lock().unwrap()[row][column] = shown,
                Err(name) => failures.lock().unwrap().push(name),
            }
        }
    };
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| _ = scope.spawn(work)));
    println!("{}", markdown(&faults, &table.into_inner().unwrap()));
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {} cells: {failures:#?}", failures.len(), pairs.len());
}

/// One cell, in a thread with its name, to locate failures.
fn run(stage: &Stage, fault: &Fault, command: &Command) -> Result<String, String> {
    let name = format!("{} x {}", command.name, fault.name);
    thread::scope(|scope| {
        let cell = thread::Builder::new().name(name.clone());
        let cell = cell.spawn_scoped(scope, || cell::check(stage, fault, command)).unwrap();
        cell.join().map_err(|_| name)
    })
}

fn markdown(faults: &[Fault], table: &[Vec<String>]) -> String {
    let names = COMMANDS.map(|command| command.name).join(" | ");
    let mut text = format!("| fault | {names} |\n|---|{}", "---|".repeat(COMMANDS.len()));
    for (fault, cells) in faults.iter().zip(table) {
        text += &format!("\n| {} | {} |", fault.name, cells.join(" | "));
    }
    text
}
