//! Placeholder until the rig file's reader lands.
