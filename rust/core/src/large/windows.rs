//! Latency from windows of ten minutes, each after an hour of warm-up.

use super::{Large, WARMUP};
use crate::error::Result;
use crate::ledger::{Ledger, Window};
use crate::patterns::Server;
use crate::scenario::End;
use crate::time::{MINUTE, Ns};
use rayon::prelude::*;

/// Length of a window.
pub(super) const WINDOW: Ns = 10 * MINUTE;
/// Strata of windows by utilisation, the busiest first: the share of all requests that each ends at. Each is stood for
/// by its busiest window, so the tail is never flattered, and the first ones are thin so that it is not inflated.
const STRATA: [f64; 5] = [0.005, 0.02, 0.1, 0.4, 1.0];

impl Large<'_> {
    /// Fills counts and latencies of `ledger` from windows. `load` orders them; `open` makes the server of a window.
    pub(super) fn latency(
        &self,
        ledger: &mut Ledger,
        load: impl Fn(Ns, u64) -> f64,
        open: impl Fn(Window) -> Box<dyn Server> + Sync,
    ) -> Result<()> {
        let total = self.requests(self.window.warmup, self.window.horizon);
        let chosen = self.strata(total, load);
        let parts: Result<Vec<Ledger>> = chosen
            .par_iter()
            .map(|&(start, _)| {
                let horizon = (start + WINDOW).min(self.window.horizon);
                let window = Window { from: (start - WARMUP).max(0), warmup: start, horizon, end: End::Drain };
                let mut part = self.ledger(window);
                let mut server = open(window);
                self.serve(window, server.as_mut(), &mut part)?;
                server.finish(&mut part);
                Ok(part)
            })
            .collect();
        for (part, (_, requests)) in parts?.iter().zip(chosen) {
            ledger.add_weighted(part, requests as f64 / part.requests().max(1) as f64);
        }
        ledger.balance(total);
        Ok(())
    }

    /// The windows to replay, and how many requests each stands for.
    fn strata(&self, total: u64, load: impl Fn(Ns, u64) -> f64) -> Vec<(Ns, u64)> {
        let first = self.window.warmup / WINDOW * WINDOW;
        let mut windows: Vec<(f64, Ns, u64)> = (first..self.window.horizon)
            .step_by(WINDOW as usize)
            .map(|start| (start.max(self.window.warmup), self.requests(start, start + WINDOW)))
            .filter(|&(_, requests)| requests > 0)
            .map(|(start, requests)| (load(start, requests), start, requests))
            .collect();
        windows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen: Vec<(Ns, u64)> = Vec::new();
        let mut seen = 0;
        let mut strata = STRATA.iter().peekable();
        let mut stratum_open = false;
        for (_, start, requests) in windows {
            match chosen.last_mut().filter(|_| stratum_open) {
                Some(last) => last.1 += requests,
                None => chosen.push((start, requests)),
            }
            stratum_open = true;
            seen += requests;
            while strata.peek().is_some_and(|&&share| seen as f64 >= share * total as f64) {
                strata.next();
                stratum_open = false;
            }
        }
        chosen
    }
}
