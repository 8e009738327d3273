//! What a status tells of the files that a service goes by and that have changed. Looks at no file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A file that the service goes by, and reads anew when it is told to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceFile {
    Rig,
    Schedule,
}

impl ServiceFile {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rig => "rig",
            Self::Schedule => "schedule",
        }
    }
}

/// A file of the service that is not as it has read it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangedFile {
    pub file: ServiceFile,
    /// Where it is; where it was, if it is gone.
    pub path: String,
    /// When the service read what it goes by.
    #[serde(with = "timestamp")]
    pub since: Timestamp,
    /// The service has read it anew, and takes it when no show plays.
    #[serde(default)]
    pub waits: bool,
}

mod timestamp {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl ChangedFile {
        pub(crate) fn sample() -> Self {
            let since = "2026-11-28T18:02:11Z".parse().expect("this is an instant");
            Self { file: ServiceFile::Rig, path: "/etc/starcourt/rig.toml".to_owned(), since, waits: true }
        }
    }

    #[test]
    fn a_changed_file_comes_out_at_the_other_end() {
        let told = serde_json::to_string(&ChangedFile::sample()).unwrap();
        assert_eq!(
            told,
            r#"{"file":"rig","path":"/etc/starcourt/rig.toml","since":"2026-11-28T18:02:11Z","waits":true}"#
        );
        assert_eq!(serde_json::from_str::<ChangedFile>(&told).unwrap(), ChangedFile::sample());
    }
}
