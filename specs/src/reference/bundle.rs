//! Brings what lies in neighbouring files into the document, as components with stable names.
//!
//! A reference may name a file in the folder of the contract or below it; nothing outside that folder is read, and
//! no URL. A component that only refers to a file takes the content of the file. Anything else becomes a component
//! named after the last token of its pointer, or after the file. A Path Item, which OpenAPI 3.0 has no component
//! for, is put in place of its reference.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::error::{Error, Fault, Place};
use crate::grammar::{self, Kind};
use crate::lineage::{Edit, Lineage};
use crate::normalise::{Copies, has_file_mapping, is_reference};
use crate::pointer;
use crate::source::Source;

/// How many files a contract may be spread over.
const MAX_FILES: usize = 1_000;

/// The longest chain of Path Items that each are only a reference.
const MAX_PATH_ITEMS: usize = 20;

/// Makes every reference one into the document itself. `root` is the path of the contract, `None` for a text.
///
/// Returns what is wrong with references that cannot be followed, by the text of the reference; they stay as they
/// are. A neighbouring file that cannot be read is an error.
pub(crate) fn bundle(
    document: &mut Value,
    root: Option<&Path>,
    lineage: &mut Lineage,
) -> Result<HashMap<String, Fault>, Error> {
    let mut external = Vec::new();
    grammar::walk(document, &mut |pointer, site| {
        if site.reference().is_some_and(|target| !target.starts_with('#')) || has_file_mapping(site.value) {
            external.push((pointer.to_owned(), site.kind));
        }
    });
    if external.is_empty() {
        return Ok(HashMap::new());
    }
    let mut bundler = Bundler::new(document, root, lineage)?;
    // Components that only refer to a file come first: they give their names to what is in it.
    external.sort_by_key(|(pointer, kind)| !is_component(pointer, *kind));
    for (pointer, kind) in external {
        bundler.try_rewrite_at(&pointer, kind, 0)?;
    }
    bundler.finish()?;
    Ok(bundler.unread)
}

fn is_component(pointer: &str, kind: Kind) -> bool {
    pointer::tokens(pointer).is_some_and(|tokens| {
        matches!(tokens.as_slice(), [components, section, _]
            if components == "components" && Some(section.as_str()) == kind.component())
    })
}

/// A file of the contract; the first is the contract itself.
struct File {
    path: PathBuf,
    value: Value,
    source: usize,
}

struct Bundler<'d> {
    document: &'d mut Value,
    lineage: &'d mut Lineage,
    folder: PathBuf,
    files: Vec<File>,
    by_path: HashMap<PathBuf, usize>,
    /// Where a value of a file has been put: the pointer of its component.
    placed: HashMap<(usize, String, Kind), String>,
    /// Components whose references are still those of their file.
    pending: VecDeque<(String, Kind, usize)>,
    taken: HashSet<String>,
    unread: HashMap<String, Fault>,
    copies: Copies,
}

impl<'d> Bundler<'d> {
    fn new(document: &'d mut Value, root: Option<&Path>, lineage: &'d mut Lineage) -> Result<Self, Error> {
        let (folder, path) = match root {
            Some(root) => {
                let path = root.canonicalize().map_err(|error| {
                    Fault::new(format!("cannot find the file: {error}"))
                        .at(Place::file(root))
                        .into(Error::Read)
                })?;
                (path.parent().map(Path::to_owned).unwrap_or_default(), path)
            }
            None => (PathBuf::new(), PathBuf::new()),
        };
        let files = vec![File { path: path.clone(), value: Value::Null, source: 0 }];
        let by_path = HashMap::from([(path, 0)]);
        Ok(Self {
            document,
            lineage,
            folder,
            files,
            by_path,
            placed: HashMap::new(),
            pending: VecDeque::new(),
            taken: HashSet::new(),
            unread: HashMap::new(),
            copies: Copies::new(),
        })
    }

    fn finish(&mut self) -> Result<(), Error> {
        while let Some((pointer, kind, file)) = self.pending.pop_front() {
            let mut places = Vec::new();
            if let Some(value) =
                pointer::tokens(&pointer).and_then(|tokens| pointer::lookup(self.document, &tokens))
            {
                grammar::walk_tree(value, &pointer, kind, &mut |place, site| {
                    if site.reference().is_some() || has_file_mapping(site.value) {
                        places.push((place.to_owned(), site.kind));
                    }
                });
            }
            for (place, kind) in places {
                self.try_rewrite_at(&place, kind, file)?;
            }
        }
        Ok(())
    }

    /// Like [`rewrite_at`](Self::rewrite_at), but a reference that cannot be followed stays as it is.
    fn try_rewrite_at(&mut self, place: &str, kind: Kind, file: usize) -> Result<(), Error> {
        match self.rewrite_at(place, kind, file) {
            Err(Error::Reference(fault)) => {
                let written = pointer::tokens(place)
                    .and_then(|tokens| pointer::lookup(self.document, &tokens)?.get("$ref")?.as_str());
                match written {
                    // A pointer into another file means nothing, or something else, in this document.
                    Some(written) if file != 0 && written.starts_with('#') => {
                        let apart = format!("{}{written}", self.file_name(file));
                        if let Some(tokens) = pointer::tokens(place) {
                            self.set(&tokens, "$ref", Value::String(apart.clone()));
                        }
                        self.unread.insert(apart, *fault);
                    }
                    Some(written) => drop(self.unread.insert(written.to_owned(), *fault)),
                    None => self.lineage.mend(place, fault.problem),
                }
                Ok(())
            }
            other => other,
        }
    }

    fn file_name(&self, file: usize) -> String {
        let name = self.files.get(file).and_then(|file| file.path.file_name());
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Makes the references of the object at `place`, which was written in `file`, internal.
    fn rewrite_at(&mut self, place: &str, kind: Kind, file: usize) -> Result<(), Error> {
        let Some(tokens) = pointer::tokens(place) else { return Ok(()) };
        let Some(members) = pointer::lookup(self.document, &tokens).and_then(Value::as_object) else {
            return Ok(());
        };
        if let Some(Value::String(reference)) = members.get("$ref") {
            let reference = reference.clone();
            let alone = members.len() == 1;
            if kind == Kind::PathItem && !(file == 0 && reference.starts_with('#')) {
                return self.put_path_item(&tokens, place, &reference, file);
            }
            let target = if alone && is_component(place, kind) {
                self.target_for_component(&tokens, place, &reference, kind, file)?
            } else {
                Some(self.target(place, &reference, kind, file)?)
            };
            if let Some(target) = target {
                self.set(&tokens, "$ref", Value::String(target));
            }
        } else if let Some(Value::Object(mapping)) =
            members.get("discriminator").and_then(|it| it.get("mapping"))
        {
            let mut mapping = mapping.clone();
            for value in mapping.values_mut() {
                if let Value::String(reference) = value
                    && is_reference(reference)
                {
                    *value = Value::String(self.target(place, reference, Kind::Schema, file)?);
                }
            }
            let at: Vec<String> = tokens.iter().cloned().chain(["discriminator".to_owned()]).collect();
            self.set(&at, "mapping", Value::Object(mapping));
        }
        Ok(())
    }

    fn set(&mut self, at: &[String], member: &str, value: Value) {
        if let Some(members) = pointer::lookup_mut(self.document, at).and_then(Value::as_object_mut) {
            members.insert(member.to_owned(), value);
        }
    }

    /// Returns the internal form of a reference that is written in `file`, placing its target when needed.
    fn target(&mut self, place: &str, reference: &str, kind: Kind, file: usize) -> Result<String, Error> {
        let (file, pointer) = self.locate(place, reference, file)?;
        if file == 0 {
            return Ok(pointer);
        }
        let key = (file, pointer.clone(), kind);
        if let Some(placed) = self.placed.get(&key) {
            return Ok(placed.clone());
        }
        let value = self.value_in(place, reference, file, &pointer)?;
        let section = kind.component().unwrap_or("schemas");
        let name = self.free_name(section, &pointer, file);
        let component = pointer::from_tokens(["components", section, &name]);
        self.place_component(&component, value, &key);
        Ok(component)
    }

    /// Gives a component that only refers to a file the content of that file; a reference is left when the content
    /// already has a place.
    fn target_for_component(
        &mut self,
        tokens: &[String],
        place: &str,
        reference: &str,
        kind: Kind,
        file: usize,
    ) -> Result<Option<String>, Error> {
        let (target_file, pointer) = self.locate(place, reference, file)?;
        let key = (target_file, pointer.clone(), kind);
        if target_file == 0 {
            return Ok(Some(pointer));
        }
        if let Some(placed) = self.placed.get(&key) {
            return Ok(Some(placed.clone()));
        }
        let value = self.value_in(place, reference, target_file, &pointer)?;
        self.place_component(&pointer::from_tokens(tokens), value, &key);
        Ok(None)
    }

    fn place_component(&mut self, component: &str, value: Value, key: &(usize, String, Kind)) {
        let Some(at) = pointer::tokens(component) else { return };
        if let [components, section, name] = at.as_slice()
            && let Some(document) = self.document.as_object_mut()
            && let Some(components) = object_at(document, components)
            && let Some(section) = object_at(components, section)
        {
            section.insert(name.clone(), value);
        }
        self.record(at, key.0, &key.1);
        self.placed.insert(key.clone(), component.to_owned());
        self.pending.push_back((component.to_owned(), key.2, key.0));
    }

    fn record(&mut self, at: Vec<String>, file: usize, pointer: &str) {
        let source = self.files.get(file).map_or(0, |file| file.source);
        self.lineage.record(Edit::Set { at, source, from: pointer::tokens(pointer).unwrap_or_default() });
    }

    /// Puts a Path Item of another file in place of the reference to it; what stands beside the reference wins.
    fn put_path_item(
        &mut self,
        at: &[String],
        place: &str,
        reference: &str,
        file: usize,
    ) -> Result<(), Error> {
        let (mut reference, mut file) = (reference.to_owned(), file);
        for _ in 0..MAX_PATH_ITEMS {
            let (target, pointer) = self.locate(place, &reference, file)?;
            if target == 0 {
                self.set(at, "$ref", Value::String(pointer));
                return Ok(());
            }
            let value = self.value_in(place, &reference, target, &pointer)?;
            let Value::Object(added) = value else { break };
            let next = added.get("$ref").and_then(Value::as_str).map(str::to_owned);
            let Some(members) = pointer::lookup_mut(self.document, at).and_then(Value::as_object_mut) else {
                break;
            };
            members.shift_remove("$ref");
            let added: Map<String, Value> =
                added.into_iter().filter(|(key, _)| key != "$ref" && !members.contains_key(key)).collect();
            let keys: Vec<String> = added.keys().cloned().collect();
            // The new members are rewritten on their own, because those that were there belong to another file.
            let mut item = Value::Object(added);
            let mut places = Vec::new();
            grammar::walk_tree(&item, "#", Kind::PathItem, &mut |inner, site| {
                if site.reference().is_some() {
                    places.push((inner.to_owned(), site.kind));
                }
            });
            for (inner, kind) in places {
                let Some(tokens) = pointer::tokens(&inner) else { continue };
                let Some(written) = pointer::lookup(&item, &tokens).and_then(|it| it.get("$ref")?.as_str())
                else {
                    continue;
                };
                let internal = self.target(place, written, kind, target)?;
                if let Some(Value::Object(members)) = pointer::lookup_mut(&mut item, &tokens) {
                    members.insert("$ref".to_owned(), Value::String(internal));
                }
            }
            if let (Some(Value::Object(members)), Value::Object(item)) =
                (pointer::lookup_mut(self.document, at), item)
            {
                members.extend(item);
            }
            for key in keys {
                let at = at.iter().cloned().chain([key.clone()]).collect();
                self.record(at, target, &pointer::join(&pointer, &key));
            }
            match next {
                Some(next) => (reference, file) = (next, target),
                None => return Ok(()),
            }
        }
        Err(self.fault(place, format!("{reference:?} leads to no Path Item Object")).into(Error::Reference))
    }

    /// Finds the file and the pointer in it that a reference means.
    fn locate(&mut self, place: &str, reference: &str, file: usize) -> Result<(usize, String), Error> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let Some(pointer) = pointer::canonical(fragment) else {
            return Err(self
                .fault(place, format!("{reference:?} has no JSON Pointer behind its `#`"))
                .into(Error::Reference));
        };
        if path.is_empty() {
            return Ok((file, pointer));
        }
        if path.contains("://") || path.starts_with("//") || url::Url::parse(path).is_ok() {
            let fault = self
                .fault(place, format!("{reference:?} is a URL, and contracts are read without a network"))
                .advise("save that document beside the contract and refer to the file");
            return Err(fault.into(Error::Reference));
        }
        let path = pointer::tokens(&format!("/{}", path.replace('~', "~0").replace('/', "~1")))
            .and_then(|mut tokens| tokens.pop())
            .unwrap_or_default();
        let index = self.open(place, reference, Path::new(&path), file)?;
        Ok((index, pointer))
    }

    fn open(&mut self, place: &str, reference: &str, relative: &Path, from: usize) -> Result<usize, Error> {
        let outside = |bundler: &Self| {
            bundler
                .fault(place, format!("{reference:?} is outside the folder of the contract"))
                .advise("move the file into the folder of the contract")
                .into(Error::Reference)
        };
        if self.folder.as_os_str().is_empty() {
            let fault = self
                .fault(
                    place,
                    format!("{reference:?} is in another file, and this contract is a text without a folder"),
                )
                .advise("load the contract from its file, or bundle it into one document");
            return Err(fault.into(Error::Reference));
        }
        if relative.is_absolute() {
            return Err(outside(self));
        }
        let base = self.files.get(from).and_then(|file| file.path.parent()).unwrap_or(&self.folder);
        let wanted = base.join(relative);
        let path = wanted.canonicalize().map_err(|error| {
            self.fault(place, format!("the file of {reference:?} cannot be found: {error}"))
                .expecting(format!("a file at {}", wanted.display()))
                .advise("add the file, or correct the reference")
                .into(Error::Reference)
        })?;
        if !path.starts_with(&self.folder) {
            return Err(outside(self));
        }
        if let Some(&index) = self.by_path.get(&path) {
            return Ok(index);
        }
        if self.files.len() >= MAX_FILES {
            let fault = self.fault(place, format!("the contract is spread over more than {MAX_FILES} files"));
            return Err(fault.into(Error::Reference));
        }
        let (source, value) = Source::read(&path)?;
        let source = self.lineage.add(source);
        self.files.push(File { path: path.clone(), value, source });
        self.by_path.insert(path, self.files.len() - 1);
        Ok(self.files.len() - 1)
    }

    fn value_in(&mut self, place: &str, reference: &str, file: usize, pointer: &str) -> Result<Value, Error> {
        let tokens = pointer::tokens(pointer).unwrap_or_default();
        let found = self.files.get(file).and_then(|file| pointer::lookup(&file.value, &tokens));
        let copied = found.map(|value| self.copies.copy(value));
        match copied {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(self
                .fault(place, format!("too much would be copied to follow {reference:?}"))
                .advise("refer to it as a component")
                .into(Error::Reference)),
            None => Err(self
                .fault(place, format!("the reference {reference:?} leads nowhere"))
                .advise("define it in that file, or correct the reference")
                .into(Error::Reference)),
        }
    }

    /// A name that no other component of the section has: the pointer's last token or the file's stem, then both,
    /// then with a number.
    fn free_name(&mut self, section: &str, pointer: &str, file: usize) -> String {
        let stem = self
            .files
            .get(file)
            .and_then(|file| file.path.file_stem())
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let last = pointer::last_token(pointer).unwrap_or_else(|| stem.clone());
        let name = allowed(&last);
        let both = allowed(&format!("{stem}_{last}"));
        let numbered = (2..).map(|number| format!("{both}_{number}"));
        let section_members = self.document.pointer(&format!("/components/{section}"));
        let is_free = |name: &String| {
            !self.taken.contains(&format!("{section}/{name}"))
                && section_members.and_then(|members| members.get(name)).is_none()
        };
        let free = [name, both.clone()].into_iter().chain(numbered).find(is_free).unwrap_or(both);
        self.taken.insert(format!("{section}/{free}"));
        free
    }

    fn fault(&self, place: &str, problem: String) -> Fault {
        Fault::new(problem).at(self.lineage.place(&pointer::join(place, "$ref")))
    }
}

fn object_at<'m>(members: &'m mut Map<String, Value>, key: &str) -> Option<&'m mut Map<String, Value>> {
    members.entry(key).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

/// Replaces what a component's name may not have (OpenAPI 3.0, Components Object).
fn allowed(name: &str) -> String {
    let keep = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    name.chars().map(|character| if keep(character) { character } else { '_' }).collect()
}
