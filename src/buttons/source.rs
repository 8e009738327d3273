//! Where edges come from, and the keys that stand for buttons in a simulation. Knows no gestures.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::clock::monotonic;
use crate::rig::Button;
use crate::time::Mono;

/// A contact that closed or opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ButtonEdge {
    /// By its place in the rig.
    pub(super) button: usize,
    pub(super) at: Mono,
    pub(super) down: bool,
}

pub(super) enum ButtonInput {
    /// In the order in which they happened.
    Edges(Vec<ButtonEdge>),
    Nothing,
    /// Nobody wants to hear more, or there is nothing more to hear.
    End,
    /// There is nothing more to be heard, for this reason.
    Broken(String),
}

pub(super) trait InputSource {
    /// Waits for edges, until `deadline` at most.
    fn wait(&mut self, deadline: Option<Mono>) -> ButtonInput;
}

/// How long `deadline` is away; rounded up, else whoever waits would turn in circles before it.
pub(super) fn time_until(deadline: Mono) -> Duration {
    let nanos = u64::try_from(deadline.since(monotonic::now())).unwrap_or(0);
    Duration::from_millis(nanos.div_ceil(1_000_000))
}

#[derive(Clone, Copy, Debug)]
pub(super) enum KeyPress {
    Typed(char),
    Held(char),
}

/// A key tells only that it was typed: when the button is let go is made up.
pub(super) struct KeySource {
    typed: Receiver<KeyPress>,
    buttons: Vec<Button>,
    /// When the last made-up edge was, for each button.
    last: Vec<Mono>,
    /// Nobody types any more; what was typed is heard to its end.
    is_closing: bool,
}

/// Longer than any debouncing takes at its usual setting, and shorter than between two keys.
const TAP: Duration = Duration::from_millis(30);

impl KeySource {
    pub(super) fn new(typed: Receiver<KeyPress>, buttons: &[Button]) -> Self {
        let last = vec![Mono::from_nanos(0); buttons.len()];
        Self { typed, buttons: buttons.to_vec(), last, is_closing: false }
    }

    fn edges(&mut self, key: KeyPress) -> ButtonInput {
        let (KeyPress::Typed(letter) | KeyPress::Held(letter)) = key;
        let Some(place) = self.buttons.iter().position(|button| button.key == Some(letter)) else {
            return ButtonInput::Nothing;
        };
        let button = &self.buttons[place];
        let tap = TAP.max(button.debounce);
        let down = monotonic::now().max(later(self.last[place], tap));
        let up = match key {
            KeyPress::Typed(_) => later(down, tap),
            KeyPress::Held(_) => later(down, button.hold_after + tap),
        };
        self.last[place] = up;
        let edge = |at, down| ButtonEdge { button: place, at, down };
        ButtonInput::Edges(vec![edge(down, true), edge(up, false)])
    }
}

impl InputSource for KeySource {
    fn wait(&mut self, deadline: Option<Mono>) -> ButtonInput {
        if self.is_closing {
            return match deadline {
                None => ButtonInput::End,
                Some(deadline) => {
                    std::thread::sleep(time_until(deadline));
                    ButtonInput::Nothing
                }
            };
        }
        let key = match deadline {
            None => self.typed.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(deadline) => self.typed.recv_timeout(time_until(deadline)),
        };
        match key {
            Ok(key) => self.edges(key),
            Err(RecvTimeoutError::Timeout) => ButtonInput::Nothing,
            Err(RecvTimeoutError::Disconnected) => {
                self.is_closing = true;
                ButtonInput::Nothing
            }
        }
    }
}

fn later(at: Mono, by: Duration) -> Mono {
    at.offset(i64::try_from(by.as_nanos()).expect("a button's times are below a minute"))
}
