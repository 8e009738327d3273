//! A song, its beat map and the tempo line of its show: what `tap` and `listen` find them by, write and say. `target` finds
//! them, `keep` writes them, `words` tells them.

mod hearing;
mod keep;
mod progress;
mod target;
pub(super) mod words;

pub(super) use hearing::{HeardFile, hear, unheard};
pub(super) use keep::{Kept, must_be_writable, must_take_a_tempo};
pub(super) use target::{Target, audio};
