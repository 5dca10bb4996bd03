"""An archive in the hands of somebody who has nothing else: unpacked on a bare system, what its README says is done word by
word, and the sale is approved on the simulator's page."""

import http.client
import re
import socket
import subprocess
import time
import unittest

from stranger import CLEAN, ENTER, PATIENCE, VERSION, Case, package, unpack
from test_archives import Windows32, Windows64
from test_debian import tree


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Page:
    """A browser without a window: what is on the simulator's page, and its buttons."""

    def __init__(self, port: int):
        self.origin, self.port = f"http://127.0.0.1:{port}", port

    def ask(self, method: str, path: str, body=None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Accept-Language": "en"}
        if body is not None:
            headers.update({"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, "Sec-Fetch-Site": "same-origin"})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status in (200, 303), f"{method} {path}: {answer.status}\n{text}"
        connection.close()
        return text

    def shown(self) -> str:
        try:
            return self.ask("GET", "/")
        except ConnectionError:
            return ""

    def press(self, button: str):
        action, = re.findall(rf'action="([^"]+/{button})"', self.shown())
        self.ask("POST", action, "back=home")


class FirstSteps(Case):
    """What is the same everywhere; no test case by itself."""

    suffix = ".tar.gz"

    def setUp(self):
        self.folder = self.fresh(self.id().split(".", 1)[1])
        name = f"sequra-pos-{VERSION}-{self.platform}"
        unpack(package(name + self.suffix), self.folder)
        self.prefix = self.folder / name
        self.readme = (self.prefix / "README.md").read_bytes().decode()
        self.port = free_port()
        # 8080 may be taken on the machine that tests; all else is as it came.
        settings = self.prefix / "first-sale" / "till.json"
        settings.write_text(settings.read_text().replace(":8080", f":{self.port}"))
        self.running = []
        self.addCleanup(self.end)

    def end(self):
        for one in self.running:
            if one.poll() is None:
                one.kill()
            one.wait()
            if one.stdin:
                one.stdin.close()

    def commands(self):
        """Those of the README, which are the same in both languages."""
        blocks = re.findall(r"```console\s+(.+?)\s+```", self.readme.split("\n---")[0].split("\r\n---")[0], re.DOTALL)
        self.assertEqual(4, len(blocks), self.readme[:3000])
        self.assertEqual(blocks[:2], blocks[2:])
        return [block.replace("8080", str(self.port)).split() for block in blocks[:2]]

    def start(self, command, said, **options):
        with open(said, "w") as out:
            one = subprocess.Popen([str(word) for word in self.words(command)], cwd=self.prefix, env=self.environment(),
                                   stdout=out, stderr=subprocess.STDOUT, **options)
        self.running.append(one)
        return one

    def until(self, what, happened):
        limit = time.monotonic() + PATIENCE
        while not happened():
            ended = any(one.poll() not in (None, 0) for one in self.running)
            if ended or time.monotonic() > limit:
                self.fail(f"{what} does not come\n" + "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.said")))
            time.sleep(0.1)

    def test_what_the_readme_says(self):
        simulator, first_sale = self.commands()
        first = re.sub(r"(?m)^#.*\n|^\s*\n", "", self.readme)[:1600]
        self.assertLess(first.index("Arranque el simulador"), first.index("primera venta"))
        self.start(simulator, self.folder / "simulator.said", stdin=subprocess.DEVNULL)
        page = Page(self.port)
        self.until("the simulator's page", lambda: "None yet" in page.shown())
        sale = self.start(first_sale, self.folder / "till.said", stdin=subprocess.PIPE)
        self.until("an order whose form is out", lambda: "pumbaa_form" in page.shown())
        self.assertIn("382.90\u00a0€", page.shown())
        page.press("approve")
        self.assertIn("approved", page.shown())
        sale.stdin.write(b"\n")
        sale.stdin.close()
        self.assertEqual(0, sale.wait(PATIENCE), (self.folder / "till.said").read_text(errors="replace"))
        shown = page.shown()
        self.assertIn("confirmed", shown)
        self.assertIn("T-1", shown)
        self.assertTrue((self.prefix / "first-sale" / "till.journal").exists())
        log = (self.folder / "simulator.said").read_text(errors="replace")
        self.assertRegex(log, r"  form  http://127\.0\.0\.1:\d+/orders/[0-9a-f-]+/pumbaa_form\?product=pp3")
        page.ask("POST", "/_sandbox/shutdown", "")
        self.until("the simulator's end", lambda: self.running[0].poll() is not None)

    def test_what_it_names_is_there(self):
        begin = self.readme.split("\n---")[0]
        names = re.findall(r"\]\(([^)#:]+)\)", begin) + re.findall(r"`((?:bin|lib|bindings)[/\\][\w./\\-]+)`", begin)
        self.assertGreater(len(names), 15)
        for name in names:
            self.assertTrue((self.prefix / name.replace("\\", "/")).exists(), name)


class Linux(FirstSteps):
    """Inside of a Debian that has no more than Debian's least system, and a compiler that is not used."""

    platform = "linux-x86_64"

    def fresh(self, name):
        folder = tree() / "tmp" / "first-steps" / name
        subprocess.run(["rm", "-rf", folder], check=True)
        folder.mkdir(parents=True)
        return folder

    def words(self, command):
        root = tree()
        return [ENTER, root, "/" / self.prefix.relative_to(root), *command]

    def environment(self):
        return {**CLEAN, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


class WithWine(FirstSteps):
    suffix = ".zip"

    def words(self, command):
        # The console's way of finding a program.
        return [*self.wine(), *command]


class OnWindows64(WithWine):
    platform = "windows-x86_64"
    wine, environment = Windows64.wine, Windows64.environment


class OnWindows32(WithWine):
    platform = "windows-i686"
    fresh, environment = Windows32.fresh, Windows32.environment

    @property
    def build(self):
        return self.prefix

    wine = Windows32.wine


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(loader.loadTestsFromTestCase(one) for one in [Linux, OnWindows64, OnWindows32])


if __name__ == "__main__":
    unittest.main()
