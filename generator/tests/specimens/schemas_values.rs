//! Values of the types that `schemas.yaml` becomes: what is read comes back, and has the form that a person would
//! expect. Compiled into that crate and run by the test.

use schemas::models::*;
use schemas::serde_json::{Value, from_str, json, to_value};
use schemas::{Nullable, Number, Tuple};

/// Reads a value and writes it again, which must give the same.
macro_rules! read {
    ($type:ty, $text:expr) => {{
        let text: &str = $text;
        let read: $type = from_str(text).unwrap_or_else(|error| panic!("{}: {text}: {error}", stringify!($type)));
        let written = to_value(&read).expect("can be written");
        assert_eq!(written, from_str::<Value>(text).expect("is JSON"), "{}", stringify!($type));
        read
    }};
}

fn main() {
    directions();
    integers();
    enums();
    constants();
    tuples();
    hierarchies();
    parts();
    nulls();
    unions();
}

fn directions() {
    // A request needs nothing that only answers have, and an answer nothing that only requests have.
    let account = Account::new("N").password("P");
    assert_eq!(to_value(&account).expect("can be written"), json!({"name": "N", "password": "P"}));
    let account = read!(Account, r#"{"id":"1","name":"N","owner":{"id":7},"note":null}"#);
    assert_eq!(account.note, Some(Nullable::Null));
    assert_eq!(account.owner.and_then(|owner| owner.id), Some(7));
    assert_eq!(read!(Receipt, r#"{"id":"1"}"#).id, "1");
    assert_eq!(to_value(Secret::new("K")).expect("can be written"), json!({"key": "K"}));
}

fn integers() {
    let integers = read!(
        Integers,
        r#"{"plain":-1,"tiny":300,"wide":-9223372036854775808,"count":18446744073709551615,"above":0,"positive":5000000000,
            "sentinel":-1,"byte":256,"unsigned":18446744073709551615,"either":-5,"shown":12.5,"combined":1,"one":-3}"#
    );
    assert_eq!((integers.count, integers.wide), (Some(u64::MAX), Some(i64::MIN)));
    assert_eq!(integers.either, Some(Number::from(-5)));
    assert_eq!(read!(Integers, r#"{"either":18446744073709551615}"#).either.and_then(|it| it.as_u64()), Some(u64::MAX));
}

fn enums() {
    let levels = read!(Vec<Level>, r#"[-1,0,1,10,11,"high",null,{"a":[1.5]}]"#);
    assert_eq!(levels[..4], [Level::Off, Level::Low, Level::High, Level::Top]);
    assert!(levels[4..].iter().all(|level| matches!(level, Level::Unrecognized(_))));
    assert_eq!(levels[4].to_value(), 11);
    assert_eq!(from_str::<Level>("10.0").expect("is a number"), Level::Top);
    assert_eq!(Level::from(json!(-1)), Level::Off);
    assert_eq!(Level::DOCUMENTED.len(), 4);

    assert_eq!(read!(Codes, "18446744073709551615"), Codes::Value18446744073709551615);
    assert_eq!(read!(Codes, "-2"), Codes::Minus2);
    let ratios = read!(Vec<Ratios>, "[0.5,1,-1.5,1e300,2.0,3]");
    assert_eq!(ratios[..5], [Ratios::Value0_5, Ratios::Value1, Ratios::Minus1_5, Ratios::Value1e300, Ratios::Value2_0]);
    let mixed = read!(Vec<Nullable<Mixed>>, r#"["a",1,true,null,1.5,"1",2]"#);
    assert_eq!(mixed[..4], [Mixed::A.into(), Mixed::Value1.into(), Mixed::True.into(), Nullable::Null]);
    assert_eq!(mixed[5], Mixed::N1.into());
    let unquoted = read!(Vec<Nullable<Unquoted>>, r#"["4.1","4","true",null,"5"]"#);
    assert_eq!(unquoted[..3], [Unquoted::N4_1.into(), Unquoted::N4.into(), Unquoted::True.into()]);
    assert_eq!(read!(Vec<Quoted>, r#"[1,2,"1"]"#)[..2], [Quoted::Value1, Quoted::Value2]);
    assert_eq!((read!(Always, "false"), read!(Never, "false")), (false, false));
    assert_eq!((read!(Version, "2"), read!(Kind, r#""pet""#)), (Version::Value2, Kind::Pet));
    assert_eq!(read!(Vec<Titled>, "[1,2,3]")[..2], [Titled::Slow, Titled::Fast]);
    assert_eq!(read!(Vec<Spoken>, r#"["a","b","c"]"#)[..2], [Spoken::A, Spoken::B]);
    assert_eq!(read!(Vec<Named>, r#"["x","y"]"#), [Named::ExOne, Named::WhyTwo]);
    assert_eq!(read!(Vec<NamedTwice>, r#"["x","y"]"#), [NamedTwice::X, NamedTwice::Y]);
    let versions = [Versions::N1_2, Versions::N12, Versions::N2024_01_31, Versions::Minus1, Versions::Plus1];
    assert_eq!(read!(Vec<Versions>, r#"["1.2","12","2024-01-31","-1","+1"]"#), versions);
    read!(Vec<Structures>, r#"[{"a":1},[2],3]"#);
    assert_eq!(read!(Subtype, r#""checking""#), "checking");
}

fn constants() {
    let constants = to_value(Constants::new("n", Nullable::Null)).expect("can be written");
    assert_eq!(constants, json!({"kind": "constants", "version": 2, "deleted": true, "name": "n", "either": null}));
    assert_eq!(Fixed::default(), Fixed::new());
    assert!(matches!(read!(PutConstantsBody, r#"{"kind":"fixed"}"#), PutConstantsBody::Fixed(_)));
    assert_eq!(read!(Fixed, r#"{"kind":"other"}"#).kind.as_str(), "other");
}

fn tuples() {
    assert_eq!(read!(Span, r#"[1,"a"]"#), Tuple::from((1, "a".to_owned())));
    for surprise in ["[1]", r#"[1,"a",2]"#, r#"["a",1]"#, "{}", "[]"] {
        assert_eq!(read!(Span, surprise).items(), None);
    }
    let entry = read!(Entry, r#"[[1,"a"],null,{"next":[[2,"b"],"c",{}]}]"#).into_items().expect("is one");
    assert_eq!(entry.1, Nullable::Null);
    assert!(entry.2.next.is_some_and(|next| next.items().is_some()));
    assert_eq!(read!(Open, r#"[1,"a",true]"#).len(), 3);
    read!(Loop, r#"{"self":[{"self":[{}]}]}"#);
}

fn hierarchies() {
    let zoo = read!(
        Zoo,
        r#"{"star":{"kind":"cat","name":"C","lives":9},
            "all":[{"kind":"Dog"},{"kind":"Puppy","age":1,"parent":{"kind":"Dog"}},{"kind":"emu","wings":2},{"kind":"cat"},{"wings":1},5]}"#
    );
    assert!(matches!(&zoo.star, Some(Animal::Cat(cat)) if cat.lives == 9));
    let all = zoo.all.expect("is there");
    assert!(matches!(&all[0], Animal::Dog(dog) if dog.kind == "Dog"));
    assert!(matches!(&all[1], Animal::Puppy(puppy) if matches!(puppy.parent.as_deref(), Some(Animal::Dog(_)))));
    assert!(matches!(&all[2], Animal::Base(base) if base.kind == "emu"), "an unknown child is what all children are");
    assert!(matches!(&all[3], Animal::Base(base) if base.kind == "cat"), "and so is one that lacks something");
    assert!(matches!((&all[4], &all[5]), (Animal::Unrecognized(_), Animal::Unrecognized(_))));
    assert!(matches!(read!(Fruit, r#"{"form":"Pear","weight":1,"soft":true}"#), Fruit::Pear(pear) if pear.soft == Some(true)));
}

fn parts() {
    let merged = read!(Merged, r#"{"id":"2026-01-31","kind":"m","extra":1,"own":"o","deep":{"a":"x"},"more":[]}"#);
    assert_eq!((merged.id.as_str(), merged.kind, merged.extra), ("2026-01-31", MergedKind::M, 1));
    assert!(matches!(read!(Described, r#"{"fruit":{"form":"Apple"}}"#).fruit, Some(Nullable::Value(Fruit::Apple(_)))));
    assert_eq!(read!(Dated, r#""2026-01-31T09:30:00Z""#).as_str(), "2026-01-31T09:30:00Z");
    assert_eq!((read!(Chosen, r#""a""#), read!(Listed, "[1]")), (Chosen::A, vec![1]));
    let shaped = read!(Shaped, r#"{"type":"b","size":1.5,"name":null}"#);
    assert_eq!((shaped.r#type.as_deref(), shaped.name), (Some("b"), Some(Nullable::Null)));
    read!(Vec<Not>, "[1,null]");
    read!(Vec<Impossible>, "[1]");
    assert_eq!(read!(Settings, r#"{"name":"n","a":1,"b":2}"#).additional_properties.get("b"), Some(&2));
    assert!(matches!(read!(Knot, r#""k""#), Knot::Text(_)));
    assert!(matches!(read!(Knot, "5"), Knot::Unrecognized(_)));
    assert!(matches!(read!(Tangle, "[5,[]]"), Tangle::List(list) if list.len() == 2));
    read!(Words, r#"{"old":"x","step":0.01,"level":0,"map":{"k":"v"},"list":["a"],"nothing":null}"#);
}

fn nulls() {
    let text = r#"{"must":null,"may":null,"reference":null,"list":[1,null],"map":{"a":null,"b":1},"union":null,"nothing":null}"#;
    let nulls = read!(Nulls, text);
    assert_eq!((nulls.must, nulls.may), (Nullable::Null, Some(Nullable::Null)));
    assert_eq!(nulls.reference, Some(Nullable::Null));
    assert_eq!(nulls.list, Some(vec![Nullable::Value(1), Nullable::Null]));
    assert_eq!(nulls.map.expect("is there")["b"], Level::High.into());
    assert_eq!(nulls.union, Some(Nullable::Null));
    let nulls = read!(Nulls, r#"{"must":"on","may":"lost","reference":{"id":1},"union":["a"]}"#);
    assert_eq!(nulls.must, MaybeEnum::On.into());
}

fn unions() {
    assert!(matches!(read!(Defaulted, r#"{"form":"fancy","y":1}"#), Defaulted::Fancy(_)));
    assert!(matches!(read!(Defaulted, r#"{"form":"Plain"}"#), Defaulted::Plain(_)));
    assert!(matches!(read!(Defaulted, r#"{"x":1}"#), Defaulted::Plain(plain) if plain.x == Some(1)));
    assert!(matches!(read!(Defaulted, r#"[]"#), Defaulted::Unrecognized(_)));
    assert!(matches!(read!(Optional, r#"{"type":"one","x":"x"}"#), Optional::First(_)));
    assert!(matches!(read!(Optional, r#"{"type":"deux","x":"x"}"#), Optional::Second(_)));
    assert!(matches!(read!(Optional, r#"{"x":"x"}"#), Optional::First(_)));
    assert!(matches!(read!(Optional, r#"{"type":"three"}"#), Optional::First(_)));
    assert!(matches!(read!(Partly, r#"{"type":"two","more":1}"#), Partly::Second(_)));
    assert!(matches!(read!(Partly, r#""auto""#), Partly::Text(PartlyText::Auto)));
    assert!(matches!(read!(Partly, r#""abc""#), Partly::Text(PartlyText::Unrecognized(_))));
    assert!(matches!(read!(Anything, r#""a""#), Anything::Text(_)));
    assert!(matches!(read!(Anything, "{}"), Anything::Other(_)));
    assert!(matches!(read!(Vec<Nullable<OrNull>>, r#"[{"x":1},null]"#).as_slice(), [Nullable::Value(_), Nullable::Null]));
    assert_eq!(read!(Orphan, r#"{"name":"n"}"#), Orphan::new("n"));
    assert!(matches!(read!(Lists, "[[1]]"), Lists::List3(_)));
    assert!(matches!(read!(Lists, "[1]"), Lists::List2(_)));
    assert!(matches!(read!(Lists, "[true]"), Lists::Unrecognized(_)));
}
