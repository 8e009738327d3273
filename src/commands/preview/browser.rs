//! How the page comes to a person's eyes: in a browser here, or by a tunnel from the machine that they sit at.

use anyhow::Context;

use crate::printable::shell_word;
use crate::web::Access;

/// Where the browser is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Browser {
    Here,
    /// The person is at another machine, and came by SSH to this user and address.
    BehindSsh {
        to: String,
        port: Option<u16>,
    },
    /// This machine has no screen that we know of.
    NoScreen,
    NotWanted,
}

impl Browser {
    /// As the environment has it.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        if let Some(connection) = variable("SSH_CONNECTION").filter(|connection| !connection.is_empty()) {
            // Address and port of the client, then of this machine.
            let mut words = connection.split_whitespace().skip(2);
            let host = words.next().unwrap_or("HOST");
            let port = words.next().and_then(|port| port.parse().ok()).filter(|port| *port != 22);
            let user = variable("USER").or_else(|| variable("LOGNAME")).filter(|user| !user.is_empty());
            let to = user.map_or_else(|| host.to_owned(), |user| format!("{user}@{host}"));
            return Self::BehindSsh { to, port };
        }
        let has_screen = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(is_set);
        if has_screen { Self::Here } else { Self::NoScreen }
    }

    /// Opens it, where it is here. What there is to say.
    pub(super) fn show(&self, access: &Access, port: u16) -> anyhow::Result<Vec<String>> {
        Ok(match self {
            Self::NotWanted => Vec::new(),
            Self::NoScreen => {
                vec!["no screen was found here: open this address in a browser on this machine".to_owned()]
            }
            Self::Here => {
                match open::that_detached(access.address_for_once().context("making an address")?) {
                    Ok(()) => Vec::new(),
                    Err(error) => {
                        vec![format!("no browser could be opened ({error}): open this address yourself")]
                    }
                }
            }
            Self::BehindSsh { to, port: ssh_port } => {
                let ssh_port = ssh_port.map_or_else(String::new, |port| format!("-p {port} "));
                vec![
                    "this machine is at the other end of SSH: in a terminal of the machine where you sit, type".to_owned(),
                    format!("  ssh {ssh_port}-L {port}:127.0.0.1:{port} {}", shell_word(to.as_ref())),
                    "leave it open, and open the address above in a browser there".to_owned(),
                ]
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Browser {
        Browser::of(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn told(browser: &Browser) -> String {
        browser.show(&Access::new(8123).unwrap(), 8123).unwrap().join("\n")
    }

    #[test]
    fn over_ssh_the_page_comes_by_a_tunnel() {
        let connection = ("SSH_CONNECTION", "192.168.1.20 50412 192.168.1.5 22");
        let browser = of(&[connection, ("USER", "pi"), ("DISPLAY", ":10")]);
        assert_eq!(browser, Browser::BehindSsh { to: "pi@192.168.1.5".into(), port: None });
        let tunnel = told(&browser);
        assert!(tunnel.contains("\n  ssh -L 8123:127.0.0.1:8123 pi@192.168.1.5\n"), "{tunnel}");
        let other = told(&of(&[("SSH_CONNECTION", "a 1 fe80::1 2222"), ("USER", "pi")]));
        assert!(other.contains("  ssh -p 2222 -L 8123:127.0.0.1:8123 pi@fe80::1\n"), "{other}");
    }

    #[test]
    fn without_a_screen_none_is_opened() {
        assert_eq!(of(&[]), Browser::NoScreen);
        assert_eq!(of(&[("DISPLAY", "")]), Browser::NoScreen);
        assert_eq!(of(&[("WAYLAND_DISPLAY", "wayland-0")]), Browser::Here);
        assert_eq!(told(&Browser::NotWanted), "");
    }
}
