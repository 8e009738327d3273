//! A process's number, where it can be told. Knows nothing of what the process does.

use std::fmt;

/// The number of a process, as seen from here. The kernel hides it across PID namespaces
/// (containers): such a process is real, but cannot be named or signalled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Pid(u32);

impl Pid {
    pub const HIDDEN: Self = Self(0);

    /// This process.
    #[must_use]
    pub fn own() -> Self {
        Self(std::process::id())
    }

    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The kernel answers 0, or less, for a process it cannot name here.
    pub(super) fn from_kernel(number: i32) -> Self {
        Self(u32::try_from(number).unwrap_or(0))
    }

    /// `None` for a process in another PID namespace.
    #[must_use]
    pub const fn number(self) -> Option<u32> {
        if self.0 == 0 { None } else { Some(self.0) }
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => write!(f, "{number}"),
            None => f.write_str("hidden in another PID namespace"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_of_another_namespace_has_no_number() {
        for hidden in [Pid::from_kernel(0), Pid::from_kernel(-1), Pid::HIDDEN] {
            assert_eq!(hidden.number(), None);
            assert_eq!(hidden.to_string(), "hidden in another PID namespace");
        }
        assert_eq!(Pid::from_kernel(12_345).to_string(), "12345");
    }
}
