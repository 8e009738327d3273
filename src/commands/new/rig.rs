//! `starcourt new --rig`: the wiring from options, or from questions in a terminal, and where the rig is written.

use std::env;
use std::io::{BufRead, IsTerminal, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::outcome::{Failure, Outcome};
use super::printed::counted;
use super::questions::{BACK, Interview, NoAnswer, Question, Unanswered};
use crate::cli::{NewOptions, WiringOptions};
use crate::commands::written_file;
use crate::diagnosis::Source;
use crate::printable::{printable, shell_word};
use crate::rig::{self, Active, Line};
use crate::template::{
    BoardKind, LightPin, NewLight, header_picture, proposed, proposed_names, read_names, read_pins, rig_text,
    supply, typed,
};

/// Where simulated shows look for it.
const DEFAULT: &str = "shows/rig.toml";
/// GPIO 2 to 27.
const MOST: usize = 26;

/// Writes the rig; returns what was done and what comes next.
pub(super) fn rig(file: Option<&Path>, options: &NewOptions) -> Result<String, Failure> {
    refuse_show_options(options)?;
    let path = place(file, &options.wiring)?;
    if path.symlink_metadata().is_ok() {
        return Err(Failure::of(Outcome::Failed, anyhow!(taken(&path))));
    }
    let wiring = &options.wiring;
    let is_complete = wiring.board.is_some() && (wiring.channels.is_some() || wiring.pins.is_some());
    let lights = match is_complete {
        true => by_options(wiring)?,
        false if stdin().is_terminal() && stdout().is_terminal() => {
            let questions = |interview: &mut Interview<_, _>| by_questions(interview, wiring);
            Interview::hold(stdin().lock(), stdout().lock(), questions).map_err(unanswered)?
        }
        false => {
            let out =
                if path == Path::new(DEFAULT) { String::new() } else { format!(" -o {}", shell_word(&path)) };
            return Err(Failure::bad_command_line(anyhow!(
                "this is no terminal, so nobody can be asked; say which board, and how many lights or which pins\n  \
                 starcourt new --rig --board relay --channels 4{out}\n  \
                 starcourt new --rig --board mosfet --pins 17,27,22 --names left,middle,right{out}"
            )));
        }
    };
    let text = rig_text(&lights);
    let (_, told) = rig::read(&Source::new(&path, &*text));
    if !told.is_empty() {
        return Err(Failure::bad_file(told.into()));
    }
    written_file::write(&path, &text, || taken(&path))?;
    Ok(done(&path, &lights))
}

fn refuse_show_options(options: &NewOptions) -> Result<(), Failure> {
    let given = [
        ("--length", options.length.is_some()),
        ("--name", options.name.is_some()),
        ("--shows", options.shows.is_some()),
        ("--output", options.output.output.is_some()),
    ];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::bad_command_line(anyhow!(
            "{option} is for a show, and `new --rig` without a song writes a rig; name the song or the show, too"
        ))),
        None => Ok(()),
    }
}

fn place(file: Option<&Path>, wiring: &WiringOptions) -> Result<PathBuf, Failure> {
    let path = match (file, &wiring.out) {
        (Some(file), None) => file,
        (None, Some(out)) => out,
        (None, None) => Path::new(DEFAULT),
        (Some(_), Some(_)) => {
            return Err(Failure::bad_command_line(anyhow!(
                "--rig FILE and -o FILE both say where the rig is written; keep one"
            )));
        }
    };
    match path.extension().is_some_and(|suffix| suffix == "toml") {
        true => Ok(path.to_owned()),
        false => Err(Failure::bad_command_line(anyhow!(
            "the file of a rig ends in .toml, and `{}` does not; `starcourt new SONG` writes a show",
            printable(&path.display().to_string())
        ))),
    }
}

fn taken(path: &Path) -> String {
    format!(
        "there is a file {} already, and it stays as it is; write the rig to another file with `-o my-rig.toml`",
        printable(&path.display().to_string())
    )
}

fn by_options(wiring: &WiringOptions) -> Result<Vec<NewLight>, Failure> {
    let refuse = |why: String| Failure::bad_command_line(anyhow!(why));
    let board = wiring.board.expect("complete options name the board");
    let active = wiring.active.unwrap_or(board.usual());
    let count = wiring.channels.map(usize::from);
    let pins = match &wiring.pins {
        Some(text) => read_pins(text, active, &[]).map_err(|why| refuse(format!("--pins: {why}")))?,
        None => safe_pins(count.unwrap_or(1), board, active).map_err(refuse)?,
    };
    if let Some(count) = count.filter(|count| *count != pins.len()) {
        return Err(refuse(format!(
            "--channels says {count}, and --pins names {}",
            counted(pins.len(), "pin")
        )));
    }
    let names = match &wiring.names {
        Some(text) => read_names(text, pins.len(), &[]).map_err(|why| refuse(format!("--names: {why}")))?,
        None => proposed_names(pins.len(), board, &[]),
    };
    Ok(pins.into_iter().zip(names).map(|(pin, name)| NewLight { name, pin, board, active }).collect())
}

/// Pins that need no resistor. Only a person knows whether there is one.
fn safe_pins(count: usize, board: BoardKind, active: Active) -> Result<Vec<LightPin>, String> {
    let pins = proposed(count, active, &[]);
    let safe = pins.iter().filter(|pin| pin.resistor.is_none()).count();
    if safe == count {
        return Ok(pins);
    }
    let level = level(active);
    if pins.len() < count {
        return Err(format!(
            "the header has only {} pins for lights that are on when their pin is {level}",
            pins.len()
        ));
    }
    let to = pins.iter().find_map(|pin| pin.resistor).map_or("3.3 V", supply);
    Err(format!(
        "only {safe} pins are safe without a resistor for lights that are on when their pin is {level}\n  \
         connect the others through a resistor of 4.7 kΩ from each pin marked `r` to {to}, and write\n  \
         starcourt new --rig --board {} --active {level} --pins {}",
        board.name(),
        typed(&pins)
    ))
}

fn by_questions(
    interview: &mut Interview<impl BufRead, impl Write>,
    wiring: &WiringOptions,
) -> Result<Vec<NewLight>, NoAnswer> {
    let mut lights: Vec<NewLight> = Vec::new();
    interview.say(&format!(
        "Enter takes the answer in brackets; `{BACK}` goes to the question before. Ctrl-C ends this, and nothing is written.\n\n"
    ))?;
    for board in BoardKind::ALL {
        interview.say(&format!("  {:7} {}\n", board.name(), board.meaning()))?;
    }
    loop {
        // Options are about the first board.
        let given = |given: Option<String>| if lights.is_empty() { given } else { None };
        let taken: Vec<Line> = lights.iter().map(|light| light.pin.line).collect();

        let words = "What switches the lights? relay, ssr or mosfet";
        let board = given(wiring.board.map(|board| board.name().to_owned()));
        let question = Question { words, usual: Some("relay"), given: board.as_deref() };
        let board = interview.ask(question, board_named)?;

        let words = "Is a light on when its pin is low or high? (\"low level trigger\" on a board is low)";
        let active = given(wiring.active.map(|active| level(active).to_owned()));
        let question = Question { words, usual: Some(level(board.usual())), given: active.as_deref() };
        let active = interview.ask(question, active_named)?;

        let words = "How many lights does it have?";
        let usual = if board == BoardKind::Relay { "4" } else { "1" };
        let count = given(wiring.channels.map(|count| count.to_string()));
        let named = given(wiring.pins.clone()).and_then(|text| read_pins(&text, active, &taken).ok());
        let count = count.or(named.map(|pins| pins.len().to_string()));
        let question = Question { words, usual: Some(usual), given: count.as_deref() };
        let most = proposed(MOST, active, &taken).len();
        let count = interview.ask(question, |text| number_up_to(text, most))?;

        let proposal = proposed(count, active, &taken);
        interview.say(&format!("\n{}\n", header_picture(active, &taken)))?;
        if let Some(pull) = proposal.iter().find_map(|pin| pin.resistor) {
            let to = supply(pull);
            interview.say(&format!(
                "An r behind a number says: there is a resistor of 4.7 kΩ from this pin to {to}.\n"
            ))?;
        }
        let words = "Which GPIO numbers, in the order of the board?";
        let (usual, pins) = (typed(&proposal), given(wiring.pins.clone()));
        let question = Question { words, usual: Some(&usual), given: pins.as_deref() };
        let pins = interview.ask(question, |text| exactly(read_pins(text, active, &taken)?, count))?;

        let words = "What are the lights called?";
        let (usual, names) = (proposed_names(count, board, &lights).join(","), given(wiring.names.clone()));
        let question = Question { words, usual: Some(&usual), given: names.as_deref() };
        let names = interview.ask(question, |text| read_names(text, count, &lights))?;
        lights.extend(pins.into_iter().zip(names).map(|(pin, name)| NewLight { name, pin, board, active }));

        let taken: Vec<Line> = lights.iter().map(|light| light.pin.line).collect();
        let has_room =
            [Active::Low, Active::High].iter().all(|active| !proposed(1, *active, &taken).is_empty());
        let words = "Is there another board? yes or no";
        let question = Question { words, usual: Some("no"), given: None };
        if !has_room || !interview.ask(question, yes_or_no)? {
            return Ok(lights);
        }
    }
}

const fn level(active: Active) -> &'static str {
    match active {
        Active::Low => "low",
        Active::High => "high",
    }
}

fn board_named(text: &str) -> Result<BoardKind, String> {
    let lower = text.to_lowercase();
    let named = BoardKind::ALL.into_iter().find(|board| board.name() == lower.trim_end_matches('s'));
    named.ok_or_else(|| format!("`{text}` is not known here; type relay, ssr or mosfet"))
}

fn active_named(text: &str) -> Result<Active, String> {
    match text.to_lowercase().as_str() {
        "low" | "l" => Ok(Active::Low),
        "high" | "h" => Ok(Active::High),
        _ => Err(format!("`{text}` is neither; type low or high")),
    }
}

fn number_up_to(text: &str, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`{text}` cannot be; type a number from 1 to {most}"))
}

fn exactly(pins: Vec<LightPin>, count: usize) -> Result<Vec<LightPin>, String> {
    match pins.len() == count {
        true => Ok(pins),
        false => {
            Err(format!("{} for {}; name one for each", counted(pins.len(), "pin"), counted(count, "light")))
        }
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err(format!("`{text}` is neither; type yes or no")),
    }
}

fn unanswered(why: Unanswered) -> Failure {
    match why {
        Unanswered::End => Failure::of(Outcome::Failed, anyhow!("the answers ended; nothing was written")),
        Unanswered::Failed(error) => {
            Failure::of(Outcome::Failed, anyhow!(error).context("asking; nothing was written"))
        }
    }
}

fn done(path: &Path, lights: &[NewLight]) -> String {
    let mut text = format!(
        "{} is written: {}\n",
        printable(&path.display().to_string()),
        counted(lights.len(), "channel")
    );
    for NewLight { name, pin, .. } in lights {
        let resistor = pin
            .resistor
            .map_or_else(String::new, |pull| format!(", with a resistor of 4.7 kΩ to {}", supply(pull)));
        text += &format!("  {name}: {}, header pin {}{resistor}\n", pin.line, pin.line.header_pin());
    }
    let variable = env::var_os("STARCOURT_RIG");
    let is_found = rig::find_simulated(None, variable.as_deref()).is_ok_and(|found| found == path);
    let option = if is_found { String::new() } else { format!(" --rig {}", shell_word(path)) };
    text += &format!("  a first show:\n    starcourt new porch --length 0:30{option}\n");
    text += &format!(
        "  for the real lights, and to keep an older rig as rig.toml~:\n    sudo cp -b {} /etc/starcourt/rig.toml\n",
        shell_word(path)
    );
    text
}
