//! What the code books of an Ogg Vorbis file would take in memory, told before a decoder is asked to make them:
//! it takes their sizes on trust, and a broken file of 2 kB has it ask for gigabytes. Knows bits, and no sound.

/// Bytes. By the reckoning below, the books of the largest files that libvorbis makes (six channels) take 23 MB.
const MOST: u64 = 32 << 20;

/// What the decoder asks for at most, in bytes, lists that grow by doubling included: for an entry its length,
/// code word and number; for a value of a vector; for a value that vectors are made of; and for a table of 256
/// that finds eight bits of a code word.
const ENTRY: u64 = 64;
const VALUE: u64 = 4;
const FACTOR: u64 = 6;
const TABLE: u64 = 6_656;

/// Whether a decoder may be made for this setup header, whose type and name are told in seven bytes (Vorbis I,
/// 4.2.1).
pub(super) fn are_modest(setup: &[u8]) -> bool {
    setup.strip_prefix(b"\x05vorbis").is_some_and(|setup| weigh(setup) <= MOST)
}

/// Bits, the least significant first (Vorbis I, 2.1.4).
struct Reader<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl Reader<'_> {
    fn read(&mut self, count: u32) -> Option<u32> {
        let end = self.place + count as usize;
        if end > self.bytes.len() * 8 {
            return None;
        }
        let bit = |place: usize| u32::from(self.bytes[place / 8] >> (place % 8) & 1);
        let number = (self.place..end).rev().fold(0, |number, place| number << 1 | bit(place));
        self.place = end;
        Some(number)
    }

    fn skip(&mut self, count: u64) -> Option<()> {
        let end = self.place as u64 + count;
        self.place = usize::try_from(end).ok().filter(|end| *end <= self.bytes.len() * 8)?;
        Some(())
    }
}

/// The bytes that the code books of a setup header take, as far as there are any: those after a broken one are
/// never made.
fn weigh(setup: &[u8]) -> u64 {
    let mut bits = Reader { bytes: setup, place: 0 };
    let mut weight = 0;
    let count = bits.read(8).map_or(0, |count| count + 1);
    for _ in 0..count {
        match weigh_book(&mut bits, &mut weight) {
            Some(()) if weight <= MOST => {}
            _ => break,
        }
    }
    weight
}

/// Adds what a code book (Vorbis I, 3.2.1) takes to `weight`: as soon as it is known, for the decoder asks before
/// it has read on.
fn weigh_book(bits: &mut Reader<'_>, weight: &mut u64) -> Option<()> {
    bits.skip(24)?; // its mark
    let dimensions = bits.read(16)?;
    let entries = bits.read(24)?;
    *weight += ENTRY * u64::from(entries);
    if *weight > MOST {
        return Some(());
    }
    let mut longer = [0; 3]; // code words than 8, 16 and 24 bits
    let mut add = |length: u32, count: u32| {
        for (longer, bits) in longer.iter_mut().zip([8, 16, 24]) {
            *longer += u64::from(if length > bits { count } else { 0 });
        }
    };
    if bits.read(1)? == 1 {
        let (mut length, mut entry) = (bits.read(5)? + 1, 0);
        while entry < entries {
            let count = bits.read(bit_length(entries - entry))?;
            add(length, count);
            (length, entry) = (length + 1, entry + count);
        }
    } else {
        let some_are_unused = bits.read(1)? == 1;
        for _ in 0..entries {
            if !some_are_unused || bits.read(1)? == 1 {
                add(bits.read(5)? + 1, 1);
            }
        }
    }
    // A table has two code words at least, and no more tables than beginnings of that many bits are there.
    let tables = longer.iter().zip([8, 16, 24]).map(|(longer, bits)| longer.div_ceil(2).min(1 << bits));
    *weight += TABLE * (1 + tables.sum::<u64>());
    if let kind @ 1..=2 = bits.read(4)? {
        bits.skip(64)?; // the least value and the step
        let width = bits.read(4)? + 1;
        bits.skip(1)?;
        let values = u64::from(entries) * u64::from(dimensions);
        let factors = if kind == 1 { root(entries, dimensions) } else { values };
        *weight += VALUE * values + FACTOR * factors;
        if *weight <= MOST {
            bits.skip(factors * u64::from(width))?;
        }
    }
    Some(())
}

/// As many bits as `number` has without its leading zeroes (Vorbis I, 9.2.1).
fn bit_length(number: u32) -> u32 {
    u32::BITS - number.leading_zeros()
}

/// The greatest whole number whose power of `dimensions` is at most `entries` (Vorbis I, 9.2.3).
fn root(entries: u32, dimensions: u32) -> u64 {
    let is_within = |root: u32| root.checked_pow(dimensions).is_some_and(|power| power <= entries);
    // Of no dimensions, any number would do.
    let (mut least, mut beyond) = (0, if dimensions == 0 { 1 } else { entries + 1 });
    while beyond - least > 1 {
        let middle = least + (beyond - least) / 2;
        *(if is_within(middle) { &mut least } else { &mut beyond }) = middle;
    }
    least.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits, least significant first (Vorbis I, 2.1.4).
    #[derive(Clone, Default)]
    struct Bits {
        bytes: Vec<u8>,
        length: usize,
    }

    impl Bits {
        fn put(mut self, width: usize, value: u32) -> Self {
            for bit in 0..width {
                if self.length.is_multiple_of(8) {
                    self.bytes.push(0);
                }
                self.bytes[self.length / 8] |= ((value >> bit & 1) as u8) << (self.length % 8);
                self.length += 1;
            }
            self
        }

        fn count(books: u32) -> Self {
            Self::default().put(8, books - 1)
        }

        fn book(self, dimensions: u32, entries: u32) -> Self {
            self.put(24, 0x564342).put(16, dimensions).put(24, entries)
        }

        /// All of the same length.
        fn ordered(self, length: u32, entries: u32) -> Self {
            self.put(1, 1).put(5, length - 1).put(bit_length(entries) as usize, entries)
        }

        fn dense(self, lengths: &[u32]) -> Self {
            lengths.iter().fold(self.put(2, 0), |bits, length| bits.put(5, length - 1))
        }

        fn sparse(self, lengths: &[Option<u32>]) -> Self {
            lengths.iter().fold(self.put(2, 2), |bits, length| match length {
                Some(length) => bits.put(1, 1).put(5, length - 1),
                None => bits.put(1, 0),
            })
        }

        /// A lookup of `factors` numbers of three bits.
        fn lookup(self, kind: u32, factors: u32) -> Self {
            let begun = self.put(4, kind).put(32, 1).put(32, 1).put(4, 2).put(1, 0);
            (0..factors).fold(begun, |bits, factor| bits.put(3, factor))
        }
    }

    fn check(bits: Bits, weight: u64) {
        assert_eq!(weigh(&bits.bytes), weight);
    }

    #[test]
    fn every_kind_of_book_is_weighed_and_the_next_one_found_behind_it() {
        // What it is found by: alone, it weighs more than all may.
        let beyond = |bits: Bits| bits.book(1, 0xff_ffff);
        let immense = ENTRY * 0xff_ffff;
        for (book, weight) in [
            (Bits::count(2).book(2, 4).ordered(2, 4).put(4, 0), 4 * ENTRY + TABLE),
            (Bits::count(2).book(2, 4).dense(&[1, 2, 3, 3]).put(4, 0), 4 * ENTRY + TABLE),
            (Bits::count(2).book(2, 4).sparse(&[Some(1), None, None, Some(1)]).put(4, 0), 4 * ENTRY + TABLE),
            (Bits::count(2).book(1, 3).dense(&[1, 9, 9]).put(4, 0), 3 * ENTRY + 2 * TABLE),
            (
                Bits::count(2).book(1, 4).dense(&[1, 17, 17, 25]).put(4, 0),
                4 * ENTRY + (1 + 2 + 2 + 1) * TABLE,
            ),
            (
                Bits::count(2).book(2, 9).ordered(4, 9).lookup(1, 3),
                9 * ENTRY + TABLE + 18 * VALUE + 3 * FACTOR,
            ),
            (
                Bits::count(2).book(2, 9).ordered(4, 9).lookup(2, 18),
                9 * ENTRY + TABLE + 18 * (VALUE + FACTOR),
            ),
        ] {
            check(book.clone(), weight);
            check(beyond(book), weight + immense);
        }
    }

    #[test]
    fn what_no_encoder_makes_weighs_more_than_all_may() {
        let entries = 1 << 20;
        let many = Bits::count(1).book(1, entries).ordered(20, entries).put(4, 0);
        let wide = Bits::count(1).book(0xffff, 4096).ordered(12, 4096).lookup(1, 1);
        let deep = Bits::count(1).book(1, 12_000).dense(&[32; 12_000]).put(4, 0);
        for bits in [many, wide, deep] {
            assert!(weigh(&bits.bytes) > MOST);
        }
    }

    #[test]
    fn a_root_is_the_greatest_whose_power_is_within() {
        for (entries, dimensions, expected) in [
            (1, 1, 1),
            (361, 2, 19),
            (360, 2, 18),
            (6561, 8, 3),
            (6560, 8, 2),
            (0xff_ffff, 1, 0xff_ffff),
            (0, 3, 0),
        ] {
            assert_eq!(root(entries, dimensions), expected, "{entries}, {dimensions}");
        }
        assert_eq!(root(7, 0), 0);
    }

    #[test]
    fn a_broken_setup_header_ends_anywhere() {
        let whole =
            Bits::count(3).book(2, 9).ordered(4, 9).lookup(1, 3).book(2, 4).sparse(&[None; 4]).put(4, 9);
        for length in 0..whole.bytes.len() {
            assert!(weigh(&whole.bytes[..length]) < MOST);
        }
    }
}
