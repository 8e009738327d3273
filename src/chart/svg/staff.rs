//! Draws one system: headings, sections, bars, the music and the lanes. Knows nothing of the page around it.

use std::fmt::Write as _;

use crate::text_width::{cut, width_of};
use crate::time::ShowTime;

use super::super::blocks::{Block, rows, short_names};
use super::super::{Chart, Waveform};
use super::envelope::envelope;
use super::lane_path::outline;
use super::layout::{Layout, MARGIN, PAGE_WIDTH, SMALL_LETTER, WAVEFORM_STEP};
use super::rulers::{BarMarks, clock_times};
use super::style::SECTION_COLOURS;
use super::system::System;
use super::xml::{escaped, text};

const HEADING_HEIGHT: usize = 36;
const SECTION_HEIGHT: usize = 30;
const SECTION_ROWS: usize = 3;
const NUMBERS_HEIGHT: usize = 34;
const TICK: usize = 8;
const WAVEFORM_HEIGHT: usize = 84;
const LANE_PITCH: usize = 40;
/// A dimmed channel at full; one that is switched is lower, and in the middle of its lane.
const FULL: u16 = 34;
const SWITCHED: u16 = 22;
const CLOCK_HEIGHT: usize = 30;
/// A narrower block has no text.
const LEAST_TEXT: usize = 3;

/// Draws `system` below `top`; returns how high it is.
pub(super) fn draw(svg: &mut String, chart: &Chart, layout: &Layout, system: System, top: usize) -> usize {
    let mut staff = Staff { svg, chart, layout, system, y: top };
    if !chart.headings.is_empty() {
        staff.headings();
    }
    staff.sections();
    let bars = BarMarks::of(chart, layout, system);
    if !chart.beats.is_empty() {
        staff.numbers(&bars);
    }
    let lines_from = staff.y;
    let height = LANE_PITCH * chart.lanes.len() + chart.waveform.as_ref().map_or(0, |_| WAVEFORM_HEIGHT);
    if let Some(waveform) = &chart.waveform {
        staff.waveform(waveform);
    }
    staff.lanes();
    staff.lines(&bars, lines_from, height);
    staff.clock();
    staff.y - top
}

struct Staff<'a> {
    svg: &'a mut String,
    chart: &'a Chart,
    layout: &'a Layout,
    system: System,
    /// Where the next row begins.
    y: usize,
}

impl Staff<'_> {
    fn x(&self, time: ShowTime) -> usize {
        self.layout.left + self.layout.width(self.system.from, time.min(self.system.to))
    }

    fn width(&self) -> usize {
        self.layout.width(self.system.from, self.system.to)
    }

    /// Those of `blocks` that lie in this system.
    fn seen<'a>(&self, blocks: &'a [Block]) -> impl Iterator<Item = &'a Block> + use<'a> {
        let System { from, to } = self.system;
        blocks.iter().filter(move |block| block.start < to && block.end > from)
    }

    fn block(&mut self, block: &Block, class: &str, height: usize) {
        let (start, end) = (self.x(block.start), self.x(block.end));
        // A gap to the next one, if there is room.
        let width = (end - start).max(3) - if end - start > 8 { 3 } else { 1 };
        let (y, high) = (self.y, height - 4);
        let name = escaped(&block.name).into_owned();
        let _always = writeln!(
            self.svg,
            "<g><title>{name}</title><rect class=\"{class}\" x=\"{start}\" y=\"{y}\" width=\"{width}\" \
             height=\"{high}\" rx=\"5\"/>"
        );
        let room = width.saturating_sub(14) / SMALL_LETTER;
        if let Some(label) = label(&block.name, room) {
            text(self.svg, start + 8, y + high - 7, "small", &label);
        }
        self.svg.push_str("</g>\n");
    }

    fn headings(&mut self) {
        let chart = self.chart;
        for heading in self.seen(&chart.headings) {
            self.block(heading, "heading", HEADING_HEIGHT);
        }
        self.y += HEADING_HEIGHT;
    }

    fn sections(&mut self) {
        let sections: Vec<Block> = self.seen(&self.chart.sections).cloned().collect();
        let colour_of = colours(&self.chart.sections);
        for row in rows(&sections, SECTION_ROWS, |block| (self.x(block.start), self.x(block.end))) {
            for section in row {
                let class = format!("section s{}", colour_of(&section.name));
                self.block(section, &class, SECTION_HEIGHT);
            }
            self.y += SECTION_HEIGHT;
        }
    }

    fn numbers(&mut self, bars: &BarMarks<'_>) {
        for beat in bars.beats.iter().filter(|beat| bars.has_number(beat)) {
            let x = self.x(beat.time);
            text(self.svg, x, self.y + NUMBERS_HEIGHT - 12, "small quiet", &beat.bar.to_string());
        }
        self.y += NUMBERS_HEIGHT;
    }

    fn waveform(&mut self, waveform: &Waveform) {
        let System { from, to } = self.system;
        let count = (self.width() / WAVEFORM_STEP).max(1);
        let lasts = (to - from).as_micros() as u64;
        let time = |point: usize| ShowTime::from_micros(from.micros() + lasts * point as u64 / count as u64);
        let points: Vec<_> = (0..count).map(|point| waveform.between(time(point), time(point + 1))).collect();
        let most = (WAVEFORM_HEIGHT / 2 - 6) as i64;
        let high = |thousandths: u16| (i64::from(thousandths) * most + 500) / 1_000;
        let place = format!("translate({} {})", self.layout.left, self.y + WAVEFORM_HEIGHT / 2 - 2);
        let outlines = [
            ("peak", points.iter().map(|point| high(point.peak)).collect::<Vec<_>>()),
            ("mean", points.iter().map(|point| high(point.mean)).collect()),
        ];
        for (class, points) in outlines {
            let _always = writeln!(
                self.svg,
                "<path class=\"{class}\" transform=\"{place}\" d=\"{}\"/>",
                envelope(&points)
            );
        }
        text(self.svg, MARGIN, self.y + WAVEFORM_HEIGHT / 2 + 6, "name quiet", "music");
        self.y += WAVEFORM_HEIGHT;
    }

    fn lanes(&mut self) {
        let System { from, to } = self.system;
        let (left, width) = (self.layout.left, self.width());
        for (number, lane) in self.chart.lanes.iter().enumerate() {
            if number % 2 == 0 {
                let _always = writeln!(
                    self.svg,
                    "<rect class=\"band\" x=\"{MARGIN}\" y=\"{}\" width=\"{}\" height=\"{LANE_PITCH}\"/>",
                    self.y,
                    left + width - MARGIN
                );
            }
            text(self.svg, MARGIN + 6, self.y + 28, "name", &lane.name);
            let (full, class) = match lane.kind {
                kind if kind.dims() => (FULL, kind.name()),
                kind => (SWITCHED, kind.name()),
            };
            let ground = self.y + (LANE_PITCH + usize::from(full)) / 2;
            let outline = outline(lane, from, to, width, full);
            if !outline.is_empty() {
                let _always = writeln!(
                    self.svg,
                    "<path class=\"{class}\" transform=\"translate({left} {ground})\" d=\"{outline}\"/>"
                );
            }
            self.y += LANE_PITCH;
        }
    }

    /// Bars and beats, or seconds in a show without a tempo, over all lanes.
    fn lines(&mut self, bars: &BarMarks<'_>, top: usize, height: usize) {
        let (mut groups, mut lines, mut beats) = (String::new(), String::new(), String::new());
        for beat in bars.beats {
            let x = self.x(beat.time);
            let _always = match (bars.begins_group(beat), bars.has_line(beat)) {
                (true, true) => write!(groups, "M{x} {}v{}", top - TICK, height + TICK),
                (false, true) => write!(lines, "M{x} {}v{}", top - TICK, height + TICK),
                (_, false) if bars.has_beats => write!(beats, "M{x} {}v{TICK}", top - TICK),
                _ => Ok(()),
            };
        }
        if bars.beats.is_empty() {
            for (time, _) in clock_times(self.layout, self.system) {
                let _always = write!(lines, "M{} {top}v{height}", self.x(time));
            }
        }
        for (class, path) in [("bar", lines), ("group", groups), ("beat", beats)] {
            if !path.is_empty() {
                let _always = writeln!(self.svg, "<path class=\"{class}\" d=\"{path}\"/>");
            }
        }
    }

    fn clock(&mut self) {
        for (time, words) in clock_times(self.layout, self.system) {
            let x = self.x(time);
            let has_room = x + words.len() * SMALL_LETTER <= PAGE_WIDTH - MARGIN / 4;
            let _always = writeln!(self.svg, "<path class=\"beat\" d=\"M{x} {}v{TICK}\"/>", self.y);
            if has_room {
                text(self.svg, x, self.y + CLOCK_HEIGHT, "small quiet", &words);
            }
        }
        self.y += CLOCK_HEIGHT;
    }
}

/// As much of `name` as tells something in so much room.
fn label(name: &str, room: usize) -> Option<String> {
    let fitting = short_names(name).into_iter().find(|name| width_of(name) <= room && !name.is_empty());
    fitting.map(str::to_owned).or_else(|| (room >= LEAST_TEXT).then(|| cut(name, room)))
}

/// A color for the name of each section, in the order in which they are played first.
fn colours(sections: &[Block]) -> impl Fn(&str) -> usize {
    let mut names: Vec<&str> = Vec::new();
    for section in sections {
        if !names.contains(&section.name.as_str()) {
            names.push(&section.name);
        }
    }
    move |name| names.iter().position(|known| *known == name).unwrap_or(0) % SECTION_COLOURS
}
