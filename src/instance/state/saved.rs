//! A show whose files were saved while it plays: it goes on from the same place with the new text. Reads nothing.

use crate::engine::{Extent, Passes};
use crate::loading::LoadedShow;
use crate::rig;
use crate::time::ShowTime;

use super::super::saved::{Saved, SavedShow, ShowEdition};
use super::action::InstanceAction;
use super::event::Trouble;
use super::machine::StateMachine;
use super::play_request::PlayRequest;

impl StateMachine {
    pub(super) fn handle_saved(&mut self, saved: Saved) {
        match saved {
            // Of several the last one counts.
            Saved::Show(saved) => self.saved = Some(saved),
            Saved::Mistakes(mistakes) => {
                self.notice("the saved text has mistakes: the show plays on as before");
                self.act([InstanceAction::ShowMistakes(Some(mistakes.words))]);
            }
            Saved::AsBefore => {
                self.act([InstanceAction::ShowMistakes(None)]);
                self.notice("the mistakes are gone, and the text is as before");
            }
        }
    }

    /// Has the show go on as it was saved, if it was and that can be done now.
    pub(super) fn take_up_saved(&mut self) {
        let Some(saved) = &self.saved else { return };
        let is_rewired = !self.is_wired_for(saved);
        // No other show plays on a rig that it was not read for.
        if self.is_ending || self.is_rig_changing() || is_rewired && !self.is_principal_alone() {
            return;
        }
        if self.current.is_some() {
            return self.take_up_in_current(is_rewired);
        }
        if !self.interrupted.iter().any(|request| request.is_principal) {
            return;
        }
        let Some(saved) = self.saved.take() else { return };
        match is_rewired {
            true => {
                let (rig, outputs) = (saved.edition.rig.clone(), saved.edition.outputs.clone());
                self.rewiring = Some(saved);
                self.act([InstanceAction::ChangeRig { rig, outputs }]);
            }
            false => self.follow_saved(*saved, Vec::new()),
        }
    }

    /// The show that is on goes on with the new text, or leaves and comes back with it.
    fn take_up_in_current(&mut self, is_rewired: bool) {
        let (time, position, audio) = (self.time, self.now.position, &self.rig.audio);
        let current =
            self.current.as_mut().filter(|current| current.request.is_principal && current.is_playing());
        let Some(current) = current else { return };
        let Some(mut saved) = self.saved.take() else { return };
        let (extent, first_end) = current.request.part_in(saved.edition.extent);
        let is_same_output = *audio == saved.edition.rig.audio;
        let keeps_sound =
            keeps_sound(&current.request, &saved.edition.loaded, extent, position, is_same_output);
        if is_rewired || !keeps_sound {
            self.saved = Some(saved);
            self.is_sound_kept = keeps_sound;
            let leave = current.begin_anew(keeps_sound, time);
            return self.act([leave]);
        }
        saved.edition.extent = extent;
        let request = &mut current.request;
        request.loaded = saved.edition.loaded.clone();
        (request.extent, request.first_begin, request.first_end) = (extent, None, first_end);
        self.tell_taken_up(&saved, position, Vec::new());
        self.act([InstanceAction::TakeUp(saved)]);
    }

    /// The rig has changed for a show that was saved, or could not be taken, and the one before it is followed still.
    pub(super) fn handle_rewired(&mut self, saved: SavedShow, changed: Result<(), Trouble>) {
        match changed {
            Ok(()) => {
                let ShowEdition { rig, outputs, .. } = &saved.edition;
                let changes = rig::changes(&self.rig, rig);
                (self.rig, self.outputs) = (rig.clone(), outputs.clone());
                self.follow_saved(saved, changes);
            }
            Err(Trouble { words, .. }) => {
                self.notice(format!(
                    "the show plays on as before, since the new rig cannot be taken: {words}"
                ));
            }
        }
    }

    /// The command's own show, which is not on, comes back as it was saved. `rig_changes`: what is new in the rig.
    fn follow_saved(&mut self, mut saved: SavedShow, rig_changes: Vec<String>) {
        let Some(request) = self.interrupted.iter_mut().find(|request| request.is_principal) else { return };
        let place = request.extent.from;
        let (extent, first_end) = request.part_in(saved.edition.extent);
        saved.edition.extent = extent;
        let from = place_in(&extent, place);
        request.loaded = saved.edition.loaded.clone();
        request.extent = Extent { from, ..extent };
        (request.first_begin, request.first_end) = (Some(extent.from), first_end);
        // The sound that was kept is elsewhere.
        self.is_sound_kept &= from == place;
        self.tell_taken_up(&saved, place, rig_changes);
    }

    fn tell_taken_up(&mut self, saved: &SavedShow, place: ShowTime, rig_changes: Vec<String>) {
        let ShowEdition { loaded, extent, .. } = &saved.edition;
        let (from, show) = (place_in(extent, place), &loaded.show);
        let from_bar = show.bar_beat_at(from).map_or_else(String::new, |bar| format!("bar {bar}, "));
        let from_place = format!("{from_bar}{}", from.to_minutes());
        let told = match (from == place, rig_changes.is_empty()) {
            (true, true) => format!("the new text plays from {from_place}"),
            (true, false) => format!("the show plays on the new rig from {from_place}"),
            (false, _) => {
                format!("{} is not in the new text: it plays from {from_place}", place.to_minutes())
            }
        };
        let parts = [told].into_iter().chain(rig_changes).chain(saved.remark.clone());
        let told = parts.collect::<Vec<_>>().join("; ");
        self.act([InstanceAction::ShowMistakes(None)]);
        self.notice(told);
    }

    fn is_wired_for(&self, saved: &SavedShow) -> bool {
        *self.rig == *saved.edition.rig && self.outputs == saved.edition.outputs
    }

    /// Whether no show but the command's own plays or is to play.
    fn is_principal_alone(&self) -> bool {
        let mut others = self.current.iter().map(|current| &current.request).chain(&self.interrupted);
        self.newcomers.is_empty()
            && self.loading.is_empty()
            && self.preparing.is_none()
            && others.all(|request| request.is_principal)
    }
}

/// Where a show that is at `place` goes on in `extent`: from its start if that part does not go so far.
fn place_in(extent: &Extent, place: ShowTime) -> ShowTime {
    let end = match extent.passes {
        Passes::Once(end) => end,
        Passes::Loop(range) => range.end(),
    };
    if (extent.from..end).contains(&place) { place } else { extent.from }
}

/// Whether what is heard of `request` at `place` is heard unchanged once it is `extent` of `saved`.
fn keeps_sound(
    request: &PlayRequest,
    saved: &LoadedShow,
    extent: Extent,
    place: ShowTime,
    is_same_output: bool,
) -> bool {
    let music = |show: &LoadedShow| (show.show.audio.as_ref().map(|music| music.path.clone()), show.music);
    let is_same_course = match (request.extent.passes, extent.passes) {
        (Passes::Once(_), Passes::Once(_)) => true,
        (before, after) => before == after,
    };
    let is_same_music = request.silent || is_same_output && music(&request.loaded) == music(saved);
    is_same_course && is_same_music && place_in(&extent, place) == place
}
