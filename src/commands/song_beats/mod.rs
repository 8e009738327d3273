//! A song, its beat map and the tempo line of its show: what `tap` and `listen` find them by, hear, write and say. `target`
//! finds them, `hearing` hears them, `keep` writes them, `words` tells them.

mod hearing;
mod keep;
mod progress;
mod target;
pub(super) mod words;

pub(super) use hearing::{HeardFile, hear, unheard};
pub(super) use keep::{Kept, must_be_writable, must_take_a_tempo, write_new};
pub(super) use target::{Target, audio};
