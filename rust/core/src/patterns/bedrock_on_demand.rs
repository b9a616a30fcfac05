//! Bedrock on demand [BR-1, BR-2]: pays by the token; every request completes.

use super::{Capacity, Server};
use crate::ledger::{Ledger, Status, Ticket};
use crate::stream::{Block, Carried, Needs};
use crate::usage::Meter;

/// What is metered of each request.
pub const TOKENS: [(Carried, Meter); 4] = [
    (Carried::InputTokens, Meter::InputTokens),
    (Carried::OutputTokens, Meter::OutputTokens),
    (Carried::CacheReadTokens, Meter::CacheReadTokens),
    (Carried::CacheWriteTokens, Meter::CacheWriteTokens),
];

/// Bedrock on demand.
#[derive(Debug)]
pub struct BedrockOnDemand {
    has_service: bool,
}

impl BedrockOnDemand {
    /// `has_service`: whether the scenario says how long a request takes.
    #[must_use]
    pub fn new(has_service: bool) -> Self {
        Self { has_service }
    }
}

impl Server for BedrockOnDemand {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            let ticket = Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] };
            let finish = ticket.arrival + requests.service[row];
            if finish > ledger.window.last_finish() {
                ledger.fail(ticket, Status::Unfinished, false);
                continue;
            }
            for (carried, meter) in TOKENS {
                ledger.meter(ticket.arrival, meter, requests.carried(carried, row));
            }
            if self.has_service {
                ledger.complete(ticket, ticket.arrival, finish, false);
            } else {
                ledger.answer(ticket);
            }
        }
    }

    fn finish(&mut self, _ledger: &mut Ledger) -> Capacity {
        Capacity::default()
    }
}
