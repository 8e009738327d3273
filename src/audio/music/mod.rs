//! A music file that is heard: which format it has, how long it is to the frame, any place in it, and what is
//! wrong with it. All of it is found from the file itself. Knows no card and no show time.

mod adts;
mod aiff;
mod boxes;
mod code_books;
mod codec;
mod decoded;
mod file;
mod flac;
mod flac_frame;
mod media_type;
mod mix;
mod mp3;
mod mp4;
mod mp4_track;
mod mpeg;
mod not_opened;
mod ogg;
pub(super) mod packets;
mod pcm;
mod recognise;
mod tags;
mod vorbis;
mod wav;

pub(super) use decoded::{Contents, DecodedMusic};
pub use media_type::{is_place_exact, media_type};
