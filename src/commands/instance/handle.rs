//! What reaches the instance is done here: signals, keys, buttons and orders over the socket, each in
//! its own words, and all of them the same few things.

use std::time::Duration;

use crate::buttons::{Event, Pressed};
use crate::ipc::{ConnectionEvent, Order, Play, Responder, VolumeChange};
use crate::rig;
use crate::signals::{self, Request};
use crate::stage::{Key, LOUDER, Wish};

use super::House;
use super::loader::{Asker, Purpose};
use super::message::Message;
use super::play_request::Rank;
use super::running_show::RunningShow;
use super::scheduler::Scheduler;

/// Why an order was not carried out; nothing has changed then.
pub(super) struct Declined {
    pub(super) why: String,
    pub(super) exit: u8,
}

/// What was done, in words, or why not.
pub(super) type Reply = Result<String, Declined>;

pub(super) fn declined(why: impl Into<String>) -> Declined {
    Declined { why: why.into(), exit: 1 }
}

fn is_ending(act: &RunningShow) -> Declined {
    declined(format!("{} is ending", act.place()))
}

impl House {
    /// `act` is what is on the stage, if anything.
    pub(super) fn hear(&mut self, mut act: Option<&mut RunningShow>, message: Message) {
        match message {
            Message::Request(request) => {
                log::debug!("signal or terminal: {request:?}");
                self.hear_request(act, request);
            }
            Message::Wish(wish) => {
                log::debug!("key: {wish:?}");
                self.hear_wish(act, wish);
            }
            Message::Button(Event::Pressed(pressed)) => self.hear_button(act, &pressed),
            Message::Button(Event::Deaf(why)) => {
                let told = self.inputs.mark_deaf(&why);
                self.notice(act.as_deref(), &told);
            }
            Message::Script(told) => self.hear_script(act, told),
            Message::Notice(text) => self.front.notice(&text),
            Message::Read(read) => self.hear_read(act, *read),
            Message::Found(found) => self.hear_of_files(found),
            Message::Call(ConnectionEvent::Closed(visitor)) => {
                while self.gives_up(visitor).is_some() {}
                if let Some(act) = act.as_mut().filter(|act| act.turn.is_of(visitor)) {
                    act.end(Duration::ZERO);
                }
            }
            Message::Call(ConnectionEvent::Order { order: Order::Play(play), caller }) => {
                log::debug!("order: {play:?}");
                self.order_show(act, play, Asker::Caller(caller));
            }
            Message::Call(ConnectionEvent::Order { order, caller }) => {
                log::debug!("order: {order:?}");
                let answer = self.carry_out(act.as_deref_mut(), &order, Some(&caller));
                // Whoever asks for the status once this is answered sees what came of it.
                if let Some(act) = act {
                    self.publish(&act.status(self));
                }
                self.answer(None, Asker::Caller(caller), answer);
            }
        }
    }

    pub(super) fn answer(&self, act: Option<&RunningShow>, asker: Asker, answer: Reply) {
        match (asker, answer) {
            (Asker::Caller(caller), Ok(words)) => caller.done(words),
            (Asker::Caller(caller), Err(Declined { why, exit })) => caller.refuse(why, exit),
            (Asker::Button(button), Ok(words)) => self.front.event(&format!("button {button}: {words}")),
            (Asker::Button(button), Err(Declined { why, .. })) => {
                self.notice(act, &format!("button {button}: {why}"));
            }
        }
    }

    fn hear_request(&mut self, act: Option<&mut RunningShow>, request: Request) {
        match request {
            Request::Stop { fade: true } => self.end(act, true),
            Request::Stop { fade: false } | Request::StopNow | Request::Hangup | Request::Panicked => {
                self.end(act, false);
            }
            Request::Suspend => self.suspend(act),
            Request::Continued => self.front.refresh(),
            // Dies here if anybody still can; the thread that heard the signal does so anyway.
            Request::Kill => self.front.aside(|| signals::die()),
        }
    }

    fn hear_wish(&mut self, act: Option<&mut RunningShow>, wish: Wish) {
        let order = match wish {
            Wish::Pause if act.as_ref().is_some_and(|act| act.player.is_paused()) => Order::Resume {},
            Wish::Pause => Order::Pause {},
            Wish::Blackout => Order::Blackout { on: !self.is_dark },
            Wish::Louder => Order::Volume(VolumeChange::By { change: LOUDER }),
            Wish::Softer => Order::Volume(VolumeChange::By { change: -LOUDER }),
            Wish::Quit => return self.end(act, true),
            Wish::Key(key) => return self.hear_key(act, key),
        };
        // What a key cannot do is seen on the screen.
        let _answer = self.carry_out(act, &order, None);
    }

    /// A show's companion first, then the buttons of a simulation.
    fn hear_key(&self, act: Option<&mut RunningShow>, key: Key) {
        if let Some(act) = act
            && let Some(companion) = &mut act.turn.companion
        {
            let directions = companion.hear(key);
            return self.follow(act, directions);
        }
        match (self.inputs.buttons(), key) {
            (Some(buttons), Key::Char(key)) => buttons.type_key(key),
            (Some(buttons), Key::Alt(key)) => buttons.hold_key(key),
            _ => {}
        }
    }

    fn hear_button(&mut self, mut act: Option<&mut RunningShow>, pressed: &Pressed) {
        let asker = Asker::Button(pressed.button.clone());
        let order = match &pressed.order {
            rig::ButtonOrder::Play(name) => return self.order_show(act, Play::show(name), asker),
            rig::ButtonOrder::Interrupt(name) => {
                let play = Play { interrupt: true, ..Play::show(name) };
                return self.order_show(act, play, asker);
            }
            rig::ButtonOrder::Next => Order::Next {},
            rig::ButtonOrder::Stop => Order::Stop {},
            rig::ButtonOrder::Pause => Order::Pause {},
            rig::ButtonOrder::Resume => Order::Resume {},
            rig::ButtonOrder::Blackout => Order::Blackout { on: !self.is_dark },
            rig::ButtonOrder::Volume(change) => Order::Volume(*change),
        };
        let answer = self.carry_out(act.as_deref_mut(), &order, None);
        self.answer(act.as_deref(), asker, answer);
    }

    /// What somebody orders, over the socket, with a button or with a key; `caller` is who may have a show of
    /// their own.
    fn carry_out(
        &mut self,
        act: Option<&mut RunningShow>,
        order: &Order,
        caller: Option<&Responder>,
    ) -> Reply {
        match order {
            Order::Leave { at_once } => {
                let caller = caller.ok_or_else(|| declined("nobody is attached"))?;
                self.leave(act, caller, *at_once)
            }
            Order::Hold { on } => {
                let caller = caller.ok_or_else(|| declined("nobody is attached"))?;
                self.hold(act, caller.id(), *on)
            }
            Order::Stop {} => self.stop(act),
            Order::Next {} => self.next(act),
            Order::Pause {} => pause(act),
            Order::Resume {} => self.resume(act),
            Order::Blackout { on } => Ok(self.black_out(act, *on)),
            Order::Volume(loudness) => Ok(self.change_volume(act, *loudness)),
            // The socket's own thread answers the one, and whoever has read the show the other.
            Order::Status { .. } | Order::Play(_) => Ok(String::new()),
        }
    }

    /// The whole instance is to end, its show over the rig's fade or at once.
    fn end(&mut self, act: Option<&mut RunningShow>, fades: bool) {
        self.is_ending = true;
        self.clear(act, fades);
    }

    /// All that plays, and all that would come after it.
    fn stop(&mut self, act: Option<&mut RunningShow>) -> Reply {
        self.is_ending |= !self.is_service();
        if let Some(scheduler) = &mut self.scheduler {
            scheduler.hold();
        }
        let words =
            act.as_ref().map_or_else(|| "nothing plays".to_owned(), |act| format!("ends {}", act.place()));
        self.clear(act, true);
        Ok(words)
    }

    fn clear(&mut self, act: Option<&mut RunningShow>, fades: bool) {
        let interrupted: Vec<_> = self.later.drain(..).chain(self.newcomers.drain(..)).collect();
        for turn in interrupted {
            turn.tell_end("it was ended", 0);
            self.see_off(&turn, None);
        }
        if let Some(preparing) = self.scheduler.as_mut().and_then(|scheduler| scheduler.preparing.take()) {
            self.call_off(preparing, "it was ended before it began");
        }
        for purpose in self.loader.call_off() {
            if let Purpose::Ordered { asker, .. } = purpose {
                self.answer(None, asker, Err(declined("it was ended before it began")));
            }
        }
        if let Some(act) = act {
            match fades {
                true => act.ask_to_end(self.rig.stop_fade),
                false => act.end(Duration::ZERO),
            }
        }
    }

    fn next(&mut self, act: Option<&mut RunningShow>) -> Reply {
        let takes_up = self.scheduler.as_mut().is_some_and(Scheduler::take_up);
        if takes_up && act.is_none() {
            return Ok("goes on with the schedule".to_owned());
        }
        let act = act.filter(|act| act.turn.rank > Rank::IDLE);
        let act = act.ok_or_else(|| declined("nothing plays that could make room for what comes next"))?;
        act.ask_to_end(self.rig.stop_fade);
        Ok(format!("ends {}", act.place()))
    }

    fn resume(&mut self, act: Option<&mut RunningShow>) -> Reply {
        match act.filter(|act| act.turn.rank > Rank::IDLE) {
            Some(act) if act.is_ending() => Err(is_ending(act)),
            Some(act) => {
                act.player.resume();
                Ok(match act.turn.is_held {
                    true => format!("{} goes on when its terminal does, which is stopped", act.place()),
                    false => format!("goes on with {}", act.place()),
                })
            }
            None if self.scheduler.as_mut().is_some_and(Scheduler::take_up) => {
                Ok("goes on with the schedule".to_owned())
            }
            None => Err(declined("nothing plays")),
        }
    }

    fn black_out(&mut self, act: Option<&mut RunningShow>, on: bool) -> String {
        self.is_dark = on;
        if let Some(act) = act {
            act.player.blackout(on);
        }
        if on { "every light is at its safe level; time goes on" } else { "the lights are the show's again" }
            .to_owned()
    }

    fn change_volume(&mut self, act: Option<&mut RunningShow>, loudness: VolumeChange) -> String {
        let now = act.as_ref().and_then(|act| act.sound.volume()).unwrap_or(self.volume);
        self.volume = loudness.apply_to(now);
        // It holds for those who come back as well, until the schedule says otherwise.
        let preparing = self.scheduler.as_mut().and_then(|scheduler| scheduler.preparing.as_mut());
        let waiting = self.newcomers.iter_mut().chain(&mut self.later);
        waiting.chain(preparing.map(|preparing| &mut preparing.turn)).for_each(|turn| turn.volume = None);
        if let Some(act) = act {
            act.turn.volume = None;
            act.sound.set_volume(self.volume);
        }
        format!("volume {} %", self.volume)
    }

    fn suspend(&mut self, act: Option<&mut RunningShow>) {
        let front = &self.front;
        let mut stopped = Ok(());
        let is_safe = match act {
            Some(act) => act.player.aside(|| stopped = front.aside(signals::suspend_self)),
            None => {
                stopped = front.aside(signals::suspend_self);
                true
            }
        };
        if !is_safe {
            front.notice("the lights did not confirm in time that they are safe");
        }
        if let Err(error) = stopped {
            front.notice(&format!("{error:#}"));
        }
    }
}

fn pause(act: Option<&mut RunningShow>) -> Reply {
    let act = act.filter(|act| act.turn.stands.is_none()).ok_or_else(|| declined("nothing plays"))?;
    if act.is_ending() {
        return Err(is_ending(act));
    }
    act.player.pause();
    Ok(format!("paused {}", act.place()))
}
