//! What the outside wants of the process, whichever way it said so. Knows no signal.

/// What the outside wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Request {
    /// End the show. Only Ctrl-C grants time for a fade.
    Stop { fade: bool },
    /// Asked for the second time: end it without a fade.
    StopNow,
    /// Asked for the third time: restore the terminal and [`die`](super::die). An instance that cannot is killed
    /// 200 ms later, after what [`before_death`](super::before_death) was given.
    Kill,
    /// Ctrl-Z: make safe, then [`suspend_self`](super::suspend_self).
    Suspend,
    /// The process was stopped, by whomever, and runs again. Lights and terminal may have changed
    /// meanwhile. Comes after a [`suspend_self`](super::suspend_self) that did stop, too.
    Continued,
    /// The terminal was closed or the reader of standard output is gone. Comes once, however many
    /// ways it was noticed in. End the show; nobody reads what is written from now on.
    Hangup,
    /// A thread has panicked. What it said waits in [`panic_messages`](super::panic_messages).
    Panicked,
}
