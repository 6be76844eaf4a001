//! The parts of steps: parameters, bodies and criteria, with components in the place of what refers to them.

use regex::Regex;
use roas_arazzo::v1_1::{
    self, CriterionKind, CriterionType, ExpressionKind, ReusableOr, SelectorKind, SelectorType,
    ValueOrSelector,
};
use serde_json::Value;
use serde_json_path::JsonPath;

use super::super::condition::{Comparison, Condition};
use super::super::expression::Expression;
use super::super::template::{Selector, Template};
use super::super::{Argument, Criterion, Payload, Replacement, Test};
use super::Linker;
use crate::error::Error;
use crate::operation::{Operation, ParameterLocation, SecuritySchemeKind};
use crate::pointer;

impl Linker<'_> {
    /// Puts a component in the place of what refers to it.
    pub(super) fn component<'a, T>(
        &'a self,
        given: &'a ReusableOr<T>,
        kind: &str,
        components: impl Fn(&'a v1_1::Components) -> &'a std::collections::BTreeMap<String, T>,
        at: &str,
    ) -> Result<(&'a T, Option<&'a Value>), Error> {
        let reference = match given {
            ReusableOr::Item(item) => return Ok((item, None)),
            ReusableOr::Reusable(reference) => reference,
        };
        let prefix = format!("$components.{kind}.");
        let name = reference.reference.strip_prefix(&prefix).ok_or_else(|| {
            self.refuse(&format!("{at}/reference"), format!("a reference here begins with `{prefix}`"))
        })?;
        let all = self.document.description.components.as_ref().map(components);
        let found = all.and_then(|all| all.get(name)).ok_or_else(|| {
            self.refuse(
                &format!("{at}/reference"),
                format!("the document's components have no {kind} {name:?}"),
            )
        })?;
        Ok((found, reference.value.as_ref()))
    }

    /// The parameters of a step, and those of the workflow that it does not have itself.
    fn parameters<'a>(
        &'a self,
        lists: &[(&'a [ReusableOr<v1_1::Parameter>], String)],
    ) -> Result<Vec<(&'a v1_1::Parameter, Template, String)>, Error> {
        let mut found: Vec<(&v1_1::Parameter, Template, String)> = Vec::new();
        for (list, at) in lists {
            let first = found.len();
            for (index, given) in list.iter().enumerate() {
                let at = format!("{at}/{index}");
                let (parameter, value) = self.component(given, "parameters", |it| &it.parameters, &at)?;
                let is_same = |it: &(&v1_1::Parameter, Template, String)| {
                    it.0.name == parameter.name && it.0.in_ == parameter.in_
                };
                if found.iter().skip(first).any(is_same) {
                    return Err(self.refuse(&at, format!("{:?} is given twice", parameter.name)));
                }
                // What the step says goes before what the workflow says.
                if found.iter().any(is_same) {
                    continue;
                }
                let template = match value {
                    Some(value) => self.value(value, &format!("{at}/value"))?,
                    None => self.template(&parameter.value, &format!("{at}/value"))?,
                };
                found.push((parameter, template, at));
            }
        }
        Ok(found)
    }

    /// The parameters of an operation's step.
    pub(super) fn arguments(
        &self,
        operation: &Operation,
        workflow: &v1_1::Workflow,
        step: &v1_1::Step,
        above: &str,
        at: &str,
    ) -> Result<Vec<Argument>, Error> {
        let lists = [
            (step.parameters.as_slice(), format!("{at}/parameters")),
            (workflow.parameters.as_slice(), format!("{above}/parameters")),
        ];
        let mut arguments = Vec::new();
        for (parameter, value, place) in self.parameters(&lists)? {
            let location = match parameter.in_ {
                Some(v1_1::ParameterLocation::Path) => ParameterLocation::Path,
                Some(v1_1::ParameterLocation::Query) => ParameterLocation::Query,
                Some(v1_1::ParameterLocation::Header) => ParameterLocation::Header,
                Some(v1_1::ParameterLocation::Cookie) => ParameterLocation::Cookie,
                Some(v1_1::ParameterLocation::Querystring | v1_1::ParameterLocation::Channel) => {
                    return Err(self.refuse(&place, "this place of a parameter is not supported"));
                }
                None => return Err(self.refuse(&place, "a parameter of an operation says `in` which place")),
            };
            let is_named = |name: &str| match location {
                ParameterLocation::Header => name.eq_ignore_ascii_case(&parameter.name),
                _ => name == parameter.name,
            };
            let mut known = operation.parameters.iter();
            let Some(known) = known.find(|it| it.location == location && is_named(&it.name)) else {
                if self.is_credential(&parameter.name) {
                    let problem =
                        format!("{:?} is a credential, which comes from the target", parameter.name);
                    return Err(self.refuse(&place, problem));
                }
                if matches!(location, ParameterLocation::Header | ParameterLocation::Cookie) {
                    arguments.push(Argument {
                        location,
                        name: parameter.name.clone(),
                        documented: false,
                        value,
                    });
                    continue;
                }
                // What all steps of the workflow get, only those take that know it.
                if place.starts_with(&format!("{above}/parameters")) {
                    continue;
                }
                let problem =
                    format!("{} has no {} parameter {:?}", operation.id, location.as_str(), parameter.name);
                return Err(self.refuse(&place, problem));
            };
            arguments.push(Argument { location, name: known.name.clone(), documented: true, value });
        }
        for known in operation.parameters.iter().filter(|it| it.location == ParameterLocation::Path) {
            if !arguments.iter().any(|it| it.location == ParameterLocation::Path && it.name == known.name) {
                let problem = format!("{} needs the path parameter {:?}", operation.id, known.name);
                return Err(self.refuse(at, problem));
            }
        }
        Ok(arguments)
    }

    /// Whether a parameter is where a credential goes.
    fn is_credential(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("authorization")
            || self.contract.security_schemes().iter().any(|scheme| match &scheme.kind {
                SecuritySchemeKind::ApiKey { name: own, .. } => own.eq_ignore_ascii_case(name),
                _ => false,
            })
    }

    /// The inputs of a workflow that is called.
    pub(super) fn inputs(
        &self,
        list: &[ReusableOr<v1_1::Parameter>],
        at: &str,
    ) -> Result<Vec<(String, Template)>, Error> {
        let parameters = self.parameters(&[(list, at.to_owned())])?;
        Ok(parameters.into_iter().map(|(parameter, value, _)| (parameter.name.clone(), value)).collect())
    }

    pub(super) fn payload(
        &self,
        operation: &Operation,
        body: &v1_1::RequestBody,
        at: &str,
    ) -> Result<Payload, Error> {
        let content = operation.request_body.as_ref().map_or(&[][..], |it| it.content.as_slice());
        if content.is_empty() {
            return Err(self.refuse(at, format!("{} takes no body", operation.id)));
        }
        let media_type = match &body.content_type {
            None => content.iter().position(|it| it.is_json()).unwrap_or_default(),
            Some(wanted) => {
                content.iter().position(|it| it.name.eq_ignore_ascii_case(wanted)).ok_or_else(|| {
                    let known: Vec<&str> = content.iter().map(|it| it.name.as_str()).collect();
                    let problem = format!("{} takes {}, not {wanted:?}", operation.id, known.join(" or "));
                    self.refuse(&format!("{at}/contentType"), problem)
                })?
            }
        };
        let payload = body.payload.clone().unwrap_or_default();
        let value = self.value(&payload, &format!("{at}/payload"))?;
        let mut replacements = Vec::new();
        for (index, replacement) in body.replacements.iter().enumerate() {
            let at = format!("{at}/replacements/{index}");
            let kind = replacement.target_selector_type.as_ref();
            let target = if kind.is_none() && replacement.target.starts_with('$') {
                self.selector(&SelectorType::Simple(SelectorKind::Jsonpath), &replacement.target, &at)?
            } else {
                let kind = kind.cloned().unwrap_or_default();
                self.selector(&kind, &replacement.target, &format!("{at}/target"))?
            };
            let value = self.template(&replacement.value, &format!("{at}/value"))?;
            replacements.push(Replacement { target, value });
        }
        Ok(Payload { media_type, value, replacements })
    }

    pub(super) fn template(&self, value: &ValueOrSelector, at: &str) -> Result<Template, Error> {
        match value {
            ValueOrSelector::Literal(value) => self.value(value, at),
            ValueOrSelector::Selector(selector) => {
                let context = self.expression(&selector.context, &format!("{at}/context"))?;
                let place = format!("{at}/selector");
                Ok(Template::Selected(context, self.selector(&selector.type_, &selector.selector, &place)?))
            }
        }
    }

    fn value(&self, value: &Value, at: &str) -> Result<Template, Error> {
        Template::parse(value).map_err(|(below, problem)| self.refuse(&format!("{at}{below}"), problem))
    }

    fn expression(&self, text: &str, at: &str) -> Result<Expression, Error> {
        Expression::parse(text).map_err(|problem| self.refuse(at, format!("{text:?}: {problem}")))
    }

    fn selector(&self, kind: &SelectorType, text: &str, at: &str) -> Result<Selector, Error> {
        let kind = match kind {
            SelectorType::Simple(kind) => *kind,
            SelectorType::Expression(it) => match it.type_ {
                ExpressionKind::Jsonpath => SelectorKind::Jsonpath,
                ExpressionKind::Jsonpointer => SelectorKind::Jsonpointer,
                ExpressionKind::Xpath => SelectorKind::Xpath,
            },
        };
        match kind {
            SelectorKind::Xpath => Err(self.refuse(at, "XPath is not supported; bodies here are JSON")),
            SelectorKind::Jsonpath => Ok(Selector::Path(self.json_path(text, at)?)),
            SelectorKind::Jsonpointer => match pointer::tokens(text) {
                Some(tokens) => Ok(Selector::Pointer(tokens)),
                None => Err(self.refuse(at, format!("{text:?} is no JSON Pointer (RFC 6901)"))),
            },
        }
    }

    fn json_path(&self, text: &str, at: &str) -> Result<JsonPath, Error> {
        JsonPath::parse(text)
            .map_err(|error| self.refuse(at, format!("{text:?} is no JSONPath (RFC 9535): {error}")))
    }

    /// What has to hold of an operation when nothing is said: it succeeds.
    pub(super) fn success(&self, at: &str) -> Result<Criterion, Error> {
        let text = "$statusCode >= 200 && $statusCode < 300";
        let condition = Condition::parse(text).map_err(|problem| self.refuse(at, problem))?;
        Ok(Criterion { text: text.to_owned(), line: self.document.line(at), test: Test::Simple(condition) })
    }

    pub(super) fn criteria(&self, criteria: &[v1_1::Criterion], at: &str) -> Result<Vec<Criterion>, Error> {
        let criteria = criteria.iter().enumerate();
        criteria.map(|(index, it)| self.criterion(it, &format!("{at}/{index}"))).collect()
    }

    fn criterion(&self, criterion: &v1_1::Criterion, at: &str) -> Result<Criterion, Error> {
        let place = format!("{at}/condition");
        let text = &criterion.condition;
        let kind = match &criterion.type_ {
            None => CriterionKind::Simple,
            Some(CriterionType::Simple(kind)) => *kind,
            Some(CriterionType::Expression(it)) => match it.type_ {
                ExpressionKind::Jsonpath => CriterionKind::Jsonpath,
                ExpressionKind::Xpath => CriterionKind::Xpath,
                ExpressionKind::Jsonpointer => {
                    return Err(self.refuse(&format!("{at}/type"), "a JSON Pointer is no condition"));
                }
            },
        };
        let context = |linker: &Self| {
            linker.expression(criterion.context.as_deref().unwrap_or_default(), &format!("{at}/context"))
        };
        let test = match kind {
            CriterionKind::Simple => Test::Simple(
                Condition::parse(text)
                    .map_err(|problem| self.refuse(&place, format!("{text:?}: {problem}")))?,
            ),
            CriterionKind::Regex => {
                let translated = jsonschema_regex::to_rust_regex(text);
                let compiled = translated.ok().and_then(|it| Regex::new(&it).ok()).ok_or_else(|| {
                    self.refuse(&place, format!("{text:?} is no regular expression that is supported"))
                })?;
                Test::Regex(context(self)?, compiled)
            }
            CriterionKind::Jsonpath => match Comparison::parse(text) {
                Some(comparison) if JsonPath::parse(text).is_err() => {
                    Test::Comparison(context(self)?, comparison)
                }
                _ => Test::Path(context(self)?, self.json_path(text, &place)?),
            },
            CriterionKind::Xpath => {
                let problem = "criteria of type `xpath` are not supported; bodies here are JSON";
                return Err(self.refuse(&format!("{at}/type"), problem));
            }
        };
        Ok(Criterion { text: text.clone(), line: self.document.line(&place), test })
    }
}
