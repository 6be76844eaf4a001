//! Known-good request bodies: `fixtures/<operationId>.json`, or `fixtures/<operationId>.<word>.json` when an
//! operation has several.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Api;
use crate::error::{Error, Fault, Place};
use crate::source::Source;

impl Api {
    /// Reads the fixtures of the API's folder, by operation and then in the order of the file names.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, is not JSON, or is named after no operation.
    pub fn fixtures(&self) -> Result<BTreeMap<String, Vec<Value>>, Error> {
        let folder = self.dir.join("fixtures");
        let mut fixtures: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        if !folder.is_dir() {
            return Ok(fixtures);
        }
        let unreadable = |error: std::io::Error| {
            Fault::new(format!("the fixtures cannot be listed: {error}"))
                .at(Place::file(&folder))
                .into(Error::Read)
        };
        let mut paths = std::fs::read_dir(&folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
            .map_err(unreadable)?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        for path in paths {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let id = stem.split('.').next().unwrap_or_default();
            if self.contract.operation(id).is_none() {
                return Err(Fault::new(format!("the contract has no operation {id:?}"))
                    .at(Place::file(&path))
                    .expecting("a file named after an operation: <operationId>.json")
                    .advise("rename the file or remove it")
                    .into(Error::Settings));
            }
            let (_, value) = Source::read(&path)?;
            fixtures.entry(id.to_owned()).or_default().push(value);
        }
        Ok(fixtures)
    }
}
