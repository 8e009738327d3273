//! The numbers of a sheet's lines. Made once for a text: a large one has many places to ask about. Knows no cues.

/// Where the lines of a text begin.
#[derive(Debug)]
pub(super) struct SheetLines(Vec<usize>);

impl SheetLines {
    pub(super) fn of(text: &str) -> Self {
        let next = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self([0].into_iter().chain(next).collect())
    }

    /// The number of the line that `byte` lies in, as editors count: the first is 1.
    pub(super) fn number(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_editors_count_them() {
        let lines = SheetLines::of("ab\n\nc\n");
        let numbers: Vec<usize> = (0..7).map(|byte| lines.number(byte)).collect();
        assert_eq!(numbers, [1, 1, 1, 2, 3, 3, 4]);
    }
}
