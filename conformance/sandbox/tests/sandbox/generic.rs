//! An API that is mocked from its contract alone: what it remembers, what it refuses, and what it cannot do.

use std::path::Path;

use driftline_sandbox::{CREDENTIAL, Capacity, Options, Sandbox, credentials, remarks};
use driftline_specs::{Contract, Direction};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reply, client};

fn shelter() -> Contract {
    let specimen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specimens/shelter.yaml");
    Contract::load(&specimen, &[]).unwrap()
}

async fn mock(contract: &Contract, options: Options) -> Sandbox {
    Sandbox::serve("mock", contract.clone(), options).await.unwrap()
}

async fn send(sandbox: &Sandbox, method: Method, target: &str, body: Option<Value>) -> Reply {
    let url = if target.starts_with("http") {
        target.to_owned()
    } else {
        format!("{}{target}", sandbox.base_url("mock").unwrap())
    };
    let mut request = client().request(method, url).header("x-shelter-key", CREDENTIAL);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    Reply::of(request.send().await.unwrap()).await
}

/// Whether the contract allows a value for one of its schemas.
fn allows(contract: &Contract, schema: &str, value: &Value) -> bool {
    let pointer = format!("#/components/schemas/{schema}");
    contract.validator(&pointer, Direction::Response).unwrap().is_valid(value)
}

#[tokio::test]
async fn what_is_created_is_found_listed_changed_and_gone() {
    let contract = shelter();
    let sandbox = mock(&contract, Options::default()).await;
    let new = json!({"name": "Tilda", "nickname": null, "kind": {"species": "cat", "lives": 7}});
    let made = send(&sandbox, Method::POST, "/animals", Some(new)).await;
    assert_eq!(made.status, 201);
    assert!(allows(&contract, "Animal", &made.json), "{}", made.text);
    assert_eq!(made.at("/kind"), &json!({"species": "cat", "lives": 7}));
    assert_eq!((made.at("/name"), made.at("/nickname")), (&json!("Tilda"), &Value::Null));
    // It could have been sent, it was not, and nothing requires it.
    assert_eq!(made.json.get("tags"), None);

    let location = made.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(send(&sandbox, Method::GET, &location, None).await.json, made.json);
    let list = send(&sandbox, Method::GET, "/animals?limit=50", None).await;
    assert!(list.each("/animals", "/animal_id").contains(&made.text_at("/animal_id")));
    assert_eq!(list.headers["x-total-count"].to_str().unwrap(), list.at("/total").to_string());

    let changed = send(&sandbox, Method::PATCH, &location, Some(json!({"status": "ill"}))).await;
    assert_eq!((changed.status, changed.text_at("/status"), changed.text_at("/name")), (200, "ill", "Tilda"));
    let ill = send(&sandbox, Method::GET, "/animals?limit=50&status=ill", None).await;
    assert!(ill.each("/animals", "/status").iter().all(|status| *status == "ill"));
    assert!(ill.each("/animals", "/animal_id").contains(&made.text_at("/animal_id")));

    assert_eq!(send(&sandbox, Method::DELETE, &location, None).await.status, 204);
    let gone = send(&sandbox, Method::GET, &location, None).await;
    assert_eq!(gone.status, 404);
    assert!(allows(&contract, "Refusal", &gone.json), "{}", gone.text);
    sandbox.reset();
    assert_eq!(send(&sandbox, Method::GET, "/animals", None).await.at("/total"), &json!(12));
}

#[tokio::test]
async fn resources_below_a_resource_are_its_own() {
    let sandbox = mock(&shelter(), Options::default()).await;
    let list = send(&sandbox, Method::GET, "/animals", None).await;
    let ids = list.each("/animals", "/animal_id");
    let (one, other) = (format!("/animals/{}/visits", ids[0]), format!("/animals/{}/visits", ids[1]));
    let booked =
        send(&sandbox, Method::POST, &one, Some(json!({"visitor": "Ada", "day": "2026-01-02"}))).await;
    assert_eq!(booked.status, 201);
    let visits = |list: Reply| list.json.as_array().unwrap().clone();
    assert!(visits(send(&sandbox, Method::GET, &one, None).await).contains(&booked.json));
    assert!(!visits(send(&sandbox, Method::GET, &other, None).await).contains(&booked.json));
    assert_eq!(send(&sandbox, Method::GET, "/animals/nobody/visits", None).await.status, 404);
}

#[tokio::test]
async fn a_replacement_is_whole() {
    let sandbox = mock(&shelter(), Options::default()).await;
    let list = send(&sandbox, Method::GET, "/animals", None).await;
    let visits = format!("/animals/{}/visits", list.each("/animals", "/animal_id")[0]);
    let booked =
        send(&sandbox, Method::POST, &visits, Some(json!({"visitor": "Ada", "day": "2026-01-02"}))).await;
    let visit = format!("{visits}/{}", booked.at("/id"));
    let mut whole = json!({"id": booked.at("/id"), "visitor": "Bob", "day": "2026-01-03", "note": "early"});
    for note in [Some("early"), None] {
        if note.is_none() {
            whole.as_object_mut().unwrap().remove("note");
        }
        let put = send(&sandbox, Method::PUT, &visit, Some(whole.clone())).await;
        assert_eq!((put.status, &put.json), (200, &whole));
        assert_eq!(send(&sandbox, Method::GET, &visit, None).await.json, whole);
    }
}

#[tokio::test]
async fn pages_are_disjoint_and_documents_are_kept() {
    let sandbox = mock(&shelter(), Options::default()).await;
    let mut seen = Vec::new();
    for offset in [0, 5, 10] {
        let page = send(&sandbox, Method::GET, &format!("/animals?limit=5&offset={offset}"), None).await;
        seen.extend(page.each("/animals", "/animal_id").iter().map(|id| (*id).to_owned()));
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (12, 12));

    let settings = json!({"opens": "09:00:00Z", "days": ["mon", "sat"], "colours": {"door": "#00ff00"}});
    let put = send(&sandbox, Method::PUT, "/settings", Some(settings.clone())).await;
    assert_eq!((put.status, &put.json), (200, &settings));
    assert_eq!(send(&sandbox, Method::GET, "/settings", None).await.json, settings);
}

#[tokio::test]
async fn requests_are_held_to_the_contract_and_refused_as_it_says() {
    let contract = shelter();
    let sandbox = mock(&contract, Options::default()).await;
    for wrong in [
        json!({"name": "Tilda"}),
        json!({"name": "", "kind": {"species": "cat", "lives": 7}}),
        json!({"name": "Tilda", "kind": {"species": "cat", "lives": 10}}),
        json!({"name": "Tilda", "kind": {"species": "dog", "lives": 7}}),
    ] {
        let refused = send(&sandbox, Method::POST, "/animals", Some(wrong)).await;
        assert_eq!(refused.status, 400);
        assert!(allows(&contract, "Refusal", &refused.json), "{}", refused.text);
    }
    for wrong in ["limit=0", "limit=many", "status=gone", "tags=a,b,c,d", "offset=-1"] {
        assert_eq!(
            send(&sandbox, Method::GET, &format!("/animals?{wrong}"), None).await.status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(send(&sandbox, Method::GET, "/animals?tags=a,b,c", None).await.status, 200);

    let url = format!("{}/animals", sandbox.base_url("mock").unwrap());
    let anonymous = Reply::of(client().get(&url).send().await.unwrap()).await;
    assert_eq!(anonymous.status, 401);
    assert!(allows(&contract, "Refusal", &anonymous.json));
    let stranger = client().get(&url).header("x-shelter-key", "guess").send().await.unwrap();
    assert_eq!(stranger.status().as_u16(), 401);
    let health = format!("{}/health", sandbox.base_url("mock").unwrap());
    let open = Reply::of(client().get(health).send().await.unwrap()).await;
    assert_eq!((open.status, open.json), (200, json!({"status": "ok"})));

    // Where no refusal is documented, it is a problem of RFC 9457.
    let nowhere = send(&sandbox, Method::GET, "/nowhere", None).await;
    assert_eq!((nowhere.status, nowhere.content_type()), (404, "application/problem+json"));
    let method = send(&sandbox, Method::DELETE, "/settings", None).await;
    assert_eq!((method.status, method.headers["allow"].to_str().unwrap()), (405, "GET, PUT"));
}

#[tokio::test]
async fn credentials_are_told_and_text_is_text() {
    let contract = shelter();
    let (headers, query) = credentials(&contract);
    assert_eq!(headers, [("x-shelter-key".to_owned(), CREDENTIAL.to_owned())]);
    assert!(query.is_empty());
    let sandbox = mock(&contract, Options::default()).await;
    let list = send(&sandbox, Method::GET, "/animals", None).await;
    let card = format!("/animals/{}/card.txt", list.each("/animals", "/animal_id")[0]);
    let card = send(&sandbox, Method::GET, &card, None).await;
    assert_eq!((card.status, card.content_type()), (200, "text/plain"));
    assert!(card.text.len() >= 5);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_world_and_memory_is_bounded() {
    let contract = shelter();
    let options = Options { capacity: Capacity { records: 15, bytes: 1 << 20 }, ..Options::default() };
    let (one, other) = (mock(&contract, options.clone()).await, mock(&contract, options).await);
    let first = send(&one, Method::GET, "/animals?limit=50", None).await;
    assert_eq!(first.json, send(&other, Method::GET, "/animals?limit=50", None).await.json);
    for number in 0..40 {
        let new = json!({"name": format!("Cat {number}"), "kind": {"species": "cat", "lives": 7}});
        assert_eq!(send(&one, Method::POST, "/animals", Some(new)).await.status, 201);
    }
    assert_eq!(send(&one, Method::GET, "/animals", None).await.at("/total"), &json!(15));
}

const SWAGGER: &str = "
swagger: '2.0'
info: {title: Pets, version: '1'}
paths:
  /pet:
    post:
      operationId: addPet
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: id, in: formData, required: true, type: integer, maximum: 1000}
        - {name: name, in: formData, type: string}
      responses:
        200: {description: Added, schema: {$ref: '#/definitions/Pet'}}
  /pet/{petId}:
    get:
      operationId: getPet
      produces: [application/json]
      parameters: [{name: petId, in: path, required: true, type: integer}]
      responses:
        200: {description: A pet, schema: {$ref: '#/definitions/Pet'}}
        404: {description: None}
definitions:
  Pet: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
";

#[tokio::test]
async fn an_older_contract_with_forms_is_served_as_well() {
    let contract = Contract::from_text("pets.yaml", SWAGGER).unwrap();
    let sandbox = mock(&contract, Options::default()).await;
    let url = format!("{}/pet", sandbox.base_url("mock").unwrap());
    let form = |text: &'static str| {
        let request = client().post(&url).header("content-type", "application/x-www-form-urlencoded");
        request.body(text).send()
    };
    let made = Reply::of(form("id=7&name=Rex+the+dog").await.unwrap()).await;
    assert_eq!((made.status, &made.json), (200, &json!({"id": 7, "name": "Rex the dog"})));
    assert_eq!(send(&sandbox, Method::GET, "/pet/7", None).await.json, made.json);
    assert_eq!(send(&sandbox, Method::GET, "/pet/8", None).await.status, 404);
    assert_eq!(form("id=seven").await.unwrap().status().as_u16(), 400);
    assert_eq!(form("id=1001").await.unwrap().status().as_u16(), 400);
}

const HOSTILE: &str = "
openapi: 3.0.3
info: {title: Impossible, version: '1'}
paths:
  /endless:
    get:
      operationId: endless
      responses:
        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Endless'}}}}
  /nothing:
    get:
      operationId: nothing
      responses:
        '200': {description: x, content: {application/json: {schema: {type: integer, minimum: 5, maximum: 3}}}}
  /tree:
    get:
      operationId: tree
      responses:
        '200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
  /refused:
    get:
      operationId: refused
      responses:
        '404': {description: never there}
components:
  schemas:
    Endless: {type: object, required: [next], properties: {next: {$ref: '#/components/schemas/Endless'}}}
    Tree:
      type: object
      required: [name]
      properties:
        name: {type: string, pattern: '^[a-z]{3,8}$'}
        left: {$ref: '#/components/schemas/Tree'}
        children: {type: array, items: {$ref: '#/components/schemas/Tree'}}
";

#[tokio::test]
async fn what_cannot_be_done_is_said_beforehand_and_nothing_falls_over() {
    let contract = Contract::from_text("impossible.yaml", HOSTILE).unwrap();
    let said: Vec<String> =
        remarks(&contract).iter().map(|it| format!("{} {}", it.operation, it.message)).collect();
    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(said[0].starts_with("endless answers 200 with a body that its schema does not allow"));
    assert!(said[1].starts_with("nothing answers 200 with a body that its schema does not allow"));
    assert_eq!(said[2], "refused documents no success");
    let sandbox = mock(&contract, Options::default()).await;
    for (path, status) in [("/endless", 200), ("/nothing", 200), ("/tree", 200), ("/refused", 404)] {
        let reply = send(&sandbox, Method::GET, path, None).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(path == "/tree", reply.status == 200 && allows(&contract, "Tree", &reply.json), "{path}");
    }
    assert!(remarks(&shelter()).is_empty());
}

#[tokio::test]
async fn drifts_of_other_apis_are_no_options_of_a_mock() {
    let options = Options { drifts: vec!["enrollconnect-premium-string".to_owned()], ..Options::default() };
    let error = Sandbox::serve("mock", shelter(), options).await.unwrap_err();
    assert!(error.to_string().contains("none for a contract of your own"), "{error}");
}
