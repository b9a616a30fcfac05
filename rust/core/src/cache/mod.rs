//! What an instance of a multi-model endpoint holds: models in memory, and what is left of them on the disk [MME-3].
//!
//! AWS does not say which unused model goes first; here it is the one that was asked for longest ago.

mod disk;
mod holders;
mod recency;

pub use holders::{Holder, Holders};

use disk::Disk;
use recency::Recency;

/// Where in memory a model is.
pub type Slot = u32;

/// The memory and the disk of an instance.
#[derive(Debug)]
pub struct Cache {
    memory: i64,
    disk: i64,
    slots: Vec<Model>,
    free: Vec<Slot>,
    recency: Recency,
    in_memory: i64,
    on_disk_only: Disk,
}

#[derive(Clone, Copy, Debug)]
struct Model {
    number: u32,
    bytes: i64,
    /// Of its last use; uses are numbered in their order.
    used: u64,
    /// Who needs it: it is not unloaded while somebody does.
    holds: u32,
}

/// What a load found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Where the model is now.
    pub slot: Slot,
    /// It need not be downloaded.
    pub was_on_disk: bool,
    /// Models that were unloaded for it.
    pub unloaded: Vec<u32>,
}

impl Cache {
    /// Empty, with so many bytes of memory, and of disk: as many at least.
    #[must_use]
    pub fn new(memory: i64, disk: i64) -> Self {
        Self {
            memory,
            disk,
            slots: Vec::new(),
            free: Vec::new(),
            recency: Recency::new(),
            in_memory: 0,
            on_disk_only: Disk::default(),
        }
    }

    /// Loads a model that is not in memory, at the use `used`. Models that nobody holds make room for it, in memory
    /// and, where it has to be downloaded, on the disk. None where it does not fit; then nothing changes.
    pub fn load(&mut self, number: u32, bytes: i64, used: u64) -> Option<Load> {
        let victims = self.victims(bytes)?;
        let was_on_disk = self.on_disk_only.take(number);
        let unloaded = victims.iter().map(|&slot| self.unload(slot)).collect();
        self.in_memory += bytes;
        if !was_on_disk {
            // what is in memory is on the disk, too
            self.on_disk_only.shrink_to(self.disk - self.in_memory);
        }
        let model = Model { number, bytes, used, holds: 0 };
        let slot = self.free.pop().unwrap_or(self.slots.len() as Slot);
        if slot as usize == self.slots.len() {
            self.slots.push(model);
        } else {
            self.slots[slot as usize] = model;
        }
        self.recency.add(slot);
        Some(Load { slot, was_on_disk, unloaded })
    }

    /// What has to be unloaded until so many bytes fit.
    fn victims(&self, bytes: i64) -> Option<Vec<Slot>> {
        let mut excess = self.in_memory + bytes - self.memory;
        let mut victims = Vec::new();
        let mut idle = self.recency.iter().filter(|&slot| self.slots[slot as usize].holds == 0);
        while excess > 0 {
            let slot = idle.next()?;
            excess -= self.slots[slot as usize].bytes;
            victims.push(slot);
        }
        Some(victims)
    }

    fn unload(&mut self, slot: Slot) -> u32 {
        let Model { number, bytes, used, .. } = self.slots[slot as usize];
        self.on_disk_only.put(number, bytes, used);
        self.discard(slot)
    }

    /// A model goes from memory and disk; returns its number.
    pub fn discard(&mut self, slot: Slot) -> u32 {
        let Model { number, bytes, .. } = self.slots[slot as usize];
        self.in_memory -= bytes;
        self.recency.remove(slot);
        self.free.push(slot);
        number
    }

    /// A model is used.
    #[inline]
    pub fn touch(&mut self, slot: Slot, used: u64) {
        self.slots[slot as usize].used = used;
        self.recency.touch(slot);
    }

    /// Somebody needs a model.
    #[inline]
    pub fn hold(&mut self, slot: Slot) {
        self.slots[slot as usize].holds += 1;
    }

    /// Somebody needs it no more; returns whether nobody does.
    #[inline]
    pub fn release(&mut self, slot: Slot) -> bool {
        let holds = &mut self.slots[slot as usize].holds;
        *holds -= 1;
        *holds == 0
    }

    /// Numbers of the models in memory, the one that was used longest ago first.
    pub fn models(&self) -> impl Iterator<Item = u32> + '_ {
        self.recency.iter().map(|slot| self.slots[slot as usize].number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Models of one byte each, loaded in the order of their numbers.
    fn filled(memory: i64, disk: i64, models: u32) -> (Cache, Vec<Slot>) {
        let mut cache = Cache::new(memory, disk);
        let slots = (0..models).map(|model| cache.load(model, 1, u64::from(model)).expect("room").slot).collect();
        (cache, slots)
    }

    fn in_memory(cache: &Cache) -> Vec<u32> {
        cache.models().collect()
    }

    #[test]
    fn the_one_used_longest_ago_makes_room_and_stays_on_the_disk() {
        let (mut cache, slots) = filled(3, 10, 3);
        cache.touch(slots[0], 3);
        let load = cache.load(3, 1, 4).expect("room");
        assert_eq!((load.unloaded, load.was_on_disk), (vec![1], false));
        assert_eq!(in_memory(&cache), [2, 0, 3]);
        let again = cache.load(1, 1, 5).expect("room");
        assert_eq!((again.unloaded, again.was_on_disk), (vec![2], true));
    }

    #[test]
    fn what_somebody_holds_is_passed_over() {
        let (mut cache, slots) = filled(3, 10, 3);
        cache.hold(slots[0]);
        cache.hold(slots[0]);
        assert!(!cache.release(slots[0]));
        assert_eq!(cache.load(3, 1, 3).map(|load| load.unloaded), Some(vec![1]));
        assert!(cache.release(slots[0]));
        assert_eq!(cache.load(4, 1, 4).map(|load| load.unloaded), Some(vec![0]));
    }

    #[test]
    fn as_many_go_as_are_needed() {
        let (mut cache, _) = filled(4, 10, 4);
        assert_eq!(cache.load(9, 3, 4).map(|load| load.unloaded), Some(vec![0, 1, 2]));
        assert_eq!(in_memory(&cache), [3, 9]);
    }

    #[test]
    fn where_it_does_not_fit_nothing_changes() {
        let (mut cache, slots) = filled(3, 4, 3);
        cache.hold(slots[1]);
        cache.hold(slots[2]);
        assert_eq!(cache.load(9, 2, 3), None);
        assert_eq!(in_memory(&cache), [0, 1, 2]);
        assert_eq!(cache.load(9, 1, 3).map(|load| load.unloaded), Some(vec![0]));
    }

    #[test]
    fn the_disk_forgets_in_the_order_of_last_use_and_only_for_a_download() {
        // memory of 2, disk of 4: 0 and 1 are on the disk only when 2 and 3 are in memory
        let (mut cache, _) = filled(2, 4, 4);
        // 1 needs no download: 2 goes to the disk, nothing is deleted
        assert_eq!(cache.load(1, 1, 4), Some(Load { slot: 0, was_on_disk: true, unloaded: vec![2] }));
        // a fifth model: 3 goes to the disk, 0 is deleted
        assert_eq!(cache.load(4, 1, 5).map(|load| load.unloaded), Some(vec![3]));
        let was_on_disk = |cache: &mut Cache, model, used| cache.load(model, 1, used).map(|load| load.was_on_disk);
        assert_eq!(was_on_disk(&mut cache, 0, 6), Some(false));
        // 0 was downloaded again, and 2, older than 3 and 1, had to go for it
        assert_eq!(was_on_disk(&mut cache, 3, 7), Some(true));
        assert_eq!(was_on_disk(&mut cache, 2, 8), Some(false));
    }

    #[test]
    fn the_disk_keeps_the_order_of_last_use_even_of_what_was_unloaded_late() {
        let (mut cache, slots) = filled(2, 3, 2);
        // 0 is older but held: 1 goes to the disk first
        cache.hold(slots[0]);
        assert_eq!(cache.load(2, 1, 2).map(|load| load.unloaded), Some(vec![1]));
        cache.release(slots[0]);
        // now 0 goes to the disk, and is the first to be deleted
        assert_eq!(cache.load(3, 1, 3).map(|load| load.unloaded), Some(vec![0]));
        assert_eq!(cache.load(1, 1, 4).map(|load| load.was_on_disk), Some(true));
        assert_eq!(cache.load(0, 1, 5).map(|load| load.was_on_disk), Some(false));
    }

    #[test]
    fn what_is_discarded_is_nowhere() {
        let (mut cache, slots) = filled(3, 10, 3);
        assert_eq!(cache.discard(slots[1]), 1);
        assert_eq!(in_memory(&cache), [0, 2]);
        assert_eq!(cache.load(1, 1, 3).map(|load| (load.was_on_disk, load.unloaded)), Some((false, vec![])));
    }
}
