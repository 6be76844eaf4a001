//! Who applies, and who acts for them.

use serde::{Deserialize, Serialize};

use super::values::{
    DependentRelationship, ExistingCoverageType, Gender, GuardianRelationship, HispanicOrigin,
    HispanicOriginDescription, Language, NameSuffix, PrimaryApplicantPhoneType, RaceEthnicity,
    ResponsiblePartyRelationship, ResponsiblePartySex,
};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Applicants {
    pub primary: PrimaryApplicant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependents: Option<Vec<Dependent>>,
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
