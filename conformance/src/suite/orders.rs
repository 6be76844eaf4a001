//! Which orders a list can be asked for in, as the listed values of its parameters say.

use serde_json::Value;

use crate::engine::Plan;

/// Names of parameters that ask for an order, and of those that ask for its direction only.
const ORDERS: [&str; 8] =
    ["sort", "sortby", "sortfield", "orderby", "order", "ordering", "sortkey", "sorting"];
const DIRECTIONS: [&str; 8] =
    ["order", "direction", "sortorder", "sortdirection", "sortdir", "orderdirection", "orderdir", "dir"];

/// An order that a list can be asked for in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    /// The parameters to send.
    pub(super) query: Vec<(String, Value)>,
    /// The parameter that names the property.
    pub(super) parameter: String,
    /// The property.
    pub(super) property: String,
    /// The direction, where it is said.
    pub(super) descends: Option<bool>,
}

/// Returns the orders, each property at first.
pub(super) fn orders(plan: &Plan) -> Vec<Order> {
    let listed = |names: &[&str], is: fn(&str) -> bool| {
        let parameters =
            plan.operation.parameters.iter().filter(|it| names.contains(&plain(&it.name).as_str()));
        let mut listed = parameters.map(|it| (it.name.clone(), plan.listed(&it.name)));
        listed.find(|(_, values)| values.first().is_some_and(|first| is(first)))
    };
    let Some((parameter, values)) = listed(&ORDERS, |value| way(value).is_none()) else { return Vec::new() };
    let direction = listed(&DIRECTIONS, |value| way(value).is_some()).filter(|(name, _)| *name != parameter);
    let mut orders = Vec::new();
    for value in values {
        let (property, descends) = read(&value);
        let order = Order {
            query: vec![(parameter.clone(), Value::from(value))],
            parameter: parameter.clone(),
            property,
            descends,
        };
        match &direction {
            Some((name, ways)) if order.descends.is_none() => {
                for value in ways {
                    let mut order = Order { descends: way(value), ..order.clone() };
                    order.query.push((name.clone(), Value::from(value.clone())));
                    orders.push(order);
                }
            }
            _ => orders.push(order),
        }
    }
    orders
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Whether a word is a direction, and whether it descends.
fn way(word: &str) -> Option<bool> {
    match plain(word).as_str() {
        "asc" | "ascending" => Some(false),
        "desc" | "descending" => Some(true),
        _ => None,
    }
}

/// Reads the property and the direction from a listed value.
fn read(value: &str) -> (String, Option<bool>) {
    if let Some(property) = value.strip_prefix('-') {
        return (property.to_owned(), Some(true));
    }
    if let Some(property) = value.strip_prefix('+') {
        return (property.to_owned(), Some(false));
    }
    let split = value.rsplit_once([':', ' ', ',', '.', '_', '-']);
    match split.and_then(|(property, last)| Some((property, way(last)?))) {
        Some((property, descends)) => (property.to_owned(), Some(descends)),
        None => (value.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_is_a_sign_or_the_last_word() {
        for (value, property, descends) in [
            ("created_at", "created_at", None),
            ("-created_at", "created_at", Some(true)),
            ("+name", "name", Some(false)),
            ("name:desc", "name", Some(true)),
            ("name asc", "name", Some(false)),
            ("created_at_desc", "created_at", Some(true)),
            ("NAME_ASC", "NAME", Some(false)),
        ] {
            assert_eq!(read(value), (property.to_owned(), descends), "{value}");
        }
    }
}
