"""Chromium without a screen, as a person would use it: a small client of chromedriver's WebDriver."""

import base64
import json
import re
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Refused(Exception):
    """What chromedriver says when it cannot do something."""


class Element:
    def __init__(self, browser, number):
        self.browser, self.number = browser, number

    def _do(self, method, what, **fields):
        return self.browser.do(method, f"/element/{self.number}/{what}", **fields)

    def click(self):
        self._do("POST", "click")

    def type(self, text):
        self._do("POST", "value", text=text)

    @property
    def text(self):
        return self._do("GET", "text")

    def attribute(self, name):
        return self._do("GET", f"attribute/{name}")


class Browser:
    """One session. `eventually` is for what the page does by itself."""

    def __init__(self, folder, language="es-ES,es", **options):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            started = re.search(r"started successfully on port (\d+)", line)
            if started:
                break
        self.address = f"http://127.0.0.1:{started.group(1)}"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--force-color-profile=srgb", "--no-proxy-server", f"--user-data-dir={folder}", f"--accept-lang={language}",
                     # A name of somebody else's that leads here.
                     "--host-resolver-rules=MAP evil.example 127.0.0.1", *options.get("arguments", [])]
        preferences = {"profile.managed_default_content_settings.javascript": 1 if options.get("javascript", True) else 2}
        chrome = {"binary": "/usr/bin/chromium", "args": arguments, "prefs": preferences}
        wanted = {"browserName": "chrome", "goog:chromeOptions": chrome, "goog:loggingPrefs": {"browser": "ALL"}}
        self.session = ""
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{answer['sessionId']}"
        self.size(1280, 900)

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                said = json.load(error)["value"]
            raise Refused(f"{said['error']}: {said['message'].splitlines()[0]}") from None

    def do(self, method, path, **fields):
        return self._ask(method, self.session + path, fields if method == "POST" else None)

    def close(self):
        try:
            self.do("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(30)
            self.driver.stdout.close()

    def go(self, url):
        self.do("POST", "/url", url=url)

    @property
    def url(self):
        return self.do("GET", "/url")

    def find(self, css):
        found = self.do("POST", "/element", using="css selector", value=css)
        return Element(self, found[ELEMENT])

    def all(self, css):
        found = self.do("POST", "/elements", using="css selector", value=css)
        return [Element(self, one[ELEMENT]) for one in found]

    def text(self, css="body"):
        return self.find(css).text

    def script(self, text, *arguments):
        return self.do("POST", "/execute/sync", script=text, args=list(arguments))

    def cdp(self, command, **parameters):
        return self.do("POST", "/goog/cdp/execute", cmd=command, params=parameters)

    def press(self, key):
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.do("POST", "/actions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])

    def complaints(self):
        """What the console has said of errors and of the page's policy."""
        return [entry["message"] for entry in self.do("POST", "/se/log", type="browser") if entry["level"] in ("SEVERE", "WARNING")]

    def size(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, path):
        """The whole page, as high as it is."""
        size = self.cdp("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 4000), "scale": 1}
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def eventually(self, what, happened, seconds=60):
        """Waits for it; an element may be replaced while one looks at it."""
        end = time.monotonic() + seconds
        while True:
            try:
                result = happened()
                if result:
                    return result
            except Refused:
                pass
            if time.monotonic() > end:
                raise AssertionError(f"{what}: does not happen. The page says:\n{self.text()}")
            time.sleep(0.1)

    def click(self, css):
        """Clicks what is there by now, or soon will be."""
        def clicked():
            self.find(css).click()
            return True
        self.eventually(f"a click on {css}", clicked)
