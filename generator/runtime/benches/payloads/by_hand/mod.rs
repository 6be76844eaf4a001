//! The types of a list page and of a full application as somebody writes them with serde's derive, with the same
//! properties, and each as what it is: a text, a number, an enum, a struct.
//!
//! They do less than the generated ones. An undeclared property is passed over, not kept; an unknown value of an enum,
//! a `null` for a list and `42.0` for an integer are errors; a `null` is not told from an absent property; an amount is
//! an `f64`, which writes `42` back as `42.0`; dates are plain texts. And nothing hides what is sensitive.

mod page;
mod people;
mod values;

use serde::{Deserialize, Serialize};

pub(crate) use self::page::ApplicationListResponse;
use self::people::Applicants;
use self::values::{
    AttestationsPediatricDental, CommunicationPreferencesPreferredCommunicationMethod, HraContributionCovers,
    HraType, HraUsedForSpousalOrFamilyPremiums, SpecialEnrollmentPeriodEventType,
};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ApplicationCreateRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(rename = "_agent_id")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tpa_slug: Option<String>,
    pub plan_hios_id: String,
    pub plan_year: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_effective_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_of_record: Option<AgentOfRecord>,
    pub applicants: Applicants,
    pub residential_address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailing_address: Option<MailingAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hra: Option<Hra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special_enrollment_period: Option<SpecialEnrollmentPeriod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestations: Option<Attestations>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signatures: Option<Signatures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_preferences: Option<CommunicationPreferences>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub american_indian_or_alaskan_native_in_household: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analytics: Option<Analytics>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AgentOfRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub national_producer_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier_producer_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_license_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<SimpleAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Address {
    pub street_address_1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address_2: Option<String>,
    pub city: String,
    pub state: String,
    pub zip_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fips_code: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct MailingAddress {
    pub street_address_1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address_2: Option<String>,
    pub city: String,
    pub state: String,
    pub zip_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fips_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub different_from_home_address: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_use_only: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hra {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered_hra: Option<bool>,
    #[serde(rename = "type")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<HraType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution_covers: Option<HraContributionCovers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_for_spousal_or_family_premiums: Option<HraUsedForSpousalOrFamilyPremiums>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employer: Option<Employer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premium_payer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_household_income: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_household_income_determination: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SpecialEnrollmentPeriod {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<SpecialEnrollmentPeriodEventType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_date: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Attestations {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agrees_issuer_attestations: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broker_signature_attestation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub electronic_signature_consent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure_statement_accepted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage_replacement_attestation_accepted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pediatric_dental: Option<AttestationsPediatricDental>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_submitted_application: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_provided_consumer_marketing_materials: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_advised_consumer_of_product_features: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_retained_signed_application_copy: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_working_with_agent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spouse_or_dependent_authorization: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Signatures {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pediatric_dental_signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pediatric_dental_signature_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translator_signature_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_supplement_primary_signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_supplement_spouse_signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_supplement_disclosures_signature: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CommunicationPreferences {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_notification_email: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_notification_call: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_notification_text: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_contact_consent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing_contact_consent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline_marketing_contact: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_communication_method: Option<CommunicationPreferencesPreferredCommunicationMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agrees_hsa_contact_opt_in: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_preference_affirmed: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Analytics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_medium: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_campaign: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_term: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm_content: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SimpleAddress {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address_1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address_2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Employer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fein: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}
