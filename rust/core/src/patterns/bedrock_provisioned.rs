//! Bedrock provisioned throughput [PT-1]: model units by the hour, whatever the traffic.

use super::{Capacity, Server};
use crate::ledger::{Ledger, Ticket};
use crate::stream::{Block, Needs};
use crate::usage::Meter;

/// Bedrock provisioned throughput. What a unit delivers is not published [PT-2], so latency is unknown.
#[derive(Debug)]
pub struct BedrockProvisioned {
    model_units: u32,
}

impl BedrockProvisioned {
    /// So many units, around the clock.
    #[must_use]
    pub fn new(model_units: u32) -> Self {
        Self { model_units }
    }
}

impl Server for BedrockProvisioned {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn block(&mut self, requests: &Block, ledger: &mut Ledger) {
        for row in 0..requests.len() {
            ledger.answer(Ticket { ordinal: requests.ordinal[row], arrival: requests.arrival[row] });
        }
    }

    fn finish(&mut self, ledger: &mut Ledger) -> Capacity {
        let window = ledger.window;
        ledger.usage.add_time(window.warmup, window.horizon, Meter::ModelUnitNs, 0, i64::from(self.model_units));
        Capacity::default()
    }
}
