//! What an instance looks after while it works: the guardian, the lock's file, the socket, the buttons, and files that
//! are kept. Decides nothing about shows.

use std::path::PathBuf;

use crate::guardian::GuardianNotice;
use crate::ipc::OutputKind;
use crate::lock::{LockInfo, Refusal, Upkeep};
use crate::wear::{self, Wear};

use super::parts::Runner;
use super::writer::FileWriter;

impl Runner {
    pub(super) fn look_after_lock(&mut self) {
        let shown = self.show.as_ref().filter(|show| show.order.stands.is_none());
        let upkeep = match shown {
            Some(show) => self.parts.lock.publish(show.player.show_time()),
            None => self.parts.lock.announce(self.parts.lock.info().clone()),
        };
        self.tell_upkeep(upkeep);
    }

    /// The lock tells what plays.
    pub(super) fn announce_show(&mut self) {
        let Some(show) = &self.show else { return };
        let timing = Some(show.player.lights().scheduling());
        let info = match &show.order.stands {
            // No show plays, since a moment ago.
            Some(_) => LockInfo { timing, ..self.parts.lock.info().clone() },
            None => {
                let now = LockInfo::of_show(&show.order.loaded.show.name);
                LockInfo {
                    timing,
                    length: Some(show.order.loaded.length),
                    position: Some(show.order.extent.from),
                    show: now.show,
                    started: now.started,
                    ..self.parts.lock.info().clone()
                }
            }
        };
        let upkeep = self.parts.lock.announce(info);
        self.tell_upkeep(upkeep);
    }

    /// The lock tells how long the show is now.
    pub(super) fn announce_length(&mut self) {
        let Some(show) = &self.show else { return };
        let info = LockInfo { length: Some(show.order.loaded.length), ..self.parts.lock.info().clone() };
        let upkeep = self.parts.lock.announce(info);
        self.tell_upkeep(upkeep);
    }

    /// The lock tells that no show plays.
    pub(super) fn announce_idle(&mut self) {
        let info = LockInfo {
            show: None,
            started: Some(jiff::Timestamp::now()),
            position: None,
            length: None,
            timing: None,
            ..self.parts.lock.info().clone()
        };
        let upkeep = self.parts.lock.announce(info);
        self.tell_upkeep(upkeep);
    }

    fn tell_upkeep(&mut self, upkeep: Result<Upkeep, Refusal>) {
        match upkeep {
            Ok(Upkeep::Sound) => {}
            Ok(Upkeep::Mended) => {
                self.parts.console.notice("the lock's file had been deleted; it is back");
                let notice = self.parts.guardian.renew_file(&self.parts.lock);
                self.tell_of_guardian(notice);
            }
            Err(refusal) => self.parts.console.notice(&refusal.to_string()),
        }
    }

    pub(super) fn look_after_guardian(&mut self) {
        let notice = self.parts.guardian.look_after(&self.parts.lock);
        self.tell_of_guardian(notice);
    }

    fn tell_of_guardian(&self, notice: Option<GuardianNotice>) {
        match notice {
            None => {}
            Some(GuardianNotice::Replaced) => {
                self.parts.console.notice("the guardian of the lights had ended; it is replaced");
            }
            Some(GuardianNotice::Missing(why)) => self.parts.console.notice(&format!(
                "nobody would make the lights safe if starcourt were killed now: no guardian can be started: {why}"
            )),
            Some(GuardianNotice::Intervened) => {
                // What it has said on this terminal.
                self.parts.console.refresh();
                self.parts.console.notice("the lights stood still for 2 s and were made safe meanwhile");
            }
        }
    }

    pub(super) fn look_after_socket(&mut self) {
        if let Some(Err(error)) = self.parts.socket.as_mut().map(|socket| socket.restore_socket()) {
            self.parts.console.notice(&format!("the control socket cannot be made anew: {error}"));
            self.parts.socket = None;
        }
    }

    pub(super) fn look_after_inputs(&mut self) {
        if let Some(told) = self.parts.inputs.look_after() {
            self.parts.console.notice(&told);
        }
    }

    /// Writes down what must outlast the machine, while nothing plays.
    pub(super) fn settle(&mut self) {
        let worn = std::mem::take(&mut self.worn);
        count_switchings(self.parts.output_kind, worn, self.parts.state_places.clone(), &mut self.writer);
        if let Some(service) = &self.parts.service {
            service.settle(&mut self.writer);
        }
    }
}

/// Counts what the relays have switched. A count that cannot be kept is told, and fails no show.
pub(crate) fn count_switchings(
    output_kind: OutputKind,
    worn: Wear,
    places: Vec<PathBuf>,
    writer: &mut FileWriter,
) {
    if output_kind != OutputKind::Gpio || worn.is_empty() {
        return;
    }
    writer.add(move || {
        let error = wear::add(&places, &worn).err()?;
        Some(format!("the relays' switchings were not counted: {error:#}"))
    });
}
