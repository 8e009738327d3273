//! What a wish to end means the first, the second and the third time. Pure.

use super::request::Request;

/// Who wants the process to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cause {
    /// A person's key, or the SIGINT it stands for.
    CtrlC,
    /// SIGTERM or SIGQUIT.
    Terminate,
    /// SIGHUP, or a standard output without a reader.
    Hangup,
}

#[derive(Default)]
pub(super) struct Escalation {
    times: u32,
    hung_up: bool,
}

impl Escalation {
    /// What this cause means after all those before it; `None` when it says nothing new.
    ///
    /// One closed terminal arrives several times: from the kernel, from the shell, and as a broken
    /// standard output. It counts once, or it would soon be taken for the third request.
    pub(super) fn ask(&mut self, cause: Cause) -> Option<Request> {
        if cause == Cause::Hangup && std::mem::replace(&mut self.hung_up, true) {
            return None;
        }
        self.times = self.times.saturating_add(1);
        Some(match (cause, self.times) {
            (Cause::Hangup, _) => Request::Hangup,
            (_, 1) => Request::Stop { fade: cause == Cause::CtrlC },
            (_, 2) => Request::StopNow,
            _ => Request::Kill,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Cause::{CtrlC, Hangup, Terminate};

    fn check(causes: &[Cause], requests: &[Request]) {
        let mut asked = Escalation::default();
        let heard: Vec<Request> = causes.iter().filter_map(|cause| asked.ask(*cause)).collect();
        assert_eq!(heard, requests, "{causes:?}");
    }

    #[test]
    fn the_second_request_skips_the_fade_and_the_third_kills() {
        check(&[CtrlC, CtrlC, CtrlC], &[Request::Stop { fade: true }, Request::StopNow, Request::Kill]);
        check(&[CtrlC, Terminate], &[Request::Stop { fade: true }, Request::StopNow]);
    }

    #[test]
    fn only_ctrl_c_may_fade() {
        check(&[Terminate], &[Request::Stop { fade: false }]);
    }

    #[test]
    fn a_closed_terminal_counts_once_however_often_it_is_noticed() {
        check(&[Hangup, Hangup, Hangup, CtrlC], &[Request::Hangup, Request::StopNow]);
        check(&[CtrlC, Hangup], &[Request::Stop { fade: true }, Request::Hangup]);
    }
}
