//! The command `starcourt`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match starcourt::commands::run(std::env::args_os()) {
        Ok(outcome) => outcome.into(),
        Err(usage) => {
            // Help and version go to standard output and are no mistake; nobody reading is none either.
            let _ = usage.print();
            u8::try_from(usage.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
    }
}
