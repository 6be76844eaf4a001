//! From a byte offset of a text to a line and a column, without reading the text from its start each time.

/// How many bytes are counted at once.
const BLOCK: usize = 4096;

/// Where the lines of a text start, and how many characters come before each block of it.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<u32>,
    characters: Vec<u32>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let mut starts = vec![0];
        let ends = text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n');
        starts.extend(ends.map(|(_, next)| next));
        let mut before = 0;
        let characters = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let here = before;
                before += count(block);
                here
            })
            .collect();
        Self { starts, characters }
    }

    /// Returns the 1-based line and column of an offset; columns count characters.
    pub(super) fn at(&self, text: &str, offset: u32) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        let column = self.characters_before(text, offset).saturating_sub(self.characters_before(text, start));
        (line.max(1), column as usize + 1)
    }

    fn characters_before(&self, text: &str, offset: u32) -> u32 {
        let block = offset as usize / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset as usize).unwrap_or_default();
        self.characters.get(block).copied().unwrap_or_default() + count(rest)
    }
}

/// Counts the characters that start in a part of a text.
fn count(bytes: &[u8]) -> u32 {
    let starts = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
    u32::try_from(starts).unwrap_or(u32::MAX)
}
