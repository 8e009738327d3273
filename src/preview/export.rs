//! The page as one file that needs no server: its modules joined, the show in it, the music and the photograph too. A
//! browser asks nobody else for anything: the page's own policy forbids it. Knows no files.

use std::io::{self, Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use sha2::{Digest, Sha256};

use super::data::ShowData;
use super::join::joined;
use super::page::{FILES, INDEX};

/// The lines of the page that are written anew.
const CHARSET: &str = "<meta charset=\"utf-8\">";
const STYLE: &str = "<link rel=\"stylesheet\" href=\"page/";
const SCRIPT: &str = "<script type=\"module\" src=\"page/main.js\"></script>";

/// Something that the page carries.
pub struct Enclosed<'a> {
    pub media_type: &'static str,
    pub bytes: &'a mut dyn Read,
}

/// What goes into an exported page.
pub struct Export<'a> {
    pub data: &'a ShowData,
    /// `None` where there is none, and where the page finds it beside it.
    pub sound: Option<Enclosed<'a>>,
    pub photo: Option<Enclosed<'a>>,
    /// Whether the music lies beside the page.
    pub is_linked: bool,
}

impl Export<'_> {
    /// Writes the page to `out`, piece by piece: music may be large.
    ///
    /// # Errors
    /// Where something cannot be read or written.
    pub fn write(self, out: &mut impl Write) -> io::Result<()> {
        let script = joined(FILES, "main.js").map_err(io::Error::other)?;
        let style = style();
        let json = serde_json::to_string(self.data).map_err(io::Error::other)?;
        let mut parts = Some((self.sound, self.photo));
        let mut has_style = false;
        for line in INDEX.lines() {
            if line.trim() == CHARSET {
                writeln!(out, "{line}\n{}", policy(&script, &style, self.is_linked))?;
            } else if line.trim_start().starts_with(STYLE) {
                if !std::mem::replace(&mut has_style, true) {
                    writeln!(out, "<style>{style}</style>")?;
                }
            } else if line.trim() == SCRIPT {
                // What is no text of ours has no `<`, so that it ends no element.
                let json = json.replace('<', "\\u003c");
                writeln!(out, "<script type=\"application/json\" id=\"show-data\">{json}</script>")?;
                let (sound, photo) = parts.take().unwrap_or_default();
                for (id, enclosed) in [("sound-data", sound), ("photo-data", photo)] {
                    if let Some(enclosed) = enclosed {
                        enclosed.write(id, out)?;
                    }
                }
                writeln!(out, "<script type=\"module\">{script}</script>")?;
            } else {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}

impl Enclosed<'_> {
    fn write(self, id: &str, out: &mut impl Write) -> io::Result<()> {
        let Self { media_type, bytes } = self;
        write!(
            out,
            "<script type=\"application/octet-stream;base64\" id=\"{id}\" data-type=\"{media_type}\">"
        )?;
        let mut encoder = EncoderWriter::new(&mut *out, &STANDARD);
        io::copy(bytes, &mut encoder)?;
        encoder.finish()?;
        drop(encoder);
        writeln!(out, "</script>")
    }
}

/// All style sheets in the order in which the page names them.
fn style() -> String {
    let named = INDEX.lines().filter_map(|line| line.trim_start().strip_prefix(STYLE)?.split('"').next());
    let text = |name: &str| FILES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text);
    named.map(text).collect()
}

/// The page's own policy: these two texts run, and nothing is fetched.
fn policy(script: &str, style: &str, is_linked: bool) -> String {
    let beside = if is_linked { " 'self' file:" } else { "" };
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '{}'; style-src '{}'; \
         img-src data: blob:; media-src data: blob:{beside}; base-uri 'none'; form-action 'none'\">",
        hash(script),
        hash(style)
    )
}

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Diagnoses, Source};

    fn exported(title: &str, is_linked: bool) -> String {
        let rig = "[channels]\nneon = { pin = 4, kind = \"ssr\" }\n";
        let rig = crate::rig::read(&Source::new("rig.toml", rig)).0.unwrap();
        let sheet = format!("title {title}\nlength 0:05\n0:01 neon on # {title}\n");
        let none = |_: &str| Err(anyhow::anyhow!("no file"));
        let (show, _) = crate::show::read("a", &Source::new("a.show", sheet), &rig, &none).unwrap();
        let data = ShowData::of(&show, &rig, show.length.unwrap(), &Diagnoses::default());
        let (mut sound, mut photo) = (&b"sound"[..], &b"photo"[..]);
        let export = Export {
            data: &data,
            sound: (!is_linked).then_some(Enclosed { media_type: "audio/ogg", bytes: &mut sound }),
            photo: Some(Enclosed { media_type: "image/png", bytes: &mut photo }),
            is_linked,
        };
        let mut page = Vec::new();
        export.write(&mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn the_page_names_no_other_file_and_hashes_what_runs() {
        let page = exported("A", false);
        assert!(!page.contains("=\"page/") && !page.contains("rel=\"stylesheet\""));
        for (begin, end) in [("<script type=\"module\">", "</script>"), ("<style>", "</style>")] {
            let text = page.split(begin).nth(1).unwrap().split(end).next().unwrap();
            assert!(text.len() > 20, "{text}");
            assert!(page.contains(&format!("'{}'", hash(text))), "{begin}");
        }
        assert!(page.contains("id=\"sound-data\" data-type=\"audio/ogg\">c291bmQ=</script>"));
        assert!(page.contains("id=\"photo-data\" data-type=\"image/png\">cGhvdG8=</script>"));
        assert!(page.find(CHARSET).unwrap() < page.find("Content-Security-Policy").unwrap());
        assert!(page.find("Content-Security-Policy").unwrap() < page.find("<style>").unwrap());
        let has_policy =
            |page: &str, media: &str| page.contains(&format!("media-src {media}; base-uri 'none'"));
        assert!(has_policy(&page, "data: blob:"));
        assert!(has_policy(&exported("A", true), "data: blob: 'self' file:"));
    }

    #[test]
    fn a_show_cannot_end_the_script_that_it_is_in() {
        let title = "</script><script>alert(1)</script><!--";
        let page = exported(title, false);
        let data = page.split("id=\"show-data\">").nth(1).unwrap().split("</script>").next().unwrap();
        let json: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(json["title"], title);
        assert!(!data.contains('<') && !page.contains("alert(1)</script>"));
    }
}
