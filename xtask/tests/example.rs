//! The example of the generated crate goes its whole way against the sandbox.

use driftline_sandbox::{CREDENTIAL, Options, Sandbox};

#[path = "../../generated/enrollconnect/examples/enroll.rs"]
#[expect(
    clippy::print_stdout,
    dead_code,
    unreachable_pub,
    reason = "an example is a program; the test calls what its `main` does"
)]
mod enroll;

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_enrolled() {
    let options = Options { apis: vec!["enrollconnect".to_owned()], ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    enroll::enroll(sandbox.base_url("enrollconnect").unwrap(), CREDENTIAL).await.unwrap();
    sandbox.shutdown().await;
}
