//! The push buttons, listened to as soon as their pins are free: another program may use one, and release it. Knows
//! no orders.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::buttons::Buttons;
use crate::ipc::OutputKind;
use crate::output::gpio::Unavailable;
use crate::rig::Rig;

use super::message::Message;

pub(crate) struct Inputs {
    rig: Arc<Rig>,
    output_kind: OutputKind,
    tx: Sender<Message>,
    buttons: Option<Buttons>,
    /// Why the buttons are not listened to, as it was told last.
    why: Option<String>,
}

impl Inputs {
    /// Listens from the first [`look_after`](Self::look_after) on.
    pub(crate) fn new(rig: Arc<Rig>, output_kind: OutputKind, tx: Sender<Message>) -> Self {
        Self { rig, output_kind, tx, buttons: None, why: None }
    }

    /// Listens to the buttons of another rig from the next [`look_after`](Self::look_after) on.
    pub(super) fn follow(&mut self, rig: Arc<Rig>) {
        (self.buttons, self.why) = (None, None);
        self.rig = rig;
    }

    /// Listens to the buttons, if that is not so yet. What is to be told of it.
    pub(crate) fn look_after(&mut self) -> Option<String> {
        if self.buttons.is_some() {
            return None;
        }
        match self.listen() {
            Ok(buttons) => {
                self.buttons = Some(buttons);
                self.why.take().map(|_| "the buttons are heard now".to_owned())
            }
            Err(error) => {
                let why = format!("the buttons are not heard: {error}");
                // Once, not once a second.
                let is_news = self.why.as_ref() != Some(&why);
                self.why = Some(why.clone());
                is_news.then_some(why)
            }
        }
    }

    /// The pins tell nothing any more. What is to be told of it.
    pub(super) fn mark_deaf(&mut self, why: &str) -> String {
        self.buttons = None;
        let told = format!("the buttons are not heard any more: {why}");
        self.why = Some(told.clone());
        told
    }

    pub(super) fn buttons(&self) -> Option<&Buttons> {
        self.buttons.as_ref()
    }

    fn listen(&self) -> Result<Buttons, Unavailable> {
        let tx = self.tx.clone();
        let tell = move |event| {
            // An instance that no longer listens is ending.
            let _ = tx.send(Message::Button(event));
        };
        match self.output_kind {
            OutputKind::Gpio => Buttons::listen(&self.rig, tell),
            OutputKind::Sim => Buttons::simulated(&self.rig, tell),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::diagnosis::Source;
    use crate::rig;

    #[test]
    fn buttons_that_fall_silent_are_listened_to_again_and_told_of_once() {
        let text = include_str!("../../../shows/rig.toml");
        let rig = rig::read(&Source::new("rig.toml", text)).0.expect("there is no mistake in it");
        let (tx, _inbox) = mpsc::channel();
        let mut inputs = Inputs::new(Arc::new(rig), OutputKind::Sim, tx);
        assert_eq!(inputs.look_after(), None);
        assert!(inputs.buttons().is_some());
        assert!(inputs.mark_deaf("the chip is gone").ends_with("not heard any more: the chip is gone"));
        assert!(inputs.buttons().is_none());
        assert_eq!(inputs.look_after().as_deref(), Some("the buttons are heard now"));
        assert_eq!(inputs.look_after(), None);
    }
}
