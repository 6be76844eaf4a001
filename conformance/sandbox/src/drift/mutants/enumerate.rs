//! From a contract to its mutants: every answer and every request of every operation, every list, every transition, and
//! each mutant in each of its modes.

use driftline_specs::{Contract, Lifecycle, Operation, ParameterLocation, Response, StatusSpec};

use super::bodies::in_body;
use super::{Condition, Mode, Mutant, Mutation, lists, lives, requests};
use crate::random::mix_text;

/// Successes that an operation may have instead of its own. 204 is none of them: it has no body.
const SUCCESSES: [u16; 4] = [200, 201, 202, 203];

/// Refusals that an operation may have instead of its own.
const REFUSALS: [u16; 4] = [409, 410, 412, 418];

/// What is said of too many requests, which a stand-in without limits never says.
const THROTTLED: u16 = 429;

/// A place, where the contract speaks of it, and what is done there.
pub(super) type Finding = (String, String, Mutation);

/// Every mutant of an API, in the contract's order; the same contract gives the same ones.
///
/// Only answers with a documented status and a JSON body have mutants of their bodies, and only operations that document
/// how they refuse a request have mutants of what they refuse.
pub fn mutants(api: &str, contract: &Contract, lifecycle: Option<&Lifecycle>) -> Vec<Mutant> {
    let mut found = Vec::new();
    for operation in contract.operations() {
        let about = |status: Option<u16>, place: &str, contract: &str, mutation| Mutant {
            api: api.to_owned(),
            operation_id: operation.id.clone(),
            status,
            place: place.to_owned(),
            contract: contract.to_owned(),
            mutation,
            mode: Mode::Always,
        };
        let mut own = Vec::new();
        if demands_credential(operation) {
            own.push(about(None, "", &operation.pointer, Mutation::Authorisation));
        }
        for response in &operation.responses {
            let StatusSpec::Code(status @ 200..=499) = response.status else { continue };
            if status == THROTTLED || (300..400).contains(&status) {
                continue;
            }
            let others = if status < 300 { SUCCESSES } else { REFUSALS };
            let undocumented = others.into_iter().find(|other| operation.response_for(*other).is_none());
            if let Some(other) = undocumented {
                own.push(about(Some(status), "", &response.pointer, Mutation::Status(other)));
            }
            let Some(schema) = json_schema(response) else { continue };
            own.push(about(Some(status), "", &response.pointer, Mutation::ContentType));
            for (place, contract, mutation) in in_body(contract, schema) {
                own.push(about(Some(status), &place, &contract, mutation));
            }
        }
        let whole = [
            requests::constraints(contract, operation),
            lists::faults(operation),
            lives::moves(operation, lifecycle),
        ];
        own.extend(whole.into_iter().flatten().map(|(place, at, what)| about(None, &place, &at, what)));
        let conditions = conditions(contract, operation);
        found.extend(own.into_iter().flat_map(|mutant| in_every_mode(mutant, &conditions)));
    }
    found
}

fn demands_credential(operation: &Operation) -> bool {
    !operation.security.is_empty() && operation.security.iter().all(|alternative| !alternative.is_empty())
}

fn json_schema(response: &Response) -> Option<&str> {
    let json = response.content.iter().find(|content| content.is_json())?;
    json.schema.as_ref().map(|schema| schema.pointer.as_str())
}

/// What requests of an operation may have about them, or not.
fn conditions(contract: &Contract, operation: &Operation) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let has_path = operation.parameters.iter().any(|it| it.location == ParameterLocation::Path);
    conditions.extend(has_path.then_some(Condition::EvenPath));
    let optional = operation.parameters.iter().filter(|parameter| !parameter.required);
    let in_query = optional.filter(|parameter| parameter.location == ParameterLocation::Query);
    conditions.extend(in_query.map(|parameter| Condition::Query(parameter.name.clone())));
    conditions.extend(requests::optional(contract, operation).into_iter().map(Condition::Property));
    conditions
}

/// A mutant that always shows, the same now and then, and the same on one of the conditions.
fn in_every_mode(mutant: Mutant, conditions: &[Condition]) -> Vec<Mutant> {
    // A mutant that shows in what is done with a parameter has its condition in itself.
    let about = mutant.place.strip_prefix("/query/").map(str::to_owned);
    let others: Vec<&Condition> = conditions
        .iter()
        .filter(|it| !matches!(it, Condition::Query(name) if Some(name) == about.as_ref()))
        .collect();
    let drawn = usize::try_from(mix_text(&mutant.id())).unwrap_or_default().checked_rem(others.len());
    let condition = drawn.and_then(|at| others.get(at)).map(|it| Mode::Conditional((*it).clone()));
    let further: Vec<Mutant> = std::iter::once(Mode::Intermittent)
        .chain(condition)
        .map(|mode| Mutant { mode, ..mutant.clone() })
        .collect();
    std::iter::once(mutant).chain(further).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use driftline_specs::{Contract, Direction};
    use serde_json::{Map, Value, json};

    use super::super::shape::Shape;
    use super::{Mode, Mutant, json_schema, mutants};
    use crate::answer::Answer;
    use crate::contracts::definitions;

    const SPECIMEN: &str = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
security: [{key: []}]
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: Pets.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: key}}
  schemas:
    Named: {type: object, required: [name], properties: {name: {type: string}}}
    Pet:
      allOf:
        - $ref: '#/components/schemas/Named'
        - type: object
          properties:
            size: {type: string, nullable: true, enum: [small, null]}
            mother: {$ref: '#/components/schemas/Pet'}
";

    fn all() -> Vec<(Contract, Vec<Mutant>)> {
        let contracts = definitions().iter().map(|api| (api.name, api.contract().unwrap()));
        contracts.map(|(name, contract)| (contract.clone(), mutants(name, &contract, None))).collect()
    }

    #[test]
    fn each_place_is_mutated_in_every_way_that_the_contract_rules_out() {
        let contract = Contract::from_text("pets.yaml", SPECIMEN).unwrap();
        let (always, others): (Vec<Mutant>, Vec<Mutant>) =
            mutants("pets", &contract, None).into_iter().partition(|it| it.mode == Mode::Always);
        // Nothing about a request for all pets may be there or not.
        assert!(others.iter().all(|it| it.mode == Mode::Intermittent) && others.len() == always.len());
        let ids: Vec<String> = always.iter().map(Mutant::id).collect();
        let in_items = |tail: &str| format!("pets/listPets/200/*/{tail}");
        let mut expected: Vec<String> =
            ["authorisation", "200/status", "200/content-type", "200/retyped", "200/nulled"]
                .map(|tail| format!("pets/listPets/{tail}"))
                .to_vec();
        let tails = [
            "retyped",
            "arrayed",
            "nulled",
            "name/dropped",
            "name/renamed",
            "name/retyped",
            "name/arrayed",
            "name/nulled",
            "size/dropped-optional",
            "size/renamed",
            "size/retyped",
            "size/arrayed",
            "size/enum-extended",
            // A pet in a pet goes no deeper, though it has the same properties.
            "mother/dropped-optional",
            "mother/renamed",
            "mother/retyped",
            "mother/arrayed",
            "mother/nulled",
        ];
        expected.extend(tails.map(in_items));
        assert_eq!(ids, expected);
    }

    #[test]
    fn no_mutant_is_there_twice_and_each_is_about_a_place_of_the_contract() {
        let mut ids = BTreeSet::new();
        for (contract, mutants) in all() {
            for mutant in mutants {
                assert!(ids.insert(mutant.id()), "{} is there twice", mutant.id());
                assert!(contract.at(&mutant.contract).is_some(), "{}: {}", mutant.id(), mutant.contract);
            }
        }
        for known in [
            "clasp/listConnections/200/results/*/employer/dropped",
            "enrollconnect/getApplication/200/policies/*/gross_premium/retyped",
            "enrollconnect/submitApplication/authorisation",
            "onboarding/registerGroup/201/status",
            "onboarding/getGroup/404/title/dropped~intermittent",
            "clasp/listConnections/query/page_size/maximum/loosened",
            "onboarding/registerGroup/body/external_id/required/tightened~conditional",
            "enrollconnect/listApplications/query/plan_year/filter-inverted",
            "clasp/listConnections/pages-gap",
        ] {
            assert!(ids.contains(known), "{known} is gone");
        }
    }

    #[test]
    fn every_mutant_of_an_answer_changes_one_in_which_everything_is_there() {
        for (contract, mutants) in all() {
            let mut bodies: BTreeMap<&str, Value> = BTreeMap::new();
            // When it shows is another matter.
            for mutant in mutants.iter().filter(|mutant| mutant.mode == Mode::Always) {
                let Some(status) = mutant.status else { continue };
                let operation = contract.operation(&mutant.operation_id).unwrap();
                let mut answer = match json_schema(operation.response_for(status).unwrap()) {
                    Some(schema) => {
                        let body = bodies.entry(schema);
                        let body = body.or_insert_with(|| exemplar(&contract, &[schema.to_owned()], 0));
                        Answer::json(status, body.clone())
                    }
                    None => Answer::empty(status),
                };
                let (before, content_type) = (answer.bytes(), answer.content_type.clone());
                let changed = mutant.alter(&mut answer);
                let differs = (answer.bytes(), answer.content_type.clone(), answer.status)
                    != (before, content_type, status);
                assert!(changed && differs, "{} changes nothing", mutant.id());
                let mut other = Answer::json(599, json!({}));
                assert!(!mutant.alter(&mut other), "{}", mutant.id());
            }
        }
    }

    /// A body with every property and one item in every list.
    fn exemplar(contract: &Contract, schemas: &[String], depth: usize) -> Value {
        let shape = Shape::read(contract, schemas, Direction::Response);
        assert!(depth < 20);
        if !shape.items.is_empty() {
            return Value::Array(vec![exemplar(contract, &shape.items, depth + 1)]);
        }
        if !shape.properties.is_empty() {
            let members = shape.properties.iter();
            let members = members.map(|(name, it)| (name.clone(), exemplar(contract, it, depth + 1)));
            return Value::Object(members.collect::<Map<_, _>>());
        }
        Value::from("something")
    }
}
