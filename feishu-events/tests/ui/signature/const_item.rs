use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v3")]
const LIMIT: u32 = 3;

fn main() {
    let _ = LIMIT;
}
