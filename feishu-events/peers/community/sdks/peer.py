"""The official Python SDK (PyPI lark-oapi), for src/bin/compare/sdk.rs.

Each event that the SDK has a type for has a handler.
"""

import json
import sys
import time
from importlib.metadata import version

try:
    import lark_oapi
except ImportError as error:
    print(f"lark-oapi is not installed: {error}", file=sys.stderr)
    sys.exit(77)

calls = 0


def handle(event):
    global calls
    calls += 1


def dispatcher():
    """The dispatcher, and how many events it has types for."""
    builder = lark_oapi.EventDispatcherHandler.builder("", "")
    callbacks = {"register_p2_card_action_trigger", "register_p2_url_preview_get"}
    events = 0
    for method in dir(builder):
        if method.startswith("register_p") and "customized" not in method:
            getattr(builder, method)(handle)
            events += method not in callbacks
    return builder.build(), events


def is_handled(dispatch, body):
    before = calls
    try:
        dispatch(body)
    except Exception:
        return False
    return calls > before


def main():
    handler, events = dispatcher()
    # The public name only adds a warning, in those versions that have both.
    dispatch = getattr(handler, "_do_without_validation", None) or handler.do_without_validation
    print(json.dumps({"name": f"lark-oapi {version('lark-oapi')} (Python)", "events": events}))
    sys.stdout.flush()
    bodies = []
    for line in sys.stdin:
        if line.strip() != "run":
            bodies = [sample["json"].encode() for sample in json.loads(line)]
            answer = json.dumps([is_handled(dispatch, body) for body in bodies])
        else:
            begun = time.perf_counter_ns()
            for body in bodies:
                dispatch(body)
            answer = str(time.perf_counter_ns() - begun)
        print(answer, flush=True)


main()
