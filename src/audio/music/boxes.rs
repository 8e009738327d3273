//! The boxes of an MP4 file (ISO 14496-12, 4.2), one in another. Knows no file and no sound.

/// Bytes of a box, without its size and name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'a>(pub &'a [u8]);

impl<'a> Body<'a> {
    /// The boxes in it from byte `skip` on.
    pub(super) fn boxes(self, skip: usize) -> impl Iterator<Item = ([u8; 4], Body<'a>)> {
        let mut rest = self.0.get(skip..).unwrap_or_default();
        std::iter::from_fn(move || {
            let size = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
            let name = rest.get(4..8)?.try_into().ok()?;
            let size = if size == 0 { rest.len() } else { size };
            let (this, after) = rest.split_at_checked(size.min(rest.len()))?;
            rest = after;
            // Larger ones than 4 GiB are no headers.
            Some((name, Body(this.get(8..)?)))
        })
    }

    /// The first box of this name.
    pub(super) fn find(self, name: &[u8; 4]) -> Option<Body<'a>> {
        self.boxes(0).find(|(its, _)| its == name).map(|(_, body)| body)
    }

    /// The box at the end of a path of names.
    pub(super) fn at(self, path: &[&[u8; 4]]) -> Option<Body<'a>> {
        path.iter().try_fold(self, |body, name| body.find(name))
    }

    pub(super) fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(super) fn short(self, at: usize) -> Option<u16> {
        Some(u16::from_be_bytes(self.0.get(at..at + 2)?.try_into().ok()?))
    }

    pub(super) fn long(self, at: usize) -> Option<u32> {
        Some(u32::from_be_bytes(self.0.get(at..at + 4)?.try_into().ok()?))
    }

    pub(super) fn longest(self, at: usize) -> Option<u64> {
        Some(u64::from_be_bytes(self.0.get(at..at + 8)?.try_into().ok()?))
    }
}

/// The rows of a table, `width` bytes each, that is `count` rows long at `at` and really there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct BoxTable {
    pub begin: usize,
    pub count: usize,
}

impl BoxTable {
    /// The table of `body`, which lies somewhere in `whole`, as a place in `whole`.
    pub(super) fn of(whole: &[u8], body: Body<'_>, at: usize, width: usize) -> Option<Self> {
        let count = body.long(at)? as usize;
        let there = body.0.len().checked_sub(at + 4)? / width;
        let begin = body.0.as_ptr() as usize - whole.as_ptr() as usize + at + 4;
        Some(Self { begin, count: count.min(there) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], name, body].concat()
    }

    #[test]
    fn a_box_is_found_in_another() {
        let inner = [boxed(b"aaaa", b"1"), boxed(b"bbbb", &[0, 0, 0, 9, 7])].concat();
        let whole = boxed(b"moov", &inner);
        let body = Body(&whole).at(&[b"moov", b"bbbb"]).unwrap();
        assert_eq!((body.long(0), body.byte(4), body.long(2)), (Some(9), Some(7), None));
        assert!(Body(&whole).at(&[b"moov", b"cccc"]).is_none());
        assert_eq!(BoxTable::of(&whole, body, 0, 1), Some(BoxTable { begin: 29, count: 1 }));
        for length in 0..whole.len() {
            let _may_be_none = Body(&whole[..length]).at(&[b"moov", b"bbbb"]);
        }
    }

    #[test]
    fn a_box_of_no_size_ends_the_file() {
        let whole = [&[0, 0, 0, 1][..], b"wide", &[0; 9]].concat();
        assert_eq!(Body(&whole).boxes(0).count(), 0);
    }
}
