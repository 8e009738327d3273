//! Keeps how far the schedule has come, without holding anybody up: where it cannot be written, the shows go on all
//! the same, and that is told once.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::schedule::Rotation;
use crate::service::rotation_store::RotationStore;

use super::writer::Writer;

#[derive(Clone)]
pub(super) struct Progress(Arc<Mutex<Kept>>);

struct Kept {
    memory: RotationStore,
    /// Why it could not be written the last time.
    trouble: Option<String>,
}

impl Progress {
    pub(super) fn new(memory: RotationStore) -> Self {
        Self(Arc::new(Mutex::new(Kept { memory, trouble: None })))
    }

    /// After each show that was called. Never blocks.
    pub(super) fn keep(&self, rotation: &Rotation, writer: &mut Writer) {
        let rotation = rotation.clone();
        self.write(writer, move |memory| memory.keep(&rotation));
    }

    /// Also on the SD card. Never blocks.
    pub(super) fn settle(&self, writer: &mut Writer) {
        self.write(writer, RotationStore::settle);
    }

    fn write(
        &self,
        writer: &mut Writer,
        write: impl FnOnce(&mut RotationStore) -> Result<()> + Send + 'static,
    ) {
        let kept = Arc::clone(&self.0);
        // Only the writer's thread ever waits for this lock.
        writer.add(move || kept.lock().unwrap_or_else(PoisonError::into_inner).write(write));
    }
}

impl Kept {
    /// What is to be told.
    fn write(&mut self, write: impl FnOnce(&mut RotationStore) -> Result<()>) -> Option<String> {
        let before = self.trouble.take();
        self.trouble = write(&mut self.memory).err().map(|error| format!("{error:#}"));
        match &self.trouble {
            trouble if *trouble == before => None,
            None => Some("how far the schedule has come is written down again".to_owned()),
            Some(trouble) => Some(format!(
                "how far the schedule has come was not written down; the shows go on, and after a restart the \
                 playlists begin where they were before: {trouble}"
            )),
        }
    }
}
