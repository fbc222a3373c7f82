use feishu_events::dispatcher;

fn not_annotated() {}

struct NotAHandler;

fn main() {
    dispatcher![not_annotated];
    dispatcher![NotAHandler];
    dispatcher![|| {}];
}
