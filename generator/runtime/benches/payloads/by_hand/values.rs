//! The values that properties may have. There are no others: an unknown one fails the whole answer.

use serde::{Deserialize, Serialize};

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
