//! From a contract to the source of a Rust crate.
//!
//! [`generate`] lowers a [`Contract`] to the [`ir`] and emits it as a [`Tree`] of files; [`Tree::diff`] and
//! [`tree::replace`] compare and write it. The same contract and settings give the same bytes.
//!
//! This crate sends nothing, starts nothing and knows no endpoint; it reads no file but those that it compares
//! with or replaces.

mod emit;
pub mod ir;
mod lower;
mod text;
pub mod tree;
mod vendor;

use driftline_specs::{Contract, Lifecycle};

pub use lower::{Error as LowerError, crate_name};
pub use tree::Tree;

/// What a contract does not say of the crate to be made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The API's name.
    pub api: String,
    /// The crate's name.
    pub crate_name: String,
    /// The contract's file, for the header of every generated file.
    pub contract: String,
    /// Where the crate finds its runtime.
    pub runtime: Runtime,
    /// How many calls the API takes.
    pub limits: ir::Limits,
    /// The documents that the contract rests on.
    pub sources: Vec<ir::Source>,
    /// Whether what cannot be read is an error, instead of free-form JSON with a notice.
    pub strict: bool,
    /// Whether objects keep the properties that their schemas do not declare. What `additionalProperties` describes is
    /// kept in any case.
    pub keep_undeclared: bool,
    /// What is known of the life of the API's resources.
    pub lifecycle: Option<Lifecycle>,
}

impl Settings {
    /// Returns the settings of a crate that stands alone, with its runtime inside.
    pub fn new(api: impl Into<String>, crate_name: impl Into<String>, contract: impl Into<String>) -> Self {
        Self {
            api: api.into(),
            crate_name: crate_name.into(),
            contract: contract.into(),
            runtime: Runtime::Vendored,
            limits: ir::Limits::default(),
            sources: Vec::new(),
            strict: false,
            keep_undeclared: true,
            lifecycle: None,
        }
    }

    /// Sets how many calls the API takes, which the client keeps to.
    pub fn limits(mut self, limits: ir::Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the documents that the contract rests on, for the documentation.
    pub fn sources(mut self, sources: Vec<ir::Source>) -> Self {
        self.sources = sources;
        self
    }

    /// Makes an error of everything that would be carried as free-form JSON because it cannot be read.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Keeps the properties that schemas do not declare, or drops them.
    pub fn keep_undeclared(mut self, keep: bool) -> Self {
        self.keep_undeclared = keep;
        self
    }

    /// Sets what is known of the life of the API's resources; it is the contract's, as [`Lifecycle::load`] has seen to.
    pub fn lifecycle(mut self, lifecycle: Option<Lifecycle>) -> Self {
        self.lifecycle = lifecycle;
        self
    }

    /// Sets where the crate finds its runtime.
    pub fn runtime(mut self, runtime: Runtime) -> Self {
        self.runtime = runtime;
        self
    }
}

/// Where a generated crate finds its runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// In a folder, relative to the crate.
    Path(String),
    /// In the crate's own folder `driftline-runtime`, which is written as well.
    Vendored,
}

/// Why a crate cannot be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The contract cannot be lowered.
    #[error(transparent)]
    Lower(#[from] LowerError),
    /// The generator made something that is not Rust. This is a bug of the generator.
    #[error("the generator made source that is not Rust ({0}); this is a bug of Driftline")]
    Emit(String),
}

/// A generated crate: what it consists of and the files.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Generated {
    /// What it consists of.
    pub krate: ir::Crate,
    /// Its files.
    pub tree: Tree,
}

/// Generates the crate of a contract.
///
/// # Errors
///
/// Fails when the contract cannot be lowered; the error names the place.
pub fn generate(contract: &Contract, settings: &Settings) -> Result<Generated, Error> {
    let krate = lower(contract, settings)?;
    let tree = emit(&krate, settings)?;
    Ok(Generated { krate, tree })
}

/// Decides what the crate of a contract consists of: the first half of [`generate`].
///
/// # Errors
///
/// Fails when the contract cannot be lowered; the error names the place.
pub fn lower(contract: &Contract, settings: &Settings) -> Result<ir::Crate, LowerError> {
    lower::lower(contract, settings)
}

/// Writes the files of a crate that was decided on: the second half of [`generate`].
///
/// # Errors
///
/// Fails when what was made is not Rust, which is a bug of the generator.
pub fn emit(krate: &ir::Crate, settings: &Settings) -> Result<Tree, Error> {
    let mut tree = emit::emit(krate, settings)?;
    if settings.runtime == Runtime::Vendored {
        for (path, text) in vendor::runtime() {
            tree.insert(format!("driftline-runtime/{path}"), text);
        }
    }
    Ok(tree)
}

/// Generates the crate that re-exports several generated ones and holds their registries. Each is given with
/// the folder it stands in, relative to this crate.
pub fn generate_apis(crates: &[(&ir::Crate, String)], runtime: &str) -> Tree {
    emit::emit_apis(crates, runtime)
}
