//! Puts a command line into the order that the parser reads: options may come before the command, too, and `--show
//! SHOW` is `play SHOW`. Knows no meanings.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command};

/// The words of a command line, the program's name first.
pub(super) fn arrange(words: Vec<OsString>, command: &Command) -> Vec<OsString> {
    let mut rest = words.iter().skip(1);
    let (mut options, mut show) = (Vec::new(), None);
    let mut named = None;
    while let Some(word) = rest.next() {
        match word.to_str() {
            // Without a command these are about the program itself.
            None | Some("-" | "--" | "-h" | "--help" | "-V" | "--version") => return words,
            Some("--show") => show = rest.next().cloned(),
            Some(text) if text.starts_with("--show=") => {
                show = Some(OsString::from(&text["--show=".len()..]))
            }
            Some(text) if text.starts_with('-') => {
                options.push(word.clone());
                if takes_next_word(text, command) {
                    options.extend(rest.next().cloned());
                }
            }
            Some(_) => {
                named = Some(word.clone());
                break;
            }
        }
    }
    let command = match (named, show) {
        (Some(name), None) => vec![name],
        (None, Some(show)) => vec![OsString::from("play"), show],
        // Nothing to play, or two things to do: the parser says so.
        (Some(_), Some(_)) | (None, None) => return words,
    };
    words[..1].iter().cloned().chain(command).chain(options).chain(rest.cloned()).collect()
}

/// The first word behind the command's name that is no option and no value of one.
pub(super) fn first_name<'a>(words: &[&'a str], command: &Command) -> Option<&'a str> {
    let mut rest = words.iter().skip(2);
    while let Some(word) = rest.next() {
        match *word {
            // The file of `render` and of `new --rig`.
            "-o" => _ = rest.next(),
            option if option.starts_with('-') => {
                if takes_next_word(option, command) {
                    rest.next();
                }
            }
            name => return Some(name),
        }
    }
    None
}

/// Whether the word after the option `text` is its value, in whatever command it belongs to.
fn takes_next_word(text: &str, command: &Command) -> bool {
    let named =
        |argument: &&Arg| argument.get_long().map(OsStr::new) == text.strip_prefix("--").map(OsStr::new);
    let mut commands = command.get_subcommands();
    let argument = commands.find_map(|command| command.get_arguments().find(named));
    argument.is_some_and(|argument| argument.get_action().takes_values() && !argument.is_require_equals_set())
}
