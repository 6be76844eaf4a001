//! From a contract to its mutants: every success of every operation, every place in its JSON body.

use driftline_specs::{Contract, Operation, Response, StatusSpec, pointer};

use super::shape::Shape;
use super::{Mutant, Mutation};

/// How many tokens the place of a mutant may have.
const DEEPEST: usize = 10;

/// Successes that an operation may have instead of its own. 204 is none of them: it has no body.
const SUCCESSES: [u16; 4] = [200, 201, 202, 203];

/// A place in a body that is still to be looked at.
struct Place {
    at: String,
    /// Where the contract speaks of it.
    schemas: Vec<String>,
    /// Whether it is required, where it is a property.
    property: Option<bool>,
    /// The schemas around it, which end the walk where they come again.
    around: Vec<String>,
    depth: usize,
}

/// Every mutant of an API, in the contract's order; the same contract gives the same ones.
///
/// Only answers with one documented success status and a JSON body have mutants of their bodies.
pub fn mutants(api: &str, contract: &Contract) -> Vec<Mutant> {
    let mut found = Vec::new();
    for operation in contract.operations() {
        let about = |status: Option<u16>, place: &str, contract: &str, mutation| Mutant {
            api: api.to_owned(),
            operation_id: operation.id.clone(),
            status,
            place: place.to_owned(),
            contract: contract.to_owned(),
            mutation,
        };
        if demands_credential(operation) {
            found.push(about(None, "", &operation.pointer, Mutation::Authorisation));
        }
        for response in &operation.responses {
            let StatusSpec::Code(status @ 200..=299) = response.status else { continue };
            let undocumented = SUCCESSES.into_iter().find(|other| operation.response_for(*other).is_none());
            if let Some(other) = undocumented {
                found.push(about(Some(status), "", &response.pointer, Mutation::Status(other)));
            }
            let Some(schema) = json_schema(response) else { continue };
            found.push(about(Some(status), "", &response.pointer, Mutation::ContentType));
            for (place, contract, mutation) in in_body(contract, schema) {
                found.push(about(Some(status), &place, &contract, mutation));
            }
        }
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

/// Everything that can be done in a body: the place, where the contract speaks of it, and what.
fn in_body(contract: &Contract, schema: &str) -> Vec<(String, String, Mutation)> {
    let root = Place {
        at: String::new(),
        schemas: vec![schema.to_owned()],
        property: None,
        around: Vec::new(),
        depth: 0,
    };
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(place) = waiting.pop() {
        let shape = Shape::read(contract, &place.schemas);
        let stated = place.schemas.first().map_or("#", String::as_str);
        for mutation in here(&shape, place.property) {
            found.push((place.at.clone(), stated.to_owned(), mutation));
        }
        let comes_again = shape.schemas.iter().any(|schema| place.around.contains(schema));
        if comes_again || place.depth == DEEPEST {
            continue;
        }
        let mut around = place.around.clone();
        around.extend(shape.schemas.iter().cloned());
        let below = |token: &str, schemas: &[String], property| Place {
            at: pointer::join(&place.at, token),
            schemas: schemas.to_vec(),
            property,
            around: around.clone(),
            depth: place.depth + 1,
        };
        // The last one is looked at first, so that the order is the contract's.
        if !shape.items.is_empty() {
            waiting.push(below("*", &shape.items, None));
        }
        for (name, schemas) in shape.properties.iter().rev() {
            waiting.push(below(name, schemas, Some(shape.required.contains(name))));
        }
    }
    found
}

/// What can be done at one place.
fn here(shape: &Shape, property: Option<bool>) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    if let Some(required) = property {
        mutations.extend([Mutation::Dropped { required }, Mutation::Renamed]);
    }
    if shape.typed {
        mutations.push(Mutation::Retyped);
        // Without a type everything is allowed, `null` too.
        if !shape.nullable {
            mutations.push(Mutation::Nulled);
        }
    }
    if shape.enumerated {
        mutations.push(Mutation::EnumExtended);
    }
    mutations
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use driftline_specs::Contract;
    use serde_json::{Map, Value, json};

    use super::super::shape::Shape;
    use super::{Mutant, json_schema, mutants};
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
        contracts.map(|(name, contract)| (contract.clone(), mutants(name, &contract))).collect()
    }

    #[test]
    fn each_place_is_mutated_in_every_way_that_the_contract_rules_out() {
        let contract = Contract::from_text("pets.yaml", SPECIMEN).unwrap();
        let ids: Vec<String> = mutants("pets", &contract).iter().map(Mutant::id).collect();
        let in_items = |tail: &str| format!("pets/listPets/200/*/{tail}");
        let mut expected: Vec<String> =
            ["authorisation", "200/status", "200/content-type", "200/retyped", "200/nulled"]
                .map(|tail| format!("pets/listPets/{tail}"))
                .to_vec();
        let tails = [
            "retyped",
            "nulled",
            "name/dropped",
            "name/renamed",
            "name/retyped",
            "name/nulled",
            "size/dropped-optional",
            "size/renamed",
            "size/retyped",
            "size/enum-extended",
            // A pet in a pet goes no deeper, though it has the same properties.
            "mother/dropped-optional",
            "mother/renamed",
            "mother/retyped",
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
        ] {
            assert!(ids.contains(known), "{known} is gone");
        }
    }

    #[test]
    fn every_mutant_of_an_answer_changes_one_in_which_everything_is_there() {
        for (contract, mutants) in all() {
            for mutant in mutants {
                let Some(status) = mutant.status else { continue };
                let operation = contract.operation(&mutant.operation_id).unwrap();
                let schema = json_schema(operation.response_for(status).unwrap()).unwrap();
                let mut answer = Answer::json(status, exemplar(&contract, &[schema.to_owned()], 0));
                let (before, content_type) = (answer.bytes(), answer.content_type);
                let changed = mutant.alter(&mutant.operation_id, &mut answer);
                let differs =
                    (answer.bytes(), answer.content_type, answer.status) != (before, content_type, status);
                assert!(changed && differs, "{} changes nothing", mutant.id());
                let mut refusal = Answer::json(404, json!({}));
                assert!(!mutant.alter(&mutant.operation_id, &mut refusal), "{}", mutant.id());
            }
        }
    }

    /// A body with every property and one item in every list.
    fn exemplar(contract: &Contract, schemas: &[String], depth: usize) -> Value {
        let shape = Shape::read(contract, schemas);
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
