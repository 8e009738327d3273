//! A model of pi-lightshow: its timers and its ten channels, one event after the other. Written from what that player
//! does; it knows nothing of cue sheets and nothing of the importer.
//!
//! Three things are decided here, because threads race for them in that player: where a light's end and its next beginning
//! fall together, the light stays on; a light is not dark for less than a millisecond; and of what falls together in two
//! sections, the section that stands first in the file comes first.

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) const CHANNELS: usize = 10;
const UP: [usize; CHANNELS] = [9, 8, 1, 6, 5, 3, 2, 4, 7, 0];
const DOWN: [usize; CHANNELS] = [0, 7, 4, 2, 3, 5, 6, 1, 8, 9];

#[derive(Clone, Debug)]
enum Event {
    /// The timer of a channel with this number goes off.
    Off { channel: usize, timer: usize },
    /// A beat of a part, counted from 1.
    Beat { part: usize, beat: u64 },
    /// A timer that calls `on`, with this length.
    On { channel: usize, lasts: f64 },
}

#[derive(Default)]
struct Player {
    /// By microseconds, then by kind, then by part, then in the order of their start.
    events: BTreeMap<(u64, u8, usize, usize), (f64, Event)>,
    started: usize,
    /// The part whose beat it is.
    part: usize,
    is_lit: [bool; CHANNELS],
    timers: [Option<usize>; CHANNELS],
    edges: [Vec<(u64, bool)>; CHANNELS],
}

impl Player {
    fn start(&mut self, seconds: f64, event: Event) -> usize {
        let rank = match event {
            Event::Off { .. } => 0,
            Event::Beat { .. } => 1,
            Event::On { .. } => 2,
        };
        self.started += 1;
        self.events.insert(((seconds * 1e6).round() as u64, rank, self.part, self.started), (seconds, event));
        self.started
    }

    fn switch(&mut self, channel: usize, seconds: f64, is_lit: bool) {
        if self.is_lit[channel] != is_lit {
            self.is_lit[channel] = is_lit;
            self.edges[channel].push(((seconds * 1e6).round() as u64, is_lit));
        }
    }

    fn on(&mut self, channel: usize, seconds: f64, lasts: f64) {
        self.switch(channel, seconds, true);
        if lasts > 0.0 {
            let timer = self.started + 1;
            self.timers[channel] = Some(timer);
            self.start(seconds + lasts, Event::Off { channel, timer });
        }
    }

    fn on_later(&mut self, channel: usize, seconds: f64, lasts: f64) {
        self.start(seconds, Event::On { channel, lasts });
    }
}

fn number(of: &Value, key: &str, otherwise: f64) -> f64 {
    of[key].as_f64().unwrap_or(otherwise)
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

/// A list index as that player's language has it.
fn index(of: &Value) -> Option<usize> {
    let index = of["channel"].as_i64().unwrap_or(0);
    let index = if index < 0 { index + CHANNELS as i64 } else { index };
    usize::try_from(index).ok().filter(|index| *index < CHANNELS)
}

fn act(player: &mut Player, action: &Value, song: &Value, now: f64, tempo: f64) {
    match action["type"].as_str() {
        Some("note") => {
            if let Some(channel) = index(action) {
                let delay = number(action, "delay", 0.0).max(0.0);
                player.on_later(channel, now + delay, number(action, "duration", 0.1));
            }
        }
        Some("phrase") => {
            let id = match &action["id"] {
                Value::String(id) => id.clone(),
                id => id.as_i64().unwrap_or(0).to_string(),
            };
            for note in list(&song["phrases"][&id], "notes") {
                let Some(channel) = index(note) else { continue };
                let lasts = tempo * number(note, "duration_multiplier", 0.33);
                match tempo * number(note, "delay_multiplier", 0.0) {
                    0.0 => player.on(channel, now, lasts),
                    delay => player.on_later(channel, now + delay.max(0.0), lasts),
                }
            }
        }
        Some("all_channels") => {
            let duration = number(action, "duration", 0.25);
            let lasts =
                if duration > 0.0 { duration } else { tempo * number(action, "duration_multiplier", 1.0) };
            (0..CHANNELS).for_each(|channel| player.on(channel, now, lasts));
        }
        Some("step_up") => {
            player.on(UP[0], now, tempo);
            for (step, channel) in UP.into_iter().enumerate().skip(1) {
                player.on_later(channel, now + tempo * 0.1 * step as f64, 0.0);
            }
        }
        Some("step_down") => {
            for (step, channel) in DOWN.into_iter().enumerate() {
                let lasts = if step < 9 { tempo * 0.1 * (step as f64 + 1.0) } else { 0.0 };
                player.on(channel, now, lasts);
            }
        }
        _ => {}
    }
}

/// When each channel is switched on and off, in microseconds, until `end`.
pub(crate) fn edges(song: &Value, end: u64) -> [Vec<(u64, bool)>; CHANNELS] {
    let mut parts = Vec::new();
    for section in list(song, "sections") {
        match section["segments"].as_array() {
            Some(segments) => parts.extend(segments),
            None => parts.push(section),
        }
    }
    let mut player = Player::default();
    for (part, its) in parts.iter().enumerate() {
        player.part = part;
        player.start(number(its, "start_time", 0.0).max(0.0), Event::Beat { part, beat: 1 });
    }
    while let Some((_, (now, event))) = player.events.pop_first() {
        match event {
            Event::Off { channel, timer } => {
                if player.timers[channel] == Some(timer) {
                    player.timers[channel] = None;
                    player.switch(channel, now, false);
                }
            }
            Event::On { channel, lasts } => player.on(channel, now, lasts),
            Event::Beat { part, beat } => {
                player.part = part;
                let its = parts[part];
                if beat > its["total_beats"].as_u64().unwrap_or(0) {
                    continue;
                }
                let tempo = number(its, "tempo", 1.0);
                let next = (number(its, "start_time", 0.0) + beat as f64 * tempo).max(0.0);
                player.start(next, Event::Beat { part, beat: beat + 1 });
                for sequence in list(its, "sequences") {
                    let is_meant = sequence["all_beats"].as_bool().unwrap_or(false)
                        || sequence["beat"].as_u64() == Some(beat)
                        || list(sequence, "beats").iter().any(|named| named.as_u64() == Some(beat));
                    if is_meant {
                        list(sequence, "actions")
                            .iter()
                            .for_each(|action| act(&mut player, action, song, now, tempo));
                    }
                }
            }
        }
    }
    let mut edges = player.edges;
    for edges in &mut edges {
        let mut at = 1;
        while at + 1 < edges.len() {
            // Off, and on again at once.
            if edges[at + 1].0 - edges[at].0 < 1_000 {
                edges.drain(at..at + 2);
            } else {
                at += 2;
            }
        }
        edges.retain(|(time, _)| *time < end);
    }
    edges
}
