//! Joins the modules of the page into one: each after those that it uses, without its imports and the word `export`. It
//! knows only the few forms of JavaScript's modules that the page keeps to, and refuses all others.

use std::collections::{BTreeMap, BTreeSet};

/// Files with their names and texts.
type Files<'a> = &'a [(&'a str, &'a str)];

/// `import { a, b } from "./x.js";`
struct ModuleImport<'a> {
    names: Vec<&'a str>,
    /// The name of the file.
    from: String,
}

/// The text of the module `first` with all that it uses.
///
/// # Errors
/// What in the modules cannot be joined.
pub(super) fn joined(files: Files<'_>, first: &str) -> Result<String, String> {
    let mut joining = Joining { files, open: Vec::new(), done: BTreeSet::new(), text: String::new() };
    joining.add(first)?;
    one_of_each_name(&joining)?;
    Ok(joining.text)
}

struct Joining<'a> {
    files: Files<'a>,
    /// Those whose imports are being added.
    open: Vec<String>,
    done: BTreeSet<String>,
    text: String,
}

impl<'a> Joining<'a> {
    fn add(&mut self, name: &str) -> Result<(), String> {
        if self.done.contains(name) {
            return Ok(());
        }
        if self.open.iter().any(|open| open == name) {
            return Err(format!("{name} uses itself by way of {}", self.open.join(", ")));
        }
        let text = self.text_of(name)?;
        self.open.push(name.to_owned());
        for line in text.lines().filter(|line| line.starts_with("import")) {
            let import = import(line, name)?;
            let exported = exports(self.text_of(&import.from)?, &import.from)?;
            if let Some(missing) = import.names.iter().find(|name| !exported.contains(*name)) {
                return Err(format!("{name}: {} exports no {missing}", import.from));
            }
            self.add(&import.from)?;
        }
        self.open.pop();
        for line in text.lines().filter(|line| !line.starts_with("import")) {
            self.text.push_str(line.strip_prefix("export ").unwrap_or(line));
            self.text.push('\n');
        }
        self.done.insert(name.to_owned());
        Ok(())
    }

    fn text_of(&self, name: &str) -> Result<&'a str, String> {
        let found = self.files.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| *text).ok_or_else(|| format!("there is no {name}"))
    }
}

fn import<'a>(line: &'a str, in_file: &str) -> Result<ModuleImport<'a>, String> {
    let parts = || {
        let (names, from) = line.strip_prefix("import { ")?.split_once(" } from \"")?;
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let from = path_from(in_file, from.strip_suffix("\";")?)?;
        names.iter().all(|name| is_plain(name)).then_some(ModuleImport { names, from })
    };
    parts().ok_or_else(|| format!("{in_file}: write `import {{ a, b }} from \"./x.js\";` for: {line}"))
}

/// `../store.js` in `timeline/lanes.js` is `store.js`.
fn path_from(in_file: &str, address: &str) -> Option<String> {
    let mut folders: Vec<&str> = in_file.split('/').collect();
    folders.pop();
    let mut rest = address;
    if let Some(here) = rest.strip_prefix("./") {
        rest = here;
    } else {
        while let Some(above) = rest.strip_prefix("../") {
            folders.pop()?;
            rest = above;
        }
        if rest == address {
            return None;
        }
    }
    (!rest.contains("..")).then(|| folders.into_iter().chain([rest]).collect::<Vec<_>>().join("/"))
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
}

/// What the lines without a margin define.
fn defined(line: &str) -> Option<&str> {
    let words = [
        "async function* ",
        "async function ",
        "function* ",
        "function ",
        "class ",
        "const ",
        "let ",
        "var ",
    ];
    let rest = words.iter().find_map(|word| line.strip_prefix(word))?;
    let end =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(rest.len());
    Some(&rest[..end])
}

fn exports<'a>(text: &'a str, file: &str) -> Result<Vec<&'a str>, String> {
    let exported = text.lines().filter_map(|line| line.strip_prefix("export "));
    exported
        .map(|line| match defined(line) {
            Some(name) if is_plain(name) => Ok(name),
            _ => Err(format!("{file}: only functions, constants and classes are exported by name: {line}")),
        })
        .collect()
}

/// In one module no two things have the same name.
fn one_of_each_name(joining: &Joining<'_>) -> Result<(), String> {
    let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, text) in joining.files.iter().filter(|(file, _)| joining.done.contains(*file)) {
        for name in text.lines().filter_map(|line| defined(line.strip_prefix("export ").unwrap_or(line))) {
            // Several names in brackets.
            for name in if name.is_empty() { several(text) } else { vec![name] } {
                if let Some(other) = homes.insert(name, file).filter(|other| other != file) {
                    return Err(format!("{file} and {other} both define {name}"));
                }
            }
        }
    }
    Ok(())
}

/// The names of `const [a, b] = …` and `const { a, b } = …`, each on a line without a margin.
fn several(text: &str) -> Vec<&str> {
    let lines = text.lines().map(|line| line.strip_prefix("export ").unwrap_or(line));
    let lists = lines.filter_map(|line| {
        let rest = ["const ", "let ", "var "].iter().find_map(|word| line.strip_prefix(word))?;
        rest.strip_prefix(['{', '['])?.split(['}', ']']).next()
    });
    lists.flat_map(|list| list.split(',').map(str::trim).filter(|name| is_plain(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::page::FILES;
    use super::*;

    #[test]
    fn each_module_comes_after_those_that_it_uses() {
        let files = [
            ("main.js", "// Main.\nimport { b } from \"./b.js\";\nimport { c } from \"./in/c.js\";\nb(c);\n"),
            ("b.js", "// B.\nimport { c } from \"./in/c.js\";\nexport function b(x) {\n  return c + x;\n}\n"),
            ("in/c.js", "// C.\nimport { d } from \"../d.js\";\nexport const c = d;\n"),
            ("d.js", "// D.\nexport const d = 1;\n"),
            ("unused.js", "// Not used.\n"),
        ];
        let expected = "// D.\nconst d = 1;\n// C.\nconst c = d;\n// B.\nfunction b(x) {\n  return c + x;\n}\n// Main.\nb(c);\n";
        assert_eq!(joined(&files, "main.js").as_deref(), Ok(expected));
    }

    #[test]
    fn what_cannot_be_joined_is_told() {
        for (main, other, expected) in [
            (
                "import { x } from \"./x.js\";",
                "import { y } from \"./main.js\";\nexport const x = 1;",
                "main.js exports no y",
            ),
            (
                "import { x } from \"./x.js\";\nexport const y = 2;",
                "import { y } from \"./main.js\";\nexport const x = 1;",
                "main.js uses itself by way of main.js, x.js",
            ),
            (
                "import { x } from \"./x.js\";\nconst z = 1;",
                "export const x = 1;\nconst z = 2;",
                "both define z",
            ),
            (
                "import { x } from \"./x.js\";\nlet [z, y] = [];",
                "export const x = 1;\nclass y {}",
                "both define y",
            ),
            ("import { x } from \"./none.js\";", "", "there is no none.js"),
            ("import { z } from \"./x.js\";", "export const x = 1;", "x.js exports no z"),
            ("import * as x from \"./x.js\";", "", "write `import"),
            ("import { x as y } from \"./x.js\";", "", "write `import"),
            ("import \"./x.js\";", "", "write `import"),
            ("import { x } from \"x.js\";", "", "write `import"),
            ("import { x } from \"../x.js\";", "", "write `import"),
            ("import { x } from \"./x.js\";", "export default 1;", "are exported by name"),
            ("import { x } from \"./x.js\";", "export { x };", "are exported by name"),
        ] {
            let told = joined(&[("main.js", main), ("x.js", other)], "main.js").unwrap_err();
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn the_modules_of_the_page_are_joined() {
        let text = joined(FILES, "main.js").unwrap();
        for word in ["</script", "<!--", "\nexport ", "\nimport ", "import("] {
            assert!(!text.contains(word), "`{word}` would break the page");
        }
        let scripts = FILES.iter().filter(|(name, _)| name.ends_with(".js"));
        let head = |file: &str| file.lines().next().unwrap_or_default().to_owned();
        let unused: Vec<&str> =
            scripts.filter(|(_, file)| !text.contains(&head(file))).map(|(name, _)| *name).collect();
        assert_eq!(unused, [""; 0], "no module uses them");
    }
}
