"""What rust-analyzer shows of handlers: one line for each check, and what was seen where it is wrong."""

import pathlib
import re
import subprocess
import sys

from client import File, Server

LITERAL = '"contact.department.updated_v3"'


def app(folder, repository, name="feishu_events", more=""):
    folder = pathlib.Path(folder)
    (folder / "src").mkdir(parents=True, exist_ok=True)
    key = "feishu-events" if name == "feishu_events" else f'{name} = {{ package = "feishu-events", '
    library = f'path = "{repository}/feishu-events", default-features = false, features = ["contact", "im"] }}'
    dependency = f"feishu-events = {{ {library}" if name == "feishu_events" else f"{key}{library}"
    (folder / "Cargo.toml").write_text(
        f'[package]\nname = "app"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\n{dependency}\n\n[workspace]\n'
    )
    text = pathlib.Path(__file__).with_name("app.rs").read_text()
    if name != "feishu_events":
        text = text.replace("feishu_events", name)
        text = re.sub(r"#\[feishu_handler\(([^)]+)\)\]", rf"#[feishu_handler(\1, crate = {name})]", text)
        text = text.replace("#[feishu_handler]", f"#[feishu_handler(crate = {name})]")
        text = text.replace("dispatcher![", f"dispatcher![crate = {name}; ")
        text = text.replace("dispatcher! { ", f"dispatcher! {{ crate = {name}; ")
    (folder / "src/main.rs").write_text(text)
    return folder, text


class Checks:
    def __init__(self):
        self.wrong = 0

    def check(self, what, is_right, seen):
        print(f"{'ok   ' if is_right else 'WRONG'} {what}", flush=True)
        if not is_right:
            self.wrong += 1
            print("      seen:", str(seen)[:1500].replace("\n", "\n      "))


def declarations(hover):
    """The items that a hover shows, each with its first line."""
    blocks = re.findall(r"```rust\n(.*?)```", hover, re.S)
    return [block.split("\n")[0] for block in blocks if " " in block.split("\n")[0]]


def names_and_types(file, text, c):
    marked = text.replace('"contact.dep', '"con$0tact.dep')
    hover = file.hover(marked)
    shown = declarations(hover)
    expected = ["The data of a department changed.", "[Documentation](", "contact:contact.base:readonly", "object:"]
    right = shown == ["pub struct DepartmentUpdatedV3 {"] and all(part in hover for part in expected)
    c.check("the pointer on a literal: the event's sentence, page, scopes and fields, nothing else", right, hover)
    lines = file.definitions(marked)
    c.check("the definition of a literal: the event's struct", lines == ["pub struct DepartmentUpdatedV3 {"], lines)
    marked = text.replace("event: contact::Dep", "event: contact::D$0ep")
    shown = declarations(file.hover(marked))
    c.check("the pointer on the payload's type: the type alone", shown == ["pub struct DepartmentUpdatedV3 {"], shown)
    marked = text.replace("names::IM_CHAT_DISBANDED_V1)", "names::IM_CHAT$0_DISBANDED_V1)")
    hover = file.hover(marked)
    c.check("the pointer on a constant: what happened", "A group was disbanded." in hover, hover)


def handlers(file, text, c):
    for name, signature, handles in [
        ("on_department_updated", "async fn on_department_updated(", "`contact.department.updated_v3`"),
        ("on_disbanded", "fn on_disbanded(", "`im.chat.disbanded_v1`"),
        ("on_user_created", "async fn on_user_created(", "`contact::UserCreatedV3`"),
    ]:
        hover = file.hover(text.replace(f"fn {name}", f"fn $0{name}"))
        shown = declarations(hover)
        right = len(shown) == 2 and shown[0].startswith(signature) and shown[1] == f"struct {name} {{}}"
        right = right and hover.count("Handles ") == 1 and f"{handles}." in hover and "std" not in hover
        c.check(f"the pointer on `{name}`: the function, and what it handles, once", right, hover)
    for place in ["fn $0on_disbanded", "[on_department_updated, $0on_disbanded", "=> $0on_disbanded"]:
        marked = text.replace(place.replace("$0", ""), place, 1)
        lines = sorted(set(file.references(marked)))
        expected = [n for n, line in enumerate(text.split("\n")) if "on_disbanded" in line]
        c.check(f"uses, from `{place}`", lines == expected, lines)
        renamed = file.renamed(marked, "renamed")
        c.check(f"a new name, from `{place}`", renamed == text.replace("on_disbanded", "renamed"), renamed)


def completions(file, text, c):
    constant = "names::IM_CHAT_DISBANDED_V1"
    for typed in [
        "names::$0",
        "names::IM_CH$0",
        '"im.chat.updated_v1", names::$0',
        'names::$0, "im.chat.updated_v1"',
        "names::IM_CHAT_UPDATED_V1, names::IM_CHAT$0",
        "names::IM_CHAT_UP$0DATED_V1",
    ]:
        proposed = file.completions(text.replace(constant, typed, 1))
        c.check(f"constants in `#[feishu_handler({typed})]`", "IM_CHAT_DISBANDED_V1" in proposed, proposed)
    proposed = file.completions(text.replace(constant, "$0", 1))
    c.check("the module `names` in `#[feishu_handler($0)]`", "names" in proposed, proposed)
    every = "on_department_updated, on_disbanded, on_user_created, Bot::on_message"
    for typed in ["$0", "on_$0", "on_department_updated, $0", "on_$0, on_disbanded", "on_disbanded, on_user$0"]:
        proposed = file.completions(text.replace(every, typed))
        ours = [label for label in proposed if label.startswith(("Feishu", "ThisDispatcher"))]
        right = "on_user_created" in proposed and not ours
        c.check(f"handlers in `dispatcher![{typed}]`", right, ours or proposed)
    for typed in ["names::$0", "names::IM_CH$0", "names::IM_CH$0 => on_disbanded"]:
        proposed = file.completions(text.replace("names::IM_CHAT_DISBANDED_V1 => on_disbanded", typed))
        c.check(f"constants in `dispatcher! {{ {typed} }}`", "IM_CHAT_DISBANDED_V1" in proposed, proposed)
    proposed = file.completions(text.replace("=> on_disbanded", "=> on_$0"))
    c.check("handlers behind `=>`", "on_disbanded" in proposed, proposed)


def mistakes(file, text, c):
    wrong = LITERAL.replace("updated", "update")
    problems = file.problems(text.replace(LITERAL, wrong))
    right = [on for on, message in problems if message.startswith("no event is named")] == [wrong]
    c.check("a misspelled name: the message at the literal", right, problems)
    c.check("what is right has no message", file.problems(text) == [], file.problems(text))
    body = text.replace("drop(event);", "event.$0")
    for what, marked in [
        ("is misspelled", body.replace(LITERAL, wrong)),
        ("ends in `names::`", body.replace(LITERAL, "names::")),
        ("has an unknown option", body.replace(LITERAL, f"{LITERAL}, retries = 3")),
        ("has no name and a second argument no type yet", body.replace(LITERAL, "").replace("V3) {\n    event", "V3, state: ) {\n    event")),
        ("is right, and a statement does not parse", body.replace("event.$0", "let = event.$0")),
        ("is right, and the body has no end", body.replace("event.$0\n}", "if let Some(x) = event.$0\n")),
    ]:
        proposed = file.completions(marked)
        c.check(f"fields in the body while the attribute {what}", "old_object" in proposed, proposed)
    unfinished = text.replace("(event: contact::DepartmentUpdatedV3)", "(event: )")
    proposed = file.completions(unfinished.replace("[on_department_updated, on_disbanded", "[on_dep$0, on_disbanded"))
    c.check("a handler in `dispatcher!` while its argument has no type yet", "on_department_updated" in proposed, proposed)


def main():
    command, repository, folder = sys.argv[1:]
    c = Checks()
    for name in ["feishu_events", "events"]:
        here, text = app(f"{folder}-{name}", repository, name)
        subprocess.run(["cargo", "check", "--quiet"], cwd=here, check=True)
        server = Server(command, here)
        server.ready()
        file = File(server, here / "src/main.rs")
        print(f"-- the crate as `{name}`")
        if name == "feishu_events":
            names_and_types(file, text, c)
            handlers(file, text, c)
            completions(file, text, c)
            mistakes(file, text, c)
        else:
            typed = text.replace("names::IM_CHAT_DISBANDED_V1", "events::names::IM_CH$0", 1)
            proposed = file.completions(typed)
            c.check("constants through a renamed crate", "IM_CHAT_DISBANDED_V1" in proposed, proposed)
            shown = declarations(file.hover(text.replace('"contact.dep', '"con$0tact.dep')))
            c.check("the pointer on a literal", shown == ["pub struct DepartmentUpdatedV3 {"], shown)
        server.stop()
    print(f"{c.wrong} wrong")
    sys.exit(1 if c.wrong else 0)


main()
