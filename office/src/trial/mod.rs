//! A PostgreSQL of one's own for trying the office out, and for its tests: nothing of the system's is touched.

mod cluster;

pub use cluster::{Cluster, Kind};
