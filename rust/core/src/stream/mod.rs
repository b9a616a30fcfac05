//! The stream of requests: when they arrive, how much work they are, what they carry. Made once, shared by every
//! deployment, in blocks that stay in cache.

mod block;
mod cells;
mod columns;

pub use block::{Block, Carried, Needs};
pub use cells::Cells;
pub use columns::{Columns, RateColumns, TraceColumns};

use crate::control::Control;
use crate::error::{Error, Result};
use crate::law::Law;
use crate::random::{Draws, Purpose};
use crate::scenario::{Request, Scenario, Service, Traffic};
use crate::time::{Ns, SECOND};

/// Rows of a block: small enough for the cache, large enough to forget the loop around it.
pub const BLOCK_ROWS: usize = 4_096;

/// The requests of a scenario.
#[derive(Debug)]
pub struct Stream {
    horizon: Ns,
    arrivals: Arrivals,
    request: Request,
    work: Work,
    cold_start: Law,
    service_draws: Draws,
    cold_draws: Draws,
    route_draws: Draws,
}

#[derive(Debug)]
enum Arrivals {
    Trace(TraceColumns),
    Cells(Cells),
    Renewal { gap: Law, draws: Draws },
}

#[derive(Debug)]
enum Work {
    Law(Law),
    Column,
    Unknown,
}

impl Stream {
    /// The stream of a scenario; `columns` are its traffic where the kind is rates or trace.
    ///
    /// # Errors
    /// The columns do not fit the kind of traffic, are not sorted, hold a negative value, or are of another length.
    pub fn new(scenario: &Scenario, columns: Columns) -> Result<Self> {
        let seed = scenario.run.seed;
        let horizon = scenario.horizon();
        let arrivals = match (&scenario.traffic, columns) {
            (Traffic::Poisson { rate_per_s, .. }, Columns::None) => {
                Arrivals::Cells(Cells::poisson(*rate_per_s, horizon, seed))
            }
            (Traffic::Renewal { rate_per_s, interarrival_cv, .. }, Columns::None) => Arrivals::Renewal {
                gap: Law::gamma(SECOND as f64 / rate_per_s, *interarrival_cv),
                draws: Draws::new(seed, Purpose::Gap),
            },
            (Traffic::Rates { .. }, Columns::Rates(rates)) => Arrivals::Cells(Cells::rates(rates, horizon, seed)?),
            (Traffic::Trace { .. }, Columns::Trace(trace)) => {
                trace.check(horizon)?;
                Arrivals::Trace(trace)
            }
            (Traffic::Rates { .. } | Traffic::Trace { .. }, _) => {
                return Err(Error::Traffic("traffic of this kind needs its columns".into()));
            }
            _ => {
                return Err(Error::Traffic("poisson and renewal traffic take no columns".into()));
            }
        };
        let work = match scenario.service.as_ref().map(Service::law).transpose()? {
            None => Work::Unknown,
            Some(Some(law)) => Work::Law(law),
            Some(None) => match &arrivals {
                Arrivals::Trace(trace) if trace.service.is_some() => Work::Column,
                _ => {
                    return Err(Error::Traffic("service kind `trace`: the traffic has no column service_ms".into()));
                }
            },
        };
        Ok(Self {
            horizon,
            arrivals,
            request: scenario.request.clone(),
            work,
            cold_start: scenario.assumptions.serverless.cold_start.law(),
            service_draws: Draws::new(seed, Purpose::Service),
            cold_draws: Draws::new(seed, Purpose::ColdStart),
            route_draws: Draws::new(seed, Purpose::Route),
        })
    }

    /// Where the window ends.
    #[must_use]
    pub fn horizon(&self) -> Ns {
        self.horizon
    }

    /// Whether the work of a request is known.
    #[must_use]
    pub fn has_service(&self) -> bool {
        !matches!(self.work, Work::Unknown)
    }

    /// The mean work of a request on the reference; None where it is unknown.
    #[must_use]
    pub fn mean_service(&self) -> Option<f64> {
        match (&self.work, &self.arrivals) {
            (Work::Law(law), _) => Some(law.mean()),
            (Work::Column, Arrivals::Trace(trace)) => {
                let work = trace.service.as_deref()?;
                let sum: i128 = work.iter().map(|&ns| i128::from(ns)).sum();
                (!work.is_empty()).then(|| sum as f64 / work.len() as f64)
            }
            _ => None,
        }
    }

    /// The payload that every request has, where it is one and the same.
    #[must_use]
    pub fn constant_payload(&self) -> Option<i64> {
        let has_column = match &self.arrivals {
            Arrivals::Trace(trace) => trace.payload_bytes.is_some(),
            Arrivals::Cells(cells) => cells.carries_payload(),
            Arrivals::Renewal { .. } => false,
        };
        if has_column { None } else { self.request.payload_bytes }
    }

    /// How many requests there are; an expectation for renewal traffic, which is drawn one by one.
    #[must_use]
    pub fn requests(&self) -> u64 {
        match &self.arrivals {
            Arrivals::Trace(trace) => trace.arrival.len() as u64,
            Arrivals::Cells(cells) => cells.requests(),
            Arrivals::Renewal { gap, .. } => (self.horizon as f64 / gap.mean()) as u64,
        }
    }

    /// Requests per second of the run; None for renewal traffic, which is not sampled.
    #[must_use]
    pub fn counts(&self) -> Option<Vec<u32>> {
        match &self.arrivals {
            Arrivals::Trace(trace) => Some(trace.counts(self.horizon)),
            Arrivals::Cells(cells) => Some(cells.counts().to_vec()),
            Arrivals::Renewal { .. } => None,
        }
    }

    /// What the requests of second `cell` carry in all; `count` is how many there are.
    #[must_use]
    pub fn carried_in_cell(&self, cell: usize, count: u32) -> [i64; Carried::COUNT] {
        let constants = Carried::constants(&self.request);
        let mut sums = constants.map(|value| value * i64::from(count));
        match &self.arrivals {
            Arrivals::Trace(trace) => trace.add_up(cell as Ns * SECOND, (cell as Ns + 1) * SECOND, &mut sums),
            Arrivals::Cells(cells) => cells.add_up(cell, &mut sums),
            Arrivals::Renewal { .. } => {}
        }
        sums
    }

    /// Calls `take` with the payloads of the requests of second `cell`, in order of arrival: bytes, and how many in a
    /// row have them; `count` is how many requests there are.
    pub fn payloads_in_cell(&self, cell: usize, count: u32, mut take: impl FnMut(i64, u64)) {
        let constant = Carried::constants(&self.request)[Carried::PayloadBytes as usize];
        match &self.arrivals {
            Arrivals::Trace(TraceColumns { arrival, payload_bytes: Some(bytes), .. }) => {
                let (from, to) = (cell as Ns * SECOND, (cell as Ns + 1) * SECOND);
                let rows = arrival.partition_point(|&at| at < from)..arrival.partition_point(|&at| at < to);
                bytes[rows].iter().for_each(|&bytes| take(bytes, 1));
            }
            Arrivals::Cells(cells) if cells.carries_payload() => cells.payloads(cell, take),
            _ => take(constant, u64::from(count)),
        }
    }

    /// Calls `take` with the requests that arrive in `from..to`, block by block. `from` and `to` are whole seconds, or
    /// 0 and the horizon.
    ///
    /// # Errors
    /// Those of `take`, and `Interrupted`.
    pub fn each_block(
        &self,
        from: Ns,
        to: Ns,
        needs: Needs,
        rows: usize,
        control: &Control,
        mut take: impl FnMut(&Block) -> Result<()>,
    ) -> Result<()> {
        let mut block = Block::new(rows, &self.request);
        let mut emit = |block: &mut Block| -> Result<()> {
            control.check()?;
            self.fill(block, needs);
            take(block)?;
            control.add(block.len() as u64);
            block.clear();
            Ok(())
        };
        match &self.arrivals {
            Arrivals::Trace(trace) => {
                let first = trace.arrival.partition_point(|&at| at < from);
                let last = trace.arrival.partition_point(|&at| at < to);
                for start in (first..last).step_by(rows) {
                    trace.copy(start, (start + rows).min(last), &mut block);
                    emit(&mut block)?;
                }
            }
            Arrivals::Cells(cells) => {
                let mut ordinal = 0;
                let mut offsets = Vec::new();
                for cell in (from / SECOND) as usize..cells.first_at_or_after(to) {
                    cells.positions(cell, &mut offsets);
                    for (index, &offset) in offsets.iter().enumerate() {
                        block.push(ordinal, cells.key(cell, index), cell as Ns * SECOND + Ns::from(offset));
                        cells.carry(cell, index, &mut block);
                        ordinal += 1;
                        if block.len() == rows {
                            emit(&mut block)?;
                        }
                    }
                }
            }
            Arrivals::Renewal { gap, draws } => {
                let mut at = 0;
                for ordinal in 0.. {
                    at += gap.draw(&mut draws.sequence(ordinal));
                    if at >= to {
                        break;
                    }
                    block.push(ordinal, ordinal, at);
                    if block.len() == rows {
                        emit(&mut block)?;
                    }
                }
            }
        }
        if !block.is_empty() {
            emit(&mut block)?;
        }
        Ok(())
    }

    fn fill(&self, block: &mut Block, needs: Needs) {
        match (&self.work, &self.arrivals) {
            (Work::Law(Law::Constant { mean }), _) => {
                let work = crate::time::nearest(*mean);
                block.service.resize(block.arrival.len(), work);
            }
            (Work::Law(law), _) => {
                block.service.extend(block.key.iter().map(|&key| law.draw(&mut self.service_draws.sequence(key))));
            }
            (Work::Column, Arrivals::Trace(trace)) => {
                let first = block.ordinal[0] as usize;
                if let Some(work) = trace.service.as_deref() {
                    block.service.extend_from_slice(&work[first..first + block.arrival.len()]);
                }
            }
            _ => block.service.resize(block.arrival.len(), 0),
        }
        if needs.cold_start {
            let draw = |&key: &u64| self.cold_start.draw(&mut self.cold_draws.sequence(key));
            block.cold_start.extend(block.key.iter().map(draw));
        }
        if needs.route {
            block.route.extend(block.key.iter().map(|&key| self.route_draws.bits(key)));
        }
    }
}
