use feishu_events::feishu_handler;

struct NoError;

#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated() -> Result<(), NoError> {
    Err(NoError)
}

fn main() {}
