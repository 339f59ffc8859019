//! The descriptors of the guest: small numbers for open files, given out lowest first.

use super::open::OpenFile;
use super::rights::Rights;
use alloc::sync::Arc;
use alloc::vec::Vec;
use rustix::io::Errno;

/// Descriptors that can be open at once. Files of the host are limited by the system already, embedded ones are not.
pub const DESCRIPTORS_MAX: usize = 1 << 16;

/// A descriptor of the guest.
#[derive(Clone)]
pub struct Descriptor {
    /// What it stands for.
    pub file: Arc<OpenFile>,
    /// What the interface that made it lets the guest do with it.
    pub rights: Rights,
    /// The guest's name for it, if it is one of the directories that the guest starts with.
    pub preopen: Option<&'static [u8]>,
}

/// All descriptors.
pub struct Table {
    entries: Vec<Option<Descriptor>>,
    /// No entry below this one is free.
    free_from: usize,
}

impl Table {
    /// A table without descriptors.
    pub const fn new() -> Table {
        Table { entries: Vec::new(), free_from: 0 }
    }

    /// Gives a file the lowest free number.
    pub fn insert(&mut self, descriptor: Descriptor) -> Result<u32, Errno> {
        let free = (self.free_from..self.entries.len()).find(|&index| self.entries[index].is_none());
        let index = free.unwrap_or(self.entries.len());
        if index >= DESCRIPTORS_MAX {
            return Err(Errno::MFILE);
        }
        if index == self.entries.len() {
            self.entries.try_reserve(1).map_err(|_| Errno::NOMEM)?;
            self.entries.push(None);
        }
        self.entries[index] = Some(descriptor);
        self.free_from = index + 1;
        Ok(index as u32)
    }

    /// Gives a file the lowest free number that is not below `minimum`.
    pub fn insert_from(&mut self, minimum: u32, descriptor: Descriptor) -> Result<u32, Errno> {
        let free = (minimum as usize..self.entries.len()).find(|&index| self.entries[index].is_none());
        let number = free.unwrap_or(self.entries.len().max(minimum as usize)) as u32;
        self.insert_at(number, descriptor)?;
        Ok(number)
    }

    /// Gives a file this number. Returns what had it before.
    pub fn replace(&mut self, number: u32, descriptor: Descriptor) -> Result<Option<Descriptor>, Errno> {
        let before = self.remove(number).ok();
        self.insert_at(number, descriptor)?;
        Ok(before)
    }

    /// Gives a file this number, which is free.
    pub fn insert_at(&mut self, number: u32, descriptor: Descriptor) -> Result<(), Errno> {
        let index = number as usize;
        if index >= DESCRIPTORS_MAX {
            return Err(Errno::MFILE);
        }
        if index >= self.entries.len() {
            self.entries.try_reserve(index + 1 - self.entries.len()).map_err(|_| Errno::NOMEM)?;
            self.entries.resize_with(index + 1, || None);
        }
        self.entries[index] = Some(descriptor);
        Ok(())
    }

    /// The numbers in use and what they stand for.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Descriptor)> {
        self.entries.iter().enumerate().filter_map(|(index, entry)| Some((index as u32, entry.as_ref()?)))
    }

    /// The descriptor with this number.
    pub fn get(&self, number: u32) -> Result<&Descriptor, Errno> {
        self.entries.get(number as usize).and_then(Option::as_ref).ok_or(Errno::BADF)
    }

    /// The descriptor with this number, to change its rights.
    pub fn get_mut(&mut self, number: u32) -> Result<&mut Descriptor, Errno> {
        self.entries.get_mut(number as usize).and_then(Option::as_mut).ok_or(Errno::BADF)
    }

    /// Takes a descriptor out. It is closed when nobody uses it any more.
    pub fn remove(&mut self, number: u32) -> Result<Descriptor, Errno> {
        let entry = self.entries.get_mut(number as usize).ok_or(Errno::BADF)?;
        let descriptor = entry.take().ok_or(Errno::BADF)?;
        self.free_from = self.free_from.min(number as usize);
        Ok(descriptor)
    }

    /// Moves a descriptor to the number of another one, which is returned. Both must be open.
    pub fn renumber(&mut self, from: u32, to: u32) -> Result<Option<Descriptor>, Errno> {
        self.get(from)?;
        self.get(to)?;
        if from == to {
            return Ok(None);
        }
        let moved = self.remove(from)?;
        Ok(self.entries[to as usize].replace(moved))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::open::embedded::EmbeddedFile;

    fn descriptor(node: u32) -> Descriptor {
        let file = EmbeddedFile::open(node, rustix::fs::OFlags::empty());
        Descriptor { file: Arc::new(file.into()), rights: Rights::ALL, preopen: None }
    }

    fn node(table: &Table, number: u32) -> Option<u32> {
        table.get(number).ok()?.file.node()
    }

    #[test]
    fn the_lowest_free_number_is_given() {
        let mut table = Table::new();
        for number in 0..5 {
            assert_eq!(table.insert(descriptor(number)), Ok(number));
        }
        assert!(table.remove(3).is_ok());
        assert!(table.remove(1).is_ok());
        assert_eq!(table.remove(1).err(), Some(Errno::BADF));
        assert_eq!(table.insert(descriptor(9)), Ok(1));
        assert_eq!(table.insert(descriptor(9)), Ok(3));
        assert_eq!(table.insert(descriptor(9)), Ok(5));
        assert_eq!(table.remove(u32::MAX).err(), Some(Errno::BADF));
    }

    #[test]
    fn renumbering_replaces_an_open_descriptor() {
        let mut table = Table::new();
        for number in 0..3 {
            table.insert(descriptor(number)).expect("room");
        }
        let replaced = table.renumber(2, 0).expect("both are open").expect("another one");
        assert_eq!(replaced.file.node(), Some(0));
        assert_eq!((node(&table, 0), node(&table, 1), node(&table, 2)), (Some(2), Some(1), None));
        assert_eq!(table.renumber(0, 2).err(), Some(Errno::BADF));
        assert_eq!(table.renumber(7, 0).err(), Some(Errno::BADF));
        assert!(table.renumber(1, 1).expect("open").is_none());
        assert_eq!(table.insert(descriptor(9)), Ok(2));
    }

    #[test]
    fn numbers_can_be_chosen() {
        let mut table = Table::new();
        assert_eq!(table.insert(descriptor(0)), Ok(0));
        assert_eq!(table.insert_from(5, descriptor(5)), Ok(5));
        assert_eq!(table.insert_from(0, descriptor(1)), Ok(1));
        assert_eq!(table.insert_from(5, descriptor(6)), Ok(6));
        assert!(table.replace(9, descriptor(9)).expect("room").is_none());
        let before = table.replace(5, descriptor(7)).expect("room").expect("it was open");
        assert_eq!((before.file.node(), node(&table, 5)), (Some(5), Some(7)));
        assert_eq!(table.insert(descriptor(2)), Ok(2));
        assert_eq!(table.insert_from(u32::MAX, descriptor(0)), Err(Errno::MFILE));
        assert_eq!(table.replace(u32::MAX, descriptor(0)).err(), Some(Errno::MFILE));
    }

    #[test]
    fn the_table_is_bounded() {
        let mut table = Table::new();
        for _ in 0..DESCRIPTORS_MAX {
            table.insert(descriptor(0)).expect("room");
        }
        assert_eq!(table.insert(descriptor(0)), Err(Errno::MFILE));
    }
}
