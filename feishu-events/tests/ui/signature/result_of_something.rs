use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v3")]
fn on_department_updated() -> Result<u32, u8> {
    Ok(1)
}

fn main() {}
