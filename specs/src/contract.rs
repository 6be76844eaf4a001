//! The [`Contract`]: an API's effective OpenAPI document, loaded, corrected by overlays and resolved.
//!
//! The normalised JSON value is the source of truth. The operation table is read from it once; the typed schemas that
//! lowering wants are read from it when they are asked for. Neither is ever written back.

mod links;
mod pagination;
mod refused;
mod security;
mod table;
mod typed;
mod webhooks;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::error::{Error, Fault, Position};
use crate::lineage::Lineage;
use crate::loss::{Loss, Refusal};
use crate::normalise::Needs;
use crate::operation::{Operation, ParameterLocation, SecurityScheme, SecuritySchemeKind, Server};
use crate::overlay::Overlay;
use crate::source::{MAX_DEPTH, Source};
use crate::validation::{Direction, Validator, Validators};
use crate::webhook::Webhook;
use crate::{normalise, pointer, reference, stack};

/// An API's effective OpenAPI document. Cloning is cheap.
#[derive(Clone)]
pub struct Contract {
    inner: Arc<Inner>,
}

struct Inner {
    document: Value,
    lineage: Lineage,
    operations: Vec<Operation>,
    by_id: HashMap<String, usize>,
    webhooks: Vec<Webhook>,
    refusals: Vec<Refusal>,
    losses: OnceLock<Vec<Loss>>,
    validators: Validators,
}

impl Contract {
    /// Loads a document in JSON or YAML, decided by content, and applies overlays in order.
    ///
    /// References to neighbouring files are bundled into components; the document is normalised to OpenAPI 3.0.
    /// An operation that cannot be used is left out ([`refusals`](Self::refusals)), a smaller fault is mended
    /// ([`losses`](Self::losses)); [`refuse_faults`](Self::refuse_faults) is for those who want neither.
    pub fn load(path: &Path, overlays: &[PathBuf]) -> Result<Self, Error> {
        let (source, document) = Source::read(path)?;
        let overlays =
            overlays.iter().map(|overlay| Overlay::load(overlay)).collect::<Result<Vec<_>, _>>()?;
        Self::build(source, document, overlays, Some(path))
    }

    /// Loads a document from a text; `name` stands for it in messages. It cannot refer to other files.
    pub fn from_text(name: &str, text: &str) -> Result<Self, Error> {
        let (source, document) = Source::parse(Path::new(name), text)?;
        Self::build(source, document, Vec::new(), None)
    }

    /// Loads a document and an overlay from texts.
    pub fn from_text_with_overlay(name: &str, text: &str, overlay: &str) -> Result<Self, Error> {
        let (source, document) = Source::parse(Path::new(name), text)?;
        let overlay = Overlay::from_text(&format!("{name} (overlay)"), overlay)?;
        Self::build(source, document, vec![overlay], None)
    }

    /// Loads a document with overlays that were read before.
    pub(crate) fn load_with(path: &Path, overlays: Vec<Overlay>) -> Result<Self, Error> {
        let (source, document) = Source::read(path)?;
        Self::build(source, document, overlays, Some(path))
    }

    fn build(
        source: Source,
        document: Value,
        overlays: Vec<Overlay>,
        root: Option<&Path>,
    ) -> Result<Self, Error> {
        stack::roomy(|| Self::build_here(source, document, overlays, root))
    }

    fn build_here(
        source: Source,
        mut document: Value,
        overlays: Vec<Overlay>,
        root: Option<&Path>,
    ) -> Result<Self, Error> {
        let mut lineage = Lineage::new(source);
        let version = normalise::version(&document, &lineage)?;
        for (index, overlay) in overlays.into_iter().enumerate() {
            let edits = overlay.apply_from(&mut document, index + 1)?;
            lineage.add(overlay.into_source());
            lineage.extend(edits);
        }
        refuse_excess(&document, &lineage)?;
        let mut needs = Needs::of(&document);
        if needs.names {
            normalise::resolve_names(&mut document, &mut lineage);
        }
        let mut unread = HashMap::new();
        if needs.files {
            unread = reference::bundle(&mut document, root, &mut lineage)?;
            refuse_excess(&document, &lineage)?;
            needs = Needs::of(&document);
        }
        let mut refusals = normalise::normalise(&mut document, version, needs, &unread, &mut lineage);
        let table = table::build(&document);
        let mut mended = HashSet::new();
        for (pointer, message) in table.mended {
            if mended.insert((pointer.clone(), message.clone())) {
                lineage.mend(&pointer, message);
            }
        }
        let operations = table.operations;
        refusals.extend(table.refusals);
        if !refusals.is_empty() {
            refused::take_out(&mut document, &operations);
        }
        let by_id =
            operations.iter().enumerate().map(|(index, operation)| (operation.id.clone(), index)).collect();
        Ok(Self {
            inner: Arc::new(Inner {
                document,
                lineage,
                operations,
                by_id,
                webhooks: table.webhooks,
                refusals,
                losses: OnceLock::new(),
                validators: Validators::default(),
            }),
        })
    }

    /// The normalised OpenAPI 3.0 value.
    pub fn document(&self) -> &Value {
        &self.inner.document
    }

    /// The schema at a pointer as `openapiv3` types it, read anew with each call; references in it are not followed.
    ///
    /// `None` when nothing is there, or a reference.
    pub fn schema(&self, pointer: &str) -> Option<openapiv3::Schema> {
        let value = self.at(pointer)?;
        value.get("$ref").is_none_or(|target| !target.is_string()).then(|| typed::schema(value))
    }

    /// A text of the Info Object.
    fn info(&self, member: &str) -> Option<&str> {
        self.document().get("info")?.get(member)?.as_str()
    }

    /// `info.title`.
    pub fn title(&self) -> &str {
        self.info("title").unwrap_or_default()
    }

    /// `info.version`.
    pub fn version(&self) -> &str {
        self.info("version").unwrap_or_default()
    }

    /// `info.description`.
    pub fn description(&self) -> Option<&str> {
        self.info("description")
    }

    /// Where the API answers, as the contract says; the variables of a URL take their defaults.
    pub fn servers(&self) -> Vec<Server> {
        let servers = self.document().get("servers").and_then(Value::as_array).into_iter().flatten();
        servers
            .filter_map(|server| {
                let mut url = server.get("url")?.as_str()?.to_owned();
                let variables = server.get("variables").and_then(Value::as_object).into_iter().flatten();
                for (name, variable) in variables {
                    if let Some(default) = variable.get("default").and_then(Value::as_str) {
                        url = url.replace(&format!("{{{name}}}"), default);
                    }
                }
                Some(Server { url, description: table::text(server.as_object()?, "description") })
            })
            .collect()
    }

    /// Whether the whole contract is inferred by us (`info.x-provisional: true`), not stated by the vendor.
    pub fn is_provisional(&self) -> bool {
        self.document().pointer("/info/x-provisional") == Some(&Value::Bool(true))
    }

    /// The operations, in the document's order.
    pub fn operations(&self) -> &[Operation] {
        &self.inner.operations
    }

    /// The operation with an id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.inner.by_id.get(id).and_then(|&index| self.inner.operations.get(index))
    }

    /// What the API sends on its own: under `webhooks` first, then under the operations' `callbacks`.
    pub fn webhooks(&self) -> &[Webhook] {
        &self.inner.webhooks
    }

    /// The operations that cannot be used, and are not among [`operations`](Self::operations).
    pub fn refusals(&self) -> &[Refusal] {
        &self.inner.refusals
    }

    /// What of the vendor's document is carried only in part, or read otherwise than it is written.
    pub fn losses(&self) -> &[Loss] {
        self.inner.losses.get_or_init(|| self.inner.lineage.losses())
    }

    /// Where a loss is written.
    pub fn position_of_loss(&self, loss: &Loss) -> Option<Position> {
        self.inner.lineage.position_of_loss(loss)
    }

    /// Refuses the contract when an operation had to be left out, or something wrong had to be mended. What OpenAPI
    /// 3.0 cannot say is no fault.
    ///
    /// # Errors
    ///
    /// The first of these faults, with its place.
    pub fn refuse_faults(&self) -> Result<(), Error> {
        let lineage = &self.inner.lineage;
        if let Some(refusal) = self.refusals().first() {
            let problem = format!("the operation {} cannot be used: {}", refusal.operation, refusal.reason);
            return Err(Fault::new(problem).at(lineage.place(&refusal.pointer)).into(Error::Structure));
        }
        match lineage.first_fault() {
            None => Ok(()),
            Some(loss) => Err(Fault::new(loss.message.clone())
                .at(lineage.place_of_loss(&loss))
                .advise("correct it with an overlay action")
                .into(Error::Structure)),
        }
    }

    /// The value at a pointer such as `#/components/schemas/Foo/properties/a~1b`; `$ref`s are not followed.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        pointer::lookup(self.document(), &pointer::tokens(pointer)?)
    }

    /// Follows `$ref`s from a pointer to the defining place: its canonical pointer and the value there.
    pub fn resolve(&self, pointer: &str) -> Option<(String, &Value)> {
        reference::resolve(self.document(), pointer)
    }

    /// Where a part of the contract is written: in the vendor's document, a neighbouring file or an overlay.
    ///
    /// A part that normalisation has added has the place of what is around it.
    pub fn position(&self, pointer: &str) -> Option<Position> {
        self.inner.lineage.position(pointer)
    }

    /// The security schemes that the contract defines, in its order.
    pub fn security_schemes(&self) -> Vec<SecurityScheme> {
        let base = "#/components/securitySchemes";
        let members = self.at(base).and_then(Value::as_object);
        members
            .into_iter()
            .flat_map(|members| members.keys())
            .filter_map(|name| {
                let (pointer, scheme) = self.resolve(&pointer::join(base, name))?;
                let text = |member: &str| scheme.get(member).and_then(Value::as_str);
                let kind = match text("type")? {
                    "apiKey" => SecuritySchemeKind::ApiKey {
                        location: ParameterLocation::from_key(text("in")?)?,
                        name: text("name")?.to_owned(),
                    },
                    "http" => SecuritySchemeKind::Http { scheme: text("scheme")?.to_ascii_lowercase() },
                    "oauth2" => SecuritySchemeKind::OAuth2,
                    "openIdConnect" => SecuritySchemeKind::OpenIdConnect,
                    _ => return None,
                };
                let description = text("description").map(str::to_owned);
                Some(SecurityScheme { name: name.clone(), kind, description, pointer })
            })
            .collect()
    }

    /// The compiled validator for the schema at `pointer`, in the OpenAPI 3.0 sense; compiled once for a contract.
    pub fn validator(&self, pointer: &str, direction: Direction) -> Result<Arc<Validator>, Error> {
        let Some((canonical, _)) = self.resolve(pointer) else {
            return Err(Fault::new("there is no schema at this pointer")
                .at(self.inner.lineage.place(pointer))
                .advise("use a pointer from the operation table")
                .into(Error::Schema));
        };
        self.inner.validators.get(self.document(), &self.inner.lineage, &canonical, direction)
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Contract")
            .field("title", &self.title())
            .field("version", &self.version())
            .field("operations", &self.operations().len())
            .finish_non_exhaustive()
    }
}

/// How many bytes the pointers of all values of a document may have together: with long names even a small document
/// has places that fill the memory.
const MAX_PLACES: usize = 1024 * 1024 * 1024;

/// Refuses a document that overlays or neighbours have nested deeper than a text may be, or whose names are too long.
fn refuse_excess(document: &Value, lineage: &Lineage) -> Result<(), Error> {
    let refuse = |problem: &str, expected: String| {
        Err(Fault::new(problem).at(lineage.place("#")).expecting(expected).into(Error::Structure))
    };
    match bytes_of_places(document, 0, 0) {
        None => refuse(
            "the document nests too deeply with its overlays and neighbours",
            format!("at most {MAX_DEPTH} levels"),
        ),
        Some(bytes) if bytes > MAX_PLACES => refuse(
            "the names of the document are too long for as many values as it has",
            format!("JSON Pointers of at most {} MiB in all", MAX_PLACES / (1024 * 1024)),
        ),
        Some(_) => Ok(()),
    }
}

/// How long the pointers of all values in a value are together, where its own has `length` bytes; `None` when it is
/// nested too deeply.
fn bytes_of_places(value: &Value, length: usize, depth: usize) -> Option<usize> {
    if depth >= MAX_DEPTH {
        return None;
    }
    let mut bytes = length;
    let mut add = |value: &Value, length: usize| {
        let more = match value {
            Value::Array(_) | Value::Object(_) => bytes_of_places(value, length, depth + 1)?,
            _ => length,
        };
        bytes = bytes.saturating_add(more);
        Some(())
    };
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                add(item, length + 2 + index.checked_ilog10().unwrap_or(0) as usize)?;
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                add(value, length + 1 + key.len())?;
            }
        }
        _ => {}
    }
    Some(bytes)
}
