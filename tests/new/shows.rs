//! `starcourt new SONG`, as a person types it.
