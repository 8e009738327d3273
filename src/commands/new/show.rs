//! `starcourt new SONG`: what can be found out about the song and the rig, and where the show is written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use crate::audio::{measure, title};
use crate::cli::{NewOptions, RigFile, RigOptions};
use crate::printable::{printable, shell_word};
use crate::rig::Rig;
use crate::show::{self, is_show_name, misnamed::better_name};
use crate::template::{NewShow, show_text};
use crate::time::ShowTime;

use super::files::{self, LoadedRig};
use super::music_file;
use super::outcome::Failure;
use super::printed::counted;
use crate::commands::written_file;

/// A song as it was found.
struct Song {
    path: PathBuf,
    length: ShowTime,
}

/// Writes the show; returns what was done and what comes next.
pub(super) fn show(name: &Path, rig: Option<PathBuf>, options: &NewOptions) -> Result<String, Failure> {
    let options_there =
        RigOptions { rig: RigFile { rig }, shows: options.shows.clone(), output: options.output.clone() };
    let kind = files::output_kind(&options.output);
    // A rig with mistakes is reported. Where there is none at all, the show is for any rig.
    let loaded = match files::rig_path(&options_there.rig, kind) {
        Ok(_) => Some(files::rig(&options_there.rig, kind)?),
        Err(_) => None,
    };
    let places = files::show_places(&options_there);
    let song = song(name, &places, options)?;
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let called = match &song {
        Some(song) => stem(&song.path),
        None if name.extension().is_some_and(|suffix| suffix == "show") => stem(name),
        None => name.to_string_lossy().into_owned(),
    };
    let show_name = match &options.name {
        Some(wanted) if is_show_name(wanted) => wanted.clone(),
        Some(wanted) => {
            let better = better_name(wanted, &BTreeSet::new());
            return Err(Failure::bad_command_line(anyhow!(
                "`{wanted}` cannot be the name of a show: small letters, digits, `_` and `-` are allowed; \
                 write `--name {better}`"
            )));
        }
        None => better_name(&called, &BTreeSet::new()),
    };
    let folder = match &song {
        Some(song) => song.path.parent().unwrap_or(Path::new("")).to_owned(),
        None => places.iter().find(|place| place.is_dir()).unwrap_or(&places[0]).clone(),
    };
    let path = folder.join(format!("{show_name}.show"));
    let text = text(&called, &path, song.as_ref(), loaded.as_ref(), options)?;
    written_file::write(&path, &text, || taken(name, &path, &show_name, song.is_some(), options))?;
    let next = NextSteps {
        path: &path,
        name: &show_name,
        places: &places,
        options: &options_there,
        has_rig: loaded.is_some(),
    };
    Ok(done(&path, song.as_ref(), &text, loaded.as_ref()) + &next.text(song.is_some()))
}

/// The song that `name` means; `None` for a show without music.
fn song(name: &Path, places: &[PathBuf], options: &NewOptions) -> Result<Option<Song>, Failure> {
    let is_show = name.extension().map_or(!name.is_file(), |suffix| suffix == "show");
    if is_show {
        if name.components().count() != 1 {
            return Err(Failure::bad_command_line(anyhow!(
                "there is no song {}; for a show without music, write its name alone, and --shows DIR for its folder",
                printable(&name.display().to_string())
            )));
        }
        if options.length.is_some() {
            return Ok(None);
        }
        if name == Path::new("rig") {
            return Err(Failure::bad_command_line(anyhow!(
                "`starcourt new --rig` describes your lights; for a show called rig: `starcourt new rig --length 0:30`"
            )));
        }
        let stem = name.file_stem().unwrap_or_default().to_string_lossy();
        let song = std::iter::once(Path::new("")).chain(places.iter().map(PathBuf::as_path));
        let song = song.into_iter().find_map(|place| show::music_meant(&format!("{stem}.ogg"), place));
        let song = song.map_or_else(String::new, |song| {
            format!("; did you mean its music? `starcourt new {}`", shell_word(&song))
        });
        return Err(Failure::bad_command_line(anyhow!(
            "how long is the show? `starcourt new {} --length 0:30`{song}",
            shell_word(name)
        )));
    }
    let text = name.to_string_lossy();
    let path = match name.is_file() {
        true => name.to_owned(),
        false => music_file::find(&text, places)?,
    };
    let measured = measure(&path).map_err(|error| Failure::bad_file(error.into()))?;
    let length = measured.promised.unwrap_or(measured.length);
    if options.length.is_some() {
        return Err(Failure::bad_command_line(anyhow!(
            "--length is for a show without music, and {} is {} long; leave --length out: `starcourt new {}`",
            printable(&path.display().to_string()),
            length.to_minutes(),
            shell_word(name)
        )));
    }
    Ok(Some(Song { path, length }))
}

/// The text of the show, which will be at `path`.
fn text(
    called: &str,
    path: &Path,
    song: Option<&Song>,
    loaded: Option<&LoadedRig>,
    options: &NewOptions,
) -> Result<String, Failure> {
    let tags = song.and_then(|song| title(&song.path));
    let music = song.map(|song| {
        let file = song.path.file_name().unwrap_or_default();
        file.to_str().ok_or_else(|| renamed(&song.path))
    });
    let music = music.transpose()?;
    let length = options.length.or(song.map(|song| song.length));
    let rig_file = loaded.map(|loaded| loaded.path.display().to_string());
    let tap = song.map(|_| format!("starcourt tap {} --write", shell_word(path)));
    let new = NewShow {
        title: tags.as_deref().unwrap_or(called),
        music,
        length: length.expect("a show without music has a length"),
        rig: loaded.zip(rig_file.as_deref()).map(|(loaded, file)| (&loaded.rig, file)),
        tap: tap.as_deref(),
    };
    show_text(&new).ok_or_else(|| {
        song.map_or_else(|| Failure::bad_file(anyhow!("no show can be written")), |song| renamed(&song.path))
    })
}

/// A cue sheet cannot name the song: the command that gives it another name.
fn renamed(song: &Path) -> Failure {
    let suffix = song.extension().map(|suffix| suffix.to_string_lossy().to_lowercase());
    let suffix = suffix.filter(|suffix| is_show_name(suffix)).unwrap_or_else(|| "ogg".to_owned());
    let better = better_name(&song.file_stem().unwrap_or_default().to_string_lossy(), &BTreeSet::new());
    let better = song.with_file_name(format!("{better}.{suffix}"));
    Failure::bad_file(anyhow!(
        "{} has a name that no cue sheet can write\n  rename it: mv -n {} {}",
        printable(&song.display().to_string()),
        shell_word(song),
        shell_word(&better)
    ))
}

/// There is a show of this name.
fn taken(name: &Path, path: &Path, show: &str, has_song: bool, options: &NewOptions) -> String {
    let folder = path.parent().unwrap_or(Path::new(""));
    let there = folder.read_dir().into_iter().flatten().flatten();
    let there: BTreeSet<String> = there
        .filter_map(|entry| entry.file_name().into_string().ok())
        .chain([format!("{show}.show")])
        .collect();
    let mut command = format!("starcourt new {}", shell_word(name));
    if let Some(length) = options.length {
        command += &format!(" --length {}", length.to_millis());
    }
    if let (false, Some(shows)) = (has_song, &options.shows) {
        command += &format!(" --shows {}", shell_word(shows));
    }
    format!(
        "there is a show {} already, and it stays as it is\n  for another one: {command} --name {}",
        printable(&path.display().to_string()),
        better_name(show, &there)
    )
}

fn done(path: &Path, song: Option<&Song>, text: &str, loaded: Option<&LoadedRig>) -> String {
    let cues = text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).count();
    let shown = printable(&path.display().to_string());
    let song = song.map_or_else(String::new, |song| {
        format!(" for {} ({})", printable(&song.path.display().to_string()), song.length.to_minutes())
    });
    let lights = match loaded {
        Some(LoadedRig { path, rig: Rig { channels, .. }, .. }) => {
            format!("{} of {}", counted(channels.len(), "channel"), printable(&path.display().to_string()))
        }
        None => "any rig, because you have none yet".to_owned(),
    };
    format!("{shown} is written{song}: {} for {lights}\n", counted(cues, "cue"))
}

/// What a person does with a new show.
struct NextSteps<'a> {
    path: &'a Path,
    name: &'a str,
    places: &'a [PathBuf],
    options: &'a RigOptions,
    has_rig: bool,
}

impl NextSteps<'_> {
    fn text(&self, has_song: bool) -> String {
        let is_found = show::find::find(self.name, self.places).is_ok_and(|found| found == self.path);
        let show = if is_found { self.name.to_owned() } else { shell_word(self.path) };
        let mut words = show.clone();
        let RigOptions { rig, shows, output } = self.options;
        let files = [("rig", rig.rig.as_ref()), ("shows", shows.as_ref().filter(|_| is_found))];
        for (option, file) in files {
            words.extend(file.map(|file| format!(" --{option} {}", shell_word(file))));
        }
        words.extend(output.output.map(|kind| format!(" --output {}", kind.name())));
        let mut text = String::new();
        if !self.has_rig {
            text += "  describe your lights:  starcourt new --rig\n";
        }
        text += &format!("  play it:               starcourt play {words}\n");
        text += &format!("  change it, and then:   starcourt check {words}\n");
        if !is_found {
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = shell_word(folder.unwrap_or(Path::new(".")));
            text += &format!("  by its name:           starcourt play {} --shows {folder}\n", self.name);
        }
        if has_song {
            text += &format!("  find its beat:         starcourt tap {words} --write\n");
        }
        text
    }
}
