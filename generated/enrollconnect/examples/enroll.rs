//! Enrolls a household: creates a draft, fixes what `errors` reports, uploads a document, submits, and waits
//! for the carrier.
//!
//! Against the stand-in:
//!
//! ```text
//! cargo xtask sandbox --api enrollconnect --port 4010
//! cargo run -p enrollconnect --example enroll -- http://127.0.0.1:4010 sandbox-credential
//! ```

use std::error::Error;
use std::time::Duration;

use enrollconnect::jiff::civil::date;
use enrollconnect::models::{
    Address, Applicants, ApplicationCreateRequest, Gender, PolicyStatus, PrimaryApplicant,
    SpecialEnrollmentPeriod, SpecialEnrollmentPeriodEventType, UploadSupportingDocumentationForm,
};
use enrollconnect::operations::SubmitApplicationError;
use enrollconnect::{Client, Error as ApiError, FilePart, Sensitive};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(base_url), Some(api_key)) = (arguments.next(), arguments.next()) else {
        return Err("give the base URL and the API key".into());
    };
    enroll(&base_url, &api_key).await
}

/// The whole way of one application.
pub async fn enroll(base_url: &str, api_key: &str) -> Result<(), Box<dyn Error>> {
    let client = Client::builder(base_url).api_key(api_key).build()?;

    // A draft needs little; what the carrier needs on top shows in `errors`.
    let primary = PrimaryApplicant::new("Robin", "Example", date(1990, 4, 12), Gender::Female);
    let address = Address::new("1 Example Street", "Springfield", "IL", "62701");
    let mut application =
        ApplicationCreateRequest::new("00010IL0010001", 2026, Applicants::new(primary), address)
            .external_id("household-1");
    let draft = client.create_application(&application).send().await?.body;
    let id = draft.application_id.ok_or("the draft has no ID")?;
    println!("created {id}");

    // An application that is not ready is refused with the reasons, typed.
    match client.submit_application(&id).send().await {
        Err(ApiError::Status { error: SubmitApplicationError::UnprocessableEntity(refusal), .. }) => {
            println!("not ready, {} things are missing", refusal.errors.len());
        }
        other => println!("submitting too early: {other:?}"),
    }

    for error in draft.errors.unwrap_or_default() {
        let field = error.field.unwrap_or_default();
        println!("fixing {field}: {}", error.message);
        let primary = &mut application.applicants.primary;
        match field.as_str() {
            "applicants.primary.ssn" => primary.ssn = Some(Sensitive::from("900000001")),
            "applicants.primary.signature" => primary.signature = Some(Sensitive::from("Robin Example")),
            field if field.starts_with("signatures") => {
                let signatures = application.signatures.take().unwrap_or_default();
                application.signatures = Some(signatures.signature_date(date(2026, 1, 14)));
            }
            field if field.starts_with("special_enrollment_period") => {
                application.special_enrollment_period = Some(
                    SpecialEnrollmentPeriod::new()
                        .event_type(SpecialEnrollmentPeriodEventType::OfferedIchra)
                        .event_date(date(2026, 1, 1)),
                );
            }
            field => println!("  do not know how to fix {field}"),
        }
    }
    // `PUT` replaces everything, so the whole application is sent again.
    let updated = client.update_application(&id, &application).send().await?.body;
    println!("updated, {} errors left", updated.errors.map_or(0, |errors| errors.len()));

    let file =
        FilePart::new(&b"%PDF-1.4 offer letter"[..]).file_name("offer.pdf").content_type("application/pdf");
    let form = UploadSupportingDocumentationForm::new(file);
    let document = client.upload_supporting_documentation(&id, form).send().await?.body;
    println!("uploaded {}", document.filename.unwrap_or_default());

    let submitted = client.submit_application(&id).send().await?.body;
    println!("submitted, {}", submitted.policy_status.unwrap_or_default());

    loop {
        let application = client.get_application(&id).send().await?.body;
        match application.policy_status {
            Some(PolicyStatus::Effectuated) => break,
            Some(PolicyStatus::PendingEffectuation) => tokio::time::sleep(Duration::from_millis(20)).await,
            // Enums are open: a status that the contract does not list arrives as well.
            Some(other) => return Err(format!("the application ended as {other}").into()),
            None => return Err("the application has no status".into()),
        }
    }
    println!("effectuated");
    Ok(())
}
