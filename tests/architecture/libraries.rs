//! A library that could be exchanged is named in one module.

use crate::fail_on;
use crate::source::source_files;

/// Libraries that one module only may name, and in how many of its files.
const KEPT: &[(&[&str], &str, usize)] = &[
    (&["rppal"], "output", 1),
    (&["cpal"], "clock", 1),
    (&["lofty"], "audio", 1),
    (&["symphonia"], "audio", 1),
    (&["rubato"], "audio", 1),
    (&["file_lock"], "lock", 1),
    (&["ctrlc"], "signals", 1),
    (&["signal_hook"], "signals", 1),
    (&["gpiocdev"], "buttons", 1),
    (&["memchr"], "audio", 1),
    (&["ratatui", "crossterm"], "stage", usize::MAX),
    (&["toml"], "config", 1),
    (&["toml_edit"], "config", 1),
    (&["axum", "hyper", "hyper_util", "tokio", "futures_util"], "web", 1),
    (&["sha2"], "preview", 1),
    (&["base64"], "preview", usize::MAX),
    (&["tar"], "commands", 1),
    (&["flate2"], "fseq", 1),
    (&["ruzstd"], "fseq", 1),
    (&["clap"], "cli", usize::MAX),
    (&["clap_complete"], "cli", 1),
    (&["annotate_snippets"], "diagnosis", 1),
    (&["sd_notify"], "service", 1),
    (&["notify"], "instance", 1),
    (&["quick_xml"], "import", 1),
    (&["sacn", "uuid"], "packets", 1),
];

#[test]
fn a_library_is_named_in_its_module_only() {
    let mut broken = Vec::new();
    for (libraries, module, most) in KEPT {
        for library in *libraries {
            let naming: Vec<_> = source_files().iter().filter(|file| file.contents.names(library)).collect();
            let strangers = naming.iter().filter(|file| file.module() != *module);
            broken.extend(strangers.map(|file| format!("{} names {library}", file.path)));
            if naming.is_empty() || naming.len() > *most {
                broken.push(format!("{library} is named in {} files", naming.len()));
            }
        }
    }
    fail_on(broken);
}
