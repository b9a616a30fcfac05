//! Which instances are emptied, so that fewer hold the same copies [IC-4].

use super::placement::Reservations;
use crate::scenario::InstanceScaleIn;
use crate::time::{Ns, seconds};

/// A copy in service, and the instance that it is on or that it moves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hosted {
    pub component: usize,
    pub copy: u32,
    pub instance: u32,
}

/// When instances are emptied, and how many at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Consolidation {
    cooldown: Ns,
    step: u32,
}

impl Consolidation {
    /// None where instances go only when they happen to be empty.
    pub(super) fn new(policy: InstanceScaleIn, step: u32, cooldown_s: u32) -> Option<Self> {
        match policy {
            InstanceScaleIn::IdleRelease => None,
            InstanceScaleIn::Consolidation => Some(Self { cooldown: seconds(f64::from(cooldown_s)), step }),
        }
    }

    /// When the next round is, after `at`.
    pub(super) fn next(&self, at: Ns) -> Ns {
        (at / self.cooldown + 1) * self.cooldown
    }

    /// Reserves other places for the copies of up to `step` instances, of those `in_service` (ascending), as long as
    /// more than `min` stay. `copies`: those in service, component by component, by number; none waits, loads or moves.
    pub(super) fn round(
        &self,
        copies: &[Hosted],
        in_service: &[u32],
        min: usize,
        reservations: &mut Reservations,
    ) -> Vec<Hosted> {
        let mut on = vec![Vec::new(); reservations.instances() as usize];
        for &copy in copies {
            on[copy.instance as usize].push(copy);
        }
        let mut left = in_service.to_vec();
        let mut moves = Vec::new();
        for _ in 0..self.step {
            if left.len() <= min {
                break;
            }
            // what else is reserved there belongs to copies that drain, or that move there
            let at_rest = |&number: &u32| {
                let there = on[number as usize].len();
                there > 0 && reservations.copies(number) == there
            };
            let mut candidates: Vec<u32> = left.iter().rev().copied().filter(at_rest).collect();
            candidates.sort_by_key(|&number| on[number as usize].len()); // stable: the highest number first on a tie
            let emptied = candidates.into_iter().find_map(|number| {
                let others: Vec<u32> = left.iter().copied().filter(|&other| other != number).collect();
                Some((number, reservations.rehouse(&on[number as usize], &others)?))
            });
            let Some((number, rehoused)) = emptied else {
                break;
            };
            left.retain(|&other| other != number);
            moves.extend(rehoused);
        }
        moves
    }
}

impl Reservations {
    /// Reserves a place for each of these `copies`, one after another, on these instances, but for those without a
    /// copy; None, and no reservation, where one finds no room.
    fn rehouse(&mut self, copies: &[Hosted], among: &[u32]) -> Option<Vec<Hosted>> {
        let mut rehoused = Vec::new();
        for &Hosted { component, copy, .. } in copies {
            let used = among.iter().copied().filter(|&number| !self.is_empty(number));
            let Some(instance) = self.choose(component, used) else {
                for Hosted { component, instance, .. } in rehoused {
                    self.end(component, instance);
                }
                return None;
            };
            self.reserve(component, instance);
            rehoused.push(Hosted { component, copy, instance });
        }
        Some(rehoused)
    }
}

#[cfg(test)]
mod tests {
    use super::super::placement::Resources;
    use super::*;
    use crate::scenario::Placement;

    /// Copies of components that reserve one and two of four, at these places, and nothing else.
    fn hosted(places: &[(usize, u32)], placement: Placement, instances: u32) -> (Vec<Hosted>, Reservations) {
        let of = |accelerators| Resources { accelerators, ..Resources::default() };
        let mut reservations = Reservations::of_resources(of(4), placement, vec![of(1), of(2)]);
        for _ in 0..instances {
            reservations.add_instance();
        }
        let mut copies = Vec::new();
        for (copy, &(component, instance)) in places.iter().enumerate() {
            reservations.reserve(component, instance);
            copies.push(Hosted { component, copy: copy as u32, instance });
        }
        (copies, reservations)
    }

    /// What a round does: (copy, instance that it moves to).
    fn round(step: u32, min: usize, copies: &[Hosted], reservations: &mut Reservations) -> Vec<(u32, u32)> {
        let in_service: Vec<u32> = (0..reservations.instances()).collect();
        let moves = Consolidation { cooldown: 1, step }.round(copies, &in_service, min, reservations);
        moves.iter().map(|one| (one.copy, one.instance)).collect()
    }

    #[test]
    fn the_instance_with_the_fewest_copies_is_emptied_the_highest_number_on_a_tie() {
        let (copies, mut reservations) = hosted(&[(0, 0), (0, 0), (0, 1), (0, 2)], Placement::Binpack, 3);
        assert_eq!(round(1, 0, &copies, &mut reservations), [(3, 0)]);
        let (copies, mut reservations) = hosted(&[(0, 0), (0, 1), (0, 1), (1, 2)], Placement::Binpack, 3);
        assert_eq!(round(1, 0, &copies, &mut reservations), [(3, 0)]);
        let (copies, mut reservations) = hosted(&[(0, 0), (0, 1), (0, 1), (0, 2), (0, 2)], Placement::Spread, 3);
        assert_eq!(round(1, 0, &copies, &mut reservations), [(0, 1)]);
    }

    #[test]
    fn one_whose_copies_find_no_room_stays_and_nothing_of_it_is_reserved() {
        // instance 0 has room for one more of one; of instance 1 only the first would fit
        let (copies, mut reservations) = hosted(&[(0, 0), (1, 0), (0, 1), (1, 1)], Placement::Binpack, 2);
        assert_eq!(round(9, 0, &copies, &mut reservations), []);
        assert_eq!([reservations.copies(0), reservations.copies(1)], [2, 2]);
        // the next of those with as many copies or more
        let (copies, mut reservations) = hosted(&[(0, 0), (0, 0), (0, 1), (1, 1), (1, 2)], Placement::Binpack, 3);
        assert_eq!(round(1, 0, &copies, &mut reservations), [(4, 0)]);
    }

    #[test]
    fn no_copy_goes_to_an_empty_instance_or_to_one_that_is_emptied_too() {
        let (copies, mut reservations) = hosted(&[(0, 1)], Placement::Spread, 3);
        assert_eq!(round(9, 0, &copies, &mut reservations), []);
        let (copies, mut reservations) = hosted(&[(0, 0), (0, 1), (0, 2)], Placement::Spread, 3);
        // 2 goes to 0, which gets it and so is not emptied; 1 goes there too, though 2 would have fewer
        assert_eq!(round(9, 0, &copies, &mut reservations), [(2, 0), (1, 0)]);
    }

    #[test]
    fn an_instance_with_another_reservation_is_not_emptied() {
        let (copies, mut reservations) = hosted(&[(0, 0), (0, 0), (0, 1)], Placement::Binpack, 2);
        reservations.reserve(0, 1);
        assert_eq!(round(1, 0, &copies, &mut reservations), [(0, 1), (1, 1)]);
    }

    #[test]
    fn no_more_than_the_step_and_down_to_the_minimum() {
        let places = [(0, 0), (0, 1), (0, 2), (0, 3)];
        for (step, min, emptied) in [(1, 0, 1), (2, 0, 2), (9, 0, 3), (9, 2, 2), (9, 4, 0)] {
            let (copies, mut reservations) = hosted(&places, Placement::Binpack, 4);
            assert_eq!(round(step, min, &copies, &mut reservations).len(), emptied, "{step} {min}");
        }
    }

    #[test]
    fn rounds_are_at_multiples_of_the_cooldown() {
        let rounds = Consolidation { cooldown: 300, step: 1 };
        assert_eq!([0, 299, 300, 301].map(|at| rounds.next(at)), [300, 300, 600, 600]);
    }
}
