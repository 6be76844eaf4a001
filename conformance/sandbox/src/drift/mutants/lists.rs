//! Lists that do not do what they are asked: filters, sizes of pages, and the way from page to page. The list is asked
//! again, for something else, and its answer is given in the place of the right one.

use driftline_specs::{Operation, Pagination, PaginationStyle, ParameterLocation};
use serde_json::Value;

use super::enumerate::Finding;
use super::{MutantClass, Mutation};
use crate::answer::Answer;
use crate::call::{Call, parse_query};
use crate::service::Service;

/// The most pages that are looked at to find one.
const MOST_PAGES: usize = 1000;

/// What a list does wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListFault {
    /// See [`MutantClass::FilterIgnored`].
    FilterIgnored(String),
    /// See [`MutantClass::FilterLoses`].
    FilterLoses(String),
    /// See [`MutantClass::FilterInverted`].
    FilterInverted(String),
    /// See [`MutantClass::LimitIgnored`].
    LimitIgnored(String),
    /// See [`MutantClass::PagesOverlap`].
    PagesOverlap,
    /// See [`MutantClass::PagesGap`].
    PagesGap,
    /// See [`MutantClass::PagesEndless`].
    PagesEndless,
    /// See [`MutantClass::LastPageCut`].
    LastPageCut,
    /// See [`MutantClass::TotalOfPage`].
    TotalOfPage,
    /// See [`MutantClass::TotalOff`].
    TotalOff,
}

impl ListFault {
    pub(super) fn class(&self) -> MutantClass {
        match self {
            ListFault::FilterIgnored(_) => MutantClass::FilterIgnored,
            ListFault::FilterLoses(_) => MutantClass::FilterLoses,
            ListFault::FilterInverted(_) => MutantClass::FilterInverted,
            ListFault::LimitIgnored(_) => MutantClass::LimitIgnored,
            ListFault::PagesOverlap => MutantClass::PagesOverlap,
            ListFault::PagesGap => MutantClass::PagesGap,
            ListFault::PagesEndless => MutantClass::PagesEndless,
            ListFault::LastPageCut => MutantClass::LastPageCut,
            ListFault::TotalOfPage => MutantClass::TotalOfPage,
            ListFault::TotalOff => MutantClass::TotalOff,
        }
    }
}

/// Everything that an operation's list can do wrong, if it is one.
pub(super) fn faults(operation: &Operation) -> Vec<Finding> {
    // What leads to a page by its number or by a header has no stand-in yet.
    let Some(pagination) = operation.pagination.as_ref().filter(|it| position(it).is_some()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut add = |place: String, contract: &str, fault| {
        let pagination = pagination.clone();
        found.push((place, contract.to_owned(), Mutation::List { fault, pagination }));
    };
    let of_pages = [&pagination.limit, &pagination.offset, &pagination.page, &pagination.cursor];
    for parameter in operation.parameters.iter().filter(|it| it.location == ParameterLocation::Query) {
        let place = format!("/query/{}", parameter.name);
        let name = parameter.name.clone();
        if !of_pages.into_iter().any(|own| own.as_ref() == Some(&name)) {
            add(place.clone(), &parameter.pointer, ListFault::FilterIgnored(name.clone()));
            add(place.clone(), &parameter.pointer, ListFault::FilterLoses(name.clone()));
            add(place, &parameter.pointer, ListFault::FilterInverted(name));
        } else if pagination.limit.as_ref() == Some(&name) {
            add(place, &parameter.pointer, ListFault::LimitIgnored(name));
        }
    }
    let mut of_list =
        vec![ListFault::PagesOverlap, ListFault::PagesGap, ListFault::PagesEndless, ListFault::LastPageCut];
    if pagination.total.is_some() {
        of_list.extend([ListFault::TotalOfPage, ListFault::TotalOff]);
    }
    of_list.into_iter().for_each(|fault| add(String::new(), &operation.pointer, fault));
    found
}

/// The parameter that says where a page begins.
fn position(pagination: &Pagination) -> Option<&String> {
    match pagination.style {
        PaginationStyle::Offset => pagination.offset.as_ref(),
        PaginationStyle::Cursor => pagination.cursor.as_ref(),
        _ => None,
    }
}

/// Answers to a call as the fault has it; `honest` is the right answer. Nothing where that is the same.
pub(super) fn answer(
    fault: &ListFault,
    pagination: &Pagination,
    service: &dyn Service,
    call: &Call<'_>,
    honest: &Answer,
) -> Option<Answer> {
    if !honest.is_success() {
        return None;
    }
    let list = List { pagination, service, call };
    let mut answer = honest.clone();
    match fault {
        ListFault::FilterIgnored(name) | ListFault::LimitIgnored(name) => answer = list.without(name)?,
        ListFault::FilterLoses(name) => {
            call.query_value(name)?;
            list.cut(&mut answer, Some(0))?;
        }
        ListFault::FilterInverted(name) => answer = list.inverted(name)?,
        ListFault::PagesOverlap => list.overlapped(&mut answer)?,
        ListFault::PagesGap => {
            list.is_further(honest).then_some(())?;
            list.cut(&mut answer, Some(0))?;
        }
        ListFault::PagesEndless => {
            list.is_further(honest).then_some(())?;
            answer = list.without(position(pagination)?)?;
        }
        ListFault::LastPageCut => {
            (list.is_further(honest) && list.is_last(honest)).then_some(())?;
            list.cut(&mut answer, None)?;
        }
        ListFault::TotalOfPage => {
            let count = items(pagination, &mut answer)?.len();
            *total(pagination, &mut answer)? = count.into();
        }
        ListFault::TotalOff => {
            let total = total(pagination, &mut answer)?;
            *total = (total.as_u64()? + 1).into();
        }
    }
    (answer.bytes() != honest.bytes()).then_some(answer)
}

/// A list that was asked for.
struct List<'a> {
    pagination: &'a Pagination,
    service: &'a dyn Service,
    call: &'a Call<'a>,
}

impl List<'_> {
    /// The answer to another query.
    fn asked(&self, query: &[(String, String)]) -> Option<Answer> {
        let call = Call { query, ..self.call.clone() };
        Some(self.service.answer(&call)).filter(Answer::is_success)
    }

    /// The answer without a parameter that is given.
    fn without(&self, name: &str) -> Option<Answer> {
        self.call.query_value(name)?;
        let rest: Vec<_> = self.call.query.iter().filter(|(known, _)| known != name).cloned().collect();
        self.asked(&rest)
    }

    /// What a filter should leave out.
    fn inverted(&self, name: &str) -> Option<Answer> {
        let mut selected = self.service.answer(self.call);
        let mut answer = self.without(name)?;
        let wanted = items(self.pagination, &mut selected)?.clone();
        items(self.pagination, &mut answer)?.retain(|item| !wanted.contains(item));
        let count = total(self.pagination, &mut selected).and_then(|it| it.as_u64());
        if let (Some(count), Some(all)) = (count, total(self.pagination, &mut answer)) {
            *all = all.as_u64().unwrap_or_default().saturating_sub(count).into();
        }
        Some(answer)
    }

    /// Puts the last item of the page before at the beginning of this one.
    fn overlapped(&self, answer: &mut Answer) -> Option<()> {
        let before = self.before()?;
        let full = self.size();
        let items = items(self.pagination, answer)?;
        items.insert(0, before);
        if full.is_some_and(|full| items.len() > full) {
            items.pop();
        }
        Some(())
    }

    /// The last item of the page before.
    fn before(&self) -> Option<Value> {
        let name = position(self.pagination)?;
        let position = self.call.query_value(name)?;
        let at = |value: String| {
            let rest = self.call.query.iter().filter(|(known, _)| known != name).cloned();
            rest.chain([(name.clone(), value)]).collect::<Vec<_>>()
        };
        if self.pagination.style == PaginationStyle::Offset {
            let before = position.parse::<u64>().ok()?.checked_sub(1)?;
            return items(self.pagination, &mut self.asked(&at(before.to_string()))?)?.first().cloned();
        }
        // From the first page on, until the next one is this one.
        let mut page = self.without(name)?;
        for _ in 0..MOST_PAGES {
            let next = page.json_mut()?.pointer(self.pagination.next.as_ref()?)?.as_str()?.to_owned();
            let cursor = match next.split_once('?') {
                Some((_, query)) => parse_query(Some(query)).into_iter().find(|(known, _)| known == name)?.1,
                None => next,
            };
            if cursor == position {
                return items(self.pagination, &mut page)?.last().cloned();
            }
            page = self.asked(&at(cursor))?;
        }
        None
    }

    /// How many items a page may have, where that is asked for.
    fn size(&self) -> Option<usize> {
        self.call.query_value(self.pagination.limit.as_ref()?)?.parse().ok()
    }

    /// Whether a page that has something is not the first one.
    fn is_further(&self, page: &Answer) -> bool {
        let given = position(self.pagination).and_then(|name| self.call.query_value(name));
        let is_first = self.pagination.style == PaginationStyle::Offset && given == Some("0");
        given.is_some()
            && !is_first
            && items(self.pagination, &mut page.clone()).is_some_and(|it| !it.is_empty())
    }

    /// Whether no page follows.
    fn is_last(&self, page: &Answer) -> bool {
        let mut page = page.clone();
        let Some(count) = items(self.pagination, &mut page).map(|it| it.len() as u64) else { return false };
        if let Some(next) = &self.pagination.next {
            return page.json_mut().and_then(|body| body.pointer(next)).is_none_or(Value::is_null);
        }
        let offset =
            position(self.pagination).and_then(|name| self.call.query_value(name)?.parse::<u64>().ok());
        let total = total(self.pagination, &mut page).and_then(|it| it.as_u64());
        total.is_some_and(|total| offset.unwrap_or_default() + count >= total)
    }

    /// Takes one item away: that of an index, or the last.
    fn cut(&self, answer: &mut Answer, at: Option<usize>) -> Option<()> {
        let items = items(self.pagination, answer)?;
        let at = at.or_else(|| items.len().checked_sub(1))?;
        (at < items.len()).then(|| items.remove(at)).map(|_| ())
    }
}

fn items<'a>(pagination: &Pagination, answer: &'a mut Answer) -> Option<&'a mut Vec<Value>> {
    answer.json_mut()?.pointer_mut(&pagination.items)?.as_array_mut()
}

fn total<'a>(pagination: &Pagination, answer: &'a mut Answer) -> Option<&'a mut Value> {
    answer.json_mut()?.pointer_mut(pagination.total.as_ref()?)
}
