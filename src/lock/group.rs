//! The group that may use the pins. Knows the text of `/etc/group`.

use std::fs;

/// Raspberry Pi OS gives it the GPIO devices; its members share the lock directory.
pub(super) const GPIO: &str = "gpio";

/// The number of the gpio group; `None` where this system has none.
pub(super) fn gpio() -> Option<u32> {
    // A system group is always listed here, whatever else names groups. An unreadable list is the
    // same as none: the directory then keeps its owner's group.
    number_in(&fs::read_to_string("/etc/group").unwrap_or_default(), GPIO)
}

fn number_in(groups: &str, name: &str) -> Option<u32> {
    let group = groups.lines().find(|line| line.split(':').next() == Some(name))?;
    group.split(':').nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_its_whole_name() {
        let groups = "root:x:0:\ngpiox:x:7:\ngpio:x:986:alice,bob\nodd\n";
        for (name, number) in [("gpio", Some(986)), ("root", Some(0)), ("pio", None), ("odd", None)] {
            assert_eq!(number_in(groups, name), number, "{name}");
        }
    }
}
