"""The official Python SDK (PyPI lark-oapi) as a peer of tests/interop.rs.

Reads requests as JSON lines, hands them to the SDK, and answers a line for each: the status, and
the ids of the events that its handlers got. Then encrypts and signs the same events itself and
prints those requests.
"""

import base64
import hashlib
import json
import os
import sys

try:
    import lark_oapi
    from Crypto.Cipher import AES
    from lark_oapi.core.model import RawRequest
except ImportError as error:
    print(f"lark-oapi is not installed: {error}", file=sys.stderr)
    sys.exit(77)


def receiver(key, token, events, got):
    builder = lark_oapi.EventDispatcherHandler.builder(key, token)
    for event in events:
        if event["protocol"] == "2.0":
            builder.register_p2_customized_event(
                event["type"], lambda it: got.append(it.header.event_id)
            )
        else:
            builder.register_p1_customized_event(
                event["type"], lambda it: got.append(it.uuid)
            )
    return builder.build()


def encrypted_request(key, plaintext):
    data = plaintext.encode()
    padding = 16 - len(data) % 16
    data += bytes([padding]) * padding
    vector = os.urandom(16)
    cipher = AES.new(hashlib.sha256(key.encode()).digest(), AES.MODE_CBC, vector)
    encrypted = base64.b64encode(vector + cipher.encrypt(data)).decode()
    body = json.dumps({"encrypt": encrypted})
    timestamp, nonce = "1699430400", os.urandom(8).hex()
    signature = hashlib.sha256((timestamp + nonce + key + body).encode()).hexdigest()
    headers = {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": nonce,
        "X-Lark-Signature": signature,
    }
    return {"headers": headers, "body": body}


def main():
    setup = json.loads(sys.stdin.readline())
    key, token, events = setup["key"], setup["token"], setup["events"]
    got = []
    handler = receiver(key, token, events, got)
    requests = [json.loads(line) for line in sys.stdin]
    for request in requests:
        raw = RawRequest()
        raw.uri = "/"
        # The SDK looks headers up in this case only.
        raw.headers = {name.title(): value for name, value in request["headers"].items()}
        raw.body = request["body"].encode()
        response = handler.do(raw)
        print(json.dumps({"status": response.status_code, "got": got}))
        got.clear()
    for event in events:
        print(json.dumps(encrypted_request(key, event["plaintext"])))


main()
