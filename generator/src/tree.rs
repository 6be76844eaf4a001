//! A set of files that is compared with a folder, or takes its place, as a whole.
//!
//! A folder holds generated files, known by the mark in their header, and whatever people put beside them
//! (examples, tests). Only the former are compared, replaced and removed; the latter stay as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use similar::TextDiff;

use crate::emit::MARK;

/// Files by their path below some folder, with `/` between the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The path below the folder.
    pub path: String,
    /// What the folder holds, if anything.
    pub before: Option<String>,
    /// What the tree holds, if anything.
    pub after: Option<String>,
}

impl Change {
    /// Returns the change as a unified diff with three lines of context.
    pub fn unified(&self) -> String {
        let before = self.before.as_deref().unwrap_or_default();
        let after = self.after.as_deref().unwrap_or_default();
        let name = |side: &str, there: bool| {
            if there { format!("{side}/{}", self.path) } else { "/dev/null".to_owned() }
        };
        let (from, to) = (name("a", self.before.is_some()), name("b", self.after.is_some()));
        TextDiff::from_lines(before, after).unified_diff().header(&from, &to).to_string()
    }
}

impl Tree {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.files.insert(path.into(), text.into());
    }

    /// Adds the files of another tree below a folder.
    pub fn nest(&mut self, folder: &str, other: Tree) {
        self.files.extend(other.files.into_iter().map(|(path, text)| (format!("{folder}/{path}"), text)));
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Returns the text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Returns paths and texts in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Returns the number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Compares with a folder, which may be missing.
    ///
    /// # Errors
    ///
    /// Fails when a file of the folder cannot be read.
    pub fn diff(&self, folder: &Path) -> io::Result<Vec<Change>> {
        let mut changes = Vec::new();
        for (path, text) in &self.files {
            let before = match fs::read(folder.join(path)) {
                Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
                {
                    None
                }
                Err(error) => return Err(error),
            };
            if before.as_deref() != Some(text) {
                changes.push(Change { path: path.clone(), before, after: Some(text.clone()) });
            }
        }
        for path in marked(folder)? {
            if !self.files.contains_key(&path) {
                let bytes = fs::read(folder.join(&path))?;
                let before = Some(String::from_utf8_lossy(&bytes).into_owned());
                changes.push(Change { path, before, after: None });
            }
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }
}

/// Makes a folder hold a tree, in one step: whoever looks, or stops the process, at any moment finds either the
/// old files or the new ones. Files that nobody generated are carried over. Returns what changed; when nothing
/// did, nothing is written.
///
/// # Errors
///
/// Fails when a file cannot be read or written, or when a path of the tree leads out of the folder; the folder
/// is then as it was.
pub fn replace(folder: &Path, tree: &Tree) -> io::Result<Vec<Change>> {
    check_paths(tree)?;
    let name = folder.file_name().ok_or_else(|| io::Error::other("the folder has no name of its own"))?;
    let parent = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent)?;
    // Two runs at a time would each stage from the same old files; the second waits.
    // A platform that opens no folders goes without.
    let lock = File::open(parent).ok().filter(|lock| lock.lock().is_ok());
    let changes = tree.diff(folder)?;
    if !changes.is_empty() {
        let staging = parent.join(format!(".{}.driftline-staging", name.to_string_lossy()));
        // What an interrupted run left.
        remove_if_there(&staging)?;
        stage(folder, &staging, tree, &changes)?;
        swap(&staging, folder)?;
        let built = staging.join("target");
        if built.is_dir() {
            fs::rename(built, folder.join("target"))?;
        }
        remove_if_there(&staging)?;
    }
    drop(lock);
    Ok(changes)
}

fn check_paths(tree: &Tree) -> io::Result<()> {
    for (path, _) in tree.iter() {
        if !Path::new(path).components().all(|component| matches!(component, Component::Normal(_))) {
            return Err(io::Error::other(format!("the path `{path}` leads out of the folder")));
        }
    }
    Ok(())
}

fn remove_if_there(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Builds the new folder beside the old one. What does not change is linked, so that its time of change, which
/// Cargo looks at, stays.
fn stage(folder: &Path, staging: &Path, tree: &Tree, changes: &[Change]) -> io::Result<()> {
    let changed: BTreeSet<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    fs::create_dir_all(staging)?;
    for path in files(folder)? {
        if changed.contains(path.as_str()) {
            continue;
        }
        let (from, to) = (folder.join(&path), staging.join(&path));
        create_parent(&to)?;
        if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to)?;
        }
    }
    for (path, text) in tree.iter().filter(|(path, _)| changed.contains(path)) {
        let to = staging.join(path);
        create_parent(&to)?;
        fs::write(to, text)?;
    }
    Ok(())
}

fn create_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Puts the new folder where the old one is; afterwards `staging` is the old one, or gone.
fn swap(staging: &Path, folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        return fs::rename(staging, folder);
    }
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, staging, CWD, folder, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // A file system without exchange: two renames, the second of which puts the old folder back if need be.
    let mut old = staging.as_os_str().to_owned();
    old.push(".old");
    let old = PathBuf::from(old);
    remove_if_there(&old)?;
    fs::rename(folder, &old)?;
    if let Err(error) = fs::rename(staging, folder) {
        fs::rename(&old, folder)?;
        return Err(error);
    }
    fs::rename(&old, staging)
}

/// The files below a folder that carry the generator's mark.
fn marked(folder: &Path) -> io::Result<Vec<String>> {
    let mut marked = Vec::new();
    for path in files(folder)? {
        let mut head = Vec::with_capacity(256);
        File::open(folder.join(&path))?.take(256).read_to_end(&mut head)?;
        if String::from_utf8_lossy(&head).contains(MARK) {
            marked.push(path);
        }
    }
    Ok(marked)
}

/// Every file below a folder, without what Cargo builds there.
fn files(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(prefix) = open.pop() {
        let entries = match fs::read_dir(folder.join(&prefix)) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() && error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| {
                // Leaving it out would lose it when the folders are swapped.
                io::Error::other(format!("the name of {} is not UTF-8; rename it", entry.path().display()))
            })?;
            let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
            if entry.file_type()?.is_dir() {
                if path != "target" {
                    open.push(path);
                }
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
