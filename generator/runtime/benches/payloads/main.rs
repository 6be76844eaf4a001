//! Reading and writing payloads of EnrollConnect: as the generated types, as types by hand with serde's derive (which do
//! less, see [`by_hand`]), and as `serde_json::Value`.
//!
//! All three read the same bytes, and none passes a property over: a check before the first measurement holds each of
//! them to writing what it has read, to the byte.

mod by_hand;

use std::fmt::Debug;
use std::hint::black_box;

use divan::Bencher;
use divan::counter::BytesCount;
use enrollconnect::{Validate, models};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const APPLICATION: &str = include_str!("application.json");

fn main() {
    reads_everything::<models::ApplicationCreateRequest>(&application());
    reads_everything::<models::ApplicationListResponse>(&page());
    reads_everything::<by_hand::ApplicationCreateRequest>(&application());
    reads_everything::<by_hand::ApplicationListResponse>(&page());
    divan::main();
}

/// A full application, without the spaces of the file.
fn application() -> String {
    serde_json::from_str::<Value>(APPLICATION).expect("is JSON").to_string()
}

/// A page of 500 applications.
fn page() -> String {
    let one = json!({
        "application_id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "external_id": "EXT-000001",
        "employer_external_id": "EMP-000001", "plan_year": "2026", "plan_hios_id": "12345TX0010001",
        "exchange_type": "off_exchange", "policy_status": "pending_effectuation",
        "created_at": "2026-01-31T09:30:00.120Z", "updated_at": "2026-02-01T09:30:00.120Z",
    });
    let applications = vec![one; 500];
    json!({"applications": applications, "pagination": {"limit": 500, "offset": 0, "total": 5000}})
        .to_string()
}

/// Holds a type to having a place for each property: one that was passed over is not written, and one that was kept as
/// undeclared shows.
fn reads_everything<T: DeserializeOwned + Serialize + Debug>(text: &str) {
    let value: T = serde_json::from_str(text).expect("fits");
    assert_eq!(serde_json::to_string(&value).expect("can be written"), text);
    assert!(!format!("{value:?}").contains("additional_properties: {\""));
}

fn read<T: DeserializeOwned>(bencher: Bencher<'_, '_>, text: &str) {
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| serde_json::from_slice::<T>(black_box(text.as_bytes())).expect("fits"));
}

fn write<T: DeserializeOwned + Serialize>(bencher: Bencher<'_, '_>, text: &str) {
    let value: T = serde_json::from_str(text).expect("fits");
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| serde_json::to_vec(black_box(&value)).expect("can be written"));
}

/// The three ways of one measurement. Each has a name of its own, so that it can be asked for alone.
macro_rules! compared {
    ($name:ident, $measure:ident, $text:ident, $ty:ident) => {
        mod $name {
            use super::{Bencher, Value, by_hand, models};

            #[divan::bench]
            fn generated(bencher: Bencher<'_, '_>) {
                super::$measure::<models::$ty>(bencher, &super::$text());
            }

            #[divan::bench]
            fn hand_written(bencher: Bencher<'_, '_>) {
                super::$measure::<by_hand::$ty>(bencher, &super::$text());
            }

            #[divan::bench]
            fn value(bencher: Bencher<'_, '_>) {
                super::$measure::<Value>(bencher, &super::$text());
            }
        }
    };
}

compared!(read_page, read, page, ApplicationListResponse);
compared!(write_page, write, page, ApplicationListResponse);
compared!(read_application, read, application, ApplicationCreateRequest);
compared!(write_application, write, application, ApplicationCreateRequest);

/// Checking every constraint of a full application.
#[divan::bench]
fn validate_application(bencher: Bencher<'_, '_>) {
    let value: models::ApplicationCreateRequest = serde_json::from_str(&application()).expect("fits");
    bencher.bench_local(|| black_box(&value).validate());
}
