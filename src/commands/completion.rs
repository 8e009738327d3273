//! The names that a shell completes: shows, channels and groups. Reads files, and waits for no instance.

use crate::cli::{KnownNames, LockOptions, OutputOptions, RigFile, RigOptions};
use crate::rig::Rig;
use crate::show;

use super::{files, remote};

pub(super) const NAMES: KnownNames = KnownNames {
    shows: || {
        let shows = show::find::all(&files::show_places(&RigOptions::default()));
        shows.unwrap_or_default().into_keys().collect()
    },
    playing: || {
        let holders = remote::everybody(&LockOptions::default()).unwrap_or_default();
        holders.into_iter().filter_map(|holder| holder.info.show).collect()
    },
    channels: || of_the_rig(|rig| rig.channels.iter().map(|channel| channel.name.clone()).collect()),
    channels_and_groups: || of_the_rig(|rig| rig.names().map(str::to_owned).collect()),
};

fn of_the_rig(names: fn(&Rig) -> Vec<String>) -> Vec<String> {
    let rig = files::rig(&RigFile::default(), files::output_kind(&OutputOptions::default()));
    rig.map(|loaded| names(&loaded.rig)).unwrap_or_default()
}
