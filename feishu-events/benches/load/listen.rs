//! The client of `stream`: connections whose handlers do nothing.

use clap::Args;
use feishu_events::{Dispatcher, Domain, LongConnection, dispatcher, feishu_handler, im};
use tokio::task::JoinSet;

#[derive(Args)]
pub(crate) struct ListenArgs {
    domain: String,
    app_id: String,
    app_secret: String,
    /// Ignored: handlers print nothing anyway
    #[arg(long)]
    quiet: bool,
    /// How many connections
    #[arg(long, default_value_t = 1)]
    connections: usize,
}

#[feishu_handler("im.message.receive_v1")]
fn on_message(_: &im::MessageReceiveV1) {}

/// Receives on one thread until the process is ended.
pub(crate) fn run(args: &ListenArgs) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let dispatcher: Dispatcher = dispatcher![on_message];
        let mut running = JoinSet::new();
        for _ in 0..args.connections {
            let client = LongConnection::builder(&args.app_id, &args.app_secret)
                .domain(Domain::Custom(args.domain.clone()))
                .no_proxy()
                .dispatcher(dispatcher.clone())
                .build()
                .unwrap();
            running.spawn(client.run());
        }
        panic!("a client has ended: {:?}", running.join_next().await);
    });
}
