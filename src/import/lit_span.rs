//! A stretch of time in which a channel is lit. Knows no levels and no format.

use crate::time::ShowTime;

/// Lit from `from` up to `to`, which is later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct LitSpan {
    pub(super) from: ShowTime,
    pub(super) to: ShowTime,
}
