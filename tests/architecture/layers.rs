//! A module uses only modules of earlier layers.

use crate::fail_on;
use crate::source::source_files;
use crate::tree::Tree;

/// The modules, lowest layer first; a module may use those of earlier rows only.
const LAYERS: &[&[&str]] = &[
    &[
        "level",
        "easing",
        "time",
        "volume",
        "random",
        "faults",
        "file_access",
        "heartbeat",
        "catch_panic",
        "printable",
        "spool",
    ],
    &["diagnosis", "logging", "realtime"],
    &["config"],
    &["rig"],
    &["show"],
    &["schedule"],
    &["timeline", "audio"],
    &["clock", "output"],
    &["engine", "buttons"],
    &["player", "bench"],
    &["ipc", "lock", "signals", "wear"],
    &["stage"],
    &["guardian", "service"],
    &["outcome"],
    &["doctor", "cli", "loading"],
    &["instance"],
    &["commands"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn a_module_uses_only_modules_of_earlier_layers() {
    let files = source_files();
    let tree = Tree::of(files);
    let mut broken = Vec::new();
    let mut count = 0;
    for file in files {
        let Some(own) = layer(file.module()) else { continue };
        let imports = file.contents.imports.iter().map(|import| &import.mention);
        for mention in file.contents.mentions.iter().chain(imports) {
            let Some(path) = tree.absolute(mention) else { continue };
            let Some(used) = path.first().filter(|used| *used != file.module()) else { continue };
            count += 1;
            if layer(used).is_none_or(|used| used >= own) {
                broken.push(format!("{}:{}: {} uses {used}", file.path, mention.line, file.module()));
            }
        }
    }
    assert!(count > 500, "only {count} uses of other modules");
    fail_on(broken);
}

#[test]
fn every_module_has_its_layer_and_every_layer_its_modules() {
    let files = source_files();
    let mut modules: Vec<&str> = files.iter().map(|file| file.module()).collect();
    modules.retain(|module| !["main", "lib"].contains(module));
    modules.sort_unstable();
    modules.dedup();
    let mut listed = LAYERS.concat();
    listed.sort_unstable();
    assert_eq!(modules, listed);
}
