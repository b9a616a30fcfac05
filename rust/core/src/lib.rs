//! Counts what AWS would meter.
