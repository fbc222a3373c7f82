use std::rc::Rc;

use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated() {
    let count = Rc::new(1);
    std::future::ready(()).await;
    drop(count);
}

fn main() {}
