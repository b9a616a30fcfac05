//! Where the characters stand that tell fields apart.

use wide::u8x16;

const LANES: usize = 16;
const BLOCK: usize = 64;

/// The places of commas, line feeds and quotes, in order: a block at a time becomes one bit per byte.
pub struct Specials<'a> {
    text: &'a [u8],
    block: usize,
    bits: u64,
}

impl<'a> Specials<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, block: 0, bits: bits_of(text, 0) }
    }

    /// The next quote.
    pub fn quote(&mut self) -> Option<usize> {
        self.find(|&at| self.text[at] == b'"')
    }
}

impl Iterator for Specials<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.block += BLOCK;
            if self.block >= self.text.len() {
                return None;
            }
            self.bits = bits_of(self.text, self.block);
        }
        let at = self.block + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(at)
    }
}

fn bits_of(text: &[u8], start: usize) -> u64 {
    match text[start..].first_chunk::<BLOCK>() {
        Some(block) => {
            let (lanes, _) = block.as_chunks::<LANES>();
            lanes.iter().rev().fold(0, |bits, &lane| bits << LANES | lane_bits(lane))
        }
        None => text[start..].iter().rev().fold(0, |bits, byte| bits << 1 | u64::from(b",\n\"".contains(byte))),
    }
}

#[inline]
fn lane_bits(lane: [u8; LANES]) -> u64 {
    let bytes = u8x16::new(lane);
    let found = [b',', b'\n', b'"'].map(|special| bytes.simd_eq(u8x16::splat(special)));
    u64::from((found[0] | found[1] | found[2]).to_bitmask())
}
