//! What a path of the guest leads to, from its root, its working directory or a directory that is open.
//!
//! A path is followed by its text as far as it leads from mount point to mount point. Below the last one it is the affair of
//! [`crate::vfs::path`]: the embedded tree or the kernel follows it, links are what they are there, and a grant ends where it ends.
//! Under a grant of the host's `/` everything is as for any process.
//!
//! `..` leads from the folder of a grant to what the guest has above it, but only if what stands before it in the path really
//! leads to that folder: otherwise a link is on the way, and the kernel follows all of it.

use super::descriptors;
use super::mounts::{Mounts, PointIndex, ROOT};
use super::names::{self, Directory, climbs, join, normal};
use crate::process::configuration::Configuration;
use crate::process::lock::Lock;
use crate::vfs::open::OpenFile;
use crate::vfs::operation::{self, At};
use crate::vfs::path::{PATH_BYTES_MAX, Path, Step, steps, way_back};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};
use rustix::fd::{AsFd, BorrowedFd};
use rustix::fs::{OFlags, fstat};
use rustix::io::Errno;

/// The names of a guest.
pub struct Namespace {
    pub(super) configuration: Configuration,
    /// Where the grants are.
    pub mounts: Mounts,
    /// The working directory, once it is known.
    pub(super) working_directory: Lock<Option<Directory>>,
}

/// What a path leads to.
pub struct Target {
    namespace: &'static Namespace,
    kind: Kind,
}

/// Where an operation finds what it is about.
pub enum Kind {
    /// Below a directory: a folder of a grant, what is embedded, or what the path started at.
    Below {
        /// The directory.
        start: Directory,
        /// The path from there.
        path: Path,
        /// Whether that is the folder of a grant itself, which is in use.
        is_mount_point: bool,
    },
    /// What is open: a synthetic directory, or the descriptor that an empty path stands for.
    Open(Arc<OpenFile>),
    /// A name in a synthetic directory. Nothing has it, and nothing can get it.
    Nothing,
}

/// What a path leads to, from an open directory or, without one, from the working directory. Absolute paths start at the root.
///
/// Fails with `ENOENT` for an empty path and `ENAMETOOLONG`.
pub fn at(directory: Option<u32>, path: &[u8]) -> Result<Target, Errno> {
    let namespace = Namespace::of_guest();
    if path.first() == Some(&b'/') {
        return namespace.at(None, path);
    }
    match directory {
        Some(number) => namespace.at(Some(&descriptors::directory(number)?), path),
        None => namespace.at(None, path),
    }
}

/// The same where an empty path stands for the descriptor itself, which need not be a directory (`AT_EMPTY_PATH`).
pub fn at_or_itself(directory: Option<u32>, path: &[u8]) -> Result<Target, Errno> {
    if !path.is_empty() {
        return at(directory, path);
    }
    let namespace = Namespace::of_guest();
    let start = match directory {
        Some(number) => descriptors::directory(number)?,
        None => namespace.working_directory()?,
    };
    Ok(namespace.target(Kind::Open(start.file)))
}

/// The namespace of the guest, once it was made.
static NAMESPACE: AtomicPtr<Namespace> = AtomicPtr::new(null_mut());

impl Namespace {
    /// The namespace of the grants in a configuration.
    pub fn new(configuration: Configuration) -> Namespace {
        Namespace { configuration, mounts: Mounts::of(configuration), working_directory: Lock::new(None) }
    }

    /// That of this executable's guest.
    pub fn of_guest() -> &'static Namespace {
        let made = NAMESPACE.load(Ordering::Acquire);
        if !made.is_null() {
            // SAFETY: it was made below, is never freed, and nobody changes it but through its lock.
            return unsafe { &*made };
        }
        let new = Box::into_raw(Box::new(Namespace::new(Configuration::of_executable())));
        match NAMESPACE.compare_exchange(null_mut(), new, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: as above.
            Ok(_) => unsafe { &*new },
            Err(earlier) => {
                // SAFETY: it came from a box just now, and nobody else has it.
                drop(unsafe { Box::from_raw(new) });
                // SAFETY: as above.
                unsafe { &*earlier }
            }
        }
    }

    fn target(&'static self, kind: Kind) -> Target {
        Target { namespace: self, kind }
    }

    /// See [`at`].
    pub fn at(&'static self, directory: Option<&Directory>, path: &[u8]) -> Result<Target, Errno> {
        if path.is_empty() {
            return Err(Errno::NOENT);
        }
        if path.len() > PATH_BYTES_MAX {
            return Err(Errno::NAMETOOLONG);
        }
        let kind = match (path.first(), directory) {
            (Some(b'/'), _) => self.resolve(path)?,
            (_, Some(directory)) => self.relative(directory, path)?,
            (_, None) => self.relative(&self.working_directory()?, path)?,
        };
        Ok(self.target(kind))
    }

    /// Follows a relative path.
    fn relative(&self, directory: &Directory, path: &[u8]) -> Result<Kind, Errno> {
        if self.needs_name(directory, path) {
            return self.resolve(&join(&self.name_of(directory)?, path));
        }
        let path = Path::any(path.to_vec())?;
        Ok(Kind::Below { start: directory.clone(), path, is_mount_point: false })
    }

    /// Whether a relative path has to be followed from the root, by the name of the directory where it starts: because it leads to
    /// another mount point or to what is embedded, or out of the directory where only the folder of the grant says how far that may
    /// be.
    fn needs_name(&self, directory: &Directory, path: &[u8]) -> bool {
        if matches!(*directory.file, OpenFile::SyntheticDirectory(_)) {
            return true;
        }
        let climbs = climbs(path);
        let Some(access) = directory.file.access() else {
            // What is embedded.
            return directory.file.node().is_some() && (climbs || !self.mounts.is_one_root());
        };
        if climbs && !access.whole_host {
            return true;
        }
        let may_be_embedded = climbs && self.mounts.tree.is_some();
        if self.mounts.is_one_root() && !may_be_embedded {
            return false;
        }
        // Links in the name can only make this see mount points where none are.
        let Some(name) = &directory.name else { return false };
        let path = join(name, path);
        may_be_embedded && self.mounts.is_embedded_text(&path) || self.covering_text(name) != self.covering_text(&path)
    }

    /// The folder that covers an absolute path by its text: the address of its name is as good as any number.
    fn covering_text(&self, path: &[u8]) -> Option<*const u8> {
        self.mounts.covering(self.mounts.nearest(path)).map(|(mounted, _)| mounted.name.as_ptr())
    }

    /// Follows an absolute path from mount point to mount point.
    fn resolve(&self, path: &[u8]) -> Result<Kind, Errno> {
        let (mut point, mut rest) = (ROOT, path);
        while let Some((step, after)) = steps(rest).next() {
            let next = match step {
                Step::Up => Some(self.mounts.parent(point)),
                Step::Down(name) => self.mounts.child(point, name),
            };
            match next {
                Some(next) => (point, rest) = (next, after),
                None => match self.excursion(point, rest)? {
                    Some(back) => rest = back,
                    None => return self.below(point, rest),
                },
            }
        }
        self.below(point, b"")
    }

    /// If a path leaves the mount points at `point`, comes back to it (`tmp/../home`) and goes on to another one, what follows when
    /// it is back. It is back if it is by its text and no link is on the way that `..` leads elsewhere from.
    fn excursion<'p>(&self, point: PointIndex, rest: &'p [u8]) -> Result<Option<&'p [u8]>, Errno> {
        if !self.goes_on_elsewhere(point, rest) {
            return Ok(None);
        }
        let Some((excursion, back)) = way_back(rest) else { return Ok(None) };
        let identity = |path: &[u8]| {
            let status = match self.below(point, path)? {
                Kind::Below { start, path, .. } => operation::status(self.start(&start.file, path), true)?,
                Kind::Open(file) => file.status()?,
                Kind::Nothing => return Err(Errno::NOENT),
            };
            Ok((status.device, status.inode))
        };
        Ok((identity(excursion)? == identity(b"")?).then_some(back))
    }

    /// Whether a path that leaves the mount points at `point` comes to another one later, by its text.
    fn goes_on_elsewhere(&self, point: PointIndex, rest: &[u8]) -> bool {
        // The kernel knows that nothing is above the host's root.
        let is_top = || point == ROOT && self.mounts.covering(ROOT).is_some_and(|(root, _)| root.access.whole_host);
        let mut rest = rest;
        while let Some((_, mut back)) = way_back(rest) {
            loop {
                match steps(back).next() {
                    None => return false,
                    Some((Step::Up, after)) if is_top() => back = after,
                    Some((Step::Up, _)) => return true,
                    Some((Step::Down(name), _)) if self.mounts.child(point, name).is_some() => return true,
                    Some((Step::Down(_), _)) => break,
                }
            }
            rest = back;
        }
        false
    }

    /// What a path leads to that leaves the mount points at `point`; an empty one leads to the point.
    fn below(&self, point: PointIndex, rest: &[u8]) -> Result<Kind, Errno> {
        let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
        let rest = &rest[slashes..];
        if let Some((mounted, mut path)) = self.mounts.covering(point) {
            let is_mount_point = path.is_empty() && rest.is_empty();
            path.extend_from_slice(if rest.is_empty() { b"." } else { rest });
            let start = Directory { file: mounted.file.clone(), name: Some(mounted.name.clone()) };
            return Ok(Kind::Below { start, path: Path::any(path)?, is_mount_point });
        }
        if rest.is_empty() {
            return Ok(Kind::Open(Arc::new(self.mounts.open_synthetic(point))));
        }
        let name = self.mounts.path(point);
        if let (Some(tree), Some(root)) = (self.mounts.tree, &self.mounts.embedded_root)
            && tree.find(&name).is_some()
        {
            let start = Directory { file: root.clone(), name: Some(b"/".as_slice().into()) };
            let path = Path::any(join(&name, rest)[1..].to_vec())?;
            return Ok(Kind::Below { start, path, is_mount_point: false });
        }
        // What does not exist cannot be passed through.
        if steps(rest).count() == 1 { Ok(Kind::Nothing) } else { Err(Errno::NOENT) }
    }

    fn start<'a>(&self, file: &'a OpenFile, path: Path) -> At<'a> {
        At { start: file, path, tree: self.mounts.tree }
    }

    /// Returns the guest's name for a directory that is open, wherever it is by now.
    ///
    /// Fails with `ENOENT` if it has none: it was removed, or moved to where no grant covers it.
    pub(super) fn name_of(&self, directory: &Directory) -> Result<Vec<u8>, Errno> {
        let file = &*directory.file;
        match (file, &directory.name) {
            (OpenFile::SyntheticDirectory(synthetic), _) => return Ok(synthetic.path.clone()),
            // The guest knows it by that name alone, wherever the host has it.
            (OpenFile::HostFolder(_), Some(name)) => return Ok(name.to_vec()),
            _ => {}
        }
        if let (Some(tree), Some(node)) = (self.mounts.tree, file.node()) {
            return Ok(normal(&tree.path(node)));
        }
        // Fails for what is no directory that paths can start at.
        let base = file.base()?;
        match names::of_host(base.directory)? {
            Some(host) => self.name_by_host(directory, base.directory, &host),
            None => self.name_by_identity(directory, base.directory),
        }
    }

    /// The guest's name for a directory with this name of the host: by the nearest folder that it lies in.
    fn name_by_host(&self, directory: &Directory, opened: BorrowedFd<'_>, host: &[u8]) -> Result<Vec<u8>, Errno> {
        let mut nearest: Option<(Vec<u8>, usize)> = None;
        for mounted in self.mounts.mounted().filter(|mounted| Some(mounted.access) == directory.file.access()) {
            let root = match mounted.access.whole_host {
                true => b"/".to_vec(),
                false => match mounted.file.descriptor().and_then(names::of_host) {
                    Ok(Some(root)) => root,
                    _ => continue,
                },
            };
            if let Some(below) = names::below(host, &root)
                && nearest.as_ref().is_none_or(|&(_, bytes)| below.len() < bytes)
            {
                nearest = Some((normal(&join(&mounted.name, below)), below.len()));
            }
        }
        match nearest {
            Some((name, _)) => Ok(name),
            // Mounted elsewhere too, or its root is not that of the process.
            None => self.name_by_identity(directory, opened),
        }
    }

    /// What the guest called a directory when it was opened, if that still leads there.
    fn name_by_identity(&self, directory: &Directory, opened: BorrowedFd<'_>) -> Result<Vec<u8>, Errno> {
        let name = directory.name.as_deref().ok_or(Errno::NOENT)?;
        let Kind::Below { start, path, .. } = self.resolve(name)? else { return Err(Errno::NOENT) };
        let found = operation::status(self.start(&start.file, path), true)?;
        let wanted = fstat(opened.as_fd())?;
        if (found.device, found.inode) == (wanted.st_dev, wanted.st_ino) {
            Ok(name.to_vec())
        } else {
            Err(Errno::NOENT)
        }
    }
}

impl Target {
    /// What it is.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Whether it is the folder of a grant, or leads to one: the names of both are in use.
    pub fn is_mount_point(&self) -> bool {
        matches!(self.kind, Kind::Open(_) | Kind::Below { is_mount_point: true, .. })
    }

    /// Does something with what a path leads to below a directory. Fails with the first error for what is open already, and with
    /// the second for nothing.
    ///
    /// A link may lead out of the directory where the path started and stay in the grant. So what is refused for that is done again
    /// from the folder of the grant; what was refused has not happened.
    pub fn run<R>(&self, errors: [Errno; 2], work: impl Fn(At<'_>) -> Result<R, Errno>) -> Result<R, Errno> {
        let at = |kind: &Kind| match kind {
            Kind::Below { start, path, .. } => work(self.namespace.start(&start.file, path.clone())),
            Kind::Open(_) => Err(errors[0]),
            Kind::Nothing => Err(errors[1]),
        };
        match at(&self.kind) {
            Err(Errno::PERM) => self.restarted().map_or(Err(Errno::PERM), |kind| at(&kind)),
            result => result,
        }
    }

    /// The same path from the folder of the grant, if it starts at another directory below a folder that ends somewhere.
    fn restarted(&self) -> Option<Kind> {
        let Kind::Below { start, path, .. } = &self.kind else { return None };
        let is_limited = start.file.access().is_some_and(|access| !access.whole_host);
        if !is_limited || matches!(*start.file, OpenFile::HostFolder(_)) {
            return None;
        }
        let name = self.namespace.name_of(start).ok()?;
        self.namespace.resolve(&join(&name, path.bytes())).ok()
    }

    /// Does something that changes something. Where the grant allows no changes that fails with `EROFS`: nothing else than that is
    /// refused there.
    pub fn change<R>(&self, errors: [Errno; 2], work: impl Fn(At<'_>) -> Result<R, Errno>) -> Result<R, Errno> {
        let is_read_only = || match &self.kind {
            Kind::Below { start, .. } => start.file.access().is_some_and(|access| access.read_only),
            Kind::Open(_) | Kind::Nothing => false,
        };
        match self.run(errors, work) {
            Err(Errno::PERM) if is_read_only() => Err(Errno::ROFS),
            result => result,
        }
    }

    /// The guest's name for it, by its text.
    pub fn name(&self) -> Option<Arc<[u8]>> {
        match &self.kind {
            Kind::Below { start, path, .. } => Some(normal(&join(start.name.as_deref()?, path.bytes())).into()),
            Kind::Open(file) => match &**file {
                OpenFile::SyntheticDirectory(synthetic) => Some(synthetic.path.as_slice().into()),
                _ => None,
            },
            Kind::Nothing => None,
        }
    }

    /// Opens it as a directory that paths can start at.
    pub(super) fn open_directory(&self) -> Result<Directory, Errno> {
        let file = match &self.kind {
            Kind::Open(file) => file.clone(),
            _ => {
                let flags = OFlags::PATH | OFlags::DIRECTORY;
                Arc::new(self.run([Errno::NOENT; 2], |at| operation::open(at, flags))?)
            }
        };
        Ok(Directory { file, name: self.name() })
    }
}
