//! Writes the man pages from the definition of the command line, to the folder that is named:
//! `cargo run --example manual -- target/manual`.

use std::path::PathBuf;

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("which folder? name one")?);
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let context = || format!("writing to {}", folder.display());
    clap_mangen::generate_to(starcourt::cli::command(), &folder).with_context(context)
}
