//! No file uses one that uses it, directly or by way of others.
//!
//! A file uses another if it names something that is defined there, or calls a method that an `impl` block there
//! adds to a type from elsewhere. `mod child;` is no use, and `pub use` is none unless the file itself names the
//! thing. Tests may use what they like.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::fail_on;
use crate::source::source_files;
use crate::tree::Tree;

/// Which files each file uses, each with one reason.
type Uses = Vec<BTreeMap<usize, String>>;

fn uses(tree: &Tree) -> Uses {
    let methods = methods_from_elsewhere(tree);
    let mut uses = vec![BTreeMap::new(); tree.files.len()];
    for (file, contents) in tree.files.iter().map(|file| &file.contents).enumerate() {
        // A name of a method may be one of another module's types.
        let is_near = |used: &usize| tree.files[*used].module() == tree.files[file].module();
        let mut add = |used: Option<usize>, line: usize, name: &str| {
            if let Some(used) = used.filter(|used| *used != file) {
                uses[file].entry(used).or_insert_with(|| format!("{name}, line {line}"));
            }
        };
        let imports = contents.imports.iter().filter(|import| !import.is_re_export && import.name != "*");
        for mention in contents.mentions.iter().chain(imports.map(|import| &import.mention)) {
            if mention.in_tests || tree.is_for_tests(&mention.scope) {
                continue;
            }
            add(tree.file_of(mention), mention.line, &mention.path.join("::"));
            if let [_, .., name] = mention.path.as_slice() {
                add(methods.get(name.as_str()).copied().filter(is_near), mention.line, name);
            }
        }
        for call in contents.calls.iter().filter(|call| !call.in_tests && !tree.is_for_tests(&call.scope)) {
            let name = call.path[0].as_str();
            add(methods.get(name).copied().filter(is_near), call.line, name);
        }
    }
    uses
}

/// The methods in `impl` blocks of types that another file defines. A name that several types have is left out:
/// a call of it tells not which.
fn methods_from_elsewhere(tree: &Tree) -> BTreeMap<&str, usize> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (file, contents) in tree.files.iter().map(|file| &file.contents).enumerate() {
        for method in &contents.methods {
            *count.entry(&method.name).or_default() += 1;
            let is_for_tests = method.of.in_tests || tree.is_for_tests(&method.of.scope);
            if !is_for_tests && tree.file_of(&method.of).is_some_and(|origin| origin != file) {
                found.insert(method.name.as_str(), file);
            }
        }
    }
    found.retain(|name, _| count[name] == 1);
    found
}

/// The shortest way along `uses` from a file back to itself.
fn circle_of(file: usize, uses: &Uses) -> Option<Vec<usize>> {
    let mut came_from = BTreeMap::new();
    let mut open = VecDeque::from([file]);
    while let Some(at) = open.pop_front() {
        for used in uses[at].keys() {
            if *used == file {
                let back = std::iter::successors(Some(at), |at| came_from.get(at).copied());
                let mut circle: Vec<usize> = back.collect();
                circle.reverse();
                return Some(circle);
            }
            if !came_from.contains_key(used) {
                came_from.insert(*used, at);
                open.push_back(*used);
            }
        }
    }
    None
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let tree = Tree::of(source_files());
    let uses = uses(&tree);
    let mut broken = BTreeSet::new();
    for file in 0..uses.len() {
        let Some(mut circle) = circle_of(file, &uses) else { continue };
        // The same circle is told once, wherever it was found.
        let first = circle.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(place, _)| place);
        circle.rotate_left(first);
        let next = circle.iter().cycle().skip(1);
        let steps = circle.iter().zip(next).map(|(file, used)| {
            format!("    {} uses {} ({})", tree.files[*file].path, tree.files[*used].path, uses[*file][used])
        });
        broken.insert(format!("a circle:\n{}", steps.collect::<Vec<_>>().join("\n")));
    }
    fail_on(broken);
}

#[test]
fn imports_lead_to_the_files_that_define_what_they_name() {
    let tree = Tree::of(source_files());
    let imports =
        tree.files.iter().flat_map(|file| file.contents.imports.iter().map(move |import| (file, import)));
    let own = imports.filter(|(_, import)| {
        let first = import.mention.path[0].as_str();
        import.name != "*" && ["crate", "self", "super"].contains(&first)
    });
    let mut count = 0;
    let mut lost = Vec::new();
    for (file, import) in own {
        count += 1;
        if tree.origin_of(&import.mention).is_none() {
            lost.push(format!("{}:{}: {}", file.path, import.mention.line, import.mention.path.join("::")));
        }
    }
    assert!(count > 500, "only {count} imports");
    fail_on(lost);
}
