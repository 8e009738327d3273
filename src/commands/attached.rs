//! A terminal whose show is played by another instance: it shows what happens there, passes on what is
//! typed here, and the show ends with it.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::ipc::{Answer, AnswerReader, Client, Order, OrderWriter, Play, PlayState, Status};
use crate::signals::{self, Request};
use crate::stage::{Stage, Switched, Wish};

use super::outcome::{Failure, Outcome};
use super::remote;

/// How long Ctrl-Z waits for the instance to hold the show.
const HELD_WITHIN: Duration = Duration::from_millis(500);
/// The instance answers once the show's files are read; it gives up after 30 s.
const PATIENCE: Duration = Duration::from_secs(35);

enum AttachedMessage {
    Request(Request),
    Wish(Wish),
    Answer(Answer),
    /// The instance has hung up, for this reason if any is known.
    HungUp(Option<anyhow::Error>),
}

impl From<Request> for AttachedMessage {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

impl From<Wish> for AttachedMessage {
    fn from(wish: Wish) -> Self {
        Self::Wish(wish)
    }
}

/// Has the instance at the other end play, and stays until that show is over.
///
/// # Errors
/// When it declines, or is gone before the end.
pub(super) fn play(mut client: Client, play: &Play) -> Result<Outcome, Failure> {
    remote::done(client.ask(&Order::Play(Play { attach: true, ..play.clone() }), PATIENCE)?)?;
    let (orders, answers) = client.split();
    let (tx, inbox) = mpsc::channel();
    signals::listen_into(tx.clone())?;
    let stage = Stage::open(tx.clone())?;
    thread::Builder::new()
        .name("listener".into())
        .spawn(move || listen(answers, &tx))
        .context("starting a thread that listens to the instance")?;
    let (words, outcome) = AttachedTerminal {
        orders,
        stage: &stage,
        show: play.show.clone(),
        has_begun: false,
        in_between: None,
        inbox,
        kept: VecDeque::new(),
        unanswered: 0,
        switched: Switched::default(),
        is_asked: false,
    }
    .follow()?;
    stage.close(words);
    Ok(outcome)
}

fn listen(mut answers: AnswerReader, tx: &mpsc::Sender<AttachedMessage>) {
    loop {
        let (message, is_last) = match answers.next() {
            Some(Ok(answer)) => (AttachedMessage::Answer(answer), false),
            None => (AttachedMessage::HungUp(None), true),
            Some(Err(error)) => (AttachedMessage::HungUp(Some(error)), true),
        };
        if tx.send(message).is_err() || is_last {
            return;
        }
    }
}

struct AttachedTerminal<'a> {
    orders: OrderWriter,
    stage: &'a Stage,
    /// The show of this terminal.
    show: String,
    has_begun: bool,
    /// The show that plays in the middle of it, as it was told.
    in_between: Option<String>,
    inbox: Receiver<AttachedMessage>,
    /// What came in while an answer was waited for.
    kept: VecDeque<AttachedMessage>,
    /// Orders that were given and are not answered yet.
    unanswered: usize,
    switched: Switched,
    /// To end has been asked for once.
    is_asked: bool,
}

impl AttachedTerminal<'_> {
    /// Until the show is over; how it went.
    fn follow(mut self) -> Result<(String, Outcome), Failure> {
        loop {
            let kept = self.kept.pop_front();
            match kept.unwrap_or_else(|| self.inbox.recv().expect("the stage keeps a sender")) {
                AttachedMessage::Answer(Answer::Status(status)) => self.show(*status),
                AttachedMessage::Answer(Answer::Ended { how, exit }) => {
                    return Ok((how, Outcome::of_code(exit)));
                }
                AttachedMessage::Answer(Answer::Notice(text)) => self.stage.notice(text),
                AttachedMessage::Answer(Answer::Refused { why, .. }) => {
                    self.unanswered = self.unanswered.saturating_sub(1);
                    self.stage.notice(why);
                }
                AttachedMessage::Answer(Answer::Done(_)) => {
                    self.unanswered = self.unanswered.saturating_sub(1)
                }
                AttachedMessage::HungUp(error) => {
                    let error =
                        error.unwrap_or_else(|| anyhow!("the instance that played the show has ended"));
                    return Err(error.into());
                }
                AttachedMessage::Request(request) => {
                    if self.hear(request) {
                        return Ok(("the show ends with this terminal".to_owned(), Outcome::Done));
                    }
                }
                AttachedMessage::Wish(wish) => self.pass_on(wish),
            }
        }
    }

    /// Shows what this terminal's own show does. What another one does is no business of its.
    fn show(&mut self, status: Status) {
        let playing = status.show.as_ref().map(|show| &show.name);
        if playing.is_none_or(|name| *name != self.show) {
            let news = playing.filter(|name| self.has_begun && self.in_between.as_ref() != Some(name));
            if let Some(name) = news {
                self.stage.notice(format!("{name} plays in between; {} goes on afterwards", self.show));
                self.in_between = Some(name.clone());
            }
            return;
        }
        self.has_begun = true;
        self.in_between = None;
        self.switched = Switched {
            is_paused: status.paused,
            is_dark: status.state == PlayState::Blackout,
            is_looped: status.show.as_ref().is_some_and(|show| show.repeats.is_some()),
            speed: status.show.as_ref().map(|show| show.speed).unwrap_or_default(),
        };
        // Its lines have the time of the show.
        self.stage.show(Status { service: false, ..status });
    }

    /// Whether to hang up, which ends the show.
    fn hear(&mut self, request: Request) -> bool {
        match request {
            Request::Stop { fade: true } => self.leave(),
            Request::Stop { fade: false } | Request::StopNow => self.say(&Order::Leave { at_once: true }),
            Request::Hangup | Request::Panicked | Request::Kill => return true,
            Request::Suspend => {
                // Nobody watches: it is dark, and waits. What others have ordered meanwhile or before stays as it is.
                self.say(&Order::Hold { on: true });
                self.await_answers();
                if let Err(error) = self.stage.aside(signals::suspend_self) {
                    self.stage.notice(format!("{error:#}"));
                }
                self.say(&Order::Hold { on: false });
            }
            Request::Continued => self.stage.refresh(),
        }
        false
    }

    fn pass_on(&mut self, wish: Wish) {
        match wish {
            Wish::Quit => return self.leave(),
            // What others play after this show is not this terminal's.
            Wish::Next => return,
            _ => {}
        }
        if let Some(order) = wish.order(self.switched) {
            self.say(&order);
        }
    }

    fn leave(&mut self) {
        let order = Order::Leave { at_once: self.is_asked };
        self.is_asked = true;
        self.say(&order);
    }

    /// An instance that has hung up is heard of elsewhere. One that hangs takes no orders: the terminal leaves it.
    fn say(&mut self, order: &Order) {
        match self.orders.send(order) {
            Ok(()) => self.unanswered += 1,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                let error = anyhow!("the instance that plays the show takes no orders any more");
                self.kept.push_back(AttachedMessage::HungUp(Some(error)));
            }
            Err(_) => {}
        }
    }

    /// Until every order is answered, for half a second at most. All else that comes in is kept.
    fn await_answers(&mut self) {
        let until = Instant::now() + HELD_WITHIN;
        while self.unanswered > 0 {
            match self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(AttachedMessage::Answer(Answer::Done(_) | Answer::Refused { .. })) => self.unanswered -= 1,
                Ok(last @ (AttachedMessage::HungUp(_) | AttachedMessage::Answer(Answer::Ended { .. }))) => {
                    self.kept.push_back(last);
                    return;
                }
                Ok(message) => self.kept.push_back(message),
                Err(_) => return,
            }
        }
    }
}
