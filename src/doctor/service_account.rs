//! As whom systemd runs the service: its user, groups and environment, from the unit and what an administrator added to
//! it. Runs nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::service_unit::UNIT;

/// The user of the service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceAccount {
    pub name: String,
    pub user: u32,
    pub group: u32,
    /// All further groups.
    pub groups: Vec<u32>,
    /// As systemd sets it. There is no session, so there is no `XDG_RUNTIME_DIR`.
    pub environment: Vec<(String, String)>,
}

/// What the unit says, line by line; the last line counts, or all.
#[derive(Default)]
struct UnitSettings {
    user: Option<String>,
    group: Option<String>,
    groups: Vec<String>,
    environment: Vec<(String, String)>,
}

impl ServiceAccount {
    /// As the files below `root` say. `None` without a unit, or if it names somebody whom this machine does not know.
    pub(super) fn gather(root: &Path) -> Option<Self> {
        let settings = UnitSettings::gather(root)?;
        let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
        let (users, groups) = (read("etc/passwd"), read("etc/group"));
        let name = settings.user.unwrap_or_else(|| "root".to_owned());
        let user: Vec<&str> = row(&users, &name)?;
        let number = |name: &str| row(&groups, name)?.get(2)?.parse().ok();
        let own_group = user.get(3)?.parse().ok()?;
        let group = settings.group.as_deref().map_or(Some(own_group), number)?;
        let is_member =
            |columns: &Vec<&str>| columns.get(3).is_some_and(|all| all.split(',').any(|one| one == name));
        let memberships = groups.lines().map(|line| line.split(':').collect()).filter(is_member);
        let memberships = memberships.filter_map(|columns: Vec<&str>| columns.get(2)?.parse().ok());
        let further = settings.groups.iter().filter_map(|name| number(name)).chain(memberships).collect();
        let mut environment: Vec<(String, String)> = [
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("USER", &name),
            ("LOGNAME", &name),
            ("HOME", user.get(5).copied().unwrap_or("/")),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        environment.extend(settings.environment);
        let id = user.get(2)?.parse().ok()?;
        Some(Self { user: id, group, groups: further, environment, name })
    }
}

impl UnitSettings {
    fn gather(root: &Path) -> Option<Self> {
        let folders =
            ["etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];
        let unit = folders.iter().find_map(|folder| fs::read_to_string(root.join(folder).join(UNIT)).ok())?;
        let mut added: Vec<PathBuf> = folders
            .iter()
            .flat_map(|folder| {
                fs::read_dir(root.join(folder).join(format!("{UNIT}.d"))).into_iter().flatten()
            })
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|kind| kind == "conf"))
            .collect();
        added.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
        let mut settings = Self::default();
        settings.take(&unit);
        for path in added {
            settings.take(&fs::read_to_string(path).unwrap_or_default());
        }
        Some(settings)
    }

    fn take(&mut self, text: &str) {
        for (key, value) in text.lines().filter_map(|line| line.trim().split_once('=')) {
            let words = || value.split_whitespace().map(str::to_owned);
            match key.trim_end() {
                "User" => self.user = Some(value.trim().to_owned()).filter(|name| !name.is_empty()),
                "Group" => self.group = Some(value.trim().to_owned()).filter(|name| !name.is_empty()),
                // An empty value takes back what was said before.
                "SupplementaryGroups" if value.trim().is_empty() => self.groups.clear(),
                "SupplementaryGroups" => self.groups.extend(words()),
                "Environment" if value.trim().is_empty() => self.environment.clear(),
                "Environment" => self.environment.extend(words().filter_map(|word| {
                    let (name, value) = word.trim_matches(['"', '\'']).split_once('=')?;
                    Some((name.to_owned(), value.to_owned()))
                })),
                _ => {}
            }
        }
    }
}

/// The columns of the line that begins with `name`.
fn row<'a>(table: &'a str, name: &str) -> Option<Vec<&'a str>> {
    table
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|columns| columns.first() == Some(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_service_has_the_user_and_groups_of_its_unit_and_no_session() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(ServiceAccount::gather(root), None);
        write(
            root,
            "usr/lib/systemd/system/starcourt.service",
            include_str!("../../deploy/debian/starcourt.service"),
        );
        assert_eq!(ServiceAccount::gather(root), None);
        write(
            root,
            "etc/passwd",
            "pi:x:1000:1000::/home/pi:/bin/bash\nstarcourt:x:990:991::/:/usr/sbin/nologin\n",
        );
        write(root, "etc/group", "gpio:x:993:pi\naudio:x:29:pi\nspi:x:994:pi,starcourt\npi:x:1000:\n");
        let account = ServiceAccount::gather(root).unwrap();
        assert_eq!((account.name.as_str(), account.user, account.group), ("starcourt", 990, 993));
        assert_eq!(account.groups, [29, 994]);
        assert!(account.environment.contains(&("HOME".to_owned(), "/".to_owned())));
        assert!(account.environment.iter().all(|(name, _)| name != "XDG_RUNTIME_DIR"));
    }

    #[test]
    fn what_an_administrator_added_to_the_unit_counts() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        write(root, "lib/systemd/system/starcourt.service", "User=starcourt\nSupplementaryGroups=audio\n");
        let added =
            "[Service]\nUser=pi\nSupplementaryGroups=\nEnvironment=\"XDG_RUNTIME_DIR=/run/user/1000\" A=b\n";
        write(root, "etc/systemd/system/starcourt.service.d/override.conf", added);
        write(root, "etc/passwd", "pi:x:1000:1000::/home/pi:/bin/bash\n");
        write(root, "etc/group", "audio:x:29:other\n");
        let account = ServiceAccount::gather(root).unwrap();
        assert_eq!((account.user, account.group, account.groups.as_slice()), (1000, 1000, &[][..]));
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert!(account.environment.ends_with(&[set("XDG_RUNTIME_DIR", "/run/user/1000"), set("A", "b")]));
    }
}
