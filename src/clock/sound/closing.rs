//! Doing what may block for ever, such as closing a stream to a sound server that died, without
//! waiting for ever. Knows not what it does.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Does `work` on a thread of its own and waits for that, but not longer than `patience`: what hangs
/// is left behind, and ends with the process.
pub(super) fn give_up_after(patience: Duration, work: impl FnOnce() + Send + 'static) {
    let (done, ended) = mpsc::channel::<()>();
    let and_tell = move || {
        work();
        drop(done);
    };
    // Where no thread is to be had the closure is dropped here, with all that it owns.
    if thread::Builder::new().name("sound close".to_owned()).spawn(and_tell).is_ok() {
        let _ = ended.recv_timeout(patience);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_hangs_nobody_else() {
        let (_never, hangs) = mpsc::channel::<()>();
        give_up_after(Duration::from_millis(5), move || _ = hangs.recv());
    }
}
