"""The system's Chromium, driven over its DevTools protocol: as much of it as the page needs."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

from websockets.sync.client import ClientConnection, connect

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE = 30.0
# Keys by name: code, Windows key code, and the text a press of it enters.
_KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " "), "Escape": (27, "")}


def find_chromium() -> str | None:
    """Where one is that starts, as Ubuntu's package without its snap does not; ``CHROMIUM`` names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for found in map(shutil.which, _NAMES) if found and _starts(found)), None)


def _starts(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=_PATIENCE).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


class Browser:
    """One page in a browser of its own."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._numbers = connection, itertools.count(1)
        for domain in ("Page", "DOM", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the protocol; raises AssertionError when it fails."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._connection.recv(timeout=_PATIENCE))
            if told.get("id") == number:
                assert "error" not in told, f"{method}: {told}"
                result: dict[str, Any] = told["result"]
                return result

    def run(self, script: str) -> Any:
        """What a piece of script comes to on the page, awaited."""
        done = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def width(self, pixels: int, height: int = 900) -> None:
        """Be a screen so wide; below 600 pixels a telephone."""
        mobile = pixels < 600
        self.call("Emulation.setDeviceMetricsOverride", width=pixels, height=height, deviceScaleFactor=1, mobile=mobile)

    def scripts(self, are_on: bool) -> None:
        """Run the page's scripts, or do without."""
        self.call("Emulation.setScriptExecutionDisabled", value=not are_on)

    def open(self, url: str) -> None:
        """Go to an address, and wait until it is there."""
        self.call("Page.navigate", url=url)
        self.until(lambda: self.run("document.readyState") == "complete" and self.run("location.href") != "about:blank")

    def until(self, is_true: Callable[[], object], what: str = "") -> None:
        """Ask again until it is so; raises AssertionError when it never is."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                if is_true():
                    return
            except AssertionError:  # between two pages there is none to ask
                pass
            time.sleep(0.05)
        raise AssertionError(f"never: {what}")

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        code, text = _KEYS[key]
        head = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **head)
        self.call("Input.dispatchKeyEvent", type="keyUp", **head)

    def type(self, text: str) -> None:
        """Enter a text where the focus is."""
        self.call("Input.insertText", text=text)

    def tab_to(self, selector: str, most: int = 40) -> None:
        """Press Tab until an element has the focus; raises AssertionError when the keyboard never gets there."""
        for _ in range(most):
            if self.run(f"document.activeElement.matches({selector!r})"):
                return
            self.press("Tab")
        raise AssertionError(f"no way by keyboard to {selector}")

    def click(self, selector: str) -> None:
        """Click in the middle of an element, where it is seen."""
        x, y = self._middle(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def drop(self, selector: str, *files: Path) -> None:
        """Drag files from the desktop onto an element."""
        x, y = self._middle(selector)
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.call("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file in the system's dialog, which cannot itself be driven."""
        found = self.call("Runtime.evaluate", expression=f"document.querySelector({selector!r})")
        self.call("DOM.setFileInputFiles", files=[str(file)], objectId=found["result"]["objectId"])

    def save_into(self, folder: Path) -> None:
        """Where downloads go."""
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def picture(self, path: Path) -> None:
        """The whole page as a picture."""
        self.until(lambda: self.run("document.readyState === 'complete' && innerWidth > 0"))
        taken = self.call("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        path.write_bytes(base64.b64decode(taken["data"]))

    def text(self, selector: str = "body") -> str:
        """What can be read in an element."""
        return str(self.run(f"document.querySelector({selector!r}).innerText"))

    def _middle(self, selector: str) -> tuple[float, float]:
        box = self.run(
            f"(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView({{block: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()"
        )
        return box[0], box[1]


@contextmanager
def chromium(program: str, folder: Path) -> Iterator[Browser]:
    """A browser with a profile in this folder, which sees only this machine."""
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--hide-scrollbars",
    ]
    command = [program, *options, "--no-proxy-server", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    with (folder / "chromium.log").open("wb") as log:
        running = subprocess.Popen([*command, "about:blank"], stdout=log, stderr=log)
        try:
            with connect(_page_address(folder), max_size=64 << 20, proxy=None) as connection:
                yield Browser(connection)
        finally:
            running.terminate()
            running.wait(30)


def _page_address(folder: Path) -> str:
    """Where the page is talked to; the browser writes its port down when it is ready."""
    deadline = time.monotonic() + _PATIENCE
    told = folder / "DevToolsActivePort"
    while not (told.exists() and told.read_text().count("\n")):
        assert time.monotonic() < deadline, (folder / "chromium.log").read_text(errors="replace")
        time.sleep(0.05)
    port = told.read_text().splitlines()[0]
    with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/json/list") as answer:
        pages = [target for target in json.load(answer) if target["type"] == "page"]
    return str(pages[0]["webSocketDebuggerUrl"])
