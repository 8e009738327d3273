//! Numbers that look random and are the same every night. Knows nothing of what is drawn.

/// A source of numbers that look random and are the same on every machine.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014),
/// seeded with the FNV-1a hash of what makes it itself.
pub struct Random(u64);

impl Random {
    #[must_use]
    pub fn new(seeds: &[&[u8]]) -> Self {
        let hash = seeds.iter().copied().flatten().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self(hash)
    }

    /// A number from 0 up to, not including, `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = mixed ^ (mixed >> 31);
        // The high half of the product spreads the numbers evenly without dividing.
        ((u128::from(mixed) * u128::from(limit)) >> 64) as u64
    }
}
