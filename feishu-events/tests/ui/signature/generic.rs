use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v3")]
fn on_any<T, const N: usize>(_: [T; N]) {}

fn main() {}
