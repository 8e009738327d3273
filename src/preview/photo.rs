//! A photograph is judged by its first bytes, and never by its name. Decodes nothing.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::file_access::open_regular;

/// A photograph that a browser shows within a moment.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A photograph, open: what its path means later changes nothing.
#[derive(Debug)]
pub struct Photo {
    pub file: File,
    pub media_type: &'static str,
}

impl Photo {
    /// Opens the regular file `path`, or the one that a link leads to.
    ///
    /// # Errors
    /// Where it cannot be read, or is none; the words say so.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = open_regular(path)?;
        let length = file.metadata()?.len();
        let mut head = [0; 12];
        let known = if length < head.len() as u64 { 0 } else { file.read_at(&mut head, 0)? };
        let media_type = media_type(&head[..known]);
        let wrong = |words: &str| io::Error::new(io::ErrorKind::InvalidData, words.to_owned());
        let media_type = media_type.ok_or_else(|| wrong("this is no JPEG, PNG or WebP photograph"))?;
        if length > LARGEST {
            return Err(wrong("this photograph is larger than 64 MiB; save it smaller"));
        }
        Ok(Self { file, media_type })
    }
}

fn media_type(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_is_known_by_its_first_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("house.jpg");
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0 and more of it"[..], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n and more", Some("image/png")),
            (b"RIFF1234WEBP and more", Some("image/webp")),
            (b"RIFF1234WAVE and more", None),
            (b"<svg onload=alert(1)>", None),
            (b"\xff\xd8\xff", None),
            (b"", None),
        ] {
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Photo::open(&path).ok().map(|photo| photo.media_type), expected, "{bytes:?}");
        }
        assert!(Photo::open(Path::new("/dev/zero")).unwrap_err().to_string().contains("a device"));
        assert!(Photo::open(folder.path()).is_err());
    }
}
