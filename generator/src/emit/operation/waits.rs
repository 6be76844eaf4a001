//! Waits: methods of the client that look at a resource until it is in a state.

use super::{answer, pages, request, required};
use crate::emit::source::{Source, literal};
use crate::ir::{Crate, Operation, Type, Wait};
use crate::text::{code, inline};

/// Writes the client's methods.
pub(super) fn waits(source: &mut Source, krate: &Crate, operation: &Operation) {
    for wait in &operation.waits {
        method(source, krate, operation, wait);
    }
}

fn method(source: &mut Source, krate: &Crate, operation: &Operation, wait: &Wait) {
    let Some(parameter) = required(operation).into_iter().next() else { return };
    let [every, at_most, within] = wait.times;
    let listed = |states: &[String]| {
        states.iter().map(|state| format!("`{}`", code(state))).collect::<Vec<_>>().join(", ")
    };
    let fails = match wait.fails.as_slice() {
        [] => String::new(),
        fails => format!(" To become {} ends it with an error.", listed(fails)),
    };
    source.separate();
    source.docs(&[
        format!("Waits until the {} is {}.", inline(&wait.resource), listed(&wait.until)),
        String::new(),
        format!(
            "It is looked at at once, again after {every} seconds, then less and less often, at last every {at_most} \
             seconds, and the wait is given up after {within} seconds, unless the caller says otherwise.{fails} Nothing \
             is sent until this is awaited."
        ),
    ]);
    if parameter.ty == Type::String {
        let crate_ident = krate.name.replace('-', "_");
        source.docs(&[
            String::new(),
            "```no_run".to_owned(),
            format!("# async fn example(client: {crate_ident}::Client) -> Result<(), Box<dyn std::error::Error>> {{"),
            "let within = std::time::Duration::from_secs(3600);".to_owned(),
            format!("let answer = client.{}(\"id\").within(within).await?;", wait.method),
            "println!(\"{}\", answer.status);".to_owned(),
            "# Ok(())".to_owned(),
            "# }".to_owned(),
            "```".to_owned(),
        ]);
    }
    let arguments = ["&self".to_owned(), format!("{}: {}", parameter.name, request::passed(&parameter.ty))];
    let result = format!(
        " -> driftline_runtime::Waiting<'_, {}, {}Error>",
        answer::success_type(operation),
        operation.name
    );
    source.function(&format!("pub fn {}", wait.method), &arguments, &result);
    source.line(format_args!("let request = self.{}({}).request;", operation.method, parameter.name));
    source.open(format_args!("driftline_runtime::Waiting::new(request, driftline_runtime::private::Wait {{"));
    let states = |states: &[String]| states.iter().map(|it| literal(it)).collect::<Vec<_>>().join(", ");
    source.line(format_args!("read: {}::read,", operation.name));
    source.line(format_args!("state: {},", pages::to_text(Some(&wait.state))));
    source.line(format_args!("until: &[{}],", states(&wait.until)));
    source.line(format_args!("fails: &[{}],", states(&wait.fails)));
    source.line(format_args!("times: [{every}, {at_most}, {within}],"));
    source.close("})");
    source.close("}");
}
