//! Orders: over the socket, with a button and with a key, each in its own words, and all of them the same few things.
//! Each has exactly one reply.

use std::time::Duration;

use crate::ipc::{ConnectionId, Order, Play, Seek, VolumeChange};
use crate::rig;
use crate::stage::{Switched, Wish};

use super::action::{InstanceAction, ShowChange};
use super::event::{EndRequest, ObserverOrder};
use super::machine::StateMachine;
use super::reply::{Asker, Declined, Reply, ending};
use super::scheduler::Scheduler;

impl StateMachine {
    pub(super) fn handle_order(&mut self, order: Order, asker: ConnectionId) {
        let reply = match order {
            Order::Play(play) => return self.order_show(play, Asker::Connection(asker)),
            Order::Reload {} => return self.order_reload(Asker::Connection(asker)),
            Order::Leave { at_once } => self.leave(asker, at_once),
            Order::Hold { on } => self.hold(asker, on),
            order => self.carry_out(&order),
        };
        self.reply(Asker::Connection(asker), reply);
    }

    pub(super) fn handle_button(&mut self, button: String, order: &rig::ButtonOrder) {
        let asker = Asker::Button(button);
        let order = match order {
            rig::ButtonOrder::Play(name) => return self.order_show(Play::show(name), asker),
            rig::ButtonOrder::Interrupt(name) => {
                let play = Play { interrupt: true, ..Play::show(name) };
                return self.order_show(play, asker);
            }
            rig::ButtonOrder::Next => Order::Next {},
            rig::ButtonOrder::Stop => Order::Stop {},
            rig::ButtonOrder::Pause => Order::Pause {},
            rig::ButtonOrder::Resume => Order::Resume {},
            rig::ButtonOrder::Blackout => Order::Blackout { on: !self.is_dark },
            rig::ButtonOrder::Volume(change) => Order::Volume(*change),
            rig::ButtonOrder::Step(by) => Order::Seek(Seek::By { by: by.clone() }),
            rig::ButtonOrder::SeekTo(to) => Order::Seek(Seek::To { to: (*to).into() }),
        };
        let reply = self.carry_out(&order);
        self.reply(asker, reply);
    }

    pub(super) fn handle_key(&mut self, wish: Wish) {
        if wish == Wish::Quit {
            return self.end(EndRequest::Fade);
        }
        let request = self.current.as_ref().map(|current| &current.request);
        let switched = Switched {
            is_paused: request.is_some_and(|request| request.is_paused),
            is_dark: self.is_dark,
            is_looped: request.is_some_and(|request| request.extent.repeats().is_some()),
            speed: request.map(|request| request.speed).unwrap_or_default(),
        };
        let Some(order) = wish.order(switched) else { return };
        let reply = self.carry_out(&order);
        self.reply(Asker::Keyboard, reply);
    }

    pub(super) fn handle_observer(&mut self, order: ObserverOrder) {
        let time = self.time;
        let Some(current) = &mut self.current else { return };
        match order {
            ObserverOrder::Stop => {
                let stop = current.end(Duration::ZERO, time);
                return self.act(stop);
            }
            ObserverOrder::Pause if !current.is_ending() => current.request.is_paused = true,
            ObserverOrder::Resume if !current.is_ending() => current.request.is_paused = false,
            ObserverOrder::Pause | ObserverOrder::Resume => return,
        }
        self.change_current();
    }

    fn carry_out(&mut self, order: &Order) -> Reply {
        match order {
            Order::Stop {} => Ok(self.stop()),
            Order::Off {} => Ok(self.switch_off()),
            Order::Next {} => self.next(),
            Order::Pause {} => self.pause(),
            Order::Resume {} => self.resume(),
            Order::Blackout { on } => Ok(self.black_out(*on)),
            Order::Volume(change) => Ok(self.change_volume(*change)),
            Order::Seek(seek) => self.seek(seek),
            Order::Loop { on } => self.set_loop(*on),
            Order::Speed { to } => self.set_speed(*to),
            Order::Leave { .. } | Order::Hold { .. } => Err(Declined::new("nobody is attached")),
            // Never given here: the socket's thread answers `status`, and the others are taken above.
            Order::Status { .. } | Order::Play(_) | Order::Reload {} => Ok(String::new()),
        }
    }

    /// All that plays, and all that would come after it.
    fn stop(&mut self) -> String {
        self.is_ending |= !self.is_service();
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.hold();
        }
        let plays = self.current.as_ref().map(|current| current.name_and_position(self.now.position));
        self.clear(EndRequest::Fade);
        let ended = plays.map_or_else(|| "nothing is playing".to_owned(), |place| format!("ends {place}"));
        match self.scheduler.as_ref().is_some_and(|scheduler| scheduler.schedule().is_some()) {
            true => format!("{ended}; the schedule waits for `starcourt resume`, or for its next entry"),
            false => ended,
        }
    }

    /// All that plays ends at once. Nothing begins before somebody says so.
    fn switch_off(&mut self) -> String {
        self.is_ending |= !self.is_service();
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.switch_off();
        }
        let shown = self.current.as_ref().map(|current| current.name_and_position(self.now.position));
        self.clear(EndRequest::AtOnce);
        let ends = shown.map_or_else(String::new, |shown| format!("ends {shown} at once; "));
        match self.is_service() {
            true => format!("{ends}nothing plays before `starcourt resume` or `starcourt play SHOW`"),
            false => format!("{ends}every light goes to its safe level"),
        }
    }

    fn next(&mut self) -> Reply {
        if self.scheduler.as_ref().is_some_and(Scheduler::is_off) {
            return Err(Declined::nobody(
                "the lights were switched off\n  \
                 starcourt resume       goes on with the schedule\n  \
                 starcourt play SHOW    plays a show",
            ));
        }
        let takes_up = self.take_up_schedule();
        let (fade, at, time, position) = (self.rig.stop_fade, self.now.at, self.time, self.now.position);
        let booking = self.current.as_ref().and_then(|current| current.request.booking.as_ref());
        let scheduled = || self.scheduler.as_ref()?.follower_at(booking, at);
        let waiting = self.waiting().into_iter().next().map(|show| format!("{show} follows"));
        let follows = waiting.or_else(scheduled).map_or_else(String::new, |words| format!("; {words}"));
        let Some(current) = self.current.as_mut().filter(|current| !current.request.is_idle()) else {
            let skipped = self.scheduler.as_mut().and_then(Scheduler::skip_pause);
            return match (takes_up, skipped) {
                (true, _) => Ok("resumed the schedule".to_owned()),
                (false, Some(show)) => Ok(format!("skips the pause; {show} follows")),
                (false, None) => Err(Declined::nobody("no show is playing, and none follows a pause")),
            };
        };
        let words = format!("ends {}{follows}", current.name_and_position(position));
        let stop = current.ask_to_end(fade, at, time);
        self.act(stop);
        Ok(words)
    }

    fn pause(&mut self) -> Reply {
        let position = self.now.position;
        let shown = self.current.as_mut().filter(|current| current.request.stands.is_none());
        let current = shown.ok_or_else(|| Declined::nobody("nothing is playing"))?;
        let place = current.name_and_position(position);
        if current.is_ending() {
            return Err(ending(place));
        }
        let words = match std::mem::replace(&mut current.request.is_paused, true) {
            true => format!("{place} is paused already"),
            false => format!("paused {place}"),
        };
        self.change_current();
        Ok(words)
    }

    fn resume(&mut self) -> Reply {
        let position = self.now.position;
        let Some(current) = self.current.as_mut().filter(|current| !current.request.is_idle()) else {
            return match self.take_up_schedule() {
                true => Ok("resumed the schedule".to_owned()),
                false => Err(Declined::nobody("nothing is playing")),
            };
        };
        let place = current.name_and_position(position);
        if current.is_ending() {
            return Err(ending(place));
        }
        let was_paused = std::mem::take(&mut current.request.is_paused);
        let words = match (current.request.is_held, was_paused) {
            (true, _) => format!("{place} resumes when its stopped terminal does"),
            (false, true) => format!("resumed {place}"),
            (false, false) => format!("{place} is playing already"),
        };
        self.change_current();
        Ok(words)
    }

    /// Within the part that plays: before its beginning is its beginning, and after its end it has ended.
    fn seek(&mut self, seek: &Seek) -> Reply {
        let position = self.now.position;
        let shown = self.current.as_ref().filter(|current| current.request.stands.is_none());
        let current = shown.ok_or_else(|| Declined::nobody("nothing is playing"))?;
        let name = current.request.name();
        if current.is_ending() {
            return Err(ending(current.name_and_position(position)));
        }
        if !current.is_on() {
            return Err(Declined::new(format!("{name} has not begun; give the order again in a moment")));
        }
        let to = current.request.place_of(seek, position).map_err(Declined::new)?;
        let words = format!("{name} at {}", current.request.loaded.show.short_place_of(to));
        self.act([InstanceAction::Change(ShowChange::Seek(to))]);
        Ok(words)
    }

    fn black_out(&mut self, on: bool) -> String {
        if std::mem::replace(&mut self.is_dark, on) == on {
            return format!("blackout is {} already", if on { "on" } else { "off" });
        }
        self.change_current();
        match on {
            true if self.current.is_none() => {
                "blackout on: every light is at its safe level, also in shows to come".to_owned()
            }
            true => "blackout on: every light is at its safe level, and the show keeps running".to_owned(),
            false => "blackout off: the lights follow the show again".to_owned(),
        }
    }

    fn change_volume(&mut self, change: VolumeChange) -> String {
        let heard = self.current.as_ref().filter(|current| current.request.sounds());
        let is_heard = heard.is_some();
        let is_booked = heard.is_some_and(|current| current.request.booking.is_some());
        let now = heard.and_then(|current| current.request.volume).unwrap_or(self.volume);
        self.volume = change.apply_to(now);
        // It holds for those who come back as well, until the schedule says otherwise.
        self.requests().for_each(|request| request.volume = None);
        self.change_current();
        let when = if self.volume == now { "already" } else { "now" };
        let schedule = self.schedule().is_some();
        let until = match (is_booked, is_heard) {
            (true, _) => ", until the schedule's next show, which has its own",
            (false, false) if schedule => {
                "; no music is playing, and the schedule's shows have their own volume"
            }
            (false, false) => "; no music is playing",
            (false, true) => "",
        };
        format!("the volume is {when} {} %{until}", self.volume)
    }

    /// Whether the schedule had been stopped and goes on now.
    fn take_up_schedule(&mut self) -> bool {
        let at = self.now.at;
        let Some(scheduler) = &mut self.scheduler else { return false };
        let was_held = scheduler.take_up();
        let shows = scheduler.shows_to_look_at(at);
        self.act([InstanceAction::LookAtFiles(shows)]);
        was_held
    }

    fn leave(&mut self, connection: ConnectionId, at_once: bool) -> Reply {
        let (time, position) = (self.time, self.now.position);
        if let Some(current) = self.current.as_mut().filter(|current| current.request.is_of(connection)) {
            let words = format!("ends {}", current.name_and_position(position));
            let stop = current.end(if at_once { Duration::ZERO } else { self.rig.stop_fade }, time);
            self.act(stop);
            return Ok(words);
        }
        let name = self.give_up(connection).ok_or_else(|| Declined::new("no show of yours plays"))?;
        Ok(format!("{name} does not come back"))
    }

    /// A connection's show is held, or goes on; one that waits will be so when it begins. Nothing else is touched.
    fn hold(&mut self, connection: ConnectionId, on: bool) -> Reply {
        let position = self.now.position;
        let is_current = self.current.as_ref().is_some_and(|current| current.request.is_of(connection));
        let mut theirs = self.requests().filter(|request| request.is_of(connection));
        let request = theirs.next().ok_or_else(|| Declined::new("no show of yours plays"))?;
        request.is_held = on;
        let name = request.name().to_owned();
        drop(theirs);
        let place =
            self.current.as_ref().filter(|_| is_current).map(|current| current.name_and_position(position));
        self.change_current();
        let name = place.unwrap_or(name);
        Ok(if on { format!("holds {name}") } else { format!("{name} goes on") })
    }

    pub(super) fn handle_left(&mut self, connection: ConnectionId) {
        while self.give_up(connection).is_some() {}
        let time = self.time;
        let theirs = self.current.as_mut().filter(|current| current.request.is_of(connection));
        let stop = theirs.and_then(|current| current.end(Duration::ZERO, time));
        self.act(stop);
    }
}
