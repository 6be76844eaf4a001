//! `corpus` on a small folder: what generates, what comes back, and what the page says of both.

use std::path::Path;
use std::process::Command;

const PETS: &str = r##"
openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: Every pet.
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Pet' } }
  /owners:
    $ref: '#/components/pathItems/nowhere'
components:
  schemas:
    Pet:
      type: object
      required: [id]
      properties:
        id: { type: integer }
        kind: { type: string, enum: [cat, dog], nullable: true }
        owner: { $ref: '#/components/schemas/Owner' }
        'half|price': { oneOf: [{ type: string }, { type: number }] }
    Owner:
      type: object
      nullable: true
      properties: { name: { type: string } }
    Nothing: { type: string, enum: [long], maxLength: 2 }
"##;

#[test]
fn a_folder_is_generated_and_its_values_come_back() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("good")).unwrap();
    std::fs::write(folder.path().join("good/pets.yaml"), PETS).unwrap();
    std::fs::write(folder.path().join("wrong.json"), "[1]").unwrap();
    // The dependencies stay compiled from one run of the tests to the next.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus");
    let table = folder.path().join("page.md");
    let values_table = folder.path().join("values.md");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("corpus")
        .arg(folder.path())
        .args(["--round-trip", "--drifted", "--values", "6", "--table"])
        .arg(&table)
        .arg("--values-table")
        .arg(&values_table)
        .arg("--out")
        .arg(&out)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "one contract is wrong: {words}{said}");
    assert!(words.contains("1 of 2 contracts generated"), "{words}");
    assert!(words.contains("2 of 2 schemas (100.000 %) and 12 of 12 values (100.000 %)"), "{words}");
    assert!(words.contains("0 schemas have only ambiguous values, 1 have none"), "{words}");

    let page = std::fs::read_to_string(&table).unwrap();
    for expected in [
        "| good | 1 | 1 | 2 | 1 | 3 | 3 |",
        "| wrong.json | | | | | | | | not generated: ",
        "| good/pets.yaml | 1 of 2 | 3 |",
        "| good/pets.yaml | `/owners` | ",
    ] {
        assert!(page.contains(expected), "no {expected:?} in {page}");
    }
    let values = std::fs::read_to_string(&values_table).unwrap();
    for expected in [
        "| good/pets.yaml | 2 | 100.000 % | 12 | 100.000 % |",
        "| good/pets.yaml | Nothing | none of ",
        "| unknown enum value | 1 | 1 | 100.000 % | 0 | 0 |",
        "No other value is changed or refused.",
        "No value is missed.",
    ] {
        assert!(values.contains(expected), "no {expected:?} in {values}");
    }
    for page in [page, values] {
        let machine = env!("CARGO_MANIFEST_DIR").trim_end_matches("xtask");
        assert!(!page.contains(machine), "no path of a machine: {page}");
    }
}
