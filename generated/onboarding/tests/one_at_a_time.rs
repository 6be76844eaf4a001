//! The carrier supports no overlapping calls: whoever makes them, they leave one after another.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails the test")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use onboarding::Client;

/// Starts a server that takes its time on threads of its own, and counts the requests that it has at one time. Its last
/// thread ends with the process.
fn server() -> (String, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (answered, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let counted = (Arc::clone(&answered), Arc::clone(&most));
    std::thread::spawn(move || {
        let open: Arc<AtomicUsize> = Arc::default();
        for stream in listener.incoming() {
            let (mut stream, open, (answered, most)) = (stream.unwrap(), Arc::clone(&open), counted.clone());
            std::thread::spawn(move || {
                // A request without a body is shorter than this.
                if stream.read(&mut [0; 4096]).unwrap() == 0 {
                    return;
                }
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(20));
                open.fetch_sub(1, Ordering::SeqCst);
                answered.fetch_add(1, Ordering::SeqCst);
                let _ = stream
                    .write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}");
            });
        }
    });
    (url, answered, most)
}

#[tokio::test(flavor = "multi_thread")]
async fn overlapping_calls_through_one_client_and_its_clones_never_overlap_at_the_server() {
    let (url, answered, most) = server();
    // Asking for more is not granted.
    let client = Client::builder(url).bearer_token("token").concurrency(10).build().unwrap();
    let calls: Vec<_> = (0..6)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let one = client.get_registration_status("1");
                let other = client.get_group_summary("1");
                let (one, other) = tokio::join!(one.send(), other.send());
                assert!(one.unwrap_err().status().is_some() && other.unwrap_err().status().is_some());
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!((answered.load(Ordering::SeqCst), most.load(Ordering::SeqCst)), (12, 1));
}
