#![deny(warnings)]

use feishu_events::{Dispatcher, FromRef, State, dispatcher, feishu_handler, im};

#[derive(Clone)]
struct App {
    database: Database,
}

#[derive(Clone)]
struct Database(u32);

impl FromRef<App> for Database {
    fn from_ref(app: &App) -> Self {
        app.database.clone()
    }
}

#[feishu_handler("im.chat.disbanded_v1")]
async fn whole(State(app): State<App>, _: im::ChatDisbandedV1) {
    drop(app.database);
}

#[feishu_handler("im.chat.updated_v1")]
fn part(State(Database(_)): State<Database>) {}

#[feishu_handler("im.message.recalled_v1")]
fn none() {}

fn main() {
    let _: Dispatcher = dispatcher![whole, part, none].state(App { database: Database(1) });
}
