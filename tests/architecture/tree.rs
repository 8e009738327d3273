//! The crate as a tree of modules, in which a path leads to the file that defines what it names.

use std::collections::{BTreeMap, BTreeSet};

use crate::contents::Mention;
use crate::source::SourceFile;

/// How many re-exports a name may go through.
const MOST_STEPS: usize = 20;

type ModulePath = Vec<String>;

/// Where a path leads.
pub(crate) enum Origin {
    Module,
    /// To something that this file defines.
    File(usize),
}

pub(crate) struct Tree {
    pub(crate) files: &'static [SourceFile],
    modules: BTreeSet<ModulePath>,
    items: BTreeMap<(ModulePath, String), usize>,
    imports: BTreeMap<(ModulePath, String), ModulePath>,
    globs: BTreeMap<ModulePath, Vec<ModulePath>>,
    for_tests: BTreeSet<ModulePath>,
}

impl Tree {
    pub(crate) fn of(files: &'static [SourceFile]) -> Self {
        let mut tree = Self {
            files,
            modules: files.iter().map(SourceFile::module_path).collect(),
            items: BTreeMap::new(),
            imports: BTreeMap::new(),
            globs: BTreeMap::new(),
            for_tests: BTreeSet::new(),
        };
        for (file, contents) in files.iter().map(|file| &file.contents).enumerate() {
            tree.items.extend(contents.items.iter().map(|item| (item.clone(), file)));
            for (module, is_for_tests) in &contents.modules {
                tree.modules.insert(module.clone());
                if *is_for_tests {
                    tree.for_tests.insert(module.clone());
                }
            }
        }
        for import in files.iter().flat_map(|file| &file.contents.imports) {
            let Some(path) = tree.absolute(&import.mention) else { continue };
            let scope = import.mention.scope.clone();
            match import.name.as_str() {
                "*" => tree.globs.entry(scope).or_default().push(path),
                name => drop(tree.imports.insert((scope, name.to_owned()), path)),
            }
        }
        tree
    }

    /// Whether a file is compiled for tests only.
    pub(crate) fn is_for_tests(&self, module: &[String]) -> bool {
        (0..=module.len()).any(|count| self.for_tests.contains(&module[..count]))
    }

    /// A mentioned path from the crate's root; `None` for what another crate defines.
    pub(crate) fn absolute(&self, mention: &Mention) -> Option<ModulePath> {
        let mut scope = mention.scope.clone();
        let mut rest = mention.path.as_slice();
        match rest.first()?.as_str() {
            "crate" => (scope, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {}
            name if self.knows(&scope, name) => {}
            _ => return None,
        }
        while rest.first().is_some_and(|name| name == "super") {
            scope.pop();
            rest = &rest[1..];
        }
        Some([&scope, rest].concat())
    }

    fn knows(&self, scope: &[String], name: &str) -> bool {
        let within = [scope, &[name.to_owned()]].concat();
        let entry = (scope.to_vec(), name.to_owned());
        self.modules.contains(&within)
            || self.items.contains_key(&entry)
            || self.imports.contains_key(&entry)
            || self.globs.get(scope).is_some_and(|globs| {
                // Other crates are not looked into, and no glob imports from them.
                globs.iter().any(|glob| glob != scope && self.knows(glob, name))
            })
    }

    /// Where `mention` leads; `None` for what another crate defines.
    pub(crate) fn origin_of(&self, mention: &Mention) -> Option<Origin> {
        self.follow(&self.absolute(mention)?, MOST_STEPS)
    }

    /// The file that defines what `mention` names.
    pub(crate) fn file_of(&self, mention: &Mention) -> Option<usize> {
        match self.origin_of(mention)? {
            Origin::File(file) => Some(file),
            Origin::Module => None,
        }
    }

    fn follow(&self, path: &[String], steps: usize) -> Option<Origin> {
        let steps = steps.checked_sub(1)?;
        let mut module = Vec::new();
        for (at, name) in path.iter().enumerate() {
            let rest = &path[at + 1..];
            let entry = (module.clone(), name.clone());
            let within = [module.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains(&within) {
                module = within;
            } else if let Some(file) = self.items.get(&entry) {
                return Some(Origin::File(*file));
            } else if let Some(origin) = self.imports.get(&entry) {
                return self.follow(&[origin.as_slice(), rest].concat(), steps);
            } else {
                let globs = self.globs.get(&module).into_iter().flatten();
                return globs
                    .filter_map(|glob| self.follow(&[glob.as_slice(), &path[at..]].concat(), steps))
                    .next();
            }
        }
        Some(Origin::Module)
    }
}
