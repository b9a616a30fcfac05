//! Which instances hold which model in memory.

use super::Slot;
use crate::time::Ns;

/// An instance that holds a model, or is loading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Number of the instance.
    pub instance: u32,
    /// Where in its memory the model is.
    pub slot: Slot,
    /// When it is loaded.
    pub ready: Ns,
}

/// The holders of every model.
#[derive(Debug, Default)]
pub struct Holders {
    /// By model; in order of the instances' numbers.
    of: Vec<Vec<Holder>>,
}

impl Holders {
    /// The holders of a model, in order of the instances' numbers.
    #[must_use]
    #[inline]
    pub fn of(&self, model: u32) -> &[Holder] {
        self.of.get(model as usize).map_or(&[], Vec::as_slice)
    }

    /// An instance that did not hold a model begins to.
    pub fn add(&mut self, model: u32, holder: Holder) {
        let model = model as usize;
        if model >= self.of.len() {
            self.of.resize_with(model + 1, Vec::new);
        }
        let place = self.of[model].partition_point(|other| other.instance < holder.instance);
        self.of[model].insert(place, holder);
    }

    /// An instance holds a model no more.
    pub fn remove(&mut self, model: u32, instance: u32) {
        self.of[model as usize].retain(|holder| holder.instance != instance);
    }
}
