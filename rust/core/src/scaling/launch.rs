//! How long a new unit takes to come into service [LT].

use super::is_accelerated;
use crate::law::Law;
use crate::random::{Draws, Purpose};
use crate::scenario::{Instances, Scenario};
use crate::time::{Ns, seconds};

/// The length of a launch.
#[derive(Clone, Copy, Debug)]
pub enum Launch {
    /// Always the same.
    Fixed(Ns),
    /// Keyed by the number of the unit.
    Drawn(Law, Draws),
}

/// How long the first `count` units take to come into service, by number; empty where no law says it.
#[must_use]
pub fn launches(scenario: &Scenario, count: u32) -> Vec<Ns> {
    let Some(setup) = &scenario.assumptions.instances.launch else {
        return Vec::new();
    };
    let launch = Launch::Drawn(setup.law(), Draws::new(scenario.run.seed, Purpose::Launch));
    (0..count).map(|number| launch.length(number)).collect()
}

/// What is loaded before a unit can serve.
#[expect(clippy::struct_field_names, reason = "sizes of the image and of the model, as the scenario calls them")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Image {
    /// Of the container's image.
    pub image_gb: Option<f64>,
    /// Of the model.
    pub model_gb: Option<f64>,
    /// Whether the instance comes with the image.
    pub cached: bool,
}

impl Image {
    /// Seconds to load it and to start the container; None where its sizes are not given [LT-1].
    #[must_use]
    pub fn load_s(&self, assumed: &Instances) -> Option<f64> {
        let (image_gb, model_gb) = (self.image_gb?, self.model_gb?);
        let (image, model) = if self.cached {
            (0.0, model_gb / assumed.cached_model_gb_per_s)
        } else {
            (image_gb / assumed.image_gb_per_s, model_gb / assumed.model_gb_per_s)
        };
        Some(image.max(model) + assumed.container_start_s)
    }
}

impl Launch {
    /// Of an instance.
    #[must_use]
    pub fn of_instance(instance_type: &str, image: &Image, assumed: &Instances, seed: u64) -> Self {
        if let Some(setup) = &assumed.launch {
            return Self::Drawn(setup.law(), Draws::new(seed, Purpose::Launch));
        }
        let fixed_s = || {
            f64::from(match (is_accelerated(instance_type), image.cached) {
                (true, true) => assumed.launch_cached_s,
                (true, false) => assumed.launch_gpu_s,
                (false, _) => assumed.launch_cpu_s,
            })
        };
        Self::Fixed(seconds(image.load_s(assumed).map_or_else(fixed_s, |load_s| assumed.provision_s + load_s)))
    }

    /// Of unit `number`.
    #[must_use]
    pub fn length(&self, number: u32) -> Ns {
        match self {
            Self::Fixed(length) => *length,
            Self::Drawn(law, draws) => law.draw(&mut draws.sequence(u64::from(number))),
        }
    }
}
