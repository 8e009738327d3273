//! Libraries that stand between the program and its machine, compiled from C.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::setup::Setup;

/// The library that `NAME.c` beside this file becomes, for `LD_PRELOAD`.
pub(crate) fn preload(setup: &Setup, name: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/faults/{name}.c"));
    let library = setup.path(&format!("{name}.so"));
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status();
    assert!(built.unwrap().success());
    library
}
