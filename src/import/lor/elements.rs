//! The elements of an XML file, one after the other, with where they are. Refuses what no light show needs: a document
//! type with its entities, and elements in elements without end. Knows no format.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::fault::{FilePlace, ImportFault, quoted};

/// Deeper files are made to do harm.
const DEEPEST: usize = 64;
/// More attributes than any element of a show has.
const MOST_ATTRIBUTES: usize = 256;

/// An element that begins.
pub(super) struct XmlElement<'a> {
    pub(super) name: String,
    pub(super) line: usize,
    start: BytesStart<'a>,
}

impl XmlElement<'_> {
    pub(super) fn place(&self) -> FilePlace {
        FilePlace::Line(self.line)
    }

    /// The value of `attribute`, with the five entities of XML replaced, and no others.
    ///
    /// # Errors
    /// If the element is written wrongly, or has another entity.
    pub(super) fn text(&self, attribute: &str) -> Result<Option<String>, ImportFault> {
        let fault = |what: String| ImportFault::new(self.place(), what);
        for (index, found) in self.start.attributes().with_checks(false).enumerate() {
            if index == MOST_ATTRIBUTES {
                return Err(fault(format!("an element has more than {MOST_ATTRIBUTES} attributes")));
            }
            let found = found
                .map_err(|error| fault(format!("{} is written wrongly: {error}", quoted(&self.name))))?;
            if found.key.into_inner() == attribute {
                let text = quick_xml::escape::unescape(&found.value);
                return match text {
                    Ok(text) => Ok(Some(text.into_owned())),
                    Err(_) => {
                        Err(fault(format!("`{attribute}` has an entity that is not one of the five of XML"))
                            .advise("save the file again in the program that wrote it"))
                    }
                };
            }
        }
        Ok(None)
    }

    /// The whole number in `attribute`, not below 0.
    ///
    /// # Errors
    /// As [`text`](Self::text); and if it is another text.
    pub(super) fn number(&self, attribute: &str) -> Result<Option<u64>, ImportFault> {
        let Some(text) = self.text(attribute)? else { return Ok(None) };
        match text.trim().parse::<u64>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(ImportFault::new(
                self.place(),
                format!("`{attribute}` is {}; expected a whole number, not below 0", quoted(&text)),
            )),
        }
    }
}

/// Where the elements of `text` begin, in its order. `visit` gets the names of those that they are in.
///
/// # Errors
/// At the first place that is no XML, or that no light show needs; and what `visit` refuses.
pub(super) fn for_each_element(
    text: &str,
    visit: &mut dyn FnMut(&[String], &XmlElement) -> Result<(), ImportFault>,
) -> Result<(), ImportFault> {
    let mut reader = Reader::from_str(text);
    let mut around: Vec<String> = Vec::new();
    // Lines are counted as the reader goes on, not from the beginning each time.
    let (mut line, mut counted) = (1, 0);
    loop {
        let at = reader.buffer_position() as usize;
        line += memchr::memchr_iter(b'\n', text.as_bytes().get(counted..at).unwrap_or_default()).count();
        counted = counted.max(at);
        let fault = |what: String| ImportFault::new(FilePlace::Line(line), what);
        let event = reader.read_event().map_err(|error| {
            fault(format!("the file is damaged from here on: {}", quoted(&error.to_string())))
                .advise("save it again in the program that wrote it")
        })?;
        match event {
            Event::Start(start) => {
                if around.len() == DEEPEST {
                    return Err(fault(format!("the file has more than {DEEPEST} elements in one another")));
                }
                let element = element(start, line);
                visit(&around, &element)?;
                around.push(element.name);
            }
            Event::Empty(start) => visit(&around, &element(start, line))?,
            Event::End(_) => drop(around.pop()),
            Event::DocType(_) => {
                return Err(fault("the file has a document type, which may mean anything".to_owned())
                    .advise("delete the line with `<!DOCTYPE`, or save the file again in the program that wrote it"));
            }
            Event::Eof => {
                return match around.last() {
                    None => Ok(()),
                    Some(open) => Err(fault(format!("the file ends within {}", quoted(open)))
                        .advise("copy it again: a part of it is missing")),
                };
            }
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

fn element(start: BytesStart<'_>, line: usize) -> XmlElement<'_> {
    XmlElement { name: start.name().into_inner().to_owned(), line, start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let all = for_each_element(text, &mut |around, element| {
            let value = element.text("a")?.unwrap_or_default();
            found.push(format!("{} {}/{} {value}", element.line, around.join("/"), element.name));
            Ok(())
        });
        all.map(|()| found).map_err(|fault| fault.to_string())
    }

    #[test]
    fn elements_have_their_place_and_the_names_around_them() {
        let read = read("<?xml version=\"1.0\"?>\n<x a='1 &amp; 2'>\n <y/>text<z a=\"&#65;\"></z>\n</x>\n");
        assert_eq!(read, Ok(vec!["2 /x 1 & 2".into(), "3 x/y ".into(), "3 x/z A".into()]));
    }

    #[test]
    fn what_is_no_xml_or_meant_to_harm_is_refused() {
        let deep = "<x>".repeat(100);
        let many = format!("<x{}/>", " b='1'".repeat(300));
        for (text, told) in [
            ("<x>\n<y>\n</x>", "line 2: the file is damaged"),
            ("<x>\n<y/>", "line 2: the file ends within `x`"),
            ("<x a='&lol;'/>", "an entity that is not one of the five"),
            ("<!DOCTYPE x [<!ENTITY lol 'lol'>]>\n<x/>", "line 1: the file has a document type"),
            (&deep, "more than 64 elements in one another"),
            (&many, "more than 256 attributes"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.contains(told), "{fault}");
        }
    }
}
