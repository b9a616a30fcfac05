//! How many requests per second one core simulates. Run by `make bench`.
//!
//! A regression here makes a month of a large endpoint take minutes instead of seconds.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use infercost_core::{Columns, Control, Options, Scenario, TraceColumns, simulate};
use std::hint::black_box;

const REQUESTS: i64 = 1_000_000;
/// 70 % of eight workers of 10 ms each.
const GAP_NS: i64 = 1_785_714;

fn scenario(kind: &str, deployment: &str) -> Scenario {
    let service = if kind == "trace" { r#"{"kind": "trace"}"# } else { r#"{"kind": "exponential", "mean_ms": 10}"# };
    let traffic = match kind {
        "trace" => r#"{"kind": "trace", "path": "memory", "start": null, "duration_s": 100000}"#,
        _ => r#"{"kind": "poisson", "rate_per_s": 560, "duration_s": 1785.714, "start": null}"#,
    };
    let json = format!(
        r#"{{"schema": 1, "name": "bench", "traffic": {traffic}, "service": {service}, "deployment": [{deployment}],
        "request": {{"payload_bytes": null, "response_bytes": null, "input_tokens": 100, "output_tokens": 10}},
        "slo": null, "run": {{"seed": 1, "warmup_s": 0, "end": "drain", "max_requests": 1000000000}},
        "assumptions": {{
            "autoscaling": {{"high_periods": 3, "low_periods": 15, "low_fraction": 0.9, "metric_delay_s": 90,
                "in_flight_lock": true}},
            "instances": {{"launch_cpu_s": 240, "launch_gpu_s": 350, "drain_s": 30, "bill_start": "in-service",
                "min_bill_s": 0}},
            "real_time": {{"timeout_s": 60, "container_queue_limit": null}},
            "serverless": {{"keep_warm_s": 300, "cold_start": {{"kind": "constant", "median_s": 1, "p95_s": null}},
                "bill_cold_start": false, "setup_counts_to_timeout": false, "account_concurrency": 1000,
                "timeout_s": 60}},
            "async": {{"concurrency_default": 4, "request_ttl_s": 21600, "invocation_timeout_s": 900}},
            "batch_transform": {{"startup_s": 240, "bill_startup": false}},
            "bedrock": {{"batch_hours": {{"kind": "uniform", "low": 1, "high": 24}}}}
        }}}}"#
    );
    Scenario::from_json(json.as_bytes()).expect("a sound scenario")
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

fn real_time(instances: u32, concurrency: u32, scaling: &str) -> String {
    format!(
        r#"{{"pattern": "real-time", "id": "it", "region": "us-east-1", "instance_type": "ml.m5.xlarge",
        "instances": {instances}, "concurrency": {concurrency}, "speed": 1.0, "routing": "random",
        "scaling": {scaling}}}"#
    )
}

fn engine(c: &mut Criterion) {
    let trace = trace();
    let tracked = r#"{"min": 1, "max": 8, "policies": [{"kind": "target-tracking",
        "metric": "invocations-per-instance", "target": 9000, "scale_out_cooldown_s": 300,
        "scale_in_cooldown_s": 300}]}"#;
    let deployments = [
        ("real-time, 1 instance x 1 worker", real_time(1, 1, "null")),
        ("real-time, 1 instance x 8 workers", real_time(1, 8, "null")),
        ("real-time, 1 instance x 64 workers", real_time(1, 64, "null")),
        ("real-time, 4 instances x 8 workers", real_time(4, 8, "null")),
        ("real-time, target tracking x 8 workers", real_time(2, 8, tracked)),
        (
            "serverless",
            r#"{"pattern": "serverless", "id": "it", "region": "us-east-1", "memory_mb": 2048,
            "max_concurrency": 200, "speed": 1.0}"#
                .to_owned(),
        ),
        (
            "async, 4 instances x 4",
            r#"{"pattern": "async", "id": "it", "region": "us-east-1", "instance_type": "ml.m5.xlarge",
            "instances": 4, "concurrency": 4, "speed": 1.0, "scaling": null}"#
                .to_owned(),
        ),
        (
            "bedrock on demand",
            r#"{"pattern": "bedrock-on-demand", "id": "it", "region": "us-east-1", "model_id": "m"}"#.to_owned(),
        ),
    ];
    let mut group = c.benchmark_group("trace in memory");
    group.throughput(Throughput::Elements(REQUESTS as u64)).sample_size(20);
    for (name, deployment) in &deployments {
        let scenario = scenario("trace", deployment);
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter_batched(|| clone(&trace), |columns| run(&scenario, columns), criterion::BatchSize::LargeInput);
        });
    }
    group.finish();

    let mut group = c.benchmark_group("drawn");
    group.throughput(Throughput::Elements(REQUESTS as u64)).sample_size(20);
    let scenario = scenario("poisson", &real_time(1, 8, "null"));
    group.bench_function("poisson and exponential, 1 instance x 8 workers", |b| {
        b.iter(|| run(&scenario, Columns::None));
    });
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
