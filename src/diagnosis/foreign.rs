//! Recognises files of other programs by how they begin. Reads nothing of what is in them.

/// How files begin that people rename into ours, or name by mistake.
const MARKS: [(&[u8], &str); 11] = [
    (b"OggS", "Ogg music"),
    (b"fLaC", "FLAC music"),
    (b"ID3", "MP3 music"),
    (b"RIFF", "WAV music"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or a document of an office program"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x7fELF", "a program"),
    (b"PSEQ", "a sequence of another light program"),
];

/// `an XML file of another program`, if `bytes` are no text of ours.
pub(super) fn foreign_kind(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, kind)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(kind);
    }
    // An MP3 without tags.
    if matches!(bytes, [0xff, second, ..] if second & 0xe6 == 0xe2) {
        return Some("MP3 music");
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match text.first()? {
        b'<' => Some("an XML or HTML file of another program"),
        b'{' => Some("a JSON file of another program"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_programs_are_told_from_texts() {
        for (bytes, kind) in [
            (&b"OggS\0\x02"[..], "Ogg"),
            (b"\xff\xfb\x90\x64", "MP3"),
            (b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<sequence/>", "XML"),
            (b"\n  <!DOCTYPE html>", "XML"),
            (b"{\"channels\": []}", "JSON"),
        ] {
            assert!(foreign_kind(bytes).unwrap().contains(kind), "{kind}");
        }
        for text in [&b"title A\n"[..], b"", b"\xff\xfet\0i\0", b"\xfe\xff\0t", b"[channels]\n", b"# <x>\n"] {
            assert_eq!(foreign_kind(text), None, "{text:?}");
        }
    }
}
