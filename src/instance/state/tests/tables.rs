//! What the state machine decides, one case a line.
