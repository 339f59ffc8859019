//! The initial contents of a memory, as blocks of 64 KiB that are not all zero.

use std::collections::BTreeMap;

use adder_abi::plan::SMALLEST_PAGE_BYTES;

/// Size and alignment of runs, in bytes.
const PAGE_BYTES: usize = SMALLEST_PAGE_BYTES as usize;

/// Size of a block in bytes. A gap of zeros that is smaller than one stays in the image: to place one run more takes longer than
/// to read it.
const BLOCK_BYTES: usize = 65536;

/// Beyond this size an image must not be mostly padding.
const SPARSE_IMAGE_BYTES_MAX: usize = 16 << 20;

/// The initial contents of a memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    blocks: BTreeMap<u64, Box<[u8]>>,
}

impl Image {
    /// Writes bytes at an offset. Zeros make no block.
    pub fn write(&mut self, mut offset: u64, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let block = offset / BLOCK_BYTES as u64;
            let start = (offset % BLOCK_BYTES as u64) as usize;
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - start));
            if self.blocks.contains_key(&block) || now.iter().any(|byte| *byte != 0) {
                let block = self.blocks.entry(block).or_insert_with(|| vec![0; BLOCK_BYTES].into_boxed_slice());
                block[start..start + now.len()].copy_from_slice(now);
            }
            offset += now.len() as u64;
            bytes = later;
        }
    }

    /// Runs of adjacent blocks: the offset of the first and their bytes, without the pages of zeros at both ends. All are whole
    /// pages.
    pub fn runs(&self) -> Vec<(u64, Vec<&[u8]>)> {
        let mut runs = self.whole_runs();
        for (offset, blocks) in &mut runs {
            let zeros = |page: &&[u8]| page.iter().all(|byte| *byte == 0);
            if let Some(first) = blocks.first_mut() {
                let skipped = first.chunks(PAGE_BYTES).take_while(zeros).count() * PAGE_BYTES;
                *first = &first[skipped..];
                *offset += skipped as u64;
            }
            if let Some(last) = blocks.last_mut() {
                let skipped = last.rchunks(PAGE_BYTES).take_while(zeros).count() * PAGE_BYTES;
                *last = &last[..last.len() - skipped];
            }
        }
        runs
    }

    fn whole_runs(&self) -> Vec<(u64, Vec<&[u8]>)> {
        let mut runs: Vec<(u64, Vec<&[u8]>)> = Vec::new();
        for (block, bytes) in &self.blocks {
            if bytes.iter().all(|byte| *byte == 0) {
                continue;
            }
            let offset = block * BLOCK_BYTES as u64;
            match runs.last_mut() {
                Some((start, blocks)) if *start + (blocks.len() * BLOCK_BYTES) as u64 == offset => blocks.push(bytes),
                _ => runs.push((offset, vec![bytes])),
            }
        }
        runs
    }

    /// Bytes of all runs.
    pub fn bytes(&self) -> u64 {
        self.runs().iter().flat_map(|(_, blocks)| blocks).map(|block| block.len() as u64).sum()
    }

    /// Whether segments at these places make an image that is worth its padding. A few bytes in each of thousands of
    /// blocks would make a file (and a compiler's memory) of gigabytes out of a small module.
    pub fn is_worthwhile(segments: impl Iterator<Item = (u64, usize)>) -> bool {
        let mut payload = 0;
        let mut blocks = std::collections::BTreeSet::new();
        for (offset, bytes) in segments {
            if bytes == 0 {
                continue;
            }
            payload += bytes;
            let first = offset / BLOCK_BYTES as u64;
            let last = (offset + bytes as u64 - 1) / BLOCK_BYTES as u64;
            blocks.extend(first..=last);
        }
        let size = blocks.len() * BLOCK_BYTES;
        size <= SPARSE_IMAGE_BYTES_MAX || size <= payload.saturating_mul(4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_blocks_take_no_room_and_adjacent_blocks_are_one_run() {
        let mut image = Image::default();
        image.write(BLOCK_BYTES as u64 - 1, &[1, 2]);
        image.write(10 * BLOCK_BYTES as u64, &[0; 3 * BLOCK_BYTES]);
        image.write(20 * BLOCK_BYTES as u64 + 5, &[3]);
        let runs = image.runs();
        let shape: Vec<_> = runs.iter().map(|(offset, blocks)| (*offset, blocks.len())).collect();
        assert_eq!(shape, [((BLOCK_BYTES - PAGE_BYTES) as u64, 2), (20 * BLOCK_BYTES as u64, 1)]);
        assert_eq!((runs[0].1[0][PAGE_BYTES - 1], runs[0].1[1][0], runs[1].1[0][5]), (1, 2, 3));
    }

    #[test]
    fn pages_of_zeros_at_the_ends_of_a_run_take_no_room() {
        let mut image = Image::default();
        image.write(5 * PAGE_BYTES as u64 + 1, &[1]);
        image.write((BLOCK_BYTES + 2 * PAGE_BYTES) as u64 - 1, &[2]);
        image.write((4 * BLOCK_BYTES + 3 * PAGE_BYTES) as u64, &[3]);
        let runs = image.runs();
        let shape: Vec<_> = runs
            .iter()
            .map(|(offset, blocks)| {
                (*offset as usize / PAGE_BYTES, blocks.iter().map(|block| block.len() / PAGE_BYTES).collect())
            })
            .collect();
        assert_eq!(shape, [(5, vec![11, 2]), (67, vec![1])]);
        assert_eq!((runs[0].1[0][1], runs[0].1[1][2 * PAGE_BYTES - 1], runs[1].1[0][0]), (1, 2, 3));
    }

    #[test]
    fn later_segments_overwrite_earlier_ones_even_with_zeros() {
        let mut image = Image::default();
        image.write(0, &[1, 1, 1]);
        image.write(1, &[0]);
        assert_eq!(&image.runs()[0].1[0][..3], [1, 0, 1]);
    }

    #[test]
    fn scattered_bytes_make_no_image() {
        assert!(Image::is_worthwhile([(0, 1), (1 << 31, 1)].into_iter()));
        assert!(!Image::is_worthwhile((0..60000).map(|block| (block * BLOCK_BYTES as u64, 1))));
    }
}
