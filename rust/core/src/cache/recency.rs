//! Places in the order of their last use: a linked list, so that a use costs the same however many there are.

const NONE: u32 = u32::MAX;

/// Places by number, the one that was used longest ago first.
#[derive(Debug)]
pub(super) struct Recency {
    links: Vec<Link>,
    oldest: u32,
    newest: u32,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    older: u32,
    newer: u32,
}

impl Recency {
    pub fn new() -> Self {
        Self { links: Vec::new(), oldest: NONE, newest: NONE }
    }

    /// A place that is not in the list is used.
    pub fn add(&mut self, place: u32) {
        let here = Link { older: self.newest, newer: NONE };
        if place as usize >= self.links.len() {
            self.links.resize(place as usize + 1, here);
        }
        self.links[place as usize] = here;
        match self.links.get_mut(self.newest as usize) {
            Some(newest) => newest.newer = place,
            None => self.oldest = place,
        }
        self.newest = place;
    }

    /// A place leaves the list.
    pub fn remove(&mut self, place: u32) {
        let Link { older, newer } = self.links[place as usize];
        match self.links.get_mut(older as usize) {
            Some(older) => older.newer = newer,
            None => self.oldest = newer,
        }
        match self.links.get_mut(newer as usize) {
            Some(newer) => newer.older = older,
            None => self.newest = older,
        }
    }

    /// A place in the list is used again.
    #[inline]
    pub fn touch(&mut self, place: u32) {
        if place != self.newest {
            self.remove(place);
            self.add(place);
        }
    }

    /// Every place, the one that was used longest ago first.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let known = |place: u32| (place != NONE).then_some(place);
        std::iter::successors(known(self.oldest), move |&place| known(self.links[place as usize].newer))
    }
}

#[cfg(test)]
mod tests {
    use super::Recency;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_the_order_of_a_plain_list(uses in prop::collection::vec((0_u32..8, any::<bool>()), 0..200)) {
            let mut recency = Recency::new();
            let mut plain: Vec<u32> = Vec::new();
            for (place, leaves) in uses {
                let there = plain.contains(&place);
                plain.retain(|&other| other != place);
                match (there, leaves) {
                    (true, true) => recency.remove(place),
                    (true, false) => recency.touch(place),
                    (false, _) => recency.add(place),
                }
                if !(there && leaves) {
                    plain.push(place);
                }
                prop_assert_eq!(recency.iter().collect::<Vec<_>>(), plain.clone());
            }
        }
    }
}
