//! Which events are wanted, and what becomes of the others.

use feishu_events::EventType;

use crate::box_of::{event, event_of, platform};
use crate::program::{Program, command_at, ids, printed, run};

#[tokio::test(flavor = "multi_thread")]
async fn globs_and_filters_select_and_the_others_are_acknowledged() {
    let gateway = platform().await;
    let args = [
        "tail",
        "--event",
        "contact.*",
        "--event",
        "leave_approval*",
        "--filter",
        ".event.object.name != \"Bob\"",
        "--max",
        "3",
    ];
    let mut tail = Program::ready(command_at(&gateway, &args));
    let lines = tail.read();
    for push in [
        event("1"),
        event_of(EventType::ImChatDisbandedV1, "2"),
        event("3").set("object.name", "Bob"),
        event_of(EventType::LeaveApproval, "4"),
        event("5"),
    ] {
        assert!(gateway.push_and_wait(push).await.is_acknowledged());
    }
    tail.success();
    assert_eq!(ids(&lines.events()), ["1", "4", "5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_can_be_left_for_another_client() {
    let gateway = platform().await;
    let args = [
        "tail",
        "--event",
        "contact.*",
        "--refuse-others",
        "--max",
        "1",
    ];
    let mut tail = Program::ready(command_at(&gateway, &args));
    let lines = tail.read();
    let other = event_of(EventType::ImChatDisbandedV1, "2");
    assert!(!gateway.push_and_wait(other).await.is_acknowledged());
    assert!(gateway.push_and_wait(event("1")).await.is_acknowledged());
    tail.success();
    assert_eq!(ids(&lines.events()), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_for_which_the_filter_fails_is_not_acknowledged() {
    let gateway = platform().await;
    let args = ["tail", "--filter", ".event.object.name.first"];
    let mut tail = Program::ready(command_at(&gateway, &args));
    let outcome = gateway
        .push_and_wait(event("1").set("object.name", "Ada"))
        .await;
    assert!(!outcome.is_acknowledged(), "{outcome}");
    tail.wait_for("--filter failed: cannot index");
    tail.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_is_noticed_and_a_wrong_filter_refused() {
    let gateway = platform().await;
    let args = ["tail", "--event", "contact.user.create_v3", "--for", "1ms"];
    let said = printed(&run(command_at(&gateway, &args)));
    assert!(
        said.contains("no known event matches `contact.user.create_v3`"),
        "{said}"
    );
    assert!(
        said.contains("did you mean contact.user.created_v3"),
        "{said}"
    );
    let output = run(command_at(&gateway, &["tail", "--filter", ".a |"]));
    assert_eq!(output.status.code(), Some(2), "{}", printed(&output));
    assert!(
        printed(&output).contains("at its end"),
        "{}",
        printed(&output)
    );
}
