//! Types of the app's own schemas.

fn main() -> feishu_events_gen::Result<()> {
    feishu_events_gen::Builder::new()
        .crate_path("::feishu_events_framework::events")
        .build("schemas")
}
