//! Some thousand consecutive requests, column by column.

use crate::law::Law;
use crate::random::Draws;
use crate::scenario::Request;
use crate::time::Ns;

/// What a request carries, by position in a row of carried values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// Bytes in.
    PayloadBytes = 0,
    /// Bytes out.
    ResponseBytes = 1,
    /// Uncached input tokens.
    InputTokens = 2,
    /// Output tokens.
    OutputTokens = 3,
    /// Input tokens read from the prompt cache.
    CacheReadTokens = 4,
    /// Input tokens written to the prompt cache.
    CacheWriteTokens = 5,
}

impl Carried {
    /// How many kinds there are.
    pub const COUNT: usize = 6;
    /// Every kind, by position.
    pub const ALL: [Self; Self::COUNT] = [
        Self::PayloadBytes,
        Self::ResponseBytes,
        Self::InputTokens,
        Self::OutputTokens,
        Self::CacheReadTokens,
        Self::CacheWriteTokens,
    ];

    /// As its column is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PayloadBytes => "payload_bytes",
            Self::ResponseBytes => "response_bytes",
            Self::InputTokens => "input_tokens",
            Self::OutputTokens => "output_tokens",
            Self::CacheReadTokens => "cache_read_tokens",
            Self::CacheWriteTokens => "cache_write_tokens",
        }
    }

    /// The values that a scenario gives to every request; 0 is nothing to count.
    #[must_use]
    pub fn constants(request: &Request) -> [i64; Self::COUNT] {
        [
            request.payload_bytes.unwrap_or(0),
            request.response_bytes.unwrap_or(0),
            request.input_tokens.unwrap_or(0),
            request.output_tokens.unwrap_or(0),
            0,
            0,
        ]
    }
}

/// Which columns the deployments read; drawing the others would be waste.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column, and any of them may be needed without the others")]
pub struct Needs {
    /// Random bits for routing.
    pub route: bool,
    /// The work up to the first token.
    pub first_token: bool,
    /// Random bits for variants and shadows.
    pub variant: bool,
    /// The model that is asked for.
    pub model: bool,
    /// Bits that stand for the beginning of the prompt.
    pub prefix: bool,
}

impl Needs {
    /// Everything.
    pub const ALL: Self = Self { route: true, first_token: true, variant: true, model: true, prefix: true };

    /// What either needs.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            route: self.route || other.route,
            first_token: self.first_token || other.first_token,
            variant: self.variant || other.variant,
            model: self.model || other.model,
            prefix: self.prefix || other.prefix,
        }
    }
}

/// Consecutive requests in order of arrival. What is in `Needs` is empty where nobody needs it.
#[derive(Debug)]
pub struct Block {
    /// Position in the stream, or in the part of it that is replayed.
    pub ordinal: Vec<u64>,
    /// Arrival.
    pub arrival: Vec<Ns>,
    /// Work on the reference; 0 where unknown.
    pub service: Vec<Ns>,
    /// Random bits for routing.
    pub route: Vec<u64>,
    /// The work up to the first token, on the reference; 0 where nothing streams.
    pub first_token: Vec<Ns>,
    /// Random bits that pick a variant.
    pub variant: Vec<u64>,
    /// Random bits that pick the copies of a shadow.
    pub shadow: Vec<u64>,
    /// The model that is asked for.
    pub model: Vec<u32>,
    /// Bits that stand for the beginning of the prompt.
    pub prefix: Vec<u64>,
    pub(super) key: Vec<u64>,
    pub(super) columns: [Option<Vec<i64>>; Carried::COUNT],
    constants: [i64; Carried::COUNT],
    cold: Cold,
}

/// What is drawn of the few requests that start a container, when they do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cold {
    /// Set-up of the container.
    pub start: (Law, Draws),
    /// Set-up and work together.
    pub service: Option<(Law, Draws)>,
}

impl Block {
    pub(super) fn new(rows: usize, request: &Request, cold: Cold) -> Self {
        Self {
            cold,
            ordinal: Vec::with_capacity(rows),
            arrival: Vec::with_capacity(rows),
            service: Vec::with_capacity(rows),
            route: Vec::new(),
            first_token: Vec::new(),
            variant: Vec::new(),
            shadow: Vec::new(),
            model: Vec::new(),
            prefix: Vec::new(),
            key: Vec::with_capacity(rows),
            columns: Default::default(),
            constants: Carried::constants(request),
        }
    }

    /// How many requests.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arrival.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arrival.is_empty()
    }

    /// The set-up of the container that request `row` starts, if it does.
    #[must_use]
    pub fn cold_start(&self, row: usize) -> Ns {
        let (law, draws) = self.cold.start;
        law.draw(&mut draws.sequence(self.key[row]))
    }

    /// Set-up and work of request `row` together, on the reference, if it starts a container; None where no law says it.
    #[must_use]
    pub fn cold_service(&self, row: usize) -> Option<Ns> {
        let (law, draws) = self.cold.service?;
        Some(law.draw(&mut draws.sequence(self.key[row])))
    }

    /// What request `row` carries of a kind.
    #[must_use]
    #[inline]
    pub fn carried(&self, kind: Carried, row: usize) -> i64 {
        match &self.columns[kind as usize] {
            Some(values) => values[row],
            None => self.constants[kind as usize],
        }
    }

    pub(super) fn push(&mut self, ordinal: u64, key: u64, arrival: Ns) {
        self.ordinal.push(ordinal);
        self.key.push(key);
        self.arrival.push(arrival);
    }

    pub(super) fn clear(&mut self) {
        self.ordinal.clear();
        self.key.clear();
        self.arrival.clear();
        self.service.clear();
        self.route.clear();
        self.first_token.clear();
        self.variant.clear();
        self.shadow.clear();
        self.model.clear();
        self.prefix.clear();
        for column in self.columns.iter_mut().flatten() {
            column.clear();
        }
    }
}
