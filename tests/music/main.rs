//! Music files of every kind that people have, each compared with what ffmpeg decodes of it: its length, every
//! place in it, and what is heard. The files are made by the tools that people make them with.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends by panicking")]

mod compare;
mod corpus;
mod damaged;
mod follow;
mod mp3;
mod own;
mod strangers;
mod tools;
