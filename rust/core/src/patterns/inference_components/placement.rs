//! Which instance a copy is placed on [IC-1, IC-3].

use crate::scenario::{self, Placement};
use crate::time::nearest;
use std::fmt;

/// What an instance offers or a copy reserves, in whole numbers, so that no order of adding matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Resources {
    pub accelerators: i64,
    /// Thousandths of a processor.
    pub millicpus: i64,
    pub memory_mb: i64,
}

impl fmt::Display for Resources {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vcpus = self.millicpus as f64 / 1_000.0;
        write!(formatter, "{} accelerators, {vcpus} vCPUs and {} MB", self.accelerators, self.memory_mb)
    }
}

impl Resources {
    /// Of an instance, as far as they can be reserved [IC-2].
    pub(super) fn offered(host: &scenario::Host, schedulable_fraction: f64) -> Self {
        Self {
            accelerators: i64::from(host.accelerators),
            millicpus: nearest(host.vcpus * 1_000.0),
            memory_mb: (f64::from(host.memory_mb) * schedulable_fraction).floor() as i64,
        }
    }

    /// Of a copy.
    pub(super) fn reserved(component: &scenario::Component) -> Self {
        Self {
            accelerators: i64::from(component.accelerators),
            millicpus: nearest(component.vcpus * 1_000.0),
            memory_mb: i64::from(component.memory_mb),
        }
    }

    /// Whether there is room for them.
    pub(super) fn fit(self, room: Self) -> bool {
        self.accelerators <= room.accelerators && self.millicpus <= room.millicpus && self.memory_mb <= room.memory_mb
    }

    fn plus(self, other: Self) -> Self {
        Self {
            accelerators: self.accelerators + other.accelerators,
            millicpus: self.millicpus + other.millicpus,
            memory_mb: self.memory_mb + other.memory_mb,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            accelerators: self.accelerators - other.accelerators,
            millicpus: self.millicpus - other.millicpus,
            memory_mb: self.memory_mb - other.memory_mb,
        }
    }
}

/// The reservations on one instance.
#[derive(Clone, Debug)]
struct Booked {
    room: Resources,
    copies: u32,
    /// By component.
    copies_of: Vec<u32>,
}

/// The reservations on every instance.
#[derive(Clone, Debug)]
pub(super) struct Reservations {
    offered: Resources,
    placement: Placement,
    /// By component.
    reserved: Vec<Resources>,
    /// By number of the instance.
    instances: Vec<Booked>,
}

impl Reservations {
    /// No instance yet.
    pub(super) fn new(offered: Resources, placement: Placement, components: &[scenario::Component]) -> Self {
        Self::of_resources(offered, placement, components.iter().map(Resources::reserved).collect())
    }

    /// No instance yet; `reserved` is what a copy of each component takes.
    pub(super) fn of_resources(offered: Resources, placement: Placement, reserved: Vec<Resources>) -> Self {
        Self { offered, placement, reserved, instances: Vec::new() }
    }

    /// One more instance; its number.
    pub(super) fn add_instance(&mut self) -> u32 {
        let copies_of = vec![0; self.reserved.len()];
        self.instances.push(Booked { room: self.offered, copies: 0, copies_of });
        self.instances() - 1
    }

    /// How many instances there ever were.
    pub(super) fn instances(&self) -> u32 {
        self.instances.len() as u32
    }

    /// Which of these instances gets the next copy of `component`; None where none has room.
    pub(super) fn choose(&self, component: usize, among: impl Iterator<Item = u32>) -> Option<u32> {
        let with_room = among.filter(|&number| self.reserved[component].fit(self.booked(number).room));
        match self.placement {
            Placement::Binpack => with_room.min(),
            Placement::Spread => with_room.min_by_key(|&number| {
                let booked = self.booked(number);
                (booked.copies_of[component], booked.copies, number)
            }),
        }
    }

    fn booked(&self, number: u32) -> &Booked {
        &self.instances[number as usize]
    }

    /// A copy is placed on an instance.
    pub(super) fn reserve(&mut self, component: usize, number: u32) {
        let booked = &mut self.instances[number as usize];
        booked.room = booked.room.minus(self.reserved[component]);
        booked.copies += 1;
        booked.copies_of[component] += 1;
    }

    /// The reservation of a copy ends.
    pub(super) fn end(&mut self, component: usize, number: u32) {
        let booked = &mut self.instances[number as usize];
        booked.room = booked.room.plus(self.reserved[component]);
        booked.copies -= 1;
        booked.copies_of[component] -= 1;
    }

    /// How many copies have a reservation on an instance.
    pub(super) fn copies(&self, number: u32) -> usize {
        self.booked(number).copies as usize
    }

    /// Whether nothing is placed on an instance.
    pub(super) fn is_empty(&self, number: u32) -> bool {
        self.copies(number) == 0
    }
}

/// Places `copies` of each component, one component after the other, on `instances` instances, or on up to `most`
/// where those are full. The instances of the copies, by component; where they end, no more fit.
pub(super) fn place_at_start(
    copies: &[u32],
    reservations: &mut Reservations,
    instances: u32,
    most: u32,
) -> Vec<Vec<u32>> {
    for _ in 0..instances {
        reservations.add_instance();
    }
    let mut place = |component: usize| {
        let chosen = reservations.choose(component, 0..reservations.instances());
        let number = chosen.or_else(|| (reservations.instances() < most).then(|| reservations.add_instance()))?;
        reservations.reserve(component, number);
        Some(number)
    };
    let of_component = |(component, &count): (usize, &u32)| (0..count).map_while(|_| place(component)).collect();
    copies.iter().enumerate().map(of_component).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: Resources = Resources { accelerators: 4, millicpus: 8_000, memory_mb: 10_000 };

    fn reservations(placement: Placement, reserved: &[(i64, i64, i64)], instances: u32) -> Reservations {
        let reserved = reserved.iter().map(|&(accelerators, millicpus, memory_mb)| Resources {
            accelerators,
            millicpus,
            memory_mb,
        });
        let mut reservations = Reservations::of_resources(OFFERED, placement, reserved.collect());
        for _ in 0..instances {
            reservations.add_instance();
        }
        reservations
    }

    /// Where copies of these components go, one after another.
    fn placed(reservations: &mut Reservations, components: &[usize]) -> Vec<Option<u32>> {
        let all = reservations.instances();
        let place = |&component: &usize| {
            let chosen = reservations.choose(component, 0..all);
            if let Some(number) = chosen {
                reservations.reserve(component, number);
            }
            chosen
        };
        components.iter().map(place).collect()
    }

    #[test]
    fn each_resource_by_itself_fills_an_instance() {
        for (reserved, copies) in [((2, 0, 128), 2), ((0, 2_667, 128), 2), ((0, 2_666, 128), 3), ((0, 0, 2_500), 4)] {
            let mut one = reservations(Placement::Binpack, &[reserved], 1);
            let found = placed(&mut one, &[0; 5]);
            assert_eq!(found.iter().flatten().count(), copies, "{reserved:?}");
        }
    }

    #[test]
    fn what_ends_makes_room_again() {
        let mut one = reservations(Placement::Binpack, &[(4, 0, 128)], 1);
        assert_eq!(placed(&mut one, &[0, 0]), [Some(0), None]);
        one.end(0, 0);
        assert!(one.is_empty(0));
        assert_eq!(placed(&mut one, &[0]), [Some(0)]);
        assert!(!one.is_empty(0));
    }

    #[test]
    fn binpack_takes_the_lowest_number_with_room() {
        let mut three = reservations(Placement::Binpack, &[(3, 0, 128), (1, 0, 128)], 3);
        assert_eq!(placed(&mut three, &[0, 0, 1, 1, 1]), [Some(0), Some(1), Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn spread_takes_the_fewest_of_the_component_then_the_fewest_of_all_then_the_lowest_number() {
        let mut three = reservations(Placement::Spread, &[(1, 0, 128), (1, 0, 128)], 3);
        // a tie of everything, then of the component's, where instance 0 has a copy of the other, then one each
        assert_eq!(placed(&mut three, &[1, 0, 0, 0, 0, 1]), [Some(0), Some(1), Some(2), Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn only_those_asked_about_are_chosen() {
        let mut three = reservations(Placement::Spread, &[(1, 0, 128)], 3);
        assert_eq!(three.choose(0, [2, 1].into_iter()), Some(1));
        three.reserve(0, 1);
        assert_eq!(three.choose(0, [2, 1].into_iter()), Some(2));
        assert_eq!(three.choose(0, std::iter::empty()), None);
    }

    #[test]
    fn fractions_become_whole_numbers() {
        let host = scenario::Host { accelerators: 1, vcpus: 3.5, memory_mb: 16_383 };
        let offered = Resources::offered(&host, 0.8);
        assert_eq!(offered, Resources { accelerators: 1, millicpus: 3_500, memory_mb: 13_106 });
    }
}
