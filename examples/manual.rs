//! Writes the man pages and the shells' completions from the definition of the command line, to the folder
//! that is named: `cargo run --example manual -- target/manual`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;
use starcourt::cli::Cli;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("which folder? name one")?);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let context = || format!("writing to {}", folder.display());
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut Cli::command(), "starcourt", &folder).with_context(context)?;
    }
    clap_mangen::generate_to(Cli::command(), &folder).with_context(context)
}
