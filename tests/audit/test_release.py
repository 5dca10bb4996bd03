"""What is published is gathered from what was made, and says whether it is signed; and what the workflows call is there."""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n- not yet\n\n## [1.2.3] - 2026-11-27\n\n### Added\n\n- everything\n\n## [1.2.2]\n\n- before\n"


class Release(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.root = Path(kept.name)
        (self.root / "scripts").mkdir()
        for name in ["release.py", "repository.py"]:
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts")
        (self.root / "Cargo.toml").write_text('[package]\nversion = "1.2.3"\n')
        (self.root / "CHANGELOG.md").write_text(CHANGELOG)
        dist = self.root / "dist"
        dist.mkdir()
        bill = self.root / "bill"
        bill.write_text("{}")
        with tarfile.open(dist / "sequra-pos-1.2.3-linux-x86_64.tar.gz", "w:gz") as archive:
            archive.add(bill, "sequra-pos-1.2.3-linux-x86_64/sequra_pos.cdx.json")
        with zipfile.ZipFile(dist / "sequra-pos-1.2.3-windows-i686.zip", "w") as archive:
            archive.write(bill, "sequra-pos-1.2.3-windows-i686/sequra_pos.cdx.json")
        (dist / "SequraPos.1.2.3.nupkg").write_bytes(b"a package")
        arm = self.root / "dist-arm"
        arm.mkdir()
        with tarfile.open(arm / "sequra-pos-1.2.3-linux-armv7.tar.gz", "w:gz") as archive:
            archive.add(bill, "sequra-pos-1.2.3-linux-armv7/sequra_pos.cdx.json")
        for folder in [dist, arm]:
            sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
            (folder / "SHA256SUMS").write_text("".join(sums))

    def gathered(self, tag="v1.2.3", **environment):
        self.folder = self.root / "published"
        shutil.rmtree(self.folder, ignore_errors=True)
        done = subprocess.run(
            [self.root / "scripts" / "release.py", tag, self.folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1", "SEQURA_POS_SIGNING_KEY": "", **environment})
        return done.returncode, done.stdout

    def test_what_is_published(self):
        status, said = self.gathered()
        self.assertEqual(0, status, said)
        names = {path.name for path in self.folder.iterdir()}
        self.assertEqual({
            "SHA256SUMS", "notes.md", "SequraPos.1.2.3.nupkg", "sequra-pos-1.2.3-linux-x86_64.tar.gz", "sequra-pos-1.2.3-windows-i686.zip",
            "sequra-pos-1.2.3-linux-armv7.tar.gz", "sequra-pos-1.2.3-linux-armv7.sequra_pos.cdx.json",
            "sequra-pos-1.2.3-linux-x86_64.sequra_pos.cdx.json", "sequra-pos-1.2.3-windows-i686.sequra_pos.cdx.json"}, names)
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=self.folder, check=True)
        listed = {line.split("  ")[1] for line in (self.folder / "SHA256SUMS").read_text().splitlines()}
        self.assertEqual(names - {"SHA256SUMS", "notes.md"}, listed)
        notes = (self.folder / "notes.md").read_text()
        self.assertIn("- everything", notes)
        self.assertIn("SHA256SUMS is not signed", notes)
        self.assertNotIn("before", notes)

    def test_it_is_signed_with_the_publishers_key(self):
        home = self.root / "gpg"
        home.mkdir(mode=0o700)
        environment = {**os.environ, "GNUPGHOME": str(home)}

        def gpg(*words):
            return subprocess.run(["gpg", "--batch", "--quiet", *words], env=environment, check=True, stdout=subprocess.PIPE).stdout

        gpg("--passphrase", "", "--quick-generate-key", "a publisher", "ed25519", "sign", "never")
        status, said = self.gathered(SEQURA_POS_SIGNING_KEY=gpg("--armor", "--export-secret-keys").decode())
        self.assertEqual(0, status, said)
        gpg("--verify", self.folder / "SHA256SUMS.asc", self.folder / "SHA256SUMS")
        self.assertNotIn("not signed", (self.folder / "notes.md").read_text())

    def test_what_is_refused(self):
        for tag in ["1.2.3", "v1.2.4", "v1.2.3-rc1"]:
            status, said = self.gathered(tag)
            self.assertEqual(1, status)
            self.assertIn(tag, said)
        (self.root / "CHANGELOG.md").write_text(CHANGELOG.replace("[1.2.3]", "[1.2.4]"))
        self.assertIn("no section [1.2.3]", self.gathered()[1])
        (self.root / "CHANGELOG.md").write_text(CHANGELOG)
        shutil.move(self.root / "dist-arm", self.root / "away")
        self.assertIn("dist-arm/ is not what make dist-arm has made", self.gathered()[1])
        shutil.move(self.root / "away", self.root / "dist-arm")
        (self.root / "dist" / "SequraPos.1.2.3.nupkg").write_bytes(b"another")
        self.assertIn("dist/ is not what make dist has made", self.gathered()[1])
        self.assertFalse((self.folder / "SHA256SUMS").exists())


class Workflows(unittest.TestCase):
    def test_what_they_call_is_there(self):
        makefile = (ROOT / "Makefile").read_text()
        called = set()
        for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
            text = re.sub(r"(?m)^ *#.*$", "", path.read_text())
            for target in re.findall(r"\bmake ([a-z-]+)", text):
                self.assertRegex(makefile, rf"(?m)^{target}:", path.name)
                called.add(target)
            for script in re.findall(r"scripts/[\w.]+", text):
                self.assertTrue(os.access(ROOT / script, os.X_OK), f"{path.name}: {script}")
                called.add(script)
            # What is not ours has a version.
            for action in re.findall(r"uses: (\S+)", text):
                self.assertRegex(action, r"^actions/[a-z-]+@v\d+$")
        self.assertLessEqual({"test", "dist", "use-packages", "dist-arm", "run-under-qemu", "scripts/release.py", "scripts/authenticode.sh"}, called)


if __name__ == "__main__":
    unittest.main()
