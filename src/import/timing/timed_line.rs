//! A line of a sheet with its time, so that lines of several kinds can be put in order. Knows no marks.

use crate::time::ShowTime;

pub(super) struct TimedLine {
    pub(super) at: ShowTime,
    pub(super) text: String,
}
