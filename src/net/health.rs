//! Whether a receiver can be sent to, told once when it changes. Pure: time is an argument.

use std::time::Duration;

use super::route::Sent;
use crate::time::Mono;

/// The system tells each three seconds at most that nobody is there.
const STEADY: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Health {
    /// The last failure; `None` while all is well.
    failed: Option<Mono>,
}

/// It has changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum HealthChange {
    Lost(String),
    Back,
}

impl Health {
    pub(super) const fn is_good(self) -> bool {
        self.failed.is_none()
    }

    /// Takes account of what was sent at `now`.
    pub(super) fn note(&mut self, now: Mono, sent: &Sent) -> Option<HealthChange> {
        match sent {
            Sent::Unheard(why) | Sent::No(why) => {
                let was_well = self.failed.replace(now).is_none();
                was_well.then(|| HealthChange::Lost(why.clone()))
            }
            Sent::NotYet => None,
            Sent::Yes => {
                let is_steady =
                    self.failed.is_some_and(|failed| now.since(failed) >= STEADY.as_nanos() as i64);
                is_steady.then(|| {
                    self.failed = None;
                    HealthChange::Back
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_is_told_once() {
        let mut health = Health::default();
        let no = Sent::No("no route".into());
        let told: Vec<(u64, HealthChange)> = (0..40_000)
            .step_by(100)
            .filter_map(|ms| {
                // Nobody listens for two seconds, and soon again for five, told once a second.
                let fails = (1_000..3_000).contains(&ms) || (10_000..15_000).contains(&ms) && ms % 1_000 == 0;
                let sent = if fails { &no } else { &Sent::Yes };
                Some((ms, health.note(Mono::from_nanos(ms * 1_000_000), sent)?))
            })
            .collect();
        let lost = || HealthChange::Lost("no route".into());
        let back = HealthChange::Back;
        assert_eq!(told, [(1_000, lost()), (24_000, back)]);
    }
}
