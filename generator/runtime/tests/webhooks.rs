//! Signatures of webhooks: which are taken, and which are not.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use driftline_runtime::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use driftline_runtime::serde_json::{Value, json};
use driftline_runtime::{Credential, Signature, SignatureEncoding, WebhookError, WebhookSecrets};

const HEX: Signature = Signature { header: "X-Signature", encoding: SignatureEncoding::Hex, prefix: "" };
const PREFIXED: Signature = Signature { prefix: "sha256=", ..HEX };
const BASE64: Signature = Signature { encoding: SignatureEncoding::Base64, ..HEX };

/// RFC 4231, test case 2.
const SECRET: &str = "Jefe";
const BODY: &[u8] = b"what do ya want for nothing?";
const DIGEST: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
/// The same bytes in Base64.
const DIGEST_BASE64: &str = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";

fn headers(values: &[&str]) -> HeaderMap {
    let name = HeaderName::from_static("x-signature");
    values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
}

fn verify(signature: &Signature, values: &[&str]) -> Result<(), WebhookError> {
    WebhookSecrets::new(SECRET).verify(signature, &headers(values), BODY)
}

#[test]
fn a_published_signature_is_taken_in_each_form() {
    assert_eq!(verify(&HEX, &[DIGEST]), Ok(()));
    assert_eq!(verify(&HEX, &[&DIGEST.to_uppercase()]), Ok(()));
    assert_eq!(verify(&PREFIXED, &[&format!("sha256={DIGEST}")]), Ok(()));
    assert_eq!(verify(&BASE64, &[DIGEST_BASE64]), Ok(()));
}

#[test]
fn one_right_signature_among_several_is_enough() {
    let other = DIGEST.replace('5', "6");
    assert_eq!(verify(&HEX, &[&other, DIGEST]), Ok(()));
    assert_eq!(verify(&HEX, &[&format!("{other}, {DIGEST}")]), Ok(()));
}

#[test]
fn every_flipped_bit_is_seen() {
    let right = base64_bytes();
    for bit in 0..256 {
        let mut bytes = right;
        bytes[bit / 8] ^= 1 << (bit % 8);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(verify(&HEX, &[&text]), Err(WebhookError::Forged { header: "X-Signature" }), "bit {bit}");
    }
}

fn base64_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&DIGEST[index * 2..index * 2 + 2], 16).unwrap();
    }
    bytes
}

#[test]
fn what_is_no_signature_is_told_from_one_that_is_wrong() {
    let unsigned = Err(WebhookError::Unsigned { header: "X-Signature" });
    assert_eq!(verify(&HEX, &[]), unsigned);
    for value in
        ["", "sha256", &DIGEST[1..], &format!("{DIGEST}00"), &DIGEST.replace('5', "g"), DIGEST_BASE64]
    {
        assert_eq!(verify(&HEX, &[value]), unsigned, "{value}");
    }
    assert_eq!(verify(&PREFIXED, &[DIGEST]), unsigned);
    let secrets = WebhookSecrets::new(SECRET);
    let forged = Err(WebhookError::Forged { header: "X-Signature" });
    assert_eq!(secrets.verify(&HEX, &headers(&[DIGEST]), b"what do ya want for something?"), forged);
    assert_eq!(WebhookSecrets::new("jefe").verify(&HEX, &headers(&[DIGEST]), BODY), forged);
}

#[test]
fn a_secret_that_was_forgotten_verifies_nothing() {
    // HMAC-SHA-256 of nothing with an empty key.
    let digest = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
    let verdict = WebhookSecrets::new("").verify(&HEX, &headers(&[digest]), b"");
    assert_eq!(verdict, Err(WebhookError::Forged { header: "X-Signature" }));
}

#[test]
fn secrets_are_added_and_rotated() {
    let secret = Credential::from("old");
    let secrets = WebhookSecrets::new(secret.clone());
    assert!(secrets.verify(&HEX, &headers(&[DIGEST]), BODY).is_err());
    assert!(secrets.clone().and(SECRET).verify(&HEX, &headers(&[DIGEST]), BODY).is_ok());
    secret.rotate(SECRET);
    assert!(secrets.verify(&HEX, &headers(&[DIGEST]), BODY).is_ok());
    assert!(!format!("{secrets:?}").contains(SECRET));
}

#[test]
fn a_body_is_read_only_when_it_is_signed() {
    let body = br#"{"a": [1, "two"]}"#;
    let secrets = WebhookSecrets::new("s");
    let digest = "ce229d6553483733077832e54b73b61638627e96a8000e45d6c07b3b02b22f89";
    assert_eq!(secrets.receive::<Value>(&HEX, &headers(&[digest]), body), Ok(json!({"a": [1, "two"]})));
    let unsigned = secrets.receive::<Value>(&HEX, &headers(&[]), body).unwrap_err();
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    let forged = secrets.receive::<Value>(&HEX, &headers(&[DIGEST]), body).unwrap_err();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    // A signature of a body that is no JSON: of RFC 4231.
    let broken = WebhookSecrets::new(SECRET).receive::<Value>(&HEX, &headers(&[DIGEST]), BODY).unwrap_err();
    assert_eq!(broken.status(), StatusCode::BAD_REQUEST);
    assert!(!broken.to_string().contains("nothing"), "{broken}");
}
