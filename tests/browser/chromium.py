"""Drives headless Chromium over its debugging pipe, with only Python's standard library."""
import base64
import json
import os
import shutil
import subprocess
import sys


def program():
    """Returns the path of Chromium, or None if it is missing; exits if CI is set."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    found = next(filter(None, map(shutil.which, names)), None)
    if not found and os.environ.get("CI"):
        sys.exit("Chromium not found: run tests/browser/install")
    return found


class Browser:
    """Chromium, with JSON messages terminated by a zero byte (fd 3 in, fd 4 out)."""

    def __init__(self, program, profile):
        to_child, self.write_to = os.pipe()
        self.read_from, from_child = os.pipe()

        def descriptors():
            os.dup2(to_child, 203), os.dup2(from_child, 204)
            os.dup2(203, 3), os.dup2(204, 4)
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             f"--user-data-dir={profile}", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-quic", "--disable-sync", "about:blank"],
            preexec_fn=descriptors, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_child), os.close(from_child)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.ask(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read_from, 1 << 16)
            if not data:
                sys.exit("the browser exited unexpectedly")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def open(self, page):
        """Opens a file or a URL."""
        self.events = []
        self.ask("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive())

    def value(self, expression, **options):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, **options)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def complaints(self):
        """Returns the page's console messages, and the URLs of its network requests."""
        loud = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"}
        requests = [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return ([e for e in self.events if e.get("method") in loud]
                + [url for url in requests if not url.startswith(("file:", "data:"))])

    def size(self, width, height, scheme="light", is_phone=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if is_phone else 1,
                 mobile=is_phone)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, target):
        """Saves a screenshot as a PNG."""
        target.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def pdf(self, target):
        target.write_bytes(base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True)["data"]))

    def key(self, name, text=None):
        """Presses a key in the focused element."""
        code = {"Enter": 13, "ArrowUp": 38, "ArrowDown": 40, "ArrowLeft": 37, "ArrowRight": 39, "Escape": 27}.get(name, 0)
        more = {"text": text} if text else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=name, windowsVirtualKeyCode=code, **more)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=name, windowsVirtualKeyCode=code)

    def close(self):
        self.process.terminate()
        self.process.wait()
