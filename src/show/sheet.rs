//! Parses a cue sheet: its head, cues, steps and sections. Calculates no times.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnosis::{Diagnoses, Help, Source, nearest};
use crate::rig::{Rig, is_plain_name, nearest_name};

use super::ends::{ends_once, fits, plays_once};
use super::finish_cue::finish_cue;
use super::head::HEAD_WORDS;
use super::length::{LengthAt, some_length};
use super::map_line::map_line;
use super::meant_line::LineFacts;
use super::memory_cost::{self, too_large};
use super::sheet_parts::{Instruction, Row, Section, Sheet, SheetItem};
use super::slip::length_of;
use super::slip_times;
use super::step_row::steps;
use super::told_line::told;
use super::vocabulary::Vocabulary;
use super::what::what;
use super::when::when;
use super::who::{Who, no_further_name, who};
use super::words::{Mistake, SheetLine, Word};

/// Items in one piece: half a megabyte.
const PIECE: usize = 4_096;

/// Parses `source` and reports every mistake. A line with a mistake is left out. After
/// [very many](Diagnoses::are_many) mistakes the rest is not read.
pub(super) fn read<'a>(source: &'a Arc<Source>, rig: &Rig, mistakes: &mut Diagnoses) -> Sheet<'a> {
    let mut reading = SheetReader::new(rig, source.text().len() as u64);
    let mut at = 0;
    let mut found: Vec<(Mistake, Range<usize>, LinePlace)> = Vec::new();
    for text in source.text().split('\n') {
        if found.len() >= Diagnoses::MANY {
            break;
        }
        let all = at..at + text.len();
        let place = LinePlace { is_in_section: reading.section.is_some(), grid: reading.grid };
        if let Some(mut line) = SheetLine::new(text, at)
            && let Err(mistake) = reading.line(&mut line)
        {
            found.push((mistake, all.clone(), place));
        }
        if reading.memory > memory_cost::MOST {
            found.push((too_large(all.into()), 0..0, place));
            break;
        }
        at += text.len() + 1;
    }
    let SheetReader { mut sheet, names, .. } = reading;
    let length = if found.is_empty() { None } else { length_of(source.text()) };
    for (mistake, line, place) in found {
        let again = |text: &str| SheetReader::new(rig, 0).reread(text, place);
        let indent = SheetLine::new(&source.text()[line.clone()], line.start).map_or(0, |line| line.indent);
        let known = LineFacts {
            words: Vocabulary { rig, sections: &names },
            length,
            says_tempo: sheet.head.says_tempo,
            is_row: place.grid.is_some_and(|margin| indent > margin),
        };
        mistakes.push(told(mistake, source.text(), line, &known, &again).into_error(source));
    }
    for section in &sheet.sections {
        if section.items.is_empty() && mistakes.is_empty() {
            let mistake =
                Mistake::new(section.name.span(), format!("section `{}` is empty", section.name.text))
                    .help(Help::advise("put its lines below it, indented"));
            mistakes.push(mistake.into_error(source));
        }
    }
    for item in sheet.items.iter().flatten().chain(sheet.sections.iter().flat_map(|section| &section.items)) {
        if let Instruction::Steps { rows, .. } = &item.instruction
            && rows.is_empty()
            && mistakes.is_empty()
        {
            let mistake = Mistake::new(item.span, "these steps have no rows").help(Help::advise(
                "put rows below, indented further: a name, then steps such as `x... x...`",
            ));
            mistakes.push(mistake.into_error(source));
        }
    }
    for doubt in std::mem::take(&mut sheet.head.doubts) {
        mistakes.push(doubt.into_warning(source));
    }
    sheet
}

struct SheetReader<'a, 'r> {
    rig: &'r Rig,
    sheet: Sheet<'a>,
    /// The names of the sections so far.
    names: HashSet<&'a str>,
    known_channels: HashSet<Who>,
    /// The section that indented lines belong to.
    section: Option<usize>,
    /// The indent of the `steps` line above; its rows have a larger one.
    grid: Option<usize>,
    /// What all of it takes, in bytes.
    memory: u64,
}

/// What the lines above say about where a line is.
#[derive(Clone, Copy)]
struct LinePlace {
    is_in_section: bool,
    grid: Option<usize>,
}

impl<'a, 'r> SheetReader<'a, 'r> {
    fn new(rig: &'r Rig, memory: u64) -> Self {
        Self {
            rig,
            sheet: Sheet::default(),
            names: HashSet::new(),
            known_channels: HashSet::new(),
            section: None,
            grid: None,
            memory,
        }
    }

    /// Reads the lines of `text` at `place` of a sheet; the first mistake in it, with its line.
    fn reread(mut self, text: &'a str, place: LinePlace) -> Option<(Mistake, Range<usize>)> {
        if place.is_in_section {
            self.sheet.sections.push(Section { name: Word { text: "", start: 0 }, items: Vec::new() });
            self.section = Some(0);
        }
        self.grid = place.grid;
        let mut at = 0;
        for line in text.split('\n') {
            let all = at..at + line.len();
            if let Some(mut line) = SheetLine::new(line, at)
                && let Err(mistake) = self.line(&mut line)
            {
                return Some((mistake, all));
            }
            at = all.end + 1;
        }
        None
    }
}

impl<'a> SheetReader<'a, '_> {
    fn line(&mut self, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        if self.grid.is_some_and(|margin| line.indent > margin) {
            return self.row(line);
        }
        self.grid = None;
        if line.indent == 0 {
            self.section = None;
        } else if self.section.is_none() {
            let margin = line.margin.clone();
            return Err(Mistake::new(line.span(), "this line is indented, but there is no section above it")
                .help(Help::take_out(margin, "move it to the left margin, or put `section NAME` above it")));
        }
        let first = line.peek().map_or("", |word| word.text);
        match first {
            "section" => self.begin_section(line),
            "steps" => self.begin_grid(line),
            _ if HEAD_WORDS.contains(&first) || first == "map" => {
                if self.section.is_some() {
                    return Err(Mistake::new(
                        line.span(),
                        format!("`{first}` belongs to the head of the show"),
                    )
                    .label("not in a section"));
                }
                if first == "map" { self.map(line) } else { self.sheet.head.read(line) }
            }
            _ => {
                let item = self.cue(line)?;
                self.push(item);
                Ok(())
            }
        }
    }

    fn map(&mut self, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        self.memory += memory_cost::ITEM;
        let map = map_line(line, self.rig).inspect_err(|_| self.sheet.has_lost_map = true)?;
        self.sheet.maps.push(map);
        Ok(())
    }

    fn items(&mut self) -> &mut Vec<SheetItem<'a>> {
        match self.section {
            Some(index) => &mut self.sheet.sections[index].items,
            None => {
                if self.sheet.items.is_empty() {
                    self.sheet.items.push(Vec::new());
                }
                self.sheet.items.last_mut().expect("there is one now")
            }
        }
    }

    fn push(&mut self, item: SheetItem<'a>) {
        if self.section.is_none() && self.items().len() == PIECE {
            self.sheet.items.push(Vec::with_capacity(PIECE));
        }
        self.memory += item.memory();
        self.items().push(item);
    }

    fn begin_section(&mut self, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        if line.indent > 0 {
            return Err(Mistake::new(line.span(), "a section begins at the margin"));
        }
        line.next();
        let name = line.expect("the name of the section")?;
        let name_is_plain =
            name.text.starts_with(|c: char| c.is_ascii_lowercase()) && is_plain_name(name.text);
        // Opened also if its name has a mistake, so that its lines are not reported as well.
        self.section = Some(self.sheet.sections.len());
        let known = !self.names.insert(name.text);
        let section = Section { name, items: Vec::new() };
        self.memory += section.memory();
        self.sheet.sections.push(section);
        if !name_is_plain {
            return Err(Mistake::new(
                name.span(),
                format!("`{}` cannot be the name of a section", name.text),
            )
            .label("expected small letters, digits, `_` and `-`")
            .help_if_any(nearest_name(name.text, "section").map(|near| Help::write(name.span(), near))));
        }
        if known {
            return Err(Mistake::new(name.span(), format!("section `{}` is here twice", name.text)));
        }
        let (start, end) = (name.start, line.span().end);
        let joined: Vec<&str> = line.between(start, end).split_whitespace().collect();
        let help = slip_times::place_of_section(name, line)
            .unwrap_or_else(|| Help::write(start..end, joined.join("_")));
        line.finish("the section's name").map_err(|mistake| mistake.help(help).exact())
    }

    fn begin_grid(&mut self, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        self.grid = Some(line.indent);
        let span = line.span();
        let steps = line.expect("`steps`")?;
        let when = when(line)?;
        let complete = when.end.is_some() && when.every.is_none();
        let by = line.take("by");
        let (true, Some(_)) = (complete, by) else {
            let mistake = Mistake::new(steps.start..span.end, "steps need a time, an end and a pace");
            if complete && line.peek().is_none() {
                let end = span.end;
                return Err(mistake
                    .help(Help::write(end..end, " by 1/8").said("add a pace, as in `by 1/8`"))
                    .help_by_clock(
                        Help::write(end..end, " by 500 ms").said("add a pace, as in `by 500 ms`"),
                    ));
            }
            let written = line.between(steps.start, span.end);
            let meant = written.replacen(" every ", " by ", 1).replacen(" - ", " to ", 1);
            if meant != written && meant.contains(" to ") && meant.contains(" by ") {
                return Err(mistake.help(Help::write(steps.start..span.end, meant)));
            }
            let example = |text| {
                Help::write(steps.start..span.end, text).said(format!("as in `{text}`")).into_example()
            };
            return Err(mistake
                .help(example("steps 1.1 to 9.1 by 1/8"))
                .help_by_clock(example("steps 0:01 to 0:09 by 500 ms")));
        };
        let by = some_length(line)?;
        line.finish("the line")?;
        self.push(SheetItem {
            when,
            instruction: Instruction::Steps { by, rows: Vec::new() },
            span: span.into(),
        });
        Ok(())
    }

    /// Equal lists share their memory: a sheet of a hundred thousand cues has a few different ones.
    fn who(&mut self, line: &mut SheetLine<'a>) -> Result<Who, Mistake> {
        let who = who(line, self.rig)?;
        if let Some(known) = self.known_channels.get(&who) {
            return Ok(Arc::clone(known));
        }
        self.known_channels.insert(Arc::clone(&who));
        Ok(who)
    }

    fn row(&mut self, line: &mut SheetLine<'a>) -> Result<(), Mistake> {
        let span = line.span().into();
        let who = self.who(line)?;
        let strip = steps(line.rest())?;
        self.memory += memory_cost::of_row(strip.len());
        // If its `steps` line had a mistake, the row is only read for its own mistakes.
        if let Some(SheetItem { instruction: Instruction::Steps { rows, .. }, .. }) = self.items().last_mut()
        {
            rows.push(Row { who, strip, span });
        }
        Ok(())
    }

    fn cue(&mut self, line: &mut SheetLine<'a>) -> Result<SheetItem<'a>, Mistake> {
        let span = line.span();
        if let Some(word) = line.peek().filter(|word| word.text.starts_with(char::is_alphabetic)) {
            return Err(self.no_time(word, line));
        }
        let when = when(line)?;
        let when_end = line.peek().map_or(span.end, |word| word.start);
        if line.take("play").is_some() {
            let section = line.expect("the name of a section")?;
            let lasts = lasts(line)?;
            plays_once(&when, section, line)?;
            finish_cue(line, when_end, self.rig)?;
            ends_once(&when, lasts.as_deref())?;
            return Ok(SheetItem {
                when,
                instruction: Instruction::Play { section, lasts },
                span: span.into(),
            });
        }
        let who = self.who(line)?;
        no_further_name(line, self.rig)?;
        let what_start = line.peek().map_or(span.end, |word| word.start);
        let what = what(line)?;
        let what_end = line.peek().map_or(span.end, |word| word.start);
        let lasts = lasts(line)?;
        finish_cue(line, when_end, self.rig)?;
        let what_text = line.between(what_start, what_end).trim_end();
        let start = line.between(span.start, when_end).trim();
        fits(&when, &what, lasts.as_deref(), start, Word { text: what_text, start: what_start })?;
        Ok(SheetItem { when, instruction: Instruction::Cue { who, what, lasts }, span: span.into() })
    }

    /// A line that begins with `word`: its time comes first.
    fn time_first(&self, word: Word, line: &SheetLine) -> Help {
        let words: Vec<Word> = line.clone_from_start().collect();
        let is_name = self.rig.channels_named(word.text).is_some();
        if let Some(moved) = slip_times::time_last(&words, line) {
            let words = format!("put its time first: write `{moved}`");
            return Help::write(line.span(), moved).said(words);
        }
        if is_name {
            return Help::write(word.span(), format!("0:10  {}", word.text))
                .said(format!("put its time first, as in `0:10  {}`", word.text));
        }
        let name = self.rig.names().next().unwrap_or("all");
        Help::advise(format!(
            "a line is when, who, what, as in `0:10  {name}  on`; a comment starts with `#`"
        ))
    }

    /// The mistake of a line that begins with `word` instead of a time.
    fn no_time(&mut self, word: Word, line: &SheetLine<'a>) -> Mistake {
        let near = nearest(word.text, HEAD_WORDS.into_iter().chain(["section", "steps", "map"]));
        let meant = near.or(match word.text {
            "music" | "song" | "sound" | "file" => Some("audio"),
            "duration" => Some("length"),
            "bpm" => Some("tempo"),
            "grid" | "pattern" | "sequence" => Some("steps"),
            _ => None,
        });
        meant.inspect(|meant| self.sheet.head.lost(meant, line));
        if meant == Some("steps") {
            // So that its rows are not reported as well.
            self.grid = Some(line.indent);
        }
        let below_steps = matches!(
            self.items().last(),
            Some(SheetItem { instruction: Instruction::Steps { rows, .. }, .. }) if rows.is_empty()
        );
        let help = match near {
            Some(near) => Help::meant_is(word.span(), near, near),
            None if below_steps => {
                Help::write(word.start..word.start, "  ").said("indent it further than its `steps`")
            }
            None => self.time_first(word, line),
        };
        Mistake::new(word.span(), format!("`{}` is neither a time nor a word of the head", word.text))
            .label("a cue begins with its time")
            .help(help)
    }
}

fn lasts(line: &mut SheetLine) -> Result<Option<Box<LengthAt>>, Mistake> {
    line.take("for").map(|_| some_length(line).map(Box::new)).transpose()
}
