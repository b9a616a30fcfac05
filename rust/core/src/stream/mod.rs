//! The stream of requests: when they arrive, how much work they are, what they carry. Made once, shared by every
//! deployment, in blocks that stay in cache.

mod block;
mod cells;
mod columns;
mod seconds;
mod trace;

use block::Cold;
pub use block::{Block, Carried, Needs};
pub use cells::Cells;
pub use columns::{Columns, RateColumns};
pub use seconds::Seconds;
pub use trace::{TraceColumns, TraceSource};

use crate::control::Control;
use crate::error::{Error, Result};
use crate::law::{Choice, Law};
use crate::random::{Draws, Purpose};
use crate::scenario::{Popularity, Request, Scenario, Service, Traffic};
use crate::time::{Ns, SECOND};
use trace::Trace;

/// Rows of a block: small enough for the cache, large enough to forget the loop around it.
pub const BLOCK_ROWS: usize = 4_096;

/// The requests of a scenario.
#[derive(Debug)]
pub struct Stream {
    horizon: Ns,
    arrivals: Arrivals,
    request: Request,
    work: Work,
    cold: Cold,
    first_token: Work,
    seed: u64,
    models: Numbers,
    prefixes: Numbers,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one in a run")]
enum Arrivals {
    Trace(Trace),
    Cells(Cells),
    Renewal { gap: Law, draws: Draws },
}

/// Where a number of each request comes from: the trace, else a law; 0 where there is neither.
#[derive(Debug)]
struct Numbers {
    law: Option<Choice>,
    draws: Draws,
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
            (Traffic::Trace { .. }, Columns::Trace(columns)) => Arrivals::Trace(Trace::of_columns(columns, horizon)?),
            (Traffic::Trace { .. }, Columns::Batches(source)) => Arrivals::Trace(Trace::of_batches(source, horizon)?),
            (Traffic::Rates { .. } | Traffic::Trace { .. }, _) => {
                return Err(Error::Traffic("traffic of this kind needs its columns".into()));
            }
            _ => {
                return Err(Error::Traffic("poisson and renewal traffic take no columns".into()));
            }
        };
        let (service, first_token) = match &arrivals {
            Arrivals::Trace(trace) => {
                let columns = trace.columns();
                (columns.service.is_some(), columns.first_token.is_some())
            }
            _ => (false, false),
        };
        let work = Work::of(scenario.service.as_ref(), service, "service", "service_ms")?;
        let streaming = scenario.streaming.as_ref().map(|streaming| &streaming.first_token);
        let first_token = Work::of(streaming, first_token, "streaming.first_token", "first_token_ms")?;
        let serverless = &scenario.assumptions.serverless;
        let key = "assumptions.serverless.cold_service";
        let cold_service = match Work::of(serverless.cold_service.as_ref(), false, key, "of cold requests")? {
            Work::Law(law) => Some((law, Draws::new(seed, Purpose::ColdService))),
            Work::Column | Work::Unknown => None,
        };
        let cold_start = (serverless.cold_start.law(), Draws::new(seed, Purpose::ColdStart));
        let numbers = |popularity: &Option<Popularity>, purpose| Numbers {
            law: popularity.as_ref().map(Popularity::law),
            draws: Draws::new(seed, purpose),
        };
        Ok(Self {
            horizon,
            arrivals,
            request: scenario.request.clone(),
            work,
            cold: Cold { start: cold_start, service: cold_service },
            first_token,
            models: numbers(&scenario.request.models, Purpose::Model),
            prefixes: numbers(&scenario.request.prefixes, Purpose::Prefix),
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
            (Work::Column, Arrivals::Trace(trace)) => trace.mean_service(),
            _ => None,
        }
    }

    /// What every request carries of a kind, where it is one and the same.
    #[must_use]
    pub fn constant(&self, kind: Carried) -> Option<i64> {
        let has_column = match &self.arrivals {
            Arrivals::Trace(trace) => trace.columns().carried()[kind as usize].is_some(),
            Arrivals::Cells(cells) => cells.carries(kind),
            Arrivals::Renewal { .. } => false,
        };
        if has_column { None } else { Some(Carried::constants(&self.request)[kind as usize]) }
    }

    /// How many requests there are; an expectation for renewal traffic, which is drawn one by one.
    #[must_use]
    pub fn requests(&self) -> u64 {
        match &self.arrivals {
            Arrivals::Trace(trace) => trace.rows(),
            Arrivals::Cells(cells) => cells.requests(),
            Arrivals::Renewal { gap, .. } => (self.horizon as f64 / gap.mean()) as u64,
        }
    }

    /// Whether requests can be counted by the second: renewal traffic is drawn one by one.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        !matches!(self.arrivals, Arrivals::Renewal { .. })
    }

    /// Requests by the second, and what they carry; nothing of renewal traffic.
    ///
    /// # Errors
    /// The trace cannot be read.
    pub fn seconds(&self) -> Result<Seconds<'_>> {
        let constants = Carried::constants(&self.request);
        Ok(match &self.arrivals {
            Arrivals::Trace(trace) => {
                let (counts, sums) = trace.per_second()?;
                Seconds::of_trace(counts, sums, constants)
            }
            Arrivals::Cells(cells) => Seconds::of_cells(cells, constants),
            Arrivals::Renewal { .. } => Seconds::of_trace(Vec::new(), Default::default(), constants),
        })
    }

    /// Calls `take` with the payloads of the requests that arrive in consecutive `seconds` (start, count), in order of
    /// arrival: the start of their second, bytes, and how many in a row have them.
    ///
    /// # Errors
    /// The trace cannot be read.
    pub fn each_payload(&self, seconds: &[(Ns, u32)], mut take: impl FnMut(Ns, i64, u64)) -> Result<()> {
        let constant = Carried::constants(&self.request)[Carried::PayloadBytes as usize];
        match &self.arrivals {
            Arrivals::Trace(trace) if trace.columns().payload_bytes.is_some() => {
                if let (Some(&(first, _)), Some(&(last, _))) = (seconds.first(), seconds.last()) {
                    trace.payloads(first, last + SECOND, |at, bytes| take(at / SECOND * SECOND, bytes, 1))?;
                }
            }
            Arrivals::Cells(cells) if cells.carries(Carried::PayloadBytes) => {
                for &(at, _) in seconds {
                    cells.payloads((at / SECOND) as usize, |bytes, times| take(at, bytes, times));
                }
            }
            _ => seconds.iter().for_each(|&(at, count)| take(at, constant, u64::from(count))),
        }
        Ok(())
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
        let mut block = Block::new(rows, &self.request, self.cold);
        // `given`: the batch of a trace, and the block's first row in it
        let mut emit = |block: &mut Block, given: Option<(&TraceColumns, usize)>| -> Result<()> {
            control.check()?;
            self.fill(block, needs, given);
            take(block)?;
            block.clear();
            Ok(())
        };
        match &self.arrivals {
            Arrivals::Trace(trace) => {
                trace
                    .each_block(from, to, rows, &mut block, |block, batch, first| emit(block, Some((batch, first))))?;
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
                            emit(&mut block, None)?;
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
                        emit(&mut block, None)?;
                    }
                }
            }
        }
        if !block.is_empty() {
            emit(&mut block, None)?;
        }
        Ok(())
    }

    fn fill(&self, block: &mut Block, needs: Needs, given: Option<(&TraceColumns, usize)>) {
        let draws = |purpose| Draws::new(self.seed, purpose);
        let rows = block.len();
        let column = |of: fn(&TraceColumns) -> &Option<Vec<i64>>| {
            let (batch, first) = given?;
            Some(&of(batch).as_deref()?[first..first + rows])
        };
        let service = column(|batch| &batch.service);
        fill_work(&self.work, draws(Purpose::Service), service, &block.key, &mut block.service);
        if needs.first_token {
            let given = column(|batch| &batch.first_token);
            fill_work(&self.first_token, draws(Purpose::FirstToken), given, &block.key, &mut block.first_token);
        }
        if needs.route {
            fill_bits(draws(Purpose::Route), &block.key, &mut block.route);
        }
        if needs.variant {
            fill_bits(draws(Purpose::Variant), &block.key, &mut block.variant);
            fill_bits(draws(Purpose::Shadow), &block.key, &mut block.shadow);
        }
        if needs.model {
            self.models.fill(column(|batch| &batch.model), &block.key, &mut block.model, |number| number as u32);
        }
        if needs.prefix {
            let draws = draws(Purpose::PrefixBits);
            self.prefixes.fill(column(|batch| &batch.prefix), &block.key, &mut block.prefix, |n| draws.bits(n));
        }
    }
}

impl Numbers {
    /// Fills a column with what the numbers stand for.
    fn fill<T: Clone + Default>(
        &self,
        given: Option<&[i64]>,
        keys: &[u64],
        column: &mut Vec<T>,
        stands_for: impl Fn(u64) -> T,
    ) {
        match (given, &self.law) {
            (Some(numbers), _) => column.extend(numbers.iter().map(|&number| stands_for(number as u64))),
            (None, Some(law)) => {
                column.extend(keys.iter().map(|&key| stands_for(u64::from(law.pick(self.draws.bits(key))))));
            }
            (None, None) => column.resize(keys.len(), T::default()),
        }
    }
}

fn fill_bits(draws: Draws, keys: &[u64], column: &mut Vec<u64>) {
    column.extend(keys.iter().map(|&key| draws.bits(key)));
}

/// Fills one column of work: by its law, from the column of the trace, or with 0 where it is unknown.
fn fill_work(work: &Work, draws: Draws, given: Option<&[Ns]>, keys: &[u64], column: &mut Vec<Ns>) {
    match (work, given) {
        (Work::Law(Law::Constant { mean }), _) => column.resize(keys.len(), crate::time::nearest(*mean)),
        (Work::Law(law), _) => column.extend(keys.iter().map(|&key| law.draw(&mut draws.sequence(key)))),
        (Work::Column, Some(given)) => column.extend_from_slice(given),
        _ => column.resize(keys.len(), 0),
    }
}
