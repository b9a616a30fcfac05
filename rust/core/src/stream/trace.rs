//! Recorded arrivals, whole in memory or read batch by batch.

use super::{Block, Carried};
use crate::error::{Error, Result};
use crate::time::{Ns, SECOND};
use std::borrow::Cow;
use std::ops::Range;

/// Models are numbered below this: far above anything real, so that a slip is an error and not a machine out of memory.
const MODELS: i64 = 1_000_000;

/// Arrivals from the start of the run, sorted; every other column is optional and as long.
#[derive(Clone, Debug, Default)]
pub struct TraceColumns {
    /// Arrival.
    pub arrival: Vec<Ns>,
    /// Work on the reference.
    pub service: Option<Vec<Ns>>,
    /// The part of the work up to the first token.
    pub first_token: Option<Vec<Ns>>,
    /// Bytes in.
    pub payload_bytes: Option<Vec<i64>>,
    /// Bytes out.
    pub response_bytes: Option<Vec<i64>>,
    /// Uncached input tokens.
    pub input_tokens: Option<Vec<i64>>,
    /// Output tokens.
    pub output_tokens: Option<Vec<i64>>,
    /// Input tokens read from the prompt cache.
    pub cache_read_tokens: Option<Vec<i64>>,
    /// Input tokens written to the prompt cache.
    pub cache_write_tokens: Option<Vec<i64>>,
    /// Which model is asked for, by number.
    pub model: Option<Vec<i64>>,
    /// What the prompt begins with, by number.
    pub prefix: Option<Vec<i64>>,
}

impl TraceColumns {
    pub(super) fn carried(&self) -> [Option<&Vec<i64>>; Carried::COUNT] {
        [
            self.payload_bytes.as_ref(),
            self.response_bytes.as_ref(),
            self.input_tokens.as_ref(),
            self.output_tokens.as_ref(),
            self.cache_read_tokens.as_ref(),
            self.cache_write_tokens.as_ref(),
        ]
    }

    /// The columns besides `arrival`, by name.
    fn named(&self) -> impl Iterator<Item = (&'static str, &Vec<i64>)> {
        let others = [
            ("service_ns", self.service.as_ref()),
            ("first_token_ns", self.first_token.as_ref()),
            ("model", self.model.as_ref()),
            ("prefix", self.prefix.as_ref()),
        ];
        let carried = Carried::ALL.map(Carried::name).into_iter().zip(self.carried());
        carried.chain(others).filter_map(|(name, column)| Some((name, column?)))
    }

    /// Refuses what no trace may have; `first_row` is the number of the first row, `before` the arrival above it.
    fn check(&self, first_row: u64, before: Ns, horizon: Ns) -> Result<()> {
        let rows = self.arrival.len();
        let refuse = |name: &str, row: usize, what: &str| {
            Err(Error::Traffic(format!("trace: {name} of row {} {what}", first_row + row as u64)))
        };
        let above = std::iter::once(&before).chain(&self.arrival);
        if let Some(row) = self.arrival.iter().zip(above).position(|(at, above)| at < above) {
            return refuse("arrival_ns", row, "is before that of the row above it; sort the trace by arrival");
        }
        if self.arrival.first().is_some_and(|&at| at < 0) || self.arrival.last().is_some_and(|&at| at >= horizon) {
            return Err(Error::Traffic("trace: an arrival_ns lies outside the run (start, duration_s)".into()));
        }
        for (name, column) in self.named() {
            if column.len() != rows {
                return Err(Error::Traffic(format!("trace: {name} is shorter or longer than arrival_ns")));
            }
            if let Some(row) = column.iter().position(|&value| value < 0) {
                return refuse(name, row, "is negative");
            }
        }
        if let Some(row) = self.model.iter().flatten().position(|&model| model >= MODELS) {
            return refuse("model", row, &format!("is not below {MODELS}"));
        }
        Ok(())
    }

    /// Copies `rows` to a block; the first of them is row `ordinal` of the trace.
    fn copy(&self, rows: Range<usize>, ordinal: u64, block: &mut Block) {
        let ordinals = ordinal..ordinal + rows.len() as u64;
        block.arrival.extend_from_slice(&self.arrival[rows.clone()]);
        block.ordinal.extend(ordinals.clone());
        block.key.extend(ordinals);
        for (mine, theirs) in block.columns.iter_mut().zip(self.carried()) {
            if let Some(values) = theirs {
                mine.get_or_insert_default().extend_from_slice(&values[rows.clone()]);
            }
        }
    }
}

/// A trace that is read when it is needed, maybe more than once: batches in order, all with the same columns.
pub trait TraceSource: Send + Sync + std::fmt::Debug {
    /// How many batches there are.
    fn batches(&self) -> usize;
    /// The rows of a batch.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&self, batch: usize) -> Result<TraceColumns>;
}

/// A trace that has been looked through once.
#[derive(Debug)]
pub(super) struct Trace {
    source: Source,
    parts: Vec<Part>,
    horizon: Ns,
    rows: u64,
    /// Of an empty batch: which columns there are.
    columns: TraceColumns,
    service: i128,
}

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one in a run")]
enum Source {
    Memory(TraceColumns),
    Batches(Box<dyn TraceSource>),
}

#[derive(Clone, Copy, Debug)]
struct Part {
    first_row: u64,
    first: Ns,
    last: Ns,
}

impl Source {
    fn batches(&self) -> usize {
        match self {
            Self::Memory(_) => 1,
            Self::Batches(source) => source.batches(),
        }
    }

    fn read(&self, batch: usize) -> Result<Cow<'_, TraceColumns>> {
        match self {
            Self::Memory(columns) => Ok(Cow::Borrowed(columns)),
            Self::Batches(source) => source.read(batch).map(Cow::Owned),
        }
    }
}

impl Trace {
    /// A trace in memory.
    ///
    /// # Errors
    /// It is not sorted, leaves the run, holds a negative value, or its columns are of different lengths.
    pub(super) fn of_columns(columns: TraceColumns, horizon: Ns) -> Result<Self> {
        Self::new(Source::Memory(columns), horizon)
    }

    /// A trace that is read in batches.
    ///
    /// # Errors
    /// As for one in memory; a batch cannot be read, or has other columns than the first.
    pub(super) fn of_batches(source: Box<dyn TraceSource>, horizon: Ns) -> Result<Self> {
        Self::new(Source::Batches(source), horizon)
    }

    fn new(source: Source, horizon: Ns) -> Result<Self> {
        let (mut parts, mut rows, mut service, mut before) = (Vec::new(), 0, 0, Ns::MIN);
        let mut columns: Option<TraceColumns> = None;
        for index in 0..source.batches() {
            let batch = source.read(index)?;
            batch.check(rows, before, horizon)?;
            let there = columns.get_or_insert_with(|| batch.emptied());
            if batch.named().map(|column| column.0).ne(there.named().map(|column| column.0)) {
                return Err(Error::Traffic(format!("trace: batch {index} has other columns than the first")));
            }
            let (first, last) = (batch.arrival.first().copied(), batch.arrival.last().copied());
            let (first, last) = (first.unwrap_or(before), last.unwrap_or(before));
            parts.push(Part { first_row: rows, first, last });
            rows += batch.arrival.len() as u64;
            service += batch.service.as_deref().map_or(0, sum);
            before = last;
        }
        Ok(Self { source, parts, horizon, rows, columns: columns.unwrap_or_default(), service })
    }

    /// How many requests there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Which columns there are, without their rows.
    pub(super) fn columns(&self) -> &TraceColumns {
        &self.columns
    }

    /// The mean of the work; None without a request, or without the column.
    pub(super) fn mean_service(&self) -> Option<f64> {
        self.columns.service.as_ref()?;
        (self.rows > 0).then(|| self.service as f64 / self.rows as f64)
    }

    /// Requests per second, and the sums of what they carry, of the kinds that there are.
    pub(super) fn per_second(&self) -> Result<(Vec<u32>, Sums)> {
        let seconds = (self.horizon + SECOND - 1).div_euclid(SECOND) as usize;
        let mut counts = vec![0; seconds];
        let mut sums = self.columns.carried().map(|column| column.map(|_| vec![0; seconds]));
        for index in 0..self.parts.len() {
            let batch = self.source.read(index)?;
            for &at in &batch.arrival {
                counts[(at / SECOND) as usize] += 1;
            }
            for (sums, column) in sums.iter_mut().zip(batch.carried()) {
                if let (Some(sums), Some(values)) = (sums, column) {
                    for (&at, value) in batch.arrival.iter().zip(values) {
                        sums[(at / SECOND) as usize] += value;
                    }
                }
            }
        }
        Ok((counts, sums))
    }

    /// The batches with something that may arrive in `from..to`, by number.
    fn within(&self, from: Ns, to: Ns) -> impl Iterator<Item = (usize, &Part)> {
        let first = self.parts.partition_point(|part| part.last < from);
        self.parts.iter().enumerate().skip(first).take_while(move |(_, part)| part.first < to)
    }

    /// Calls `take` with arrival and payload of what arrives in `from..to`, in order.
    pub(super) fn payloads(&self, from: Ns, to: Ns, mut take: impl FnMut(Ns, i64)) -> Result<()> {
        for (index, _) in self.within(from, to) {
            let batch = self.source.read(index)?;
            let rows = batch.arrival.iter().zip(batch.payload_bytes.iter().flatten());
            rows.filter(|&(at, _)| (from..to).contains(at)).for_each(|(&at, &bytes)| take(at, bytes));
        }
        Ok(())
    }

    /// Calls `take` with what arrives in `from..to`, `rows` at a time: the block, its batch, and its first row there.
    pub(super) fn each_block(
        &self,
        from: Ns,
        to: Ns,
        rows: usize,
        block: &mut Block,
        mut take: impl FnMut(&mut Block, &TraceColumns, usize) -> Result<()>,
    ) -> Result<()> {
        for (index, part) in self.within(from, to) {
            let batch = self.source.read(index)?;
            let first = batch.arrival.partition_point(|&at| at < from);
            let last = batch.arrival.partition_point(|&at| at < to);
            for start in (first..last).step_by(rows) {
                batch.copy(start..(start + rows).min(last), part.first_row + start as u64, block);
                take(block, &batch, start)?;
            }
        }
        Ok(())
    }
}

/// The sum of lengths that are not negative, by halves of 32 bits, which processors add up many at a time.
fn sum(lengths: &[Ns]) -> i128 {
    let (low, high) = lengths.iter().fold((0_u64, 0_u64), |(low, high), &ns| {
        let ns = ns as u64;
        (low + (ns & 0xFFFF_FFFF), high + (ns >> 32))
    });
    (i128::from(high) << 32) + i128::from(low)
}

/// By kind of what is carried, the sum of each second; None where the trace has no such column.
pub(super) type Sums = [Option<Vec<i64>>; Carried::COUNT];

impl TraceColumns {
    /// The same columns without rows.
    fn emptied(&self) -> Self {
        let column = |column: &Option<Vec<i64>>| column.as_ref().map(|_| Vec::new());
        Self {
            arrival: Vec::new(),
            service: column(&self.service),
            first_token: column(&self.first_token),
            payload_bytes: column(&self.payload_bytes),
            response_bytes: column(&self.response_bytes),
            input_tokens: column(&self.input_tokens),
            output_tokens: column(&self.output_tokens),
            cache_read_tokens: column(&self.cache_read_tokens),
            cache_write_tokens: column(&self.cache_write_tokens),
            model: column(&self.model),
            prefix: column(&self.prefix),
        }
    }
}
