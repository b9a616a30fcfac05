//! How many requests per second one core simulates. Run by `make bench`.
//!
//! A regression here makes a month of a large endpoint take minutes instead of seconds.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use infercost_core::{Columns, Control, Options, Scenario, TraceColumns, simulate};
use std::hint::black_box;

const REQUESTS: i64 = 1_000_000;
/// 70 % of eight workers of 10 ms each.
const GAP_NS: i64 = 1_785_714;

/// Written by `python -m benches.scenarios`, of the authored models.
const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/bench-scenarios.json");

/// The cases of a group, by name.
fn cases(group: &str) -> Vec<(String, Scenario)> {
    let text = std::fs::read_to_string(SCENARIOS).expect("`make bench` writes the scenarios");
    let groups: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cases = groups[group].as_object().expect("a group of cases");
    cases
        .iter()
        .map(|(name, json)| (name.clone(), Scenario::from_json(json.to_string().as_bytes()).expect("a sound scenario")))
        .collect()
}

fn trace() -> TraceColumns {
    // gaps and work of a fixed, irregular pattern: no law is drawn while the clock runs
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |mean: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % (2 * mean as u64)) as i64
    };
    let mut at = 0;
    let (mut arrival, mut service) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        at += next(GAP_NS);
        arrival.push(at);
        service.push(1 + next(10_000_000));
    }
    TraceColumns { arrival, service: Some(service), ..TraceColumns::default() }
}

fn run(scenario: &Scenario, columns: Columns) {
    let outcomes = simulate(scenario, columns, Options::default(), &Control::default());
    black_box(outcomes.expect("a sound run"));
}

fn clone(trace: &TraceColumns) -> Columns {
    Columns::Trace(TraceColumns {
        arrival: trace.arrival.clone(),
        service: trace.service.clone(),
        ..TraceColumns::default()
    })
}

fn engine(c: &mut Criterion) {
    let trace = trace();
    let mut group = c.benchmark_group("trace in memory");
    group.throughput(Throughput::Elements(REQUESTS as u64)).sample_size(20);
    for (name, scenario) in cases("trace in memory") {
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter_batched(|| clone(&trace), |columns| run(&scenario, columns), criterion::BatchSize::LargeInput);
        });
    }
    group.finish();

    let mut group = c.benchmark_group("drawn");
    group.throughput(Throughput::Elements(REQUESTS as u64)).sample_size(20);
    for (name, scenario) in cases("drawn") {
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| run(&scenario, Columns::None)));
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
