//! Generates types from `schemas/`.

fn main() -> feishu_events_gen::Result<()> {
    feishu_events_gen::build("schemas")
}
