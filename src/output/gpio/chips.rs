//! The chips that carry the header, by all their names, and the kernel's numbering of GPIO chips, which rppal walks
//! from 0 and gives up at the first gap. Opens no device.

use std::fs;
use std::path::Path;

/// A chip that carries the header's lines. Its number differs from kernel to kernel.
#[derive(Debug)]
pub struct HeaderChip {
    /// In the device tree.
    pub compatible: &'static str,
    /// The kernel's driver.
    pub driver: &'static str,
    /// Of its character device.
    pub label: &'static str,
}

/// On Pis up to 3, the 4 and the 5.
pub const HEADER_CHIPS: [HeaderChip; 3] = [
    HeaderChip { compatible: "brcm,bcm2835-gpio", driver: "pinctrl-bcm2835", label: "pinctrl-bcm2835" },
    HeaderChip { compatible: "brcm,bcm2711-gpio", driver: "pinctrl-bcm2835", label: "pinctrl-bcm2711" },
    HeaderChip { compatible: "raspberrypi,rp1-gpio", driver: "pinctrl-rp1", label: "pinctrl-rp1" },
];

/// What to run where the kernel's chip numbers keep rppal from the header's chip; `None` where all is
/// well. Some kernels for the Pi 5 number their chips from 11.
#[must_use]
pub fn numbering_gap() -> Option<String> {
    let present = chip_numbers();
    let header = present.iter().copied().filter(|chip| is_header(*chip)).min();
    let (missing, header) = gap_before(header, &present)?;
    Some(format!(
        "/dev/gpiochip{missing} is missing, and GPIO chips are looked for from 0 without a gap; \
         run `sudo ln -s gpiochip{header} /dev/gpiochip{missing}` (until the next start of the Pi)"
    ))
}

/// The lowest number that is missing below the header's chip, and that chip. Where the header's chip
/// is not known, the lowest one there is must be it.
fn gap_before(header: Option<u32>, present: &[u32]) -> Option<(u32, u32)> {
    let header = header.or(present.iter().min().copied())?;
    let missing = (0..header).find(|number| !present.contains(number))?;
    Some((missing, header))
}

fn chip_numbers() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/dev") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("gpiochip")?.parse().ok())
        .collect()
}

fn is_header(chip: u32) -> bool {
    // The name may be an alias that somebody made to close a gap.
    let Ok(device) = fs::canonicalize(format!("/dev/gpiochip{chip}")) else {
        return false;
    };
    let name = device.file_name().unwrap_or_default();
    let node = Path::new("/sys/bus/gpio/devices").join(name).join("of_node/compatible");
    let is_header = |name: &str| HEADER_CHIPS.iter().any(|chip| chip.compatible == name);
    fs::read_to_string(node).is_ok_and(|names| names.split('\0').any(is_header))
}

#[cfg(test)]
mod tests {
    use super::gap_before;

    #[test]
    fn only_a_gap_below_the_headers_chip_matters() {
        for (header, present, gap) in [
            (Some(0), &[0, 10, 11][..], None),
            (Some(4), &[0, 1, 2, 3, 4], None),
            (Some(11), &[11, 12, 13], Some((0, 11))),
            (Some(4), &[0, 2, 3, 4], Some((1, 4))),
            (None, &[0], None),
            (None, &[11], Some((0, 11))),
            (None, &[], None),
        ] {
            assert_eq!(gap_before(header, present), gap, "{header:?} of {present:?}");
        }
    }
}
