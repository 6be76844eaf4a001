//! The fields of a form, and how generated code takes them.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::parts::misfit;
use super::{FormField, Unmade, reading};
use crate::client::{FilePart, Style};
use crate::decode;

/// The fields of a form that are left.
pub struct Fields(pub(super) Vec<FormField>);

impl Fields {
    fn take(&mut self, is_it: impl Fn(&str) -> bool) -> Vec<FormField> {
        let (taken, left) = std::mem::take(&mut self.0).into_iter().partition(|field| is_it(&field.name));
        self.0 = left;
        taken
    }

    /// Takes a field that may be absent: in the way of a parameter where it has a style, else as a text, as one text an
    /// item, or as JSON.
    ///
    /// # Errors
    ///
    /// Fails when its type does not take what is there.
    pub fn optional<T: DeserializeOwned>(
        &mut self,
        name: &str,
        style: Option<Style>,
    ) -> Result<Option<T>, Unmade> {
        let part = format!("form field `{name}`");
        let fields = self.take(|known| {
            known == name || (style == Some(Style::DeepObject) && reading::is_below(known, name))
        });
        if fields.is_empty() {
            return Ok(None);
        }
        if let [FormField { media_type: Some(media_type), content, .. }] = fields.as_slice()
            && media_type.contains("json")
        {
            return decode::from_slice(content).map(Some).map_err(|error| misfit(&part, &error));
        }
        let mut pairs = Vec::with_capacity(fields.len());
        for field in fields {
            let text = String::from_utf8(field.content)
                .map_err(|_| Unmade::new(&*part, "it is a text that is not UTF-8"))?;
            pairs.push((field.name, text));
        }
        // A form of pairs says of no value that it is JSON.
        let json = match pairs.as_slice() {
            [(_, text)] => serde_json::from_str(text).ok().filter(|value: &Value| !value.is_string()),
            _ => None,
        };
        let readings = reading::readings(name, style.unwrap_or(Style::FormExploded), pairs);
        reading::fit(readings.into_iter().chain(json)).map(Some).map_err(|error| misfit(&part, &error))
    }

    /// Takes a field that has to be there.
    ///
    /// # Errors
    ///
    /// Fails when it is absent, or when its type does not take what is there.
    pub fn required<T: DeserializeOwned>(&mut self, name: &str, style: Option<Style>) -> Result<T, Unmade> {
        self.optional(name, style)?.ok_or_else(|| absent(name))
    }

    /// Takes the files of a name.
    pub fn files(&mut self, name: &str) -> Vec<FilePart> {
        let files = self.take(|known| known == name).into_iter().map(|field| {
            let mut file = FilePart::new(field.content);
            if let Some(file_name) = field.file_name {
                file = file.file_name(file_name);
            }
            match field.media_type {
                Some(media_type) => file.content_type(media_type),
                None => file,
            }
        });
        files.collect()
    }

    /// Takes a file that may be absent.
    ///
    /// # Errors
    ///
    /// Fails when there are several.
    pub fn optional_file(&mut self, name: &str) -> Result<Option<FilePart>, Unmade> {
        let mut files = self.files(name);
        match files.len() {
            0 | 1 => Ok(files.pop()),
            _ => Err(Unmade::new(format!("form field `{name}`"), "there is more than one")),
        }
    }

    /// Takes a file that has to be there.
    ///
    /// # Errors
    ///
    /// Fails when there is none, or when there are several.
    pub fn file(&mut self, name: &str) -> Result<FilePart, Unmade> {
        self.optional_file(name)?.ok_or_else(|| absent(name))
    }

    /// Makes sure that everything has been taken.
    ///
    /// # Errors
    ///
    /// Fails when a field is left that the form does not have.
    pub fn end(&self) -> Result<(), Unmade> {
        match self.0.first() {
            Some(field) => {
                Err(Unmade::new(format!("form field `{}`", field.name), "the form does not have it"))
            }
            None => Ok(()),
        }
    }
}

fn absent(name: &str) -> Unmade {
    Unmade::new(format!("form field `{name}`"), "it has to be there")
}
