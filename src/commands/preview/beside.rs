//! The way from a page to the music beside it, as the page names it. Opens nothing.

use std::fmt::Write as _;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

/// The address of `file` for a page in the file `page`, which need not be there yet.
pub(super) fn address(page: &Path, file: &Path) -> io::Result<String> {
    let folder = match page.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (folder, file) = (folder.canonicalize()?, file.canonicalize()?);
    let (here, there): (Vec<_>, Vec<_>) = (folder.components().collect(), file.components().collect());
    let shared = here.iter().zip(&there).take_while(|(one, other)| one == other).count();
    let up = here[shared..].iter().map(|_| "..".to_owned());
    let down = there[shared..].iter().map(encoded);
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// With each byte that has a meaning in an address written as `%20`.
fn encoded(name: &Component<'_>) -> String {
    name.as_os_str().as_bytes().iter().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => {
                text.push(char::from(*byte))
            }
            byte => write!(text, "%{byte:02X}").expect("a String takes everything"),
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_music_is_named_from_where_the_page_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("shows/in")).unwrap();
        for name in ["shows/song.ogg", "shows/a b#1 é.ogg", "shows/javascript:1"] {
            fs::write(at(name), "x").unwrap();
        }
        for (page, file, expected) in [
            ("shows/page.html", "shows/song.ogg", "song.ogg"),
            ("page.html", "shows/song.ogg", "shows/song.ogg"),
            ("shows/in/page.html", "shows/song.ogg", "../song.ogg"),
            ("shows/page.html", "shows/a b#1 é.ogg", "a%20b%231%20%C3%A9.ogg"),
            ("shows/page.html", "shows/javascript:1", "javascript%3A1"),
        ] {
            assert_eq!(address(&at(page), &at(file)).unwrap(), expected);
        }
        assert!(address(&at("none/page.html"), &at("shows/song.ogg")).is_err());
    }
}
