"""What the library adds to an editor's start and memory: the same app without it, with no service, with one,
with all, and with another crate for the platform in its place."""

import os
import pathlib
import subprocess
import sys

from client import File, Server

PLAIN = """#[tokio::main]
async fn main() {
    println!("{}", serde_json::json!({ "ready": true }));
}
"""
OURS = """use feishu_events::{Dispatcher, RawEvent, Webhook, dispatcher, feishu_handler};

#[feishu_handler(fallback)]
async fn on_rest(event: RawEvent) {
    println!("{}", event.payload);
}

#[tokio::main]
async fn main() {
    let handlers: Dispatcher = dispatcher![on_rest];
    let _ = Webhook::builder(handlers).encrypt_key("key").verification_token("token").build();
}
"""
PEER = 'larksuite-oapi-sdk-rs = "=0.3.13"'


def measured(command, folder, dependency, text):
    """The seconds of the processor until the editor is ready, and its memory then."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(
        '[package]\nname = "app"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n'
        'serde = { version = "1", features = ["derive"] }\nserde_json = "1"\n'
        'tokio = { version = "1", features = ["macros", "rt-multi-thread"] }\n' + dependency + "\n\n[workspace]\n"
    )
    (folder / "src/main.rs").write_text(text)
    subprocess.run(["cargo", "check", "--quiet"], cwd=folder, check=True)
    server = Server(command, folder, numThreads=1, cachePriming={"numThreads": 1})
    file = File(server, folder / "src/main.rs")
    elapsed = server.ready()
    file.problems(text)
    memory, seconds = server.usage()
    server.stop()
    return elapsed, seconds, memory


def main():
    command, repository, folder, *base = sys.argv[1:]
    folder = pathlib.Path(folder)
    # With one thread and one arena, two runs differ by 1 MB; without, by 50, as the allocator keeps
    # more or less of what it was given back.
    os.environ["MALLOC_ARENA_MAX"] = "1"
    services = [
        ("no service", 'default-features = false, features = ["webhook"]'),
        ("one service", 'default-features = false, features = ["webhook", "contact"]'),
        ("all services", 'features = ["webhook"]'),
    ]
    apps = [("without", "", PLAIN)]
    for which, path in [("", repository)] + [("before: ", path) for path in base]:
        for name, features in services:
            apps.append((f"{which}{name}", f'feishu-events = {{ path = "{path}/feishu-events", {features} }}', OURS))
    apps.append(("larksuite-oapi-sdk-rs 0.3.13", PEER, PLAIN))
    print(f"{'app':30} {'ready':>9} {'processor':>11} {'memory':>10} {'added':>17}")
    without = None
    for name, dependency, text in apps:
        here = folder / name.replace(":", "").replace(" ", "-")
        # Of two runs the better one: what else the machine does only adds.
        runs = [measured(command, here, dependency, text) for _ in range(2)]
        elapsed, seconds, memory = map(min, zip(*runs))
        without = without or (seconds, memory)
        added = f"{seconds - without[0]:5.1f} s {memory - without[1]:6.0f} MB"
        print(f"{name:30} {elapsed:7.1f} s {seconds:9.1f} s {memory:7.0f} MB {added:>17}", flush=True)


main()
