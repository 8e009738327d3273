//! Keeps a program of your own from running twice, as starcourt keeps itself.
//!
//! ```text
//! cargo run --example process_lock -- simple              one instance on this machine
//! cargo run --example process_lock -- show demo           one instance of the show `demo`
//! cargo run --example process_lock -- wait 20             wait up to 20 s for the lock
//! cargo run --example process_lock -- ask                 who holds it?
//! ```
//!
//! Start the first one in two terminals. `STARCOURT_LOCK_DIR` names another directory than
//! `/run/starcourt`, for trying it where that one may not be made.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use starcourt::lock::{Claim, Lock, LockDir, LockInfo, Name, Refusal, instances, probe};
use starcourt::rig::{Address, Line};
use starcourt::time::ShowTime;

const HELD: u8 = 75; // what starcourt itself ends with when it is refused
const FAILED: u8 = 1;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["simple"] => simple(),
        ["show", show] => show_of_its_own(show),
        ["wait", seconds] => wait(seconds.parse().unwrap_or(0)),
        ["ask"] => ask(),
        _ => {
            eprintln!("usage: process_lock simple | show NAME | wait SECONDS | ask");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The refusal has all the words: who plays, since when, and what to do.
        Err(refusal) => {
            eprintln!("{refusal}");
            ExitCode::from(if refusal.holder().is_some() { HELD } else { FAILED })
        }
    }
}

/// The whole of it, for a program that only must not run twice.
fn simple() -> Result<(), Refusal> {
    let _lock = Lock::acquire(&LockDir::open(directory())?, Claim::simple(Name::MACHINE))?;
    play(&mut |_| Ok(()))
    // The lock is free as soon as `_lock` goes: at the end, at an error, at a panic, at a kill.
}

/// Different shows side by side, the same one never twice, and no line shared.
fn show_of_its_own(show: &str) -> Result<(), Refusal> {
    let name = Name::of_show(show).map_err(Refusal::BadName)?;
    let length = Some(ShowTime::from_micros(10_000_000));
    let info = LockInfo { length, output: Some("sim".into()), ..LockInfo::of_show(show) };
    let outputs = [17, 18].into_iter().filter_map(Line::new).map(Address::Line).collect();
    let mut lock = Lock::acquire(&LockDir::open(directory())?, Claim { name, info, outputs })?;
    // Once a second: others read the position here, and a deleted file is made anew.
    play(&mut |position| lock.publish(position).map(drop))
}

/// Waits its turn; a real program lets Ctrl-C answer `true` in place of the closure here.
fn wait(seconds: u64) -> Result<(), Refusal> {
    let patience = Some(Duration::from_secs(seconds));
    let claim = Claim::simple(Name::MACHINE);
    let _lock = Lock::acquire_within(&LockDir::open(directory())?, &claim, patience, &|| false)?;
    play(&mut |_| Ok(()))
}

/// Asks without taking anything, and without any right to write.
fn ask() -> Result<(), Refusal> {
    match probe(directory(), &Name::MACHINE)? {
        Some(holder) => println!("{} is held by PID {}", holder.path.display(), holder.pid),
        None => println!("the machine's lock is free"),
    }
    for holder in instances(directory())? {
        println!("PID {} plays {}", holder.pid, holder.info.show.as_deref().unwrap_or("something"));
    }
    Ok(())
}

fn directory() -> String {
    std::env::var("STARCOURT_LOCK_DIR").unwrap_or_else(|_| LockDir::DEFAULT.to_owned())
}

/// Stands for your program: ten seconds of it.
fn play(each_second: &mut dyn FnMut(ShowTime) -> Result<(), Refusal>) -> Result<(), Refusal> {
    println!("playing for ten seconds (PID {})", std::process::id());
    for second in 0..10 {
        each_second(ShowTime::from_micros(second * 1_000_000))?;
        thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}
