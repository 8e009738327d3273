//! XML as other programs write it, part by part. No DTD, no entities of a file's own, no more depth than any program needs.
//! Knows no format.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::fault::{FilePlace, ImportFault, quoted};

/// Programs of lights need about ten.
const DEEPEST: usize = 64;
/// A longer text or attribute is no name, and no time.
const LONGEST: usize = 64 << 10;
const DAMAGED: &str = "the file is damaged or cut off; save it once more in the program that wrote it";

/// A part of an XML file, in its order.
pub(super) enum XmlPart<'a> {
    Open(XmlTag<'a>),
    /// With the name of what is closed.
    Close(&'a str),
    /// May come in several pieces.
    Text(Cow<'a, str>),
}

/// `<name attribute="value">`
pub(super) struct XmlTag<'a> {
    start: &'a BytesStart<'a>,
    /// How many elements it is in.
    pub(super) depth: usize,
    place: XmlPlace<'a>,
}

/// Where the reader is.
#[derive(Clone, Copy)]
pub(super) struct XmlPlace<'a> {
    text: &'a str,
    byte: usize,
}

impl XmlPlace<'_> {
    pub(super) fn fault(self, what: impl Into<String>) -> ImportFault {
        let before = self.text.as_bytes().iter().take(self.byte);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        ImportFault::new(FilePlace::Line(line), what).advise(DAMAGED)
    }
}

impl XmlTag<'_> {
    pub(super) fn name(&self) -> &str {
        self.start.name().0
    }

    /// The value of an attribute, if it is there.
    ///
    /// # Errors
    /// If it is not written as XML has it.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<String>, ImportFault> {
        // Without a look for doubles, which would be slow in a hostile file.
        for attribute in self.start.attributes().with_checks(false) {
            let attribute = attribute
                .map_err(|_| self.fault(format!("the attributes of {} are broken", quoted(self.name()))))?;
            if attribute.key.0 == name {
                return self.value(name, &attribute.value).map(Some);
            }
        }
        Ok(None)
    }

    fn value(&self, name: &str, raw: &str) -> Result<String, ImportFault> {
        if raw.len() > LONGEST {
            return Err(self.fault(format!("the attribute {} is too long", quoted(name))));
        }
        let value = unescape(raw).map_err(|_| {
            self.fault(format!("the attribute {} has an entity that XML does not know", quoted(name)))
        })?;
        Ok(value.into_owned())
    }

    pub(super) fn fault(&self, what: impl Into<String>) -> ImportFault {
        self.place.fault(what)
    }
}

/// Reads all of `text`, and gives each part to `take`.
///
/// # Errors
/// Where it is no XML, or has what no honest file of lights has; and those of `take`.
pub(super) fn read_xml(
    text: &str,
    mut take: impl FnMut(XmlPart, XmlPlace) -> Result<(), ImportFault>,
) -> Result<(), ImportFault> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut has_root = false;
    loop {
        let byte = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let place = XmlPlace { text, byte };
        let event = reader.read_event().map_err(|error| {
            let byte = usize::try_from(reader.error_position()).unwrap_or(text.len());
            XmlPlace { text, byte }
                .fault(format!("this is no XML: {}", quoted(&error.to_string()).trim_matches('`')))
        })?;
        match event {
            Event::Start(start) => {
                take(XmlPart::Open(XmlTag { start: &start, depth, place }), place)?;
                has_root = true;
                depth += 1;
                if depth > DEEPEST {
                    return Err(place.fault(format!("more than {DEEPEST} elements lie in one another here")));
                }
            }
            Event::Empty(start) => {
                has_root = true;
                take(XmlPart::Open(XmlTag { start: &start, depth, place }), place)?;
                take(XmlPart::Close(start.name().0), place)?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                take(XmlPart::Close(end.name().0), place)?;
            }
            Event::Text(piece) => take(XmlPart::Text(Cow::Borrowed(&*piece)), place)?,
            Event::CData(piece) => take(XmlPart::Text(Cow::Borrowed(&*piece)), place)?,
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                let letter = unescape(&entity).map_err(|_| {
                    place.fault(format!("{} is an entity that XML does not know", quoted(&entity)))
                })?;
                take(XmlPart::Text(letter), place)?;
            }
            Event::DocType(_) => {
                return Err(place.fault("the file has a DTD, which no program of lights writes"));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if depth > 0 || !has_root => {
                return Err(place.fault("the file ends before its elements do"));
            }
            Event::Eof => return Ok(()),
        }
    }
}

/// The name of the first element, if a file that begins with `beginning` is XML.
pub(super) fn root_of(beginning: &str) -> Option<&str> {
    let mut rest = beginning.trim_start();
    if !rest.starts_with('<') {
        return None;
    }
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = &comment[comment.find("-->")? + 3..];
        } else if rest.starts_with(char::is_alphabetic) {
            let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'));
            return Some(&rest[..end.unwrap_or(rest.len())]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let mut told = String::new();
        let read = read_xml(text, |part, _| {
            match part {
                XmlPart::Open(tag) => {
                    let value = tag.attribute("a")?.unwrap_or_default();
                    told += &format!("<{}{}:{value}>", tag.depth, tag.name());
                }
                XmlPart::Close(name) => told += &format!("</{name}>"),
                XmlPart::Text(text) => told += &text,
            }
            Ok(())
        });
        read.map(|()| told).map_err(|fault| fault.to_string())
    }

    #[test]
    fn parts_come_in_their_order() {
        let text = "<?xml version=\"1.0\"?><!-- <no> --><r a='1 &lt; 2'><b/>x &amp; y<![CDATA[<z>]]></r>";
        assert_eq!(read(text).as_deref(), Ok("<0r:1 < 2><1b:></b>x & y<z></r>"));
        assert_eq!(root_of(text), Some("r"));
        assert_eq!(root_of("no <xml>"), None);
        assert_eq!(root_of("<!DOCTYPE x><xsequence/>"), Some("xsequence"));
    }

    #[test]
    fn what_could_do_harm_is_refused_with_its_line() {
        let deep = "<a>".repeat(100);
        for (text, told) in [
            ("<!DOCTYPE a [<!ENTITY x \"yyy\">]>\n<a>&x;</a>", "line 1: the file has a DTD"),
            ("<a>\n&boom;</a>", "line 2: `&boom;` is an entity"),
            ("<a\na='&boom;'/>", "has an entity that XML does not know"),
            (&*deep, "more than 64 elements"),
            ("<a>\n<b></a>", "line 2: this is no XML"),
            ("<a>\n", "line 2: the file ends before"),
            ("<a", "this is no XML"),
            ("", "the file ends before"),
            ("<a a=>", "broken"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.contains(told), "{text}: {fault}");
        }
    }
}
