"""The official Python client (PyPI lark-oapi) for long connections.

Takes a domain, an app's id and its secret. Reads the events to handle from the first line of its
input, connects, and prints the id of each event that a handler got, a line each; with `--quiet` it
prints nothing.
"""

import json
import sys

try:
    import lark_oapi
except ImportError as error:
    print(f"lark-oapi is not installed: {error}", file=sys.stderr)
    sys.exit(77)


def main():
    domain, app_id, app_secret = sys.argv[1:4]
    quiet = "--quiet" in sys.argv

    def got(event_id):
        if not quiet:
            print(event_id, flush=True)

    builder = lark_oapi.EventDispatcherHandler.builder("", "")
    for event in json.loads(sys.stdin.readline()):
        if event["protocol"] == "2.0":
            builder.register_p2_customized_event(
                event["type"], lambda it: got(it.header.event_id)
            )
        else:
            builder.register_p1_customized_event(event["type"], lambda it: got(it.uuid))
    client = lark_oapi.ws.Client(
        app_id,
        app_secret,
        event_handler=builder.build(),
        domain=domain,
        log_level=lark_oapi.LogLevel.CRITICAL,
    )
    client.start()


main()
