//! Draws keyed by (seed, stream, ordinal): any part of a run can be drawn without the parts before it.
//!
//! A draw is the `SplitMix64` output function over a keyed counter (Steele, Lea, Flood, OOPSLA 2014).

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What a draw is for; each has numbers of its own under one seed.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// How many requests a cell has.
    Count = 1,
    /// Where in its cell a request arrives.
    Position = 2,
    /// The gap before a request of a renewal process.
    Gap = 3,
    /// The work of a request.
    Service = 4,
    /// The set-up of a request that starts a container.
    ColdStart = 5,
    /// Which instance a request is routed to.
    Route = 6,
    /// How long a unit takes to come into service.
    Launch = 7,
    /// The part of the work of a request up to its first token.
    FirstToken = 8,
    /// Which variant a request goes to.
    Variant = 9,
    /// Whether a shadow variant gets a copy.
    Shadow = 10,
    /// Which model a request asks for.
    Model = 11,
    /// Which prompt a request begins with.
    Prefix = 12,
    /// The bits that stand for the beginning of a prompt.
    PrefixBits = 13,
    /// Set-up and work of a request that starts a container.
    ColdService = 14,
}

/// The draws of one purpose under one seed.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    base: u64,
}

impl Draws {
    /// The draws of `purpose` under `seed`.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self { base: mix(mix(seed.wrapping_add(GOLDEN)) ^ (purpose as u64).wrapping_mul(GOLDEN)) }
    }

    /// 64 random bits of an ordinal.
    #[must_use]
    #[inline]
    pub fn bits(self, ordinal: u64) -> u64 {
        mix(self.base.wrapping_add(ordinal.wrapping_mul(GOLDEN)))
    }

    /// As many draws as are needed for one ordinal.
    #[must_use]
    #[inline]
    pub fn sequence(self, ordinal: u64) -> Sequence {
        Sequence { state: self.bits(ordinal) }
    }
}

/// A sequence of draws for one ordinal.
#[derive(Clone, Debug)]
pub struct Sequence {
    state: u64,
}

impl Sequence {
    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Uniform in the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }
}

/// Uniform in the open interval (0, 1), from 52 of the bits.
#[must_use]
#[inline]
pub fn unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// The bits as a fraction of 2^64, in [0, 1].
#[must_use]
pub fn unit_of(bits: u64) -> f64 {
    bits as f64 / 18_446_744_073_709_551_616.0
}

/// Uniform among 0..n.
#[must_use]
#[inline]
pub fn below(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_seed_purpose_and_ordinal() {
        let draws = Draws::new(1, Purpose::Service);
        assert_ne!(draws.bits(0), draws.bits(1));
        assert_ne!(draws.bits(0), Draws::new(2, Purpose::Service).bits(0));
        assert_ne!(draws.bits(0), Draws::new(1, Purpose::Route).bits(0));
        assert_eq!(draws.bits(7), Draws::new(1, Purpose::Service).bits(7));
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval() {
        assert!(unit(0) > 0.0);
        assert!(unit(u64::MAX) < 1.0);
        assert_eq!(below(u64::MAX, 3), 2);
        assert_eq!(below(0, 3), 0);
    }
}
