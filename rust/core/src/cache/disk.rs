//! Models that are on the disk and not in memory.

use std::collections::BTreeMap;

/// Models that are on the disk only, by their last use.
#[derive(Debug, Default)]
pub(super) struct Disk {
    /// Last use: model and bytes.
    by_use: BTreeMap<u64, (u32, i64)>,
    /// Model: last use.
    uses: BTreeMap<u32, u64>,
    bytes: i64,
}

impl Disk {
    /// A model that was used last at `used` is kept here; no two are used at once.
    pub fn put(&mut self, model: u32, bytes: i64, used: u64) {
        self.by_use.insert(used, (model, bytes));
        self.uses.insert(model, used);
        self.bytes += bytes;
    }

    /// Takes a model from here; whether it was here.
    pub fn take(&mut self, model: u32) -> bool {
        let Some(used) = self.uses.remove(&model) else {
            return false;
        };
        if let Some((_, bytes)) = self.by_use.remove(&used) {
            self.bytes -= bytes;
        }
        true
    }

    /// Deletes models, the one that was used longest ago first, until they take at most `bytes`.
    pub fn shrink_to(&mut self, bytes: i64) {
        while self.bytes > bytes
            && let Some((_, (model, size))) = self.by_use.pop_first()
        {
            self.uses.remove(&model);
            self.bytes -= size;
        }
    }
}
