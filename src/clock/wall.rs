//! The playhead by the machine clock.
