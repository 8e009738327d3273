//! Push buttons: a press becomes an order. Knows no shows and no lights: the receiver carries the orders out.
//!
//! `gesture` is pure and decides what kind of press it was; `lines` reads the pins; keys of the terminal stand for
//! them in a simulation. One thread sleeps until something happens.

mod gesture;
mod lines;
mod source;

use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use crate::clock::monotonic;
use crate::output::gpio::Unavailable;
use crate::rig::{Button, ButtonOrder, Rig};
use crate::time::Mono;
use gesture::{Ear, Hand};
use lines::Lines;
use source::{ButtonInput, InputSource, KeyPress, KeySource};

pub use gesture::Gesture;

/// A button was pressed, and orders something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pressed {
    /// The button's name.
    pub button: String,
    pub gesture: Gesture,
    pub order: ButtonOrder,
}

/// What whoever listens is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    Pressed(Pressed),
    /// The pins tell nothing any more, for this reason; the last event.
    Deaf(String),
}

/// Listens to the buttons of a rig until it is dropped.
pub struct Buttons {
    /// What stands for them in a simulation; hangs up to end the thread.
    keys: Option<mpsc::Sender<KeyPress>>,
    /// Dropped to end the thread.
    stop: Option<lines::Stop>,
    thread: Option<JoinHandle<()>>,
}

impl Buttons {
    /// Listens to the pins of the rig's buttons, and to none where it has no buttons. `tell` is called
    /// on a thread of its own, some 6 ms after a press; a button with a double press is waited for 400 ms
    /// from its first press on, and one with a hold until it is let go. It must not block for long.
    ///
    /// A button that is down when listening begins says nothing until it has been let go.
    ///
    /// # Errors
    /// [`Unavailable`], whose text names the mend: no Raspberry Pi, no permission, a line that something
    /// else uses.
    pub fn listen(rig: &Rig, tell: impl FnMut(Event) + Send + 'static) -> Result<Self, Unavailable> {
        if rig.buttons.is_empty() {
            return Ok(Self { keys: None, stop: None, thread: None });
        }
        let (lines, stop) = Lines::open(&rig.buttons)?;
        let down = lines.are_down()?;
        let thread = spawn(lines, &rig.buttons, &down, tell)?;
        Ok(Self { keys: None, stop: Some(stop), thread: Some(thread) })
    }

    /// Listens to [`type_key`](Self::type_key) and [`hold_key`](Self::hold_key), and opens no device.
    ///
    /// # Errors
    /// When the system has no room for a small thread.
    pub fn simulated(rig: &Rig, tell: impl FnMut(Event) + Send + 'static) -> Result<Self, Unavailable> {
        let (keys, typed) = mpsc::channel();
        let up = vec![false; rig.buttons.len()];
        let source = KeySource::new(typed, &rig.buttons);
        let thread = spawn(source, &rig.buttons, &up, tell)?;
        Ok(Self { keys: Some(keys), stop: None, thread: Some(thread) })
    }

    /// The button that `key` stands for is pressed and let go. Nothing, where it stands for none or real
    /// pins are listened to.
    pub fn type_key(&self, key: char) {
        self.send(KeyPress::Typed(key));
    }

    /// As [`type_key`](Self::type_key), but the button is held.
    pub fn hold_key(&self, key: char) {
        self.send(KeyPress::Held(key));
    }

    fn send(&self, key: KeyPress) {
        if let Some(keys) = &self.keys {
            // Fails only when the listener panicked, which the panic hook has told.
            let _ = keys.send(key);
        }
    }
}

impl Drop for Buttons {
    fn drop(&mut self) {
        drop(self.keys.take());
        drop(self.stop.take());
        // `tell` itself may drop this.
        let thread = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id());
        if let Some(thread) = thread {
            // A panic there was told by the panic hook.
            let _ = thread.join();
        }
    }
}

fn spawn(
    source: impl InputSource + Send + 'static,
    buttons: &[Button],
    down: &[bool],
    tell: impl FnMut(Event) + Send + 'static,
) -> Result<JoinHandle<()>, Unavailable> {
    let listener = Listener {
        hands: buttons.iter().zip(down).map(|(button, down)| Hand::new(ear(button), *down)).collect(),
        buttons: buttons.to_vec(),
        tell,
    };
    let thread = thread::Builder::new().name("buttons".to_owned());
    thread.spawn(move || listener.run(source)).map_err(Unavailable::Io)
}

fn ear(button: &Button) -> Ear {
    Ear {
        debounce: button.debounce,
        hold_after: button.hold.as_ref().map(|_| button.hold_after),
        doubles: button.double.is_some(),
    }
}

struct Listener<F> {
    buttons: Vec<Button>,
    hands: Vec<Hand>,
    tell: F,
}

impl<F: FnMut(Event)> Listener<F> {
    fn run(mut self, mut source: impl InputSource) {
        loop {
            let deadline = self.hands.iter().filter_map(Hand::next_deadline).min();
            match source.wait(deadline) {
                ButtonInput::Edges(edges) => {
                    for edge in edges {
                        self.step(edge.button, edge.at);
                        self.hands[edge.button].edge(edge.at, edge.down);
                    }
                }
                ButtonInput::Nothing => {}
                ButtonInput::End => return,
                ButtonInput::Broken(why) => return (self.tell)(Event::Deaf(why)),
            }
            let now = monotonic::now();
            (0..self.hands.len()).for_each(|button| self.step(button, now));
        }
    }

    fn step(&mut self, place: usize, now: Mono) {
        let button = &self.buttons[place];
        while let Some(gesture) = self.hands[place].step(now) {
            let order = match gesture {
                Gesture::Press => &button.press,
                Gesture::Hold => &button.hold,
                Gesture::Double => &button.double,
            };
            if let Some(order) = order.clone() {
                let pressed = Pressed { button: button.name.clone(), gesture, order };
                (self.tell)(Event::Pressed(pressed));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Source as Text;
    use crate::rig::read;
    use crate::volume::VolumeChange;

    fn rig() -> Rig {
        let text = r#"
            [channels]
            neon = { pin = 17, kind = "relay" }
            [buttons]
            start = { pin = 22, press = "play demo", hold = "stop", double = "next", key = "1" }
            loud  = { pin = 23, press = "volume +5", key = "2" }
        "#;
        read(&Text::new("rig.toml", text)).0.expect("a rig without mistakes")
    }

    /// What is ordered when these keys are typed; a capital holds.
    fn ordered(keys: &str) -> Vec<(Gesture, ButtonOrder)> {
        let (sender, orders) = mpsc::channel();
        let buttons = Buttons::simulated(&rig(), move |event| sender.send(event).unwrap()).unwrap();
        for key in keys.chars() {
            match key {
                '!' => buttons.hold_key('1'),
                key => buttons.type_key(key),
            }
        }
        // All of it is heard before the listener ends.
        drop(buttons);
        let said = |event| match event {
            Event::Pressed(pressed) => (pressed.gesture, pressed.order),
            Event::Deaf(why) => panic!("{why}"),
        };
        orders.iter().map(said).collect()
    }

    #[test]
    fn keys_stand_for_buttons() {
        let louder = (Gesture::Press, ButtonOrder::Volume(VolumeChange::By { change: 5 }));
        assert_eq!(ordered("2x"), std::slice::from_ref(&louder));
        assert_eq!(ordered("1"), [(Gesture::Press, ButtonOrder::Play("demo".into()))]);
        assert_eq!(ordered("112"), [(Gesture::Double, ButtonOrder::Next), louder]);
        assert_eq!(ordered("!"), [(Gesture::Hold, ButtonOrder::Stop)]);
    }

    #[test]
    fn a_rig_without_buttons_opens_nothing() {
        let rig = Rig { buttons: Vec::new(), ..rig() };
        assert!(Buttons::listen(&rig, |_| {}).is_ok());
    }
}
