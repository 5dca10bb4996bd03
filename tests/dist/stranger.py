"""What the tests of the packages share: where they are, a fresh folder, and a sale with a program that uses one."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Whether it is about those for Linux on ARM (make dist-arm), and not about those of make dist.
ARM = "SEQURA_DIST_ARM" in os.environ
DIST = Path(os.environ.get("SEQURA_DIST", ROOT / ("dist-arm" if ARM else "dist"))).resolve()
WORK = ROOT / "target" / "dist-test"
VERSION = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
sys.path.insert(0, str(ROOT / "tests" / "python"))

import orders  # noqa: E402
from simulator import KEY, SECRET, shared  # noqa: E402

# A stranger has no such variables, and nothing of the repository in the places where programs look.
CLEAN = {name: value for name, value in os.environ.items()
         if not name.startswith(("SEQURA_", "LD_LIBRARY_PATH", "PYTHON", "PKG_CONFIG", "CMAKE"))}
CLEAN["LC_ALL"] = "C.UTF-8"

# For waits that end when something has happened: what takes no second here may take long on a busy machine.
PATIENCE = 120

#: What runs a program of these platforms, with the C library of the cross compiler.
EMULATORS = {"linux-aarch64": ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
             "linux-armv7": ["qemu-arm", "-L", "/usr/arm-linux-gnueabihf"]}

#: Runs a command in another system's tree: ENTER, the tree, a folder there, the command.
ENTER = ROOT / "scripts" / "enter.sh"


def run(*command, **options) -> str:
    """What the command says; an AssertionError with all of it if it fails."""
    options = {"env": CLEAN, "stdin": subprocess.DEVNULL, **options}
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}")
    return done.stdout


def package(pattern: str) -> Path:
    """The one file in dist/ with such a name."""
    found = sorted(DIST.glob(pattern))
    assert len(found) == 1, f"{pattern} in {DIST}: {found}; make {DIST.name}"
    return found[0]


def unpack(path: Path, folder: Path) -> Path:
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            archive.extractall(folder)
    else:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
    return folder


def contents(path: Path) -> dict:
    """The files of a package, by name."""
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            return {info.name: archive.extractfile(info).read() for info in archive if info.isfile()}
    if path.suffix == ".deb":
        # As a tar file, of which dpkg-deb knows where it is in the package.
        told = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(path)], stdout=subprocess.PIPE, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(told)) as archive:
            return {info.name[2:]: archive.extractfile(info).read() for info in archive if info.isfile()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sample(readme: Path, language: str) -> str:
    """The first sale of a README."""
    return re.search(rf"^```{language}\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL).group(1)


class Case(unittest.TestCase):
    def setUp(self):
        self.simulator = shared()
        self.simulator.reset()
        self.folder = self.fresh(self.id().split(".", 1)[1])

    def fresh(self, name: str) -> Path:
        folder = WORK / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def sell(self, command, folder=None, env=CLEAN):
        """Runs a first sale in `folder`, which has till.json and order.json then; what it says afterwards.

        Every README's first sale is the same: it waits for Enter when the shopper has the form.
        """
        folder = folder or self.folder
        config = {"base_url": self.simulator.http, "account_key": KEY, "account_secret": SECRET, "merchant_id": "shop_es",
                  "journal": "sequra.journal", "proxy": "none", "language": "en"}
        (folder / "till.json").write_text(json.dumps(config))
        (folder / "order.json").write_text(json.dumps(orders.complete()))
        said = folder / "said.txt"
        # Into a file: a pipe would stay open as long as anything that the program has started.
        with open(said, "w") as out:
            till = subprocess.Popen(list(map(str, command)), cwd=folder, env=env,
                                    stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT)
        try:
            limit = time.monotonic() + PATIENCE
            while "form_delivered" not in self.simulator.events():
                self.assertIsNone(till.poll(), f"ended before it sent the form: {said.read_text(errors='replace')}")
                self.assertLess(time.monotonic(), limit, "no form was sent")
                time.sleep(0.05)
            uuid = self.simulator.ledger()[0]["uuid"]
            self.simulator.approve(uuid)
            till.stdin.write(b"\n")
            till.stdin.close()
            till.wait(PATIENCE)
        finally:
            if till.poll() is None:
                till.kill()
                till.wait()
            till.stdin.close()
        told = said.read_text(errors="replace")
        self.assertEqual(0, till.returncode, told)
        self.assertIn("R-100 is completed in the till's own books.", told)
        self.assertEqual(["solicited", "form_delivered", "approved", "confirmed", "reference_registered"],
                         self.simulator.events(), told)
        self.assertEqual("R-100", self.simulator.ledger(uuid)[-1]["order_ref_1"])
        self.assertTrue((folder / "sequra.journal").exists())
        return told
