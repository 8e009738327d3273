//! What came of opening the rig's sound device. Opens nothing.

use crate::clock::sound::DeviceFault;

/// For whom the device was opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TrialUser {
    /// The user of the service, with the service's groups and environment.
    Service(String),
    /// Whoever runs the doctor.
    Present(String),
}

/// An attempt to open the rig's sound device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SoundTrial {
    pub user: TrialUser,
    pub opened: Result<(), DeviceFault>,
}

impl SoundTrial {
    pub(super) fn is_of_the_service(&self) -> bool {
        matches!(self.user, TrialUser::Service(_))
    }

    /// `starcourt, the user of the service`.
    pub(super) fn who(&self) -> String {
        match &self.user {
            TrialUser::Service(name) => format!("{name}, the user of the service"),
            TrialUser::Present(name) => name.clone(),
        }
    }
}
