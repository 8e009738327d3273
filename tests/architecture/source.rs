//! The Rust files of the project.

use std::path::Path;
use std::sync::LazyLock;

use crate::contents::Contents;

/// One Rust file.
pub(crate) struct SourceFile {
    /// From the top of the project: `src/lock/mod.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) contents: Contents,
}

impl SourceFile {
    /// The top-level module that the file belongs to: `lock`. `main` and `lib` are none.
    pub(crate) fn module(&self) -> &str {
        let first = self.path.split('/').nth(1).unwrap_or_default();
        first.trim_end_matches(".rs")
    }

    /// The file's place in the tree of modules: `["lock", "probe"]`. Empty for the crate's root.
    pub(crate) fn module_path(&self) -> Vec<String> {
        module_path(&self.path)
    }

    /// The lines that are code, with their numbers, up to the tests at the end of the file.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.lines().position(|line| line == "#[cfg(test)]").unwrap_or(usize::MAX);
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        lines.filter(move |(number, line)| *number <= tests && !line.trim_start().starts_with("//"))
    }
}

fn module_path(path: &str) -> Vec<String> {
    let names = path.trim_end_matches(".rs").split('/').skip(1);
    names.filter(|name| !["mod", "lib", "main"].contains(name)).map(str::to_owned).collect()
}

/// Every Rust file under `src`.
pub(crate) fn source_files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| files_under("src"));
    assert!(FILES.len() > 100, "only {} files", FILES.len());
    &FILES
}

/// Every Rust file of tests, benchmarks and examples.
pub(crate) fn other_files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> =
        LazyLock::new(|| ["tests", "benches", "examples"].into_iter().flat_map(files_under).collect());
    assert!(FILES.len() > 100, "only {} files", FILES.len());
    &FILES
}

fn files_under(folder: &str) -> Vec<SourceFile> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![top.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
                let path = path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
                let contents = Contents::of(&syntax, module_path(&path));
                files.push(SourceFile { path, text, contents });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}
