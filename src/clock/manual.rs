//! A playhead that tests move by hand.
