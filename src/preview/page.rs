//! The files of the page, as they are in `page/`. A new file is one line here.

/// Their names below `page/`, with their texts.
macro_rules! page_files {
    ($($name:literal),* $(,)?) => { &[$(($name, include_str!(concat!("page/", $name)))),*] };
}

/// Each is served as `page/NAME`, but for the first one: that is the page itself.
pub(super) const FILES: &[(&str, &str)] = page_files![
    "index.html",
    "actions.js",
    "clock.js",
    "elements.js",
    "embedded.js",
    "frames.js",
    "heard.js",
    "key_help.js",
    "keys.js",
    "lamp_colour.js",
    "lamp_groups.js",
    "lamp_place.js",
    "lamps.js",
    "layout_edit.js",
    "layout_keep.js",
    "layout_panel.js",
    "lines.js",
    "live.js",
    "main.js",
    "notes.js",
    "picture.js",
    "ramp.js",
    "saved_text.js",
    "sheet.js",
    "sheet_rows.js",
    "show_change.js",
    "source.js",
    "status.js",
    "steps.js",
    "store.js",
    "style.css",
    "tabs.js",
    "time_text.js",
    "timeline.css",
    "told.js",
    "track.js",
    "transport.js",
    "timeline/blocks.js",
    "timeline/choose.js",
    "timeline/frame.js",
    "timeline/gestures.js",
    "timeline/head.js",
    "timeline/hover.js",
    "timeline/lane_names.js",
    "timeline/lanes.js",
    "timeline/marks.js",
    "timeline/overview.js",
    "timeline/palette.js",
    "timeline/ruler.js",
    "timeline/scale.js",
    "timeline/segments.js",
    "timeline/spans.js",
    "timeline/surface.js",
    "timeline/symbols.js",
    "timeline/timeline.js",
    "timeline/view.js",
    "timeline/waveform.js",
    "timeline/words.js",
];

/// The page.
pub(super) const INDEX: &str = FILES[0].1;

/// The media type and the text of what the page knows as `address`.
#[must_use]
pub fn page_file(address: &str) -> Option<(&'static str, &'static str)> {
    let name = if address.is_empty() { "index.html" } else { address.strip_prefix("page/")? };
    let (name, text) = FILES.iter().find(|(known, _)| *known == name)?;
    let media_type = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    Some((media_type, text))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn files_in(folder: &Path, above: &str, found: &mut Vec<String>) {
        for entry in folder.read_dir().unwrap() {
            let entry = entry.unwrap();
            let name = format!("{above}{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => files_in(&entry.path(), &format!("{name}/"), found),
                false => found.push(name),
            }
        }
    }

    #[test]
    fn every_file_of_the_page_is_there() {
        let mut found = Vec::new();
        files_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/preview/page"), "", &mut found);
        found.sort();
        let mut listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        listed.sort_unstable();
        assert_eq!(found, listed, "src/preview/page.rs lists the files of src/preview/page");
    }

    #[test]
    fn only_what_is_listed_has_an_address() {
        assert_eq!(page_file("").unwrap().0, "text/html; charset=utf-8");
        assert_eq!(page_file("page/main.js").unwrap().0, "text/javascript; charset=utf-8");
        for address in ["main.js", "page/", "page/none.js", "page/../page.rs", "page//main.js", "index.html"]
        {
            assert_eq!(page_file(address), None, "{address}");
        }
    }

    #[test]
    fn each_file_is_short_and_says_what_it_is() {
        for (name, text) in FILES {
            assert!(!text.contains('\r') && !text.contains('\0'), "{name}");
            if name.ends_with(".js") {
                let lines = text.lines().count();
                assert!(lines <= 400, "{name} has {lines} lines");
                assert!(text.starts_with("// "), "{name} says what it is");
            }
        }
    }

    #[test]
    fn the_page_has_no_script_or_style_in_its_markup_and_asks_nobody_else() {
        for (name, text) in FILES {
            for word in ["http://", "https://", "//cdn", "@import", "innerHTML", "eval(", "document.write"] {
                let code = text.replace("http://www.w3.org/", "");
                assert!(!code.contains(word), "{name} has `{word}`");
            }
        }
        assert!(!has_script_attribute(INDEX), "{INDEX}");
    }

    fn has_script_attribute(html: &str) -> bool {
        let tags = html.split('<').skip(1).filter_map(|rest| rest.split('>').next());
        let mut words = tags.flat_map(|tag| tag.split_whitespace().skip(1));
        words.any(|word| word.starts_with("style=") || word.starts_with("on") && word.contains('='))
    }
}
