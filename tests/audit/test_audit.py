"""The audit finds what it is there for; and nothing is installed whose sum is not known."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AUDIT = ROOT / "scripts" / "audit.py"
LIST = (ROOT / "scripts" / "advisories.txt").read_text()
CONFIG = (ROOT / "deny.toml").read_text()


def tracked():
    """(path, text) of what git knows, but for what is no text."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\0")
    for path in (ROOT / name for name in names if name):
        if path.is_file() and not path.is_symlink():
            try:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


class Audit(unittest.TestCase):
    def audited(self, advisories=LIST, config=CONFIG):
        """Exit status, and what is said."""
        with tempfile.TemporaryDirectory() as folder:
            listed, configured = Path(folder, "advisories.txt"), Path(folder, "deny.toml")
            listed.write_text(advisories)
            # Its folder is the configuration's.
            configured.write_text(config.replace('"target/audit"', f'"{ROOT}/target/audit"'))
            done = subprocess.run([AUDIT, "--list", listed, "--config", configured], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  text=True)
            return done.returncode, done.stdout

    def refused(self, *patterns, **changed):
        status, said = self.audited(**changed)
        self.assertEqual(1, status, said)
        for pattern in patterns:
            self.assertRegex(said, pattern)

    def test_all_is_well(self):
        self.assertEqual(0, self.audited()[0])

    def test_an_advisory_about_a_crate_of_ours(self):
        self.refused(r"error\[vulnerability\]: ring: made up", "RUSTSEC-2099-0001",
                     advisories=LIST + "ring | RUSTSEC-2099-0001 | made up | >= 99.0.0\n")
        self.refused(r"error\[unsound\]", "RUSTSEC-2099-0002", advisories=LIST + "rustls | RUSTSEC-2099-0002 | unsound |\n")
        # A version that does not have it is no trouble.
        self.assertEqual(0, self.audited(LIST + "ring | RUSTSEC-2099-0003 | made up | >= 0.17.0\n")[0])

    def test_a_crate_that_nobody_has_looked_up(self):
        self.refused("itoa is in a Cargo.lock, and not in advisories.txt", advisories=re.sub(r"(?m)^itoa\n", "", LIST))
        # Those of the fuzzers too, which have a lock of their own.
        self.refused("libfuzzer-sys is in a Cargo.lock", advisories=re.sub(r"(?m)^libfuzzer-sys\n", "", LIST))

    def test_a_licence_that_is_not_allowed(self):
        self.refused(r"error\[rejected\]", config=CONFIG.replace('    "ISC",\n', ""))
        self.refused(r"error\[rejected\]", "MPL-2.0", config=re.sub(r'.*"cbindgen".*\n', "", CONFIG))

    def test_a_crate_from_elsewhere(self):
        self.refused(r"error\[source-not-allowed\]", config=re.sub(r'allow-registry = .*', "allow-registry = []", CONFIG))


class Installed(unittest.TestCase):
    """What comes from a package index is one file, whose sum is written down."""

    def test_pip_takes_nothing_without_its_sum(self):
        pattern = re.compile(r"""\bpip3?['"]?[,\s]+['"]?(?:install|download|wheel)\b.*""")
        found = []
        for path, text in tracked():
            # What a page tells its reader to do, and this one.
            if path.suffix == ".md" or path == Path(__file__).relative_to(ROOT):
                continue
            # A command may go on in the next line.
            for command in pattern.findall(re.sub(r"\\\n|,\n", ", ", text)):
                if "--no-index" not in command and "--require-hashes" not in command:
                    found.append(f"{path}: {command}")
        self.assertEqual([], found)

    def test_every_list_has_versions_and_sums(self):
        lists = sorted((ROOT / "scripts" / "tools").iterdir())
        self.assertGreater(len(lists), 2)
        for path in lists:
            text = re.sub(r"(?m)^#.*\n", "", path.read_text()).replace("\\\n", " ")
            self.assertTrue(text.strip(), path.name)
            for line in text.splitlines():
                self.assertRegex(line, r"^[a-z0-9-]+==[0-9][0-9a-z.]*( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+\s*$", path.name)

    def test_another_file_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ROOT / "scripts" / "tools.sh", folder)
            lists = Path(folder, "tools")
            lists.mkdir()
            text = (ROOT / "scripts" / "tools" / "wheel.txt").read_text()
            (lists / "wheel.txt").write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", text))
            done = subprocess.run([Path(folder, "tools.sh"), Path(folder, "environment"), "wheel"], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            self.assertNotEqual(0, done.returncode)
            self.assertIn("DO NOT MATCH THE HASHES", done.stdout)
            # And nothing is left that would be taken for installed.
            self.assertFalse(Path(folder, "environment", "tools.txt").exists())

    def test_cargo_installs_one_version_with_what_it_was_locked_to(self):
        found = 0
        for path, text in tracked():
            if path.suffix == ".md" or path == Path(__file__).relative_to(ROOT):
                continue
            for command in re.findall(r"""cargo["',\s]+install\b.*""", re.sub(r"\\\n|,\n", ", ", text)):
                found += 1
                self.assertRegex(command, r"--locked\b", path)
                self.assertRegex(command, r"@(\{VERSION\}|\d+\.\d+\.\d+)", path)
        self.assertGreaterEqual(found, 2)

    def test_npm_installs_nothing(self):
        for path, text in tracked():
            if path != Path(__file__).relative_to(ROOT):
                self.assertNotRegex(text, r"\b(npm|npx|yarn|pnpm) (install|add|ci|exec)\b", path)
                self.assertNotEqual("package.json", path.name)


if __name__ == "__main__":
    unittest.main()
