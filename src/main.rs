//! The command `starcourt`.

use std::process::ExitCode;

use starcourt::commands;

fn main() -> ExitCode {
    match commands::run(std::env::args_os()) {
        Ok(outcome) => outcome.into(),
        Err(usage) => commands::explain(&usage),
    }
}
