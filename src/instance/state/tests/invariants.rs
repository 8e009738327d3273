//! What must always hold, whatever happens in whatever order. It has its own idea of what was ordered, and looks at
//! the state machine before and after every event.

mod saves;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::super::{Asker, EndRequest, InstanceEvent, ObserverOrder, PlayRequest, StartOrder, StateMachine};
use super::fixtures::{Mode, STOP_FADE};
use super::virtual_show::VirtualShow;
use crate::engine::Ending;
use crate::ipc::{Answer, ConnectionId, Order};
use crate::loading::LoadedShow;
use crate::rig;
use crate::stage::{Switched, Wish};
use crate::time::ShowTime;

/// What comes closer together is one press.
const ONE_PRESS: Duration = Duration::from_millis(100);
/// A reply waits for files to be read, and a reload for what stands between shows to end.
const REPLY_WITHIN: Duration = Duration::from_secs(33);
/// A fade, and lights that hang.
const END_WITHIN: Duration = Duration::from_millis(11_500);

/// A show, whatever becomes of it: the same as long as its cues are the same value.
type ShowKey = *const LoadedShow;

/// What an event is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum EventCause {
    /// A person wants the show to end, over the fade the first time.
    Press,
    /// Something that ends a show at once.
    Cut,
    /// Another show wants to play.
    Newcomer,
    Other,
}

pub(super) struct Invariants {
    mode: Mode,
    time: Duration,
    unanswered: Vec<(Asker, Duration)>,
    /// Connections that have ordered a show for as long as they are there; whether it is theirs by now.
    owners: BTreeMap<u64, bool>,
    is_dark: bool,
    /// `stop` has ended what the schedule brings.
    is_held: bool,
    /// `off` has ended everything.
    is_off: bool,
    /// Nobody has ordered anything that plays since then.
    is_quiet: bool,
    ending_since: Option<Duration>,
    is_dead: bool,
    cause: EventCause,
    /// Whether shows that wait may vanish.
    clears: bool,
    waited: Vec<ShowKey>,
    principal: Option<ShowKey>,
    /// The fade of the show that ends.
    fade: Option<Duration>,
    pressed: Option<Duration>,
    /// A show that has to come back when it has left, and where it left if it has.
    comes_back: Option<ShowKey>,
    left_at: Option<ShowTime>,
    was_on: Option<ShowKey>,
    started: Option<ShowKey>,
    /// Connections that have ended.
    gone: BTreeSet<u64>,
    /// The volume was ordered by this event.
    is_volume_ordered: bool,
    prepared: Option<ShowKey>,
    /// What has happened, to see that sequences reach it.
    pub(super) seen: BTreeMap<&'static str, u32>,
}

impl Invariants {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            time: Duration::ZERO,
            unanswered: Vec::new(),
            owners: BTreeMap::new(),
            is_dark: false,
            is_held: false,
            is_off: false,
            is_quiet: false,
            ending_since: None,
            is_dead: false,
            cause: EventCause::Other,
            clears: false,
            waited: Vec::new(),
            principal: None,
            fade: None,
            pressed: None,
            comes_back: None,
            left_at: None,
            was_on: None,
            started: None,
            gone: BTreeSet::new(),
            is_volume_ordered: false,
            prepared: None,
            seen: BTreeMap::new(),
        }
    }

    pub(super) fn see(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// Whether this connection could give this order: each waits for its reply, and has one show at most.
    pub(super) fn may_order(&self, connection: u64, order: &Order) -> bool {
        let asker = Asker::Connection(ConnectionId(connection));
        let is_attached = self.owners.contains_key(&connection);
        let attaches = matches!(order, Order::Play(play) if play.attach);
        let waits = self.unanswered.iter().any(|(waits, _)| *waits == asker);
        !(waits || is_attached && attaches)
    }

    pub(super) fn before(
        &mut self,
        event: &InstanceEvent,
        time: Duration,
        show: Option<&VirtualShow>,
        machine: &StateMachine,
    ) {
        self.time = time;
        (self.cause, self.clears, self.left_at) = (EventCause::Other, false, None);
        (self.waited, self.principal) = (waiting(machine).map(key).collect(), saves::principal(machine));
        self.is_volume_ordered = false;
        self.prepared = machine.preparing.as_ref().map(|preparing| key(&preparing.request));
        self.was_on = show.filter(|show| show.fades.is_none()).map(|show| Arc::as_ptr(&show.order.loaded));
        match event {
            InstanceEvent::Order { order, asker } => {
                self.gone.remove(&asker.0);
                self.is_volume_ordered = matches!(order, Order::Volume(_));
                self.unanswered.push((Asker::Connection(*asker), time));
                self.note_order(order, machine);
                match order {
                    Order::Play(play) if play.attach => _ = self.owners.insert(asker.0, false),
                    Order::Leave { at_once } => {
                        self.clears = true;
                        let is_theirs = machine.owner() == Some(*asker);
                        self.cause = if is_theirs && *at_once { EventCause::Cut } else { EventCause::Other };
                        self.comes_back = self.comes_back.filter(|_| !is_theirs);
                    }
                    _ => {}
                }
            }
            InstanceEvent::Button { button, order } => {
                self.unanswered.push((Asker::Button(button.clone()), time));
                self.note_button(order, machine);
            }
            InstanceEvent::Key(wish) => self.note_key(*wish, machine),
            InstanceEvent::Left(connection) => {
                self.gone.insert(connection.0);
                self.clears = true;
                if machine.owner() == Some(*connection) {
                    (self.cause, self.comes_back) = (EventCause::Cut, None);
                }
            }
            InstanceEvent::End(how) => self.note_end(*how, machine),
            InstanceEvent::SoundLost | InstanceEvent::Observer(ObserverOrder::Stop) => {
                (self.cause, self.comes_back) = (EventCause::Cut, None);
            }
            InstanceEvent::Loaded { .. } | InstanceEvent::HooksDone { .. } => {
                self.cause = EventCause::Newcomer
            }
            InstanceEvent::Ended { at, report } => {
                let is_stopped = report.as_ref().is_ok_and(|report| report.ending == Ending::Stopped);
                self.left_at = Some(*at).filter(|_| is_stopped);
                self.fade = None;
            }
            InstanceEvent::Tick { .. } if self.fade.is_none() => self.cause = EventCause::Other,
            _ => {}
        }
    }

    fn note_end(&mut self, how: EndRequest, machine: &StateMachine) {
        self.ending_since.get_or_insert(self.time);
        (self.clears, self.is_quiet) = (true, true);
        self.press(how == EndRequest::Fade, machine);
    }

    /// A person wants what plays to end.
    fn press(&mut self, fades: bool, machine: &StateMachine) {
        self.comes_back = None;
        let is_again = self.pressed.is_some_and(|pressed| self.time - pressed >= ONE_PRESS);
        self.cause = if is_again || !fades { EventCause::Cut } else { EventCause::Press };
        if fades && machine.current.is_some() {
            self.pressed = Some(self.time);
        }
    }

    fn note_order(&mut self, order: &Order, machine: &StateMachine) {
        match order {
            Order::Stop {} => self.note_stop_order(machine),
            Order::Off {} => self.note_off(machine),
            Order::Next {} => self.note_next(machine),
            Order::Resume {} => self.note_resume(),
            Order::Blackout { on } => self.is_dark = *on,
            Order::Play(_) => self.note_play(),
            _ => {}
        }
    }

    fn note_stop_order(&mut self, machine: &StateMachine) {
        if self.mode == Mode::Play {
            self.ending_since.get_or_insert(self.time);
        }
        (self.clears, self.is_held, self.is_quiet) = (true, true, true);
        self.press(true, machine);
        self.see("stop");
    }

    fn note_off(&mut self, machine: &StateMachine) {
        if self.mode == Mode::Play {
            self.ending_since.get_or_insert(self.time);
        }
        (self.clears, self.is_off, self.is_quiet) = (true, true, true);
        self.press(false, machine);
        self.see("off");
    }

    fn note_resume(&mut self) {
        (self.is_held, self.is_off, self.is_quiet) = (false, false, self.ending_since.is_some());
    }

    fn note_play(&mut self) {
        (self.is_off, self.is_quiet) = (false, self.ending_since.is_some());
    }

    fn note_next(&mut self, machine: &StateMachine) {
        if self.is_off {
            return;
        }
        let plays = machine.current.as_ref().is_some_and(|current| !current.request.is_idle());
        (self.is_held, self.is_quiet) = (false, self.ending_since.is_some());
        if plays {
            self.press(true, machine);
        }
    }

    fn note_button(&mut self, order: &rig::ButtonOrder, machine: &StateMachine) {
        match order {
            rig::ButtonOrder::Blackout => self.is_dark = !self.is_dark,
            rig::ButtonOrder::Stop => self.note_stop_order(machine),
            rig::ButtonOrder::Next => self.note_next(machine),
            rig::ButtonOrder::Resume => self.note_resume(),
            rig::ButtonOrder::Play(_) | rig::ButtonOrder::Interrupt(_) => self.note_play(),
            _ => {}
        }
    }

    fn note_key(&mut self, wish: Wish, machine: &StateMachine) {
        match wish {
            Wish::Quit => return self.note_end(EndRequest::Fade, machine),
            Wish::Key(_) if wish.order(Switched::default()).is_none() => return,
            Wish::Key(_) => {}
            Wish::Blackout => self.is_dark = !self.is_dark,
            // It may take the schedule up again.
            Wish::Pause => self.note_resume(),
            Wish::Next => self.note_next(machine),
            Wish::Louder | Wish::Softer => {}
        }
        self.unanswered.push((Asker::Keyboard, self.time));
    }

    pub(super) fn note_reply(&mut self, to: &Asker, is_done: bool) {
        let at = self.unanswered.iter().position(|(asker, _)| asker == to);
        self.unanswered.remove(at.unwrap_or_else(|| panic!("{to:?} has a reply to nothing")));
        if let Asker::Connection(connection) = to
            && let Some(owns) = self.owners.get_mut(&connection.0)
            && !*owns
        {
            *owns = is_done;
            if !is_done {
                self.owners.remove(&connection.0);
            }
        }
    }

    pub(super) fn note_told(&mut self, to: ConnectionId, answer: &Answer) {
        assert!(matches!(answer, Answer::Ended { .. }), "{answer:?}");
        assert_eq!(self.owners.remove(&to.0), Some(true), "a show of {to:?} ends that is not theirs");
        self.see("an end that is told");
    }

    pub(super) fn note_start(&mut self, order: &StartOrder) {
        assert!(!self.is_quiet || self.mode == Mode::Play, "a show starts by itself after a stop");
        assert!(self.ending_since.is_none(), "a show starts during the ending");
        assert_eq!(order.settings.is_dark, self.is_dark);
        (self.pressed, self.started) = (None, Some(Arc::as_ptr(&order.loaded)));
    }

    pub(super) fn note_stop(&mut self, fade: Duration) {
        match self.fade.replace(fade) {
            Some(before) => {
                assert!(fade < before, "a fade is begun anew");
                assert!(matches!(self.cause, EventCause::Cut | EventCause::Newcomer), "a fade is cut short");
                self.see("a fade that is skipped");
            }
            None if self.cause == EventCause::Press => {
                assert_eq!(fade, STOP_FADE);
                self.see("a fade");
            }
            None => {}
        }
    }

    pub(super) fn note_death(&mut self) {
        self.is_dead = true;
        self.see("lights that hang");
    }

    pub(super) fn after(&mut self, show: Option<&VirtualShow>, machine: &StateMachine) {
        self.follow_save(self.principal, machine);
        let current = machine.current.as_ref();
        let prepared = machine.preparing.as_ref().map(|preparing| key(&preparing.request));
        let shown = current.map(|current| key(&current.request));
        let now: Vec<_> = waiting(machine).map(key).chain(shown).chain(prepared).collect();
        let lost = self.waited.iter().filter(|show| !now.contains(show)).count();
        assert!(lost == 0 || self.clears, "a show that waits is forgotten");
        if machine.following.is_some() {
            self.see("a show that follows an ending one");
        }
        for request in waiting(machine) {
            let is_gone = request.owner.is_some_and(|owner| self.gone.contains(&owner.0));
            assert!(!is_gone, "a show waits whose connection has ended");
            let is_old = self.is_volume_ordered && request.volume.is_some();
            assert!(!is_old, "an ordered volume does not reach a show that waits");
        }
        if let Some(preparing) = &machine.preparing {
            let is_new =
                self.prepared != Some(key(&preparing.request)) && preparing.request.booking.is_some();
            let waits = !machine.newcomers.is_empty() || !machine.interrupted.is_empty();
            assert!(!(is_new && waits), "the schedule's show comes before one that waits");
        }
        if let (Some(left), Some(comes_back)) =
            (self.left_at, self.comes_back.take_if(|_| self.left_at.is_some()))
        {
            let back = waiting(machine).chain(current.map(|current| &current.request));
            let back = back.into_iter().find(|request| key(request) == comes_back);
            assert_eq!(
                back.map(|request| request.extent.from),
                Some(left),
                "an interrupted show does not come back"
            );
            self.see("an interrupt");
        }
        if self.cause == EventCause::Newcomer && self.fade == Some(Duration::ZERO) && self.was_on.is_some() {
            let is_show = current.is_some_and(|current| !current.request.is_idle());
            self.comes_back = self.was_on.filter(|_| is_show);
        }
        if let Some(started) = self.started.take() {
            let by_itself = |request: &PlayRequest| request.booking.is_some() || request.stands.is_some();
            let current = current.filter(|current| key(&current.request) == started);
            let is_by_itself = current.is_some_and(|current| by_itself(&current.request));
            assert!(!(self.is_held && is_by_itself), "the schedule goes on after a stop");
            assert!(!(self.is_off && is_by_itself), "the schedule goes on after everything was switched off");
            self.see(if is_by_itself { "a show of the schedule" } else { "a show" });
        }
        if let (Some(show), Some(current)) = (show, current.filter(|current| current.is_on())) {
            assert_eq!(show.is_dark, self.is_dark, "a blackout is forgotten");
            let shall = machine.settings_for(&current.request);
            assert_eq!(
                (show.is_paused, show.is_held, show.volume, show.speed),
                (shall.is_paused, shall.is_held, shall.volume, shall.speed)
            );
        }
    }

    pub(super) fn note_time(&mut self, time: Duration) {
        let late = self.unanswered.iter().find(|(_, since)| time - *since > REPLY_WITHIN);
        assert!(late.is_none(), "{late:?} has no reply");
        let is_ending_for = self.ending_since.filter(|_| !self.is_dead).map(|since| time - since);
        assert!(is_ending_for.is_none_or(|time| time <= END_WITHIN), "an ending does not end");
    }

    pub(super) fn note_over(&mut self) {
        self.ending_since = None;
    }

    pub(super) fn note_finish(&mut self) {
        assert!(self.is_dead || self.unanswered.is_empty(), "without a reply: {:?}", self.unanswered);
        assert!(self.is_dead || self.owners.is_empty(), "their shows have not ended: {:?}", self.owners);
    }
}

fn key(request: &PlayRequest) -> ShowKey {
    Arc::as_ptr(&request.loaded)
}

fn waiting(machine: &StateMachine) -> impl Iterator<Item = &PlayRequest> {
    machine.newcomers.iter().chain(&machine.interrupted).chain(&machine.following)
}
