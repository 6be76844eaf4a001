//! The types of a list page and of a full application as somebody writes them with serde's derive: no undeclared
//! property is kept, no enum is open, and texts are texts.

use serde::{Deserialize, Serialize};

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
pub(crate) struct ApplicationListResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<ApplicationListResponseApplication>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<ApplicationListResponsePagination>,
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
pub(crate) struct Applicants {
    pub primary: PrimaryApplicant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependents: Option<Vec<Dependent>>,
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
pub(crate) struct ApplicationListResponseApplication {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employer_external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_year: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_hios_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ApplicationListResponsePagination {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
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
pub(crate) struct PrimaryApplicant {
    pub first_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    pub last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<NameSuffix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itin: Option<String>,
    pub date_of_birth: String,
    pub gender: Gender,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub married: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub us_citizen: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resides_in_state: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses_tobacco: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tobacco_not_applicable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub race_ethnicity: Option<RaceEthnicity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hispanic_origin: Option<HispanicOrigin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hispanic_origin_description: Option<HispanicOriginDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_spoken: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_written: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_type: Option<PrimaryApplicantPhoneType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_time_student: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graduation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_disability: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medicare_eligible: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_in_medicare: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_in_medicare_parts_a_or_b: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_in_medicaid_chip_or_other_gov_program: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub veteran_or_active_duty_military: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currently_incarcerated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_eligible_immigration_status: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_coverage: Option<ExistingCoverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Guardian>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub responsible_party: Option<ResponsibleParty>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translator: Option<Translator>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children_live_with_primary: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_pediatric_dental_coverage: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previously_applied: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previously_applied_member_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_requesting_coverage: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Dependent {
    pub first_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    pub last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<NameSuffix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub itin: Option<String>,
    pub date_of_birth: String,
    pub gender: Gender,
    pub relationship: DependentRelationship,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub married: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub us_citizen: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resides_in_state: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses_tobacco: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tobacco_not_applicable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub race_ethnicity: Option<RaceEthnicity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hispanic_origin: Option<HispanicOrigin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hispanic_origin_description: Option<HispanicOriginDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_spoken: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_written: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_time_student: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graduation_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_disability: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medicare_eligible: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_in_medicare: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_in_medicare_parts_a_or_b: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_in_medicaid_chip_or_other_gov_program: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub veteran_or_active_duty_military: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currently_incarcerated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_eligible_immigration_status: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_coverage: Option<ExistingCoverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_address: Option<AlternateAddress>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<Guardian>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum HraType {
    #[serde(rename = "ichra")]
    Ichra,
    #[serde(rename = "qsehra")]
    Qsehra,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum HraContributionCovers {
    #[serde(rename = "premium")]
    Premium,
    #[serde(rename = "premium_oop")]
    PremiumOop,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum HraUsedForSpousalOrFamilyPremiums {
    #[serde(rename = "true")]
    True,
    #[serde(rename = "false")]
    False,
    #[serde(rename = "unknown")]
    Unknown,
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

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum SpecialEnrollmentPeriodEventType {
    #[serde(rename = "birth")]
    Birth,
    #[serde(rename = "adoption")]
    Adoption,
    #[serde(rename = "death")]
    Death,
    #[serde(rename = "divorce")]
    Divorce,
    #[serde(rename = "marriage")]
    Marriage,
    #[serde(rename = "domestic_partnership")]
    DomesticPartnership,
    #[serde(rename = "child_support")]
    ChildSupport,
    #[serde(rename = "loss_of_mec")]
    LossOfMec,
    #[serde(rename = "loss_of_dependent")]
    LossOfDependent,
    #[serde(rename = "dependent_lost_coverage")]
    DependentLostCoverage,
    #[serde(rename = "loss_of_pregnancy_coverage")]
    LossOfPregnancyCoverage,
    #[serde(rename = "end_of_non_calendar_year_policy")]
    EndOfNonCalendarYearPolicy,
    #[serde(rename = "change_in_household_status")]
    ChangeInHouseholdStatus,
    #[serde(rename = "lost_aptc")]
    LostAptc,
    #[serde(rename = "relocation")]
    Relocation,
    #[serde(rename = "nj_county_change")]
    NjCountyChange,
    #[serde(rename = "offered_ichra")]
    OfferedIchra,
    #[serde(rename = "offered_qsehra")]
    OfferedQsehra,
    #[serde(rename = "mandated_covered_dependent")]
    MandatedCoveredDependent,
    #[serde(rename = "released_from_incarceration")]
    ReleasedFromIncarceration,
    #[serde(rename = "returning_active_duty")]
    ReturningActiveDuty,
    #[serde(rename = "provider_not_participating_in_prior_plan")]
    ProviderNotParticipatingInPriorPlan,
    #[serde(rename = "issuer_violated_contract")]
    IssuerViolatedContract,
    #[serde(rename = "misinformed")]
    Misinformed,
    #[serde(rename = "domestic_abuse")]
    DomesticAbuse,
    #[serde(rename = "family_care_app_ineligible")]
    FamilyCareAppIneligible,
    #[serde(rename = "pregnancy")]
    Pregnancy,
    #[serde(rename = "other")]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum AttestationsPediatricDental {
    #[serde(rename = "purchased_separately")]
    PurchasedSeparately,
    #[serde(rename = "not_applicable")]
    NotApplicable,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum CommunicationPreferencesPreferredCommunicationMethod {
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "phone")]
    Phone,
    #[serde(rename = "mail")]
    Mail,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum NameSuffix {
    #[serde(rename = "Jr.")]
    Jr,
    #[serde(rename = "Sr.")]
    Sr,
    #[serde(rename = "II")]
    Ii,
    #[serde(rename = "III")]
    Iii,
    #[serde(rename = "IV")]
    Iv,
    #[serde(rename = "V")]
    V,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Gender {
    #[serde(rename = "male")]
    Male,
    #[serde(rename = "female")]
    Female,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum RaceEthnicity {
    #[serde(rename = "white")]
    White,
    #[serde(rename = "black_or_african_american")]
    BlackOrAfricanAmerican,
    #[serde(rename = "american_indian_or_alaskan_native")]
    AmericanIndianOrAlaskanNative,
    #[serde(rename = "asian_indian")]
    AsianIndian,
    #[serde(rename = "chinese")]
    Chinese,
    #[serde(rename = "filipino")]
    Filipino,
    #[serde(rename = "japanese")]
    Japanese,
    #[serde(rename = "korean")]
    Korean,
    #[serde(rename = "vietnamese")]
    Vietnamese,
    #[serde(rename = "native_hawaiian")]
    NativeHawaiian,
    #[serde(rename = "guamanian_or_chamorro")]
    GuamanianOrChamorro,
    #[serde(rename = "samoan")]
    Samoan,
    #[serde(rename = "decline_to_answer")]
    DeclineToAnswer,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum HispanicOrigin {
    #[serde(rename = "yes")]
    Yes,
    #[serde(rename = "no")]
    No,
    #[serde(rename = "decline_to_answer")]
    DeclineToAnswer,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum HispanicOriginDescription {
    #[serde(rename = "cuban")]
    Cuban,
    #[serde(rename = "mexican_mexican_american_or_chicanx")]
    MexicanMexicanAmericanOrChicanx,
    #[serde(rename = "puerto_rican")]
    PuertoRican,
    #[serde(rename = "other_hispanic_latino_or_spanish_origin")]
    OtherHispanicLatinoOrSpanishOrigin,
    #[serde(rename = "decline_to_answer")]
    DeclineToAnswer,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Language {
    #[serde(rename = "english")]
    English,
    #[serde(rename = "spanish")]
    Spanish,
    #[serde(rename = "arabic")]
    Arabic,
    #[serde(rename = "chinese")]
    Chinese,
    #[serde(rename = "french_creole")]
    FrenchCreole,
    #[serde(rename = "french")]
    French,
    #[serde(rename = "german")]
    German,
    #[serde(rename = "gujarati")]
    Gujarati,
    #[serde(rename = "hindi")]
    Hindi,
    #[serde(rename = "korean")]
    Korean,
    #[serde(rename = "polish")]
    Polish,
    #[serde(rename = "portuguese")]
    Portuguese,
    #[serde(rename = "russian")]
    Russian,
    #[serde(rename = "tagalog")]
    Tagalog,
    #[serde(rename = "urdu")]
    Urdu,
    #[serde(rename = "vietnamese")]
    Vietnamese,
    #[serde(rename = "other")]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum PrimaryApplicantPhoneType {
    #[serde(rename = "home")]
    Home,
    #[serde(rename = "work")]
    Work,
    #[serde(rename = "cell")]
    Cell,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ExistingCoverage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_existing_coverage: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_replaces_existing_coverage: Option<bool>,
    #[serde(rename = "type")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<ExistingCoverageType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policyholder_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub will_continue: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Guardian {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<NameSuffix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<GuardianRelationship>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship_other: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternate_phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mailing_address: Option<GuardianMailingAddress>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ResponsibleParty {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<ResponsiblePartySex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<ResponsiblePartyRelationship>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
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
pub(crate) struct Translator {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum DependentRelationship {
    #[serde(rename = "spouse")]
    Spouse,
    #[serde(rename = "domestic_partner")]
    DomesticPartner,
    #[serde(rename = "child")]
    Child,
    #[serde(rename = "parent")]
    Parent,
    #[serde(rename = "stepparent")]
    Stepparent,
    #[serde(rename = "parent_in_law")]
    ParentInLaw,
    #[serde(rename = "sibling")]
    Sibling,
    #[serde(rename = "other")]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AlternateAddress {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fips_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ExistingCoverageType {
    #[serde(rename = "issuer")]
    Issuer,
    #[serde(rename = "government")]
    Government,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum GuardianRelationship {
    #[serde(rename = "parent")]
    Parent,
    #[serde(rename = "legal_guardian")]
    LegalGuardian,
    #[serde(rename = "grandparent")]
    Grandparent,
    #[serde(rename = "other")]
    Other,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct GuardianMailingAddress {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fips_code: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ResponsiblePartySex {
    #[serde(rename = "male")]
    Male,
    #[serde(rename = "female")]
    Female,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum ResponsiblePartyRelationship {
    #[serde(rename = "parent_guardian")]
    ParentGuardian,
    #[serde(rename = "sibling")]
    Sibling,
}
