//! A module uses only modules that stand before it in the tables for people: the one in `docs/architecture.md`, and the
//! one on the front page of the crate.

use std::path::Path;

use crate::fail_on;
use crate::source::source_files;
use crate::tree::Tree;

/// The modules in the first column of the table of `file` whose head begins with `| module |`, in their order.
fn modules_in_table(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let lines = text.lines().map(|line| line.trim_start_matches("//! "));
    let rows = lines.skip_while(|line| !line.starts_with("| module |")).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|name| name.trim_start_matches("mod@").to_owned())
        .collect()
}

#[test]
fn a_module_uses_only_modules_before_it() {
    let files = source_files();
    let tree = Tree::of(files);
    let mut broken = Vec::new();
    for table in ["docs/architecture.md", "src/lib.rs"] {
        let modules = modules_in_table(table);
        let place = |module: &str| modules.iter().position(|known| known == module);
        let mut count = 0;
        for file in files {
            let Some(own) = place(file.module()) else { continue };
            let imports = file.contents.imports.iter().map(|import| &import.mention);
            for mention in file.contents.mentions.iter().chain(imports) {
                let Some(path) = tree.absolute(mention) else { continue };
                let Some(used) = path.first().filter(|used| *used != file.module()) else { continue };
                count += 1;
                if place(used).is_none_or(|used| used >= own) {
                    let line = format!("{}:{}", file.path, mention.line);
                    broken
                        .push(format!("{line}: {} uses {used}, which comes later in {table}", file.module()));
                }
            }
        }
        assert!(count > 500, "only {count} uses of other modules");
    }
    fail_on(broken);
}

#[test]
fn the_tables_name_every_module_once() {
    let mut modules: Vec<&str> = source_files().iter().map(|file| file.module()).collect();
    modules.retain(|module| !["main", "lib"].contains(module));
    modules.sort_unstable();
    modules.dedup();
    for table in ["docs/architecture.md", "src/lib.rs"] {
        let mut listed = modules_in_table(table);
        listed.sort_unstable();
        assert_eq!(listed, modules, "{table}");
    }
}
