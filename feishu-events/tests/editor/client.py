"""A small client for the language server protocol: enough to ask what an editor would show."""

import json
import os
import pathlib
import subprocess
import threading
import time


class Server:
    """rust-analyzer, started in a folder."""

    def __init__(self, command, folder, **options):
        self.process = subprocess.Popen(
            [command], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.asked, self.answers, self.status = 0, {}, {}
        self.arrived = threading.Condition()
        self.started = time.time()
        threading.Thread(target=self._read, daemon=True).start()
        uri = pathlib.Path(folder).resolve().as_uri()
        capabilities = {
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"snippetSupport": True}},
            },
            "workspace": {"workspaceEdit": {"documentChanges": True}},
            "experimental": {"serverStatusNotification": True},
        }
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": [{"uri": uri, "name": "app"}],
                "capabilities": capabilities,
                "initializationOptions": {"checkOnSave": False, **options},
            },
        )
        self.tell("initialized", {})

    def tell(self, method, params):
        self._send({"method": method, "params": params})

    def ask(self, method, params, patience=300):
        for _ in range(100):
            self.asked += 1
            number = self.asked
            self._send({"id": number, "method": method, "params": params})
            with self.arrived:
                if not self.arrived.wait_for(lambda: number in self.answers, patience):
                    raise TimeoutError(f"no answer to {method}")
                answer = self.answers.pop(number)
            error = answer.get("error")
            if error is None:
                return answer.get("result")
            # The text changed meanwhile, or the server is not ready for it.
            if error["code"] not in (-32801, -32802):
                raise RuntimeError(f"{method}: {error}")
            time.sleep(0.2)
        raise RuntimeError(f"{method}: the server keeps refusing")

    def ready(self, patience=600):
        """Waits until everything is loaded; the seconds since the start."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: self.status.get("quiescent"), patience):
                raise TimeoutError("the server does not become ready")
        return time.time() - self.started

    def usage(self):
        """Memory in MB and time of the processor in seconds, with the processes it started."""
        memory, seconds, processes = 0, 0, [self.process.pid]
        while processes:
            process = processes.pop()
            try:
                with open(f"/proc/{process}/status") as lines:
                    memory += sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
                with open(f"/proc/{process}/stat") as line:
                    seconds += sum(map(int, line.read().rsplit(")")[1].split()[11:13]))
                for task in os.listdir(f"/proc/{process}/task"):
                    with open(f"/proc/{process}/task/{task}/children") as children:
                        processes += map(int, children.read().split())
            except FileNotFoundError:
                pass
        return memory / 1024, seconds / os.sysconf("SC_CLK_TCK")

    def stop(self):
        try:
            self.ask("shutdown", None, 30)
            self.tell("exit", None)
            self.process.wait(10)
        except (OSError, TimeoutError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _read(self):
        out = self.process.stdout
        while True:
            length = 0
            while line := out.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(out.read(length))
            with self.arrived:
                if "method" in message and "id" in message:
                    self._send({"id": message["id"], "result": None})
                elif "id" in message:
                    self.answers[message["id"]] = message
                elif message["method"] == "experimental/serverStatus":
                    self.status = message["params"]
                self.arrived.notify_all()


class File:
    """An open file. In the texts given to its functions, `$0` is where the pointer is."""

    def __init__(self, server, path):
        self.server, self.version = server, 0
        self.text = pathlib.Path(path).read_text()
        self.uri = pathlib.Path(path).resolve().as_uri()
        document = {"uri": self.uri, "languageId": "rust", "version": 0, "text": self.text}
        server.tell("textDocument/didOpen", {"textDocument": document})

    def write(self, text):
        if text == self.text:
            return
        self.version, self.text = self.version + 1, text
        document = {"uri": self.uri, "version": self.version}
        self.server.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def _ask(self, what, marked, **more):
        before, _ = marked.split("$0")
        self.write(marked.replace("$0", ""))
        position = {"line": before.count("\n"), "character": len(before.rsplit("\n", 1)[-1])}
        params = {"textDocument": {"uri": self.uri}, "position": position, **more}
        return self.server.ask(f"textDocument/{what}", params)

    def hover(self, marked):
        answer = self._ask("hover", marked)
        return answer["contents"]["value"] if answer else ""

    def definitions(self, marked):
        """Each as the text of its line."""
        lines = []
        for place in self._ask("definition", marked) or []:
            uri, span = place.get("uri") or place["targetUri"], place.get("range") or place["targetSelectionRange"]
            text = self.text if uri == self.uri else pathlib.Path(uri.removeprefix("file://")).read_text()
            lines.append(text.split("\n")[span["start"]["line"]].strip())
        return lines

    def completions(self, marked):
        answer = self._ask("completion", marked, context={"triggerKind": 1}) or []
        items = answer["items"] if isinstance(answer, dict) else answer
        return [item["label"] for item in items]

    def references(self, marked):
        answer = self._ask("references", marked, context={"includeDeclaration": True}) or []
        return [place["range"]["start"]["line"] for place in answer]

    def renamed(self, marked, name):
        """The text with the new name."""
        lines = marked.replace("$0", "").split("\n")
        answer = self._ask("rename", marked, newName=name)
        edits = [edit for change in answer["documentChanges"] for edit in change["edits"]]
        edits.sort(key=lambda edit: (edit["range"]["start"]["line"], edit["range"]["start"]["character"]), reverse=True)
        for edit in edits:
            start, end = edit["range"]["start"], edit["range"]["end"]
            line = lines[start["line"]]
            lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
        return "\n".join(lines)

    def problems(self, text):
        """Messages of the server itself, each with what it stands on."""
        self.write(text)
        answer = self.server.ask("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})
        lines, found = text.split("\n"), []
        for problem in answer.get("items", []):
            start, end = problem["range"]["start"], problem["range"]["end"]
            on = lines[start["line"]][start["character"] : end["character"]]
            found.append((on, problem["message"]))
        return found
