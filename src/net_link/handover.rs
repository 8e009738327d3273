//! What an instance hands over when it connects. Checked before anything is done with it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create};

use super::levels::NetLevels;
use super::plan::LinkPlan;
use super::wake::WakeReader;

/// The receivers of an instance, and the memory with its levels.
#[derive(Debug)]
pub struct NetHandover {
    pub plan: LinkPlan,
    pub levels: NetLevels,
    /// Tells when levels have changed.
    pub wake: WakeReader,
}

/// The text of the plan, the memory of the levels, and what is written when they change.
pub(super) const SHARED: usize = 3;

/// The plan of 4,096 outputs has about 400,000 bytes.
const LONGEST_PLAN: u64 = 2 * 1024 * 1024;
/// It cannot be changed while it is read, nor after.
const FIXED: SealFlags = SealFlags::SHRINK.union(SealFlags::GROW).union(SealFlags::WRITE);

impl NetHandover {
    /// # Errors
    /// In words, where it is none that an instance makes.
    pub(super) fn read(shared: Vec<OwnedFd>) -> Result<Self, String> {
        let shared = <[OwnedFd; SHARED]>::try_from(shared);
        let [text, memory, wake] = shared.map_err(|_| "it came without its memory")?;
        let plan: LinkPlan = serde_json::from_slice(&read_text(text)?).map_err(|error| error.to_string())?;
        plan.check().map_err(|flaw| flaw.to_string())?;
        let levels = NetLevels::shared(memory, plan.outputs().count()).map_err(|error| error.to_string())?;
        let wake = WakeReader::of(wake).ok_or("it came without what tells of changes")?;
        Ok(Self { plan, levels, wake })
    }
}

/// `plan` in memory that can be handed over, however long it is.
pub(super) fn written(plan: &LinkPlan) -> io::Result<OwnedFd> {
    let mut memory =
        File::from(memfd_create("starcourt-plan", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?);
    memory.write_all(&serde_json::to_vec(plan)?)?;
    fcntl_add_seals(&memory, FIXED | SealFlags::SEAL)?;
    Ok(memory.into())
}

fn read_text(memory: OwnedFd) -> Result<Vec<u8>, String> {
    if !fcntl_get_seals(&memory).is_ok_and(|seals| seals.contains(FIXED)) {
        return Err("its plan could be changed".to_owned());
    }
    let file = File::from(memory);
    let length = file.metadata().map_err(|error| error.to_string())?.len();
    if length > LONGEST_PLAN {
        return Err("its plan is too long".to_owned());
    }
    let mut text = Vec::with_capacity(length as usize);
    // By its own position, which the other process may have moved: from the beginning.
    let mut bytes = FromStart { file: &file, at: 0 };
    bytes.read_to_end(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
}

/// Reads a file from its beginning, wherever another process that has it open reads.
struct FromStart<'a> {
    file: &'a File,
    at: u64,
}

impl Read for FromStart<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = std::os::unix::fs::FileExt::read_at(self.file, bytes, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}
