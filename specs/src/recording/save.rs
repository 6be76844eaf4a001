//! Replaces a file in one step.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a file beside the one it replaces, brings it to the disk, and gives it the name.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let mut staged = OsString::from(".");
    staged.push(name);
    staged.push(format!(".{}-{serial}.tmp", std::process::id()));
    let staged = folder.join(staged);
    let written = write(&staged, bytes).and_then(|()| fs::rename(&staged, path));
    if written.is_err() {
        // What failed is told; that the rest of it lies there still would say nothing more.
        let _ = fs::remove_file(&staged);
    }
    written?;
    // Without this the new name may be lost in a crash, and then the previous file is there: both are complete.
    let _ = File::open(folder).and_then(|it| it.sync_all());
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
