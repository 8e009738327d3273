//! Reads `config.txt`, from which the firmware sets up the board at boot. Knows no rig and opens no file.

/// The settings that apply to this board.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// The path of the file, below `/`.
    pub(super) path: String,
    settings: Vec<(String, String)>,
}

/// A `dtoverlay=NAME,key=value,…`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Overlay<'a> {
    pub(super) name: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl Overlay<'_> {
    pub(super) fn number(&self, key: &str) -> Option<u8> {
        self.parameters.iter().find(|(name, _)| *name == key)?.1.parse().ok()
    }
}

impl Config {
    /// `pi` is the board's generation, as in the filter `[pi4]`. Of filters only these, `[none]` and
    /// `[all]` are understood; settings under any other filter count as valid.
    pub(super) fn parse(path: impl Into<String>, text: &str, pi: Option<&str>) -> Self {
        let mut counts = true;
        let mut settings = Vec::new();
        for line in text.lines().map(str::trim) {
            if let Some(filter) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                counts = match filter {
                    "none" => false,
                    filter if filter.starts_with("pi") => pi.is_none_or(|pi| filter.starts_with(pi)),
                    _ => true,
                };
            } else if counts
                && !line.starts_with('#')
                && let Some((key, value)) = line.split_once('=')
            {
                settings.push((key.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self { path: path.into(), settings }
    }

    fn values<'a>(&'a self, key: &'a str) -> impl DoubleEndedIterator<Item = &'a str> {
        self.settings.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The last value of `key=value`.
    pub(super) fn setting<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.values(key).next_back()
    }

    /// Whether `dtparam=key` is on, by itself or as `key=on`.
    pub(super) fn is_on(&self, key: &str) -> bool {
        let mut said = self.values("dtparam").flat_map(|value| value.split(',')).filter_map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, "on"));
            (name == key).then_some(value)
        });
        said.next_back().is_some_and(|value| matches!(value, "on" | "1" | "true" | "yes"))
    }

    pub(super) fn overlays(&self) -> impl Iterator<Item = Overlay<'_>> {
        self.values("dtoverlay").map(|value| {
            let mut parts = value.split(',');
            Overlay {
                name: parts.next().unwrap_or_default(),
                parameters: parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect(),
            }
        })
    }

    /// Lines that a `gpio=…` sets from the firmware on.
    pub(super) fn gpio_lines(&self) -> Vec<u8> {
        self.values("gpio").flat_map(gpio_numbers).collect()
    }
}

/// `17,20-22=op,dh`.
fn gpio_numbers(value: &str) -> Vec<u8> {
    let numbers = value.split('=').next().unwrap_or_default();
    let ranges = numbers.split(',').filter_map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.trim().parse::<u8>().ok()?..=last.trim().parse().ok()?)
    });
    ranges.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        Config::parse("/boot/firmware/config.txt", text, Some("pi4"))
    }

    #[test]
    fn a_parameter_is_on_by_itself_or_when_told_so_last() {
        for (text, on) in [
            ("dtparam=strict_gpiod", true),
            ("dtparam=i2c_arm=on,strict_gpiod=on", true),
            ("dtparam=strict_gpiod\ndtparam=strict_gpiod=off", false),
            ("#dtparam=strict_gpiod", false),
            ("[pi5]\ndtparam=strict_gpiod", false),
            ("[none]\ndtparam=strict_gpiod\n[all]", false),
            ("[pi5]\n[pi4]\ndtparam=strict_gpiod", true),
        ] {
            assert_eq!(config(text).is_on("strict_gpiod"), on, "{text}");
        }
    }

    #[test]
    fn an_overlay_has_a_name_and_numbers() {
        let config = config("dtoverlay=pwm-2chan,pin=12,func=4");
        let overlay = config.overlays().next().unwrap();
        assert_eq!(
            (overlay.name, overlay.number("pin"), overlay.number("pin2")),
            ("pwm-2chan", Some(12), None)
        );
    }

    #[test]
    fn lines_that_the_firmware_sets_are_listed() {
        assert_eq!(config("gpio=17,20-22=op,dh\ngpio=4=ip").gpio_lines(), [17, 20, 21, 22, 4]);
    }
}
