//! What was probably meant by a word that is no command: by its meaning first, and then by its letters. Knows words
//! only.

use std::path::Path;

use clap::Command;

use crate::diagnosis::nearest;
use crate::printable::shell_word;
use crate::show::is_show_name;

/// Words that people try, and the way to what they want.
const WISHES: [(&[&str], &str); 30] = [
    (
        &["start", "run", "begin", "demo"],
        "`starcourt play SHOW` plays a show, `starcourt serve` plays by the schedule",
    ),
    (
        &["restart", "again"],
        "`starcourt stop` ends the show, `starcourt play SHOW` begins it anew; the service: `sudo systemctl restart starcourt`",
    ),
    (&["stage", "watch", "simulate"], "`starcourt play SHOW --output sim` plays a show on the screen"),
    (
        &["init", "create", "edit", "write", "make"],
        "`starcourt new song.ogg` writes a first show for a song, `starcourt new --rig` describes your lights",
    ),
    (
        &["tempo", "bpm", "beats", "beat", "metronome"],
        "`starcourt listen SONG` hears the tempo, `starcourt tap SONG` finds it with you, `starcourt tap SONG --click` plays it as clicks",
    ),
    (
        &["setup", "install", "configure", "config"],
        "`starcourt doctor` finds what is missing on this machine",
    ),
    (
        &["browser", "web", "html", "page", "view"],
        "`starcourt preview SHOW` shows a show in the browser, with its lamps and its music",
    ),
    (
        &["draw", "picture", "chart", "export", "svg", "print"],
        "`starcourt render SHOW` shows a show without playing it",
    ),
    (&["mute", "silence", "quiet"], "`starcourt volume 0`"),
    (
        &["unmute", "louder", "softer", "quieter"],
        "`starcourt volume 60`, `starcourt volume +10` or `starcourt volume -10`",
    ),
    (
        &["goto", "jump", "skip-to", "forward"],
        "`starcourt seek 1:20`, or in bars `starcourt seek 84.1`, or from here `starcourt seek +10s`",
    ),
    (&["repeat"], "`starcourt play SHOW --loop`, or of the show that plays `starcourt loop on`"),
    (
        &["slow", "slower", "slowly", "fast", "faster", "half", "double", "rate", "pace"],
        "`starcourt speed half`, `starcourt speed double` or `starcourt speed normal`",
    ),
    (&["continue", "unfreeze"], "`starcourt resume` continues a paused show"),
    (&["previous", "prev", "back", "rewind"], "`starcourt seek 0:00` or `starcourt seek -10s`"),
    (&["version", "about"], "`starcourt --version`"),
    (
        &["completion", "completions", "complete"],
        "`source <(STARCOURT_COMPLETE=bash starcourt)` completes words in bash; zsh and fish likewise",
    ),
    (
        &["dark", "lights-off", "emergency", "shutdown", "turn", "all", "alloff", "all-off", "switch"],
        "`starcourt blackout on` makes every light safe, `starcourt off` ends everything",
    ),
    (&["log", "logs", "journal"], "`journalctl -u starcourt` shows what the service reports"),
    (
        &["kill", "abort", "cancel", "exit", "end", "halt", "terminate", "finish"],
        "`starcourt stop` ends the show, `starcourt off` makes everything safe at once",
    ),
    (
        &["lights", "light", "lamps"],
        "`starcourt off` makes every light safe, `starcourt test` lights one channel after another",
    ),
    (&["channels", "pins", "identify"], "`starcourt test` lights the channels one after another"),
    (&["freeze", "hold"], "`starcourt pause` holds lights and music, `starcourt resume` continues them"),
    (&["validate", "lint", "verify"], "`starcourt check`"),
    (
        &["rig"],
        "`starcourt help rig` shows how the rig is written, `starcourt check` looks for mistakes in it",
    ),
    (&["show"], "`starcourt play SHOW` plays a show, `starcourt help show` shows how one is written"),
    (
        &["cue", "cues", "effect", "effects", "section", "sections", "chase", "strobe", "fade", "sheet"],
        "`starcourt help show` shows how a show is written, with its cues",
    ),
    (&["week", "plan", "calendar", "programme", "program"], "`starcourt schedule`"),
    (&["info", "ps", "who", "now", "current"], "`starcourt status`"),
    (
        &["service", "daemon", "boot", "server"],
        "`starcourt serve`; at every boot: `sudo systemctl enable --now starcourt`",
    ),
];

/// A beginning of so many letters is one of a command.
const FEWEST_LETTERS: usize = 3;

/// One line: the way to what `word` probably means. `asks_for_help` says that `help` stands before it.
pub(super) fn meant_by(word: &str, asks_for_help: bool, command: &Command) -> String {
    let lower = word.to_lowercase();
    if !asks_for_help
        && let Some((_, suffix)) = word.rsplit_once('.')
        && !suffix.is_empty()
    {
        return format!("`starcourt play {}` plays a file", shell_word(Path::new(word)));
    }
    if let Some((_, way)) = WISHES.iter().find(|(words, _)| words.contains(&lower.as_str())) {
        return (*way).to_owned();
    }
    let is_shown = |command: &&Command| !command.is_hide_set();
    let names = || command.get_subcommands().filter(is_shown).flat_map(Command::get_name_and_visible_aliases);
    let begun = || names().find(|name| lower.len() >= FEWEST_LETTERS && name.starts_with(&lower));
    match (nearest(&lower, names()).or_else(begun), asks_for_help) {
        (Some(name), false) => format!("did you mean `starcourt {name}`?"),
        (Some(name), true) => format!("did you mean `starcourt help {name}`?"),
        (None, true) => {
            "`starcourt help show` shows how a show is written, `starcourt --help` shows all commands"
                .to_owned()
        }
        (None, false) if is_show_name(word) => format!(
            "`starcourt play {word}` plays a show of this name, `starcourt --help` shows all commands"
        ),
        (None, false) => {
            "`starcourt play SHOW` plays a show, `starcourt --help` shows all commands".to_owned()
        }
    }
}
