//! A page of a list.

use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ApplicationListResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<ApplicationListResponseApplication>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination: Option<ApplicationListResponsePagination>,
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
