//! What a page may ask for, and what it gets. Knows no connection.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use serde::Serialize;

use crate::file_access::FileVersion;
use crate::instance::{SavedMistakes, ShowEdition};
use crate::preview::{ShowData, lines_told_of, mistakes, page_file};
use crate::web::{PageAnswer, PageBody, PageEvent, PageMethod, PageRequest, Site};

use super::super::outcome::Failure;
use super::layout_file;
use super::music::PageMusic;
use super::source::{PreviewSource, open_photo};

/// A show on a page, as its files were when they were right.
pub(super) struct PreviewSite(Mutex<PageState>);

struct PageState {
    source: PreviewSource,
    data: ShowData,
    json: Vec<u8>,
    edition: u32,
    /// Those of the show, and those of the layout, as events tell them.
    mistakes: [Option<String>; 2],
    /// When the layout was read last, and the photograph looked at.
    seen: [Option<FileVersion>; 2],
    /// How often the music and the photograph have become others.
    replaced: [u32; 2],
}

/// Mistakes as `check` writes them, and one by one.
#[derive(Serialize)]
struct MistakesData<T> {
    text: String,
    told: T,
    /// The cue sheet as it was saved, if mistakes are in it: lines are counted in this text.
    lines: Option<Vec<String>>,
}

const OF_SHOW: usize = 0;
const OF_LAYOUT: usize = 1;

/// What may become another one; what is seen has the layout in place of the music.
const MUSIC: usize = 0;
const PHOTO: usize = 1;

/// Another one has another address: a page that has it already would not ask again.
fn address(name: &str, replaced: u32) -> String {
    if replaced == 0 { name.to_owned() } else { format!("{name}?{replaced}") }
}

impl PreviewSite {
    pub(super) fn new(source: PreviewSource) -> Result<Self, Failure> {
        let data = source.data();
        let seen = source.versions();
        let mut state = PageState {
            source,
            data,
            json: Vec::new(),
            edition: 1,
            mistakes: [None, None],
            seen,
            replaced: [0, 0],
        };
        state.write_json()?;
        Ok(Self(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, PageState> {
        // A panic while it was held has been told; what is there is still whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The music that pages have.
    pub(super) fn music(&self) -> Option<PageMusic> {
        self.state().source.music.clone()
    }

    /// Takes the show as it was saved, with its music. What pages are told.
    pub(super) fn take(&self, saved: ShowEdition, music: Option<PageMusic>) -> Vec<PageEvent> {
        let mut state = self.state();
        (state.source.loaded, state.source.rig) = (saved.loaded, saved.rig);
        let before = std::mem::replace(&mut state.source.music, music).and_then(|music| music.version);
        let is_other = state.source.music.as_ref().is_some_and(|music| music.version != before);
        state.replaced[MUSIC] += u32::from(is_other);
        let had_mistakes = state.mistakes[OF_SHOW].take().is_some();
        // Which lamps there are may have changed.
        state.read_layout();
        state.data = state.source.data();
        let mut events = state.next_edition("show");
        // A page takes a new show for one without mistakes.
        let has_mistakes = state.mistakes.iter().any(Option::is_some);
        events.extend((had_mistakes || has_mistakes).then(|| state.mended()));
        events
    }

    /// Keeps the last good show, and tells why.
    pub(super) fn refuse(&self, saved: SavedMistakes) -> Vec<PageEvent> {
        let mut state = self.state();
        let lines = lines_told_of(&saved.told, state.source.loaded.show.source.path());
        let event = mistakes_event(saved.words, mistakes(&saved.told), lines);
        state.mistakes[OF_SHOW] = Some(event.data.clone());
        vec![event]
    }

    /// The text is as it was before its mistakes.
    pub(super) fn mend(&self) -> Vec<PageEvent> {
        let mut state = self.state();
        state.mistakes[OF_SHOW] = None;
        vec![state.mended()]
    }

    /// Looks whether the layout or the photograph has changed. What pages are told.
    pub(super) fn look(&self) -> Vec<PageEvent> {
        let mut state = self.state();
        let seen = state.source.versions();
        if seen == state.seen {
            return Vec::new();
        }
        state.replaced[PHOTO] += u32::from(seen[PHOTO] != state.seen[PHOTO]);
        state.seen = seen;
        let had_mistakes = state.mistakes[OF_LAYOUT].is_some();
        let refused = state.read_layout();
        if refused.is_some() {
            return refused.into_iter().collect();
        }
        let fresh = state.source.data();
        let before = std::mem::replace(&mut state.data, fresh);
        // With a layout alone, a page keeps what it tells: whoever drags a lamp is not disturbed.
        let name = if state.data.tells_as(&before) { "layout" } else { "show" };
        let mut events = state.next_edition(name);
        events.extend(had_mistakes.then(|| state.mended()));
        events
    }

    fn put_layout(&self, json: &[u8]) -> PageAnswer {
        // Held all the time: two pages do not write at once.
        let state = self.state();
        let path = layout_file::beside(&state.source.rig_file);
        match layout_file::change(&path, json, &state.source.rig) {
            Ok(()) => PageAnswer::json("{}"),
            Err(error) => PageAnswer::words(layout_file::status(&error), format!("{error:#}")),
        }
    }
}

impl PageState {
    /// The mistakes in it; the lamps stay where they were then.
    fn read_layout(&mut self) -> Option<PageEvent> {
        let path = layout_file::beside(&self.source.rig_file);
        match layout_file::read(&path, &self.source.rig) {
            Ok((layout, told)) => {
                (self.source.layout, self.source.layout_told) = (layout, told);
                self.mistakes[OF_LAYOUT] = None;
                None
            }
            Err(error) => {
                let failure = Failure::bad_file(error);
                let told = failure.diagnoses().cloned().unwrap_or_default();
                let event = mistakes_event(failure.words(), mistakes(&told), None);
                let is_news = self.mistakes[OF_LAYOUT].as_ref() != Some(&event.data);
                self.mistakes[OF_LAYOUT] = Some(event.data.clone());
                is_news.then_some(event)
            }
        }
    }

    /// If mistakes of another file are left, they are told again.
    fn mended(&self) -> PageEvent {
        match self.mistakes.iter().flatten().next() {
            Some(data) => PageEvent { name: "mistakes", data: data.clone() },
            None => PageEvent { name: "mended", data: "{}".to_owned() },
        }
    }

    fn next_edition(&mut self, name: &'static str) -> Vec<PageEvent> {
        self.edition += 1;
        match self.write_json() {
            Ok(()) => vec![PageEvent { name, data: format!("{{\"edition\":{}}}", self.edition) }],
            Err(failure) => {
                log::error!("{}", failure.words());
                Vec::new()
            }
        }
    }

    fn write_json(&mut self) -> Result<(), Failure> {
        self.data.edition = self.edition;
        if let Some(sound) = &mut self.data.sound {
            sound.serve_at(address("sound", self.replaced[MUSIC]));
        }
        let photo = self.source.photo().filter(|path| open_photo(path).is_ok());
        self.data.layout.photo = photo.map(|_| address("photo", self.replaced[PHOTO]));
        self.json = serde_json::to_vec(&self.data).context("writing the data of the page")?;
        Ok(())
    }
}

impl PreviewSource {
    /// Of the layout and the photograph.
    fn versions(&self) -> [Option<FileVersion>; 2] {
        let photo = self.photo();
        [FileVersion::of(&layout_file::beside(&self.rig_file)), photo.as_deref().and_then(FileVersion::of)]
    }
}

fn mistakes_event(text: String, told: impl Serialize, lines: Option<Vec<String>>) -> PageEvent {
    let data = serde_json::to_string(&MistakesData { text, told, lines }).unwrap_or_else(|_| "{}".to_owned());
    PageEvent { name: "mistakes", data }
}

impl Site for PreviewSite {
    fn answer(&self, request: &PageRequest) -> PageAnswer {
        match (request.method, &*request.path) {
            (PageMethod::Put, "layout") => self.put_layout(&request.body),
            (PageMethod::Put, _) => PageAnswer::words(405, "only the layout can be written"),
            (PageMethod::Get, "show.json") => PageAnswer::json(self.state().json.clone()),
            (PageMethod::Get, "events") => PageAnswer::of("text/event-stream", PageBody::Events),
            (PageMethod::Get, "sound") => {
                let music = self.music();
                music.map_or_else(PageAnswer::missing, |music| music.answer())
            }
            (PageMethod::Get, "photo") => {
                let photo = self.state().source.photo();
                match photo.as_deref().map(open_photo) {
                    Some(Ok(photo)) => PageAnswer::ranged(photo.media_type, photo.file),
                    Some(Err(error)) => PageAnswer::words(404, format!("{error:#}")),
                    None => PageAnswer::missing(),
                }
            }
            (PageMethod::Get, path) => match page_file(path) {
                Some((media_type, text)) => PageAnswer::of(media_type, PageBody::Static(text)),
                None => PageAnswer::missing(),
            },
        }
    }

    fn first_events(&self) -> Vec<PageEvent> {
        let state = self.state();
        let edition = PageEvent { name: "show", data: format!("{{\"edition\":{}}}", state.edition) };
        let mistakes = state.mistakes.iter().flatten().next();
        let mistakes = mistakes.map(|data| PageEvent { name: "mistakes", data: data.clone() });
        std::iter::once(edition).chain(mistakes).collect()
    }
}
