//! How generated requests walk through lists: the extension `x-pagination`, with the places in the body that it
//! names found in the types.

use std::collections::HashMap;

use driftline_specs::{self as specs, Contract, PaginationStyle, pointer};
use serde_json::Value;

use crate::ir::{AnswerBody, Notice, Operation, Pages, Paging, Presence, Step, Type, TypeDef, TypeKind};

/// Aliases that lead on to aliases are followed so far.
const MAX_ALIASES: usize = 32;

/// Gives every operation that lists its pages.
pub(super) fn fill_in(
    contract: &Contract,
    types: &[TypeDef],
    operations: &mut [Operation],
    notices: &mut Vec<Notice>,
) {
    let types: HashMap<&str, &TypeDef> = types.iter().map(|it| (it.name.as_str(), it)).collect();
    for (operation, stated) in operations.iter_mut().zip(contract.operations()) {
        let Some(pagination) = &stated.pagination else { continue };
        match pages(contract, &types, operation, stated, pagination) {
            Ok(pages) => operation.pages = Some(pages),
            Err(problem) => notices.push(Notice {
                pointer: format!("{}/x-pagination", operation.pointer),
                message: format!("{problem}; the client has no `pages` for it"),
            }),
        }
    }
}

fn pages(
    contract: &Contract,
    types: &HashMap<&str, &TypeDef>,
    operation: &Operation,
    stated: &specs::Operation,
    pagination: &specs::Pagination,
) -> Result<Pages, String> {
    let body = match operation.successes.as_slice() {
        [only] => match &only.body {
            AnswerBody::Json(ty) => ty,
            _ => return Err("belongs to an answer that is not JSON".to_owned()),
        },
        _ => {
            return Err(
                "belongs to an operation that does not have exactly one documented success".to_owned()
            );
        }
    };
    let (items, ty) = way(types, body, &pagination.items).ok_or_else(|| {
        format!("names items at {:?}, where the answer's type has no property", pagination.items)
    })?;
    let Type::Array(item) = resolved(types, ty) else {
        return Err(format!("names items at {:?}, where the answer has no list", pagination.items));
    };
    let other = |place: &Option<String>| {
        let way = |place: &String| {
            let found = way(types, body, place).map(|(steps, _)| steps);
            found.ok_or_else(|| format!("names {place:?}, where the answer's type has no property"))
        };
        place.as_ref().map(way).transpose()
    };
    let (next, total) = (other(&pagination.next)?, other(&pagination.total)?);
    let limit = pagination.limit.clone();
    let usual = limit.as_ref().and_then(|limit| {
        let parameter = stated.parameters.iter().find(|parameter| parameter.name == *limit)?;
        contract.at(&pointer::join(&parameter.schema.as_ref()?.pointer, "default")).and_then(Value::as_u64)
    });
    let missing = || "does not name its parameter".to_owned();
    let paging = match pagination.style {
        PaginationStyle::Offset => {
            Paging::Offset { parameter: pagination.offset.clone().ok_or_else(missing)?, limit, usual }
        }
        PaginationStyle::Page => Paging::Page {
            parameter: pagination.page.clone().ok_or_else(missing)?,
            first: pagination.first,
            limit,
            usual,
        },
        PaginationStyle::Cursor => {
            Paging::Cursor { parameter: pagination.cursor.clone().ok_or_else(missing)? }
        }
        PaginationStyle::Url => Paging::Url,
        PaginationStyle::Link => Paging::Link,
        _ => return Err("has a style that is not known".to_owned()),
    };
    Ok(Pages { paging, item: (**item).clone(), items, next, total })
}

/// The type behind aliases and boxes.
fn resolved<'a>(types: &HashMap<&str, &'a TypeDef>, mut ty: &'a Type) -> &'a Type {
    for _ in 0..MAX_ALIASES {
        ty = match ty {
            Type::Boxed(inner) => inner,
            Type::Named(name) => match types.get(name.as_str()).map(|it| &it.kind) {
                Some(TypeKind::Alias(inner)) => inner,
                _ => return ty,
            },
            _ => return ty,
        };
    }
    ty
}

/// The fields that lead from a type to a place in its JSON, and the type there.
pub(super) fn way<'a>(
    types: &HashMap<&str, &'a TypeDef>,
    from: &'a Type,
    place: &str,
) -> Option<(Vec<Step>, &'a Type)> {
    let mut steps = Vec::new();
    let mut here = from;
    for token in pointer::tokens(place)? {
        let Type::Named(name) = resolved(types, here) else { return None };
        let TypeKind::Struct(object) = &types.get(name.as_str())?.kind else { return None };
        let field = object.fields.iter().find(|field| field.property == token)?;
        let (ty, nullable) = match &field.ty {
            Type::Nullable(inner) => (&**inner, true),
            ty => (ty, field.presence == Presence::Nullable),
        };
        let optional = field.presence != Presence::Required;
        steps.push(Step { field: field.name.clone(), optional, nullable });
        here = ty;
    }
    Some((steps, here))
}
