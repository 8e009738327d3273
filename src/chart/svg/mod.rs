//! A chart as a drawing (SVG): lanes over time, the music, bars and beats, sections and headings. On paper and on dark
//! screens; no fonts or files are fetched. Knows no files.

mod envelope;
mod lane_path;
mod layout;
mod rulers;
mod staff;
mod style;
mod system;
mod xml;

use std::fmt::Write as _;

use super::Chart;
use super::grid::{dark_channels, place};
use crate::rig::Kind;
use crate::text_width::cut;
use layout::{Layout, MARGIN, PAGE_WIDTH};
use style::STYLE;
use xml::{escaped, text};

/// As much of a title as one line takes.
const LONGEST_TITLE: usize = 70;
/// As many letters as the line below the systems takes.
const LONGEST_FOOT: usize = 150;
const TITLE_AT: usize = 78;
const SUBTITLE_AT: usize = 122;
const FIRST_SYSTEM_AT: usize = 156;
/// Between two systems.
const GAP: usize = 44;
const FOOT: usize = 36;

/// How many points of a waveform the drawing of `chart` shows.
#[must_use]
pub fn waveform_points(chart: &Chart) -> usize {
    Layout::of(chart).waveform_points(chart)
}

/// The drawing, as the text of a file. The same for the same chart, on every machine.
#[must_use]
pub fn draw(chart: &Chart) -> String {
    let layout = Layout::of(chart);
    let (mut body, mut top) = (String::new(), FIRST_SYSTEM_AT);
    for system in &layout.systems {
        top += staff::draw(&mut body, chart, &layout, *system, top) + GAP;
    }
    let mut height = top - GAP + MARGIN / 2;
    let foot = if chart.lanes.is_empty() {
        Some("no channel is ever lit".to_owned())
    } else {
        dark_channels(&chart.dark, LONGEST_FOOT)
    };
    if let Some(line) = foot {
        height += FOOT;
        text(&mut body, MARGIN, height - MARGIN / 2, "small quiet", &line);
    }
    let title = escaped(&chart.title);
    let mut svg = String::new();
    let _always = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {PAGE_WIDTH} {height}\" width=\"{}\" \
         height=\"{}\" role=\"img\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{PAGE_WIDTH}\" height=\"{height}\" rx=\"20\"/>",
        PAGE_WIDTH / 2,
        height.div_ceil(2)
    );
    text(&mut svg, MARGIN, TITLE_AT, "title", &cut(&chart.title, LONGEST_TITLE));
    text(&mut svg, MARGIN, SUBTITLE_AT, "small quiet", &subtitle(chart));
    legend(&mut svg, chart);
    svg + &body + "</svg>\n"
}

fn subtitle(chart: &Chart) -> String {
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let bars = chart.beats.iter().filter(|beat| beat.beat == 1 && beat.bar >= 1).count();
    let mut parts = vec![format!("{} to {}", place(chart.from), place(chart.to))];
    parts.extend((bars > 0).then(|| counted(bars, "bar")));
    parts.push(counted(chart.lanes.len(), "channel"));
    parts.join(" · ")
}

/// What the colors mean, at the right end of the second line.
fn legend(svg: &mut String, chart: &Chart) {
    let has = |kind: Kind| chart.lanes.iter().any(|lane| lane.kind == kind);
    let kinds = [
        (Kind::Relay, "relay: on or off"),
        (Kind::Ssr, "solid-state relay: on or off"),
        (Kind::Pwm, "dimmed: as high as bright"),
        (Kind::Dimmer, "dimmed on the network: as high as bright"),
    ];
    let mut words: Vec<(&str, &str)> = Vec::new();
    words.extend(kinds.into_iter().filter(|(kind, _)| has(*kind)).map(|(kind, word)| (kind.name(), word)));
    words.extend(chart.waveform.is_some().then_some(("mean", "music")));
    let mut x = PAGE_WIDTH - MARGIN;
    for (class, word) in words.into_iter().rev() {
        x -= word.len() * layout::SMALL_LETTER + 20;
        text(svg, x, SUBTITLE_AT, "small quiet", word);
        x -= 36;
        let _always = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"26\" height=\"18\"/>",
            SUBTITLE_AT - 17
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{chart, chart_of};
    use super::*;

    /// Whether each tag is closed by its own name; a small part of what a reader of XML sees to.
    fn is_well_formed(svg: &str) -> bool {
        let mut open = Vec::new();
        for tag in svg.split('<').skip(1) {
            let Some((tag, text)) = tag.split_once('>') else { return false };
            let name = |tag: &str| tag.split([' ', '/']).next().unwrap().to_owned();
            match tag.strip_prefix('/') {
                Some(end) if open.pop().as_deref() != Some(end) => return false,
                Some(_) => {}
                None if tag.ends_with('/') => {}
                None => open.push(name(tag)),
            }
            if tag.matches('"').count() % 2 == 1 || text.contains("&<") {
                return false;
            }
        }
        open.is_empty()
    }

    #[test]
    fn hostile_titles_and_headings_stay_text() {
        let title = "</title><script>alert(1)</script> & \"co\" 星庭";
        let chart = chart_of(&format!("title {title}\nlength 0:10\n# ---- <b>&\"'</b> ----\n0:01 neon on\n"));
        let svg = draw(&chart);
        assert!(is_well_formed(&svg), "{svg}");
        assert!(!svg.contains("<script") && !svg.contains("<b>"), "{svg}");
        assert!(svg.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot; 星庭"), "{svg}");
        assert!(!svg.contains("href") && !svg.contains("url("), "nothing is fetched");
    }

    #[test]
    fn every_channel_that_is_ever_lit_has_a_lane_with_its_name() {
        let svg = draw(&chart("0:10"));
        assert!(is_well_formed(&svg));
        assert_eq!(["neon", "windows"].map(|name| svg.matches(&format!(">{name}<")).count()), [1, 1]);
        assert!(svg.contains("dark all the time: arcade, spare"), "{svg}");
        assert!(draw(&chart_of("length 0:10\n")).contains("no channel is ever lit"));
    }
}
