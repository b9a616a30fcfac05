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
use crate::law::{Choice, Law};
use crate::random::{Draws, Purpose};
use crate::scenario::{Popularity, Request, Scenario, Service, Traffic};
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
    first_token: Work,
    models: Option<Choice>,
    prefixes: Option<Choice>,
    seed: u64,
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

impl Work {
    /// The work of a key of the scenario; kind `trace` needs `column`, which is `there` or not.
    fn of(service: Option<&Service>, there: bool, key: &str, column: &str) -> Result<Self> {
        match service.map(Service::law).transpose()? {
            None => Ok(Self::Unknown),
            Some(Some(law)) => Ok(Self::Law(law)),
            Some(None) if there => Ok(Self::Column),
            Some(None) => Err(Error::Traffic(format!("{key} kind `trace`: the traffic has no column {column}"))),
        }
    }
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
        let (service, first_token) = match &arrivals {
            Arrivals::Trace(trace) => (trace.service.is_some(), trace.first_token.is_some()),
            _ => (false, false),
        };
        let work = Work::of(scenario.service.as_ref(), service, "service", "service_ms")?;
        let streaming = scenario.streaming.as_ref().map(|streaming| &streaming.first_token);
        let first_token = Work::of(streaming, first_token, "streaming.first_token", "first_token_ms")?;
        let request = scenario.request.clone();
        let law = |popularity: Option<&Popularity>| popularity.map(Popularity::law);
        Ok(Self {
            horizon,
            arrivals,
            models: law(request.models.as_ref()),
            prefixes: law(request.prefixes.as_ref()),
            request,
            work,
            cold_start: scenario.assumptions.serverless.cold_start.law(),
            first_token,
            seed,
        })
    }

    /// Whether answers come token by token.
    #[must_use]
    pub fn streams(&self) -> bool {
        !matches!(self.first_token, Work::Unknown)
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
        let draws = |purpose| Draws::new(self.seed, purpose);
        let trace = match &self.arrivals {
            Arrivals::Trace(trace) => Some(trace),
            _ => None,
        };
        let (service, first_token) =
            (trace.and_then(|t| t.service.as_deref()), trace.and_then(|t| t.first_token.as_deref()));
        fill_work(&self.work, draws(Purpose::Service), service, block, |block| &mut block.service);
        if needs.first_token {
            fill_work(&self.first_token, draws(Purpose::FirstToken), first_token, block, |block| {
                &mut block.first_token
            });
        }
        if needs.cold_start {
            let draws = draws(Purpose::ColdStart);
            let draw = |&key: &u64| self.cold_start.draw(&mut draws.sequence(key));
            block.cold_start.extend(block.key.iter().map(draw));
        }
        if needs.route {
            fill_bits(draws(Purpose::Route), &block.key, &mut block.route);
        }
        if needs.variant {
            fill_bits(draws(Purpose::Variant), &block.key, &mut block.variant);
            fill_bits(draws(Purpose::Shadow), &block.key, &mut block.shadow);
        }
        if needs.model {
            let given = trace.and_then(|t| t.model.as_deref());
            let draws = draws(Purpose::Model);
            fill_numbers(self.models.as_ref(), draws, given, block, |block| &mut block.model, |model| model as u32);
        }
        if needs.prefix {
            let given = trace.and_then(|t| t.prefix.as_deref());
            let bits = draws(Purpose::PrefixBits);
            let draws = draws(Purpose::Prefix);
            let bits = |prefix| bits.bits(prefix);
            fill_numbers(self.prefixes.as_ref(), draws, given, block, |block| &mut block.prefix, bits);
        }
    }
}

fn fill_bits(draws: Draws, keys: &[u64], column: &mut Vec<u64>) {
    column.extend(keys.iter().map(|&key| draws.bits(key)));
}

/// Fills one column of work: by its law, from the column of the trace, or with 0 where it is unknown.
fn fill_work(
    work: &Work,
    draws: Draws,
    given: Option<&[Ns]>,
    block: &mut Block,
    column: impl Fn(&mut Block) -> &mut Vec<Ns>,
) {
    let mut filled = std::mem::take(column(block));
    match (work, given) {
        (Work::Law(Law::Constant { mean }), _) => filled.resize(block.len(), crate::time::nearest(*mean)),
        (Work::Law(law), _) => filled.extend(block.key.iter().map(|&key| law.draw(&mut draws.sequence(key)))),
        (Work::Column, Some(given)) => {
            let first = block.ordinal[0] as usize;
            filled.extend_from_slice(&given[first..first + block.len()]);
        }
        _ => filled.resize(block.len(), 0),
    }
    *column(block) = filled;
}

/// Fills a column with what numbers stand for: those of the trace, or drawn by their law, or 0 where there is neither.
fn fill_numbers<T: Clone + Default>(
    law: Option<&Choice>,
    draws: Draws,
    given: Option<&[i64]>,
    block: &mut Block,
    column: impl Fn(&mut Block) -> &mut Vec<T>,
    stands_for: impl Fn(u64) -> T,
) {
    let mut filled = std::mem::take(column(block));
    match (law, given) {
        (_, Some(given)) => {
            let first = block.ordinal[0] as usize;
            filled.extend(given[first..first + block.len()].iter().map(|&number| stands_for(number as u64)));
        }
        (Some(law), None) => {
            filled.extend(block.key.iter().map(|&key| stands_for(u64::from(law.pick(draws.bits(key))))));
        }
        (None, None) => filled.resize(block.len(), T::default()),
    }
    *column(block) = filled;
}
