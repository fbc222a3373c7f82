use feishu_events::dispatcher;

fn not_annotated() {}

struct NotAHandler;

fn main() {
    let _: feishu_events::Dispatcher = dispatcher![not_annotated];
    let _: feishu_events::Dispatcher = dispatcher![NotAHandler];
    let _: feishu_events::Dispatcher = dispatcher![|| {}];
}
