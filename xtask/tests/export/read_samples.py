"""Reads bodies with the Python module that datamodel-code-generator makes of the OpenAPI document.

Arguments: the folder of the module, the OpenAPI document, then files of samples.
"""

import json
import sys

folder, openapi, *samples = sys.argv[1:]
sys.path.insert(0, folder)
import feishu_events_types as types  # noqa: E402

with open(openapi, encoding="utf-8") as file:
    schemas = json.load(file)["components"]["schemas"]
models = {
    schema["x-feishu-event-type"]: getattr(types, name)
    for name, schema in schemas.items()
    if "x-feishu-event-type" in schema
}

# What the platform's own sample of a message has, with invented values.
body = {
    "schema": "2.0",
    "header": {"event_id": "5e37", "event_type": "im.message.receive_v1", "tenant_key": "2ca1"},
    "event": {
        "sender": {"sender_id": {"open_id": "ou_1"}, "sender_type": "user"},
        "message": {"message_id": "om_1", "chat_type": "newer than this module", "content": "{}"},
    },
}
event = models["im.message.receive_v1"].model_validate(body)
assert event.event.message.message_id == "om_1"
assert event.event.sender.sender_id.open_id == "ou_1"
assert event.event.message.chat_type.root == "newer than this module"

for name in samples:
    with open(name, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    refused = []
    for line in lines:
        try:
            read = models[line["type"]].model_validate(line["body"])
            assert read.event is not None
        except ValueError as error:
            refused.append((line["type"], error))
    for event_type, error in refused:
        print(f"{event_type}: {error}")
    print(f"Python: {len(lines) - len(refused)} of {len(lines)} samples are read")
    # The one whose page contradicts its own sample, see documented_exceptions.txt.
    assert [event_type for event_type, _ in refused] == ["attendance.user_task.updated_v1"]
print(f"Python: a module with the types of {len(models)} events")
