//! The laboratory: the project's own tests in three tiers, what judges the product by KubeVirt's releases and
//! history, and measurements. Users have none of it.

pub mod bench;
pub mod flags;
pub mod page_check;
pub mod test;
