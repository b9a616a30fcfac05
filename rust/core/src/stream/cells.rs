//! Traffic as counts per second. The count of a cell is keyed by (seed, cell) and so are the positions within it: any
//! day can be drawn without the days before it, and a sampled run sees the very requests of the full one.

use super::{Block, Carried, RateColumns};
use crate::error::{Error, Result};
use crate::law::{binomial, poisson};
use crate::random::{Draws, Purpose, Sequence, below};
use crate::time::{Ns, SECOND};

/// Requests of a cell get keys of their own: a cell has room for 2^24.
const KEY_BITS: u32 = 24;

/// Counts per second, and what the requests of a step carry.
#[derive(Debug)]
pub struct Cells {
    counts: Vec<u32>,
    horizon: Ns,
    positions: Draws,
    steps: Steps,
}

/// Sums over steps, shared out evenly: the first `sum mod count` requests of a step carry one more than the others.
#[derive(Debug, Default)]
struct Steps {
    requests: Vec<i64>,
    sums: [Option<Vec<i64>>; Carried::COUNT],
    /// Requests of the step before each cell.
    before: Vec<u32>,
    /// The step of each cell.
    of_cell: Vec<u32>,
}

impl Cells {
    /// Independent arrivals at a constant rate.
    #[must_use]
    pub fn poisson(rate_per_s: f64, horizon: Ns, seed: u64) -> Self {
        let draws = Draws::new(seed, Purpose::Count);
        let counts = (0..cells_until(horizon))
            .map(|cell| {
                let length = (horizon - cell as Ns * SECOND).min(SECOND) as f64 / SECOND as f64;
                poisson(rate_per_s * length, &mut draws.sequence(cell as u64)) as u32
            })
            .collect();
        Self { counts, horizon, positions: Draws::new(seed, Purpose::Position), steps: Steps::default() }
    }

    /// Counts per step, each spread uniformly at random over the step.
    ///
    /// # Errors
    /// The columns are of different lengths, overlap, leave the run, or hold a negative value.
    pub fn rates(rates: RateColumns, horizon: Ns, seed: u64) -> Result<Self> {
        rates.check(horizon)?;
        let draws = Draws::new(seed, Purpose::Count);
        let mut counts = vec![0; cells_until(horizon)];
        for (step, &requests) in rates.requests.iter().enumerate() {
            let cells = &mut counts[(rates.start[step] / SECOND) as usize..cells_until(rates.end[step])];
            let length = (rates.end[step] - rates.start[step]) as f64 / SECOND as f64;
            spread(requests as u64, length, cells, &mut draws.sequence((rates.start[step] / SECOND) as u64));
        }
        if let Some(cell) = counts.iter().position(|&count| count >= 1 << KEY_BITS) {
            let message = format!("rates: second {cell} has {} requests; {} is the most", counts[cell], 1 << KEY_BITS);
            return Err(Error::Traffic(message));
        }
        let steps = Steps::new(rates, &counts);
        Ok(Self { counts, horizon, positions: Draws::new(seed, Purpose::Position), steps })
    }

    /// Requests per second.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Requests in all.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.counts.iter().map(|&count| u64::from(count)).sum()
    }

    /// Whether the steps say what is carried of a kind.
    pub(super) fn carries(&self, kind: Carried) -> bool {
        self.steps.sums[kind as usize].is_some()
    }

    pub(super) fn first_at_or_after(&self, at: Ns) -> usize {
        cells_until(at).min(self.counts.len())
    }

    pub(super) fn key(&self, cell: usize, index: usize) -> u64 {
        debug_assert!(index < 1 << KEY_BITS && cell < self.counts.len());
        ((cell as u64) << KEY_BITS) | index as u64
    }

    /// Offsets of the requests of a cell from its start, sorted.
    pub(super) fn positions(&self, cell: usize, offsets: &mut Vec<u32>) {
        let length = (self.horizon - cell as Ns * SECOND).min(SECOND) as u64;
        let mut draws = self.positions.sequence(cell as u64);
        offsets.clear();
        offsets.extend((0..self.counts[cell]).map(|_| below(draws.bits(), length) as u32));
        offsets.sort_unstable();
    }

    pub(super) fn carry(&self, cell: usize, index: usize, block: &mut Block) {
        for (kind, sums) in self.steps.sums.iter().enumerate() {
            if let Some(sums) = sums {
                let value = self.steps.share(sums, cell, i64::from(self.steps.before[cell]) + index as i64);
                block.columns[kind].get_or_insert_default().push(value);
            }
        }
    }

    /// Payloads of the requests of a cell: bytes, and how many in a row have them.
    pub(super) fn payloads(&self, cell: usize, mut take: impl FnMut(i64, u64)) {
        let Some(sums) = &self.steps.sums[Carried::PayloadBytes as usize] else {
            return;
        };
        let first = i64::from(self.steps.before[cell]);
        let count = i64::from(self.counts[cell]);
        let step = self.steps.of_cell[cell] as usize;
        let requests = self.steps.requests[step];
        if count == 0 {
            return;
        }
        let more = (sums[step] % requests - first).clamp(0, count);
        for (bytes, times) in [(sums[step] / requests + 1, more), (sums[step] / requests, count - more)] {
            if times > 0 {
                take(bytes, times as u64);
            }
        }
    }

    pub(super) fn add_up(&self, cell: usize, totals: &mut [i64; Carried::COUNT]) {
        let count = i64::from(self.counts[cell]);
        for (total, sums) in totals.iter_mut().zip(&self.steps.sums) {
            if let Some(sums) = sums {
                let first = i64::from(self.steps.before[cell]);
                *total = self.steps.share_until(sums, cell, first + count) - self.steps.share_until(sums, cell, first);
            }
        }
    }
}

fn cells_until(at: Ns) -> usize {
    (at + SECOND - 1).div_euclid(SECOND) as usize
}

/// Spreads `requests` over cells of a second each (the last may be shorter), by halves: exactly multinomial.
fn spread(requests: u64, length: f64, cells: &mut [u32], draws: &mut Sequence) {
    if requests == 0 {
        return;
    }
    if cells.len() == 1 {
        cells[0] = cells[0].saturating_add(u32::try_from(requests).unwrap_or(u32::MAX));
        return;
    }
    let half = cells.len() / 2;
    let (left, right) = cells.split_at_mut(half);
    let on_the_left = binomial(requests, half as f64 / length, draws);
    spread(on_the_left, half as f64, left, draws);
    spread(requests - on_the_left, length - half as f64, right, draws);
}

impl Steps {
    fn new(rates: RateColumns, counts: &[u32]) -> Self {
        let sums = rates.carried().map(Option::<&Vec<i64>>::cloned);
        if sums.iter().all(Option::is_none) {
            return Self::default();
        }
        let mut before = vec![0; counts.len()];
        let mut of_cell = vec![0; counts.len()];
        for step in 0..rates.start.len() {
            let mut so_far = 0;
            for cell in (rates.start[step] / SECOND) as usize..cells_until(rates.end[step]) {
                before[cell] = so_far;
                of_cell[cell] = step as u32;
                so_far += counts[cell];
            }
        }
        Self { requests: rates.requests, sums, before, of_cell }
    }

    /// What request `index` of the step of `cell` carries.
    fn share(&self, sums: &[i64], cell: usize, index: i64) -> i64 {
        let step = self.of_cell[cell] as usize;
        let requests = self.requests[step];
        sums[step] / requests + i64::from(index < sums[step] % requests)
    }

    /// What the first `index` requests of the step of `cell` carry together.
    fn share_until(&self, sums: &[i64], cell: usize, index: i64) -> i64 {
        let step = self.of_cell[cell] as usize;
        let requests = self.requests[step];
        if requests == 0 {
            return 0;
        }
        sums[step] / requests * index + index.min(sums[step] % requests)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::Law;
    use crate::stream::block::Cold;

    fn rates(requests: Vec<i64>, length_s: Ns, tokens: Vec<i64>) -> RateColumns {
        let steps = requests.len() as Ns;
        RateColumns {
            start: (0..steps).map(|i| i * length_s * SECOND).collect(),
            end: (1..=steps).map(|i| i * length_s * SECOND).collect(),
            requests,
            input_tokens: Some(tokens),
            ..RateColumns::default()
        }
    }

    #[test]
    fn a_step_keeps_its_count_and_its_sum() {
        let cells = Cells::rates(rates(vec![1_000, 0, 7], 60, vec![12_345, 0, 3]), 180 * SECOND, 5).expect("sound");
        let count = |range: std::ops::Range<usize>| cells.counts()[range].iter().sum::<u32>();
        assert_eq!((count(0..60), count(60..120), count(120..180)), (1_000, 0, 7));
        let mut total = 0;
        for cell in 0..60 {
            let mut sums = [0; Carried::COUNT];
            cells.add_up(cell, &mut sums);
            total += sums[Carried::InputTokens as usize];
        }
        assert_eq!(total, 12_345);
    }

    #[test]
    fn payloads_of_a_cell_are_those_of_its_requests() {
        let columns =
            RateColumns { payload_bytes: Some(vec![1_003, 0, 20]), ..rates(vec![100, 0, 7], 5, vec![0, 0, 0]) };
        let cells = Cells::rates(columns, 15 * SECOND, 5).expect("sound");
        for cell in 0..15 {
            let warm = (Law::Constant { mean: 0.0 }, Draws::new(1, Purpose::ColdStart));
            let cold = Cold { start: warm, service: None };
            let mut block = Block::new(8, &crate::scenario::Request::default(), cold);
            (0..cells.counts()[cell] as usize).for_each(|index| cells.carry(cell, index, &mut block));
            let wanted: Vec<i64> = block.columns[0].clone().unwrap_or_default();
            let mut found = Vec::new();
            cells.payloads(cell, |bytes, times| found.extend(std::iter::repeat_n(bytes, times as usize)));
            assert_eq!(found, wanted, "second {cell}");
        }
    }

    #[test]
    fn a_step_is_spread_over_all_its_seconds() {
        let cells = Cells::rates(rates(vec![60_000], 60, vec![0]), 60 * SECOND, 5).expect("sound");
        assert!(cells.counts().iter().all(|&count| (800..1_200).contains(&count)), "{:?}", cells.counts());
    }
}
