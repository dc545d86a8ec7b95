"""Debian's Chromium without a window, by its DevTools protocol over a pipe: for pictures, tests and benchmarks of the page.

    browser.py URL FILE [--dark] [--phone] [--ready EXPRESSION] [--wait SECONDS]      # a picture of a page

Needs no package but Chromium. As root it runs without its sandbox: only for pages of one's own.
"""

import argparse
import base64
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"desk": (1160, 660, 1), "phone": (390, 844, 1.5)}


class Failure(Exception):
    """What a page or the browser refused."""


def program():
    """Where Chromium is, or None."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


class Browser:
    """One browser, with a profile of its own that is gone after it."""

    def __init__(self, *options):
        if not program():
            raise Failure("Chromium is missing: apt install chromium")
        self.profile = tempfile.mkdtemp(prefix="aeiou-browser-")
        read, self.out = os.pipe()
        self.into, write = os.pipe()
        arguments = [program(), "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
                     "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync", "--no-default-browser-check", "--mute-audio",
                     "--hide-scrollbars", "--no-proxy-server", f"--user-data-dir={self.profile}", *options, "about:blank"]
        if os.geteuid() == 0:
            arguments.insert(1, "--no-sandbox")

        def descriptors():
            # Chromium reads from 3 and writes to 4.
            high_read, high_write = os.dup2(read, 200), os.dup2(write, 201)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(arguments, preexec_fn=descriptors, pass_fds=(3, 4), stdin=subprocess.DEVNULL,
                                        stdout=self.errors, stderr=self.errors, start_new_session=True)
        os.close(read)
        os.close(write)
        self.buffer = b""
        self.number = 0
        self.answers = {}
        self.pages = {}

    def send(self, method, parameters=None, session=None):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        return self.number

    def call(self, method, parameters=None, session=None, limit=30):
        """Calls a method of the protocol, and returns its result."""
        number = self.send(method, parameters, session)
        end = time.monotonic() + limit
        while number not in self.answers:
            if not self.take(end - time.monotonic()):
                raise Failure(f"{method} was not answered within {limit} s")
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Failure(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def take(self, seconds):
        """Takes in what the browser says within that time; whether it said anything."""
        ready, _, _ = select.select([self.into], [], [], max(0, seconds))
        if not ready:
            return False
        data = os.read(self.into, 1 << 20)
        if not data:
            self.errors.seek(0)
            raise Failure("Chromium ended: " + self.errors.read().decode(errors="replace")[-800:])
        *messages, self.buffer = (self.buffer + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            elif message.get("sessionId") in self.pages:
                self.pages[message["sessionId"]].events.append(message)
        return True

    def page(self, size="desk", dark=False, reduced=False):
        return Page(self, size, dark, reduced)

    def close(self):
        os.close(self.out)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.into)
        self.errors.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def smaller(png):
    """The same picture, packed with more care than a browser has time for."""
    kept, packed, at = [], b"", 8
    while at < len(png):
        length = int.from_bytes(png[at:at + 4], "big")
        kind, chunk = png[at + 4:at + 8], png[at:at + 12 + length]
        if kind == b"IDAT":
            packed += chunk[8:-4]
        else:
            kept.append(chunk)
        at += 12 + length
    body = b"IDAT" + zlib.compress(zlib.decompress(packed), 9)
    data = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return png[:8] + b"".join(kept[:-1]) + data + kept[-1]


class Page:
    """One tab."""

    def __init__(self, browser, size, dark, reduced):
        self.browser = browser
        self.events = []
        self.target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        browser.pages[self.session] = self
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.size(size)
        self.call("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"}]})

    def call(self, method, parameters=None, limit=30):
        return self.browser.call(method, parameters, self.session, limit)

    def size(self, name):
        width, height, scale = SIZES[name]
        self.call("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": scale, "mobile": name == "phone"})

    def open(self, url):
        self.call("Page.navigate", {"url": url})

    def run(self, expression, limit=30):
        """What an expression of JavaScript gives; a promise is waited for."""
        result = self.call("Runtime.evaluate", {
            "expression": expression, "returnByValue": True, "awaitPromise": True}, limit)
        if "exceptionDetails" in result:
            raise Failure(f"{expression}: {result['exceptionDetails'].get('exception', {}).get('description')}")
        return result["result"].get("value")

    def until(self, expression, limit=15):
        """Waits until an expression is true, and returns what it gives then."""
        end = time.monotonic() + limit
        while True:
            try:
                value = self.run(f"((value) => value instanceof Node || value)({expression})")
            except Failure:
                value = None  # in the middle of a navigation
            if value:
                return value
            if time.monotonic() > end:
                text = self.run("document.body ? document.body.innerText.slice(0, 1500) : ''")
                raise Failure(f"not true within {limit} s: {expression}\nthe page shows: {text}")
            self.browser.take(0.02)

    def key(self, key, text=None):
        """Presses a key by its name: 'Enter', 'ArrowDown', '/'."""
        text = text if text is not None else key if len(key) == 1 else "\r" if key == "Enter" else None
        down = {"type": "keyDown" if text else "rawKeyDown", "key": key}
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
                 "End": 35, "Home": 36, "PageDown": 34}
        if key in codes:
            down["windowsVirtualKeyCode"] = codes[key]
        if text:
            down["text"] = text
        self.call("Input.dispatchKeyEvent", down)
        self.call("Input.dispatchKeyEvent", dict(down, type="keyUp"))

    def picture(self, file):
        """A PNG of what is on the screen; the size in octets."""
        data = base64.b64decode(self.call("Page.captureScreenshot", {"format": "png"})["data"])
        data = smaller(data)
        pathlib.Path(file).write_bytes(data)
        return len(data)

    def complaints(self):
        """Errors on the console, violations of the policy, requests to other origins: what there should be none of."""
        origin = self.run("location.origin")
        found = []
        for event in self.events:
            parameters = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                found.append(details.get("exception", {}).get("description") or details["text"])
            elif event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append("console: " + json.dumps([a.get("value") for a in parameters["args"]]))
            elif event["method"] == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append(f"log: {parameters['entry']['text']} {parameters['entry'].get('url', '')}")
            elif event["method"] == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith((origin + "/", "data:", "about:")):
                    found.append("a request to " + url)
        return found

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})
        self.browser.pages.pop(self.session, None)


def main():
    parser = argparse.ArgumentParser(description="Makes a picture of a page.")
    parser.add_argument("url")
    parser.add_argument("file")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--phone", action="store_true")
    parser.add_argument("--ready", default="document.querySelectorAll('.table .space small:not(:empty)').length > 10",
                        help="what is true in the page before the picture is made, in JavaScript")
    parser.add_argument("--wait", type=float, default=2, help="for so many seconds from then on it is live")
    options = parser.parse_args()
    with Browser() as browser:
        page = browser.page("phone" if options.phone else "desk", options.dark)
        page.open(options.url)
        try:
            page.until(options.ready, 20)
        except Failure as e:
            print(f"browser: the picture shows what there is: {str(e).splitlines()[0]}", file=sys.stderr)
        end = time.monotonic() + options.wait
        while time.monotonic() < end:
            browser.take(end - time.monotonic())
        print(f"{options.file}: {page.picture(options.file)} octets")


if __name__ == "__main__":
    try:
        main()
    except Failure as e:
        sys.exit(f"browser: {e}")
