//! Inference components: copies of models that share instances.

use super::{Routing, Scaling};
use schemars::JsonSchema;
use serde::Deserialize;

/// What an instance has to offer.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Accelerators.
    pub accelerators: u32,
    /// Processors.
    pub vcpus: f64,
    /// Memory, of which a part can be reserved [IC-2].
    pub memory_mb: u32,
}

/// A component, or an adapter of one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Names it in the endpoint.
    pub name: String,
    /// The component whose copies serve it, of an adapter [IC-8].
    pub base: Option<String>,
    /// In service at the start [IC-3].
    pub copies: u32,
    /// That a copy reserves [IC-1].
    pub accelerators: u32,
    /// That a copy reserves [IC-1].
    pub vcpus: f64,
    /// That a copy reserves [IC-1].
    pub memory_mb: u32,
    /// Workers per copy.
    pub concurrency: u32,
    /// Against the reference.
    pub speed: f64,
    /// Of the container's image; with `model_gb`, for the launch [LT].
    pub image_gb: Option<f64>,
    /// Of the model; with `image_gb`, for the launch [LT].
    pub model_gb: Option<f64>,
    /// Whether image and weights stay on the instance for the next copy [IC-9].
    pub container_caching: bool,
    /// Of the copies; fixed where absent.
    pub scaling: Option<Scaling>,
}

/// Where copies go [IC-3].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    /// `SPREAD`: where there are the fewest.
    Spread,
    /// `BINPACK`: on the first instance with room.
    Binpack,
}

/// When an instance goes [IC-4].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceScaleIn {
    /// `IDLE_RELEASE`: when nothing has been on it for a while.
    IdleRelease,
    /// `CONSOLIDATION`: also when others have room for what is on it, which is moved to them.
    Consolidation,
}

/// How a copy is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CopyRouting {
    /// Uniform over the copies in service.
    Random,
    /// `LEAST_OUTSTANDING_REQUESTS`.
    LeastOutstanding,
}

impl From<CopyRouting> for Routing {
    fn from(routing: CopyRouting) -> Self {
        match routing {
            CopyRouting::Random => Self::Random,
            CopyRouting::LeastOutstanding => Self::LeastOutstanding,
        }
    }
}
