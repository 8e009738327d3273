//! What each action of the state machine is here. Decides nothing.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::Plan;
use crate::ipc::Answer;
use crate::outcome::Failure;
use crate::schedule::Schedule;
use crate::service::hooks::HookOutcome;
use crate::signals;

use super::super::saved::{SavedShow, ShowEdition};
use super::super::state::{Asker, InstanceAction, InstanceEvent, JobId, ShowChange, StartOrder, Trouble};
use super::message::Message;
use super::parts::Runner;
use super::starter::{StartKit, Starter};

impl Runner {
    /// Does it, or has it done; what has come of it already.
    pub(super) fn carry_out(&mut self, action: InstanceAction) -> Option<InstanceEvent> {
        match action {
            InstanceAction::Reply { to, reply } => self.reply(to, reply.map_err(|no| (no.why, no.exit))),
            InstanceAction::Tell { to, answer } => {
                if let Some(socket) = &self.parts.socket {
                    socket.tell(to, answer);
                }
            }
            InstanceAction::Notice(text) => self.parts.console.notice(&text),
            InstanceAction::Report(text) => self.parts.console.report(&text),
            InstanceAction::Load { job, show } => {
                let error = self.loader.read(job, show).err()?;
                return Some(InstanceEvent::Loaded { job, loaded: Err(error) });
            }
            InstanceAction::AbandonLoad => self.loader.abandon(),
            InstanceAction::AskConditions { job, conditions, about } => {
                let error = self.hooks.ask(job, conditions, &about).err()?;
                return Some(InstanceEvent::HooksDone { job, done: cannot_run(&error) });
            }
            InstanceAction::RunBefore { job, hooks, about } => {
                let error = self.hooks.run_before(job, hooks, &about).err()?;
                return Some(InstanceEvent::HooksDone { job, done: cannot_run(&error) });
            }
            InstanceAction::EndPreparing { job, then, about } => {
                let ended = self.hooks.end(job, then, &about);
                self.tell_hooks(ended);
            }
            InstanceAction::RunHooks { hooks, about } => {
                let run = self.hooks.run(hooks, &about);
                self.tell_hooks(run);
            }
            InstanceAction::Start(order) => return self.start(*order),
            InstanceAction::CancelStart(job) => {
                self.starter.take_if(|starter| starter.give_up(job))?;
                return Some(InstanceEvent::StartCancelled { job });
            }
            InstanceAction::AnnounceIdle => self.announce_idle(),
            InstanceAction::TellSystemd(words) => {
                if let Some(service) = &mut self.parts.service {
                    service.announce(&words);
                }
            }
            InstanceAction::LookAtFiles(shows) => {
                if let Some(service) = &self.parts.service {
                    service.look_at_files(shows);
                }
            }
            InstanceAction::ReadFiles { job, schedule } => {
                let error = self.read_files(job, schedule).err()?;
                return Some(InstanceEvent::FilesRead { job, read: Err(error.into()) });
            }
            InstanceAction::AbandonFiles => {
                if let Some(service) = &mut self.parts.service {
                    service.reader.abandon();
                }
            }
            InstanceAction::ChangeRig { rig, outputs } => {
                return Some(InstanceEvent::RigChanged(self.change_rig(rig, outputs).map_err(Trouble::from)));
            }
            InstanceAction::ShowMistakes(mistakes) => self.parts.console.show_mistakes(mistakes),
            InstanceAction::NoteFollowed(file) => {
                self.changed.retain(|changed| changed.file != file.file);
                if let Some(service) = &self.parts.service {
                    service.note_followed(file);
                }
            }
            InstanceAction::KeepRotation(rotation) => {
                if let Some(service) = &self.parts.service {
                    service.keep(&rotation, &mut self.writer);
                }
            }
            InstanceAction::Settle => self.settle(),
            InstanceAction::Die => self.parts.console.aside(|| signals::die()),
            InstanceAction::Finish => self.is_finished = true,
            InstanceAction::Change(change) => self.change_show(change),
            InstanceAction::TakeUp(saved) => self.take_up(*saved),
        }
        None
    }

    fn read_files(&self, job: JobId, schedule: Option<Arc<Schedule>>) -> Result<(), Failure> {
        let Some(service) = &self.parts.service else { return Ok(()) };
        let tx = self.parts.tx.clone();
        let tell = move |read| {
            // An instance that no longer listens is ending.
            let _ = tx.send(Message::FilesRead(read));
        };
        service.reader.read(job, (Arc::clone(&self.parts.rig), schedule), tell)
    }

    fn change_show(&mut self, change: ShowChange) {
        let Some(show) = &mut self.show else { return };
        let player = &mut show.player;
        match change {
            ShowChange::Pause => player.pause(),
            ShowChange::Resume => player.resume(),
            ShowChange::Hold => {
                let _is_safe = player.hold();
            }
            ShowChange::EndHold => player.end_hold(),
            ShowChange::Blackout { on } => player.blackout(on),
            ShowChange::Volume(percent) => show.clock.set_volume(percent),
            ShowChange::Speed(speed) => player.set_speed(speed),
            ShowChange::Seek(to) => player.seek(to),
            ShowChange::Part(extent) => {
                show.clock.set_repeat(extent.repeats());
                player.play_part(extent);
                show.order.extent = extent;
            }
            ShowChange::Stop { fade } => player.stop(fade),
            ShowChange::Leave { keeps_sound } => {
                (show.is_leaving, show.keeps_sound) = (true, keeps_sound);
                player.stop(Duration::ZERO);
            }
        }
    }

    fn take_up(&mut self, saved: SavedShow) {
        let SavedShow { edition: ShowEdition { loaded, extent, .. }, timeline, lines, .. } = saved;
        let Some(show) = &mut self.show else { return };
        show.player.take_up(Plan::new(timeline, extent));
        (show.order.loaded, show.order.extent, show.lines) = (loaded, extent, lines);
        self.announce_length();
    }

    fn start(&mut self, order: StartOrder) -> Option<InstanceEvent> {
        let job = order.job;
        // If it is not for this show, it has ended.
        let sound = self.kept_sound.take().filter(|_| order.takes_sound);
        let kit = self.parts.patch.open().map(|drivers| StartKit {
            rig: self.parts.rig.clone(),
            drivers,
            heartbeat: self.parts.guardian.heartbeat(),
            recorder: self.parts.trace.as_ref().map(|trace| trace.recorder()),
            relay_moves: self.relay_moves.clone(),
            controls: self.controls.clone(),
            sound,
        });
        let started =
            kit.map_err(Into::into).and_then(|kit| Starter::begin(order, kit, self.parts.tx.clone()));
        match started {
            Ok(starter) => {
                self.starter = Some(starter);
                None
            }
            Err(failure) => Some(InstanceEvent::NotStarted { job, trouble: Trouble::from(failure) }),
        }
    }

    fn reply(&mut self, to: Asker, reply: Result<String, (String, u8)>) {
        match (to, reply) {
            (Asker::Connection(connection), reply) => {
                // Whoever asks for the status once this is answered sees what came of it.
                if self.show.is_some() {
                    self.status().into_iter().for_each(|status| self.publish(status));
                }
                let answer = match reply {
                    Ok(words) => Answer::Done(words),
                    Err((why, exit)) => Answer::Refused { why, exit },
                };
                if let Some(socket) = &self.parts.socket {
                    socket.tell(connection, answer);
                }
            }
            (Asker::Button(button), Ok(words)) => {
                self.parts.console.report(&format!("button {button}: {words}"))
            }
            (Asker::Button(button), Err((why, _))) => self.notice(&format!("button {button}: {why}")),
            // What a key does is seen on the screen.
            (Asker::Keyboard, Ok(_)) => {}
            (Asker::Keyboard, Err((why, _))) => self.parts.console.notice(&why),
        }
    }

    fn tell_hooks(&self, run: std::io::Result<()>) {
        if let Err(error) = run {
            self.parts.console.notice(&cannot_run(&error).trouble().unwrap_or_default());
        }
    }
}

fn cannot_run(error: &std::io::Error) -> HookOutcome {
    HookOutcome::Failed(format!("no command can be run: {error}"))
}
