"""What is in the packages: the right libraries, nothing of the machine that built them, and lists that are true."""

import gzip
import hashlib
import json
import os
import re
import struct
import sys
import unittest
from pathlib import Path

from stranger import DIST, ROOT, VERSION, WORK, contents, package, run

PLATFORMS = {
    "linux-x86_64": "x86_64-unknown-linux-gnu",
    "windows-x86_64": "x86_64-win7-windows-gnu",
    "windows-i686": "i686-win7-windows-gnu",
}
OLDEST_GLIBC = (2, 28)
# And the library itself, for the first sale that is packed with it.
GLIBC = {"ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "libsequra_pos.so.1"}
# What is packed: each with what it holds of native code.
NATIVE = {"*linux-x86_64.tar.gz": 4, "*windows-x86_64.zip": 4, "*windows-i686.zip": 4, "*manylinux*.whl": 1, "*win32.whl": 1,
          "*win_amd64.whl": 1, "*.nupkg": 3, "libsequra-pos1_*.deb": 1, "sequra_*.deb": 1}
# And where there is a static library.
STATIC = {"*linux-x86_64.tar.gz": "/lib/libsequra_pos.a", "libsequra-pos-dev_*.deb": "/x86_64-linux-gnu/libsequra_pos.a"}
RUST_LOCK = Path("/usr/lib/rustlib/src/rust/library/Cargo.lock")
I386, X86_64 = 0x14C, 0x8664


def asks_too_much(path) -> set:
    """What the file needs that a system with the oldest glibc has not: later symbols, other libraries, relocations
    that its loader cannot read."""
    said = run("readelf", "--version-info", "--dynamic", "--wide", path)
    symbols = {name for name in re.findall(r"Name: (GLIBC_\S+)", said)
               if not re.fullmatch(r"GLIBC_[0-9.]+", name) or tuple(map(int, name[6:].split("."))) > OLDEST_GLIBC}
    return symbols | set(re.findall(r"\(NEEDED\).*\[(.+)\]", said)) - GLIBC | set(re.findall(r"\((RELR)\)", said))


# A library may have this many bytes: little more than it has. Whoever raises it says what for.
MOST_BYTES = {"linux-x86_64": 3_310_000, "windows-x86_64": 3_260_000, "windows-i686": 3_170_000}
# What is in the libraries beside crates.
NO_CRATES = {"linux-x86_64": {"rust", "sqlite", "libunwind", "glibc"},
             "windows-x86_64": {"rust", "sqlite", "mingw-w64", "gcc"}}
NO_CRATES["windows-i686"] = NO_CRATES["windows-x86_64"]


def platforms_of(path) -> list:
    """Of what platforms a package holds native code."""
    if path.suffix == ".nupkg":
        return list(PLATFORMS)
    narrow, wide = re.search("i686|win32", path.name), re.search("windows|win_amd64", path.name)
    return ["windows-i686" if narrow else "windows-x86_64" if wide else "linux-x86_64"]


def machine(content: bytes) -> int:
    """Of a Windows program."""
    place = struct.unpack_from("<I", content, 0x3C)[0]
    assert content[place:place + 4] == b"PE\0\0"
    return struct.unpack_from("<H", content, place + 4)[0]


def native():
    """(package, name, content) of all native code."""
    for pattern in NATIVE:
        path = package(pattern)
        for name, content in contents(path).items():
            if content[:4] == b"\x7fELF" or content[:2] == b"MZ" and "SequraPos" not in name:
                yield path, name, content


class Files(unittest.TestCase):
    def test_the_checksums(self):
        listed = dict(reversed(line.split("  ")) for line in (DIST / "SHA256SUMS").read_text().splitlines())
        there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in DIST.iterdir() if path.name != "SHA256SUMS"}
        self.assertEqual(there, listed)
        run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=DIST)

    def test_the_same_libraries_give_the_same_packages(self):
        again = WORK / "again"
        run("rm", "-rf", again)
        # From another time zone, and with other habits about files.
        run("sh", "-c", 'umask 077 && exec "$@"', "sh", sys.executable, ROOT / "scripts" / "dist.py", "--pack-only", "--out", again,
            env={**os.environ, "TZ": "Pacific/Auckland"})
        differing = [path.name for path in DIST.iterdir() if path.read_bytes() != (again / path.name).read_bytes()]
        self.assertEqual([], differing)
        self.assertEqual({path.name for path in DIST.iterdir()}, {path.name for path in again.iterdir()})

    def test_each_package_has_its_native_code(self):
        found = [path for path, _, _ in native()]
        self.assertEqual({package(pattern): number for pattern, number in NATIVE.items()}, {path: found.count(path) for path in found})

    def test_windows_code_is_for_the_right_machine(self):
        checked = 0
        for path, name, content in native():
            if content[:2] != b"MZ":
                continue
            narrow = re.search(r"i686|win32|win-x86", f"{path.name}/{name}")
            self.assertEqual(I386 if narrow else X86_64, machine(content), f"{path.name}: {name}")
            checked += 1
        self.assertEqual(12, checked)

    def test_linux_code_loads_on_old_systems(self):
        WORK.mkdir(parents=True, exist_ok=True)
        checked = 0
        for path, name, content in native():
            if content[:4] != b"\x7fELF":
                continue
            file = WORK / "code"
            file.write_bytes(content)
            self.assertEqual(set(), asks_too_much(file), f"{path.name}: {name}")
            checked += 1
        self.assertEqual(8, checked)

    def test_the_static_library_shows_only_the_headers_functions(self):
        header = (ROOT / "include" / "sequra_pos.h").read_text()
        declared = set(re.findall(r"^SQ_API .*SQ_CALL (sq_\w+)\(", header, re.MULTILINE))
        for pattern, name in STATIC.items():
            found = [content for file, content in contents(package(pattern)).items() if file.endswith(name)]
            self.assertEqual(1, len(found), pattern)
            archive = WORK / "libsequra_pos.a"
            WORK.mkdir(parents=True, exist_ok=True)
            archive.write_bytes(found[0])
            seen = set(re.findall(r"^[0-9a-f]+ \w (\S+)$", run("nm", "-g", "--defined-only", archive), re.MULTILINE))
            self.assertEqual(declared, seen, pattern)

    def test_a_library_for_later_systems_is_noticed(self):
        """That of `cargo build` is for this machine."""
        here = tuple(int(part) for part in os.confstr("CS_GNU_LIBC_VERSION").split()[1].split("."))
        if here <= OLDEST_GLIBC:
            self.skipTest("this machine is an old system itself")
        self.assertTrue(asks_too_much(ROOT / "target" / "release" / "libsequra_pos.so"))

    def test_nothing_of_the_machine_that_built_it(self):
        private = [str(ROOT).encode(), str(Path.home()).encode() + b"/", b"/registry/src", b".rustup", b"/usr/lib/rustlib"]
        private += [os.environ[name].encode() for name in ["CARGO_HOME", "CARGO_TARGET_DIR"] if os.environ.get(name)]
        # What the test suite can do to a library, no shop's library does.
        private += [b"SEQURA_POS_CRASH_AT", b"SEQURA_POS_PANIC_IN"]
        for path in DIST.iterdir():
            for name, content in (contents(path) if path.name != "SHA256SUMS" else {"": path.read_bytes()}).items():
                # The documentation may say how tests are run.
                if name.endswith((".md", ".cs", ".py")) or "/bindings/" in name:
                    continue
                for word in private:
                    self.assertFalse(word in content, f"{word} in {path.name}: {name}")

    def bills(self):
        """(platform, files of its archive, bill)"""
        for platform in PLATFORMS:
            top = f"sequra-pos-{VERSION}-{platform}"
            files = {name[len(top) + 1:]: content for name, content in contents(package(f"{top}.*")).items()}
            yield platform, files, json.loads(files["sequra_pos.cdx.json"])

    def test_the_libraries_are_small(self):
        for platform, most in MOST_BYTES.items():
            files = contents(package(f"sequra-pos-{VERSION}-{platform}.*"))
            content = next(content for name, content in files.items() if re.search(r"\.so\.1$|/sequra_pos\.dll$", name))
            with self.subTest(platform):
                self.assertLessEqual(len(content), most)

    def test_the_bill_of_materials_is_one(self):
        python = ROOT / "target" / "tools" / "python" / "bin" / "python"
        program = """if True:
            import sys
            from cyclonedx.schema import SchemaVersion
            from cyclonedx.validation.json import JsonStrictValidator
            wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
            sys.exit(wrong and str(wrong))"""
        WORK.mkdir(parents=True, exist_ok=True)
        for platform, name, bill in ((platform, name, json.loads(content)) for platform, files, _ in self.bills()
                                     for name, content in files.items() if name.endswith(".cdx.json")):
            with self.subTest(platform, bill=name):
                (WORK / "bill.json").write_text(json.dumps(bill))
                run(python, "-c", program, WORK / "bill.json")
                refs = [part["bom-ref"] for part in [bill["metadata"]["component"], *bill["components"]]]
                self.assertEqual(sorted(refs), sorted(of["ref"] for of in bill["dependencies"]))
                self.assertLessEqual({ref for of in bill["dependencies"] for ref in of["dependsOn"]}, set(refs))

    def test_the_bill_of_materials_lists_what_is_in_the_library(self):
        of_rust = set(re.findall(r'name = "(.+)"\nversion = "(.+)"\n', RUST_LOCK.read_text()))
        for platform, files, bill in self.bills():
            with self.subTest(platform):
                self.assertEqual(("sequra-pos", VERSION), (bill["metadata"]["component"]["name"], bill["metadata"]["component"]["version"]))
                tree = run("cargo", "tree", "--package", "sequra-pos", "--edges", "normal", "--target", PLATFORMS[platform],
                           "--prefix", "none", "--format", "{p}", cwd=ROOT, env=os.environ)
                crates = set(re.findall(r"^(\S+) v(\S+)", tree, re.MULTILINE)) - {("sequra-pos", VERSION)}
                listed = {(part["name"], part["version"]) for part in bill["components"]}
                self.assertEqual(NO_CRATES[platform], {name for name, _ in listed - crates})
                self.assertEqual(set(), crates - listed)
                # The library itself says of some of them that they are in it. Those that Rust's standard library is made
                # from it has only where that is compiled with it, and they go by its version.
                library = next(content for name, content in files.items() if re.search(r"\.so\.1$|/sequra_pos\.dll$", name))
                said = {tuple(word.decode().rsplit("-", 1))
                        for word in re.findall(rb"[/\\]crates[/\\]([a-z0-9_-]+-[0-9.]+)[/\\]", library)}
                self.assertGreater(len(said), 5)
                self.assertEqual(set(), said - listed - of_rust)

    def test_the_sqlite_of_the_bill_is_the_one_in_the_library(self):
        files = contents(package("*linux-x86_64.tar.gz"))
        top = f"sequra-pos-{VERSION}-linux-x86_64"
        bill = json.loads(files[f"{top}/sequra_pos.cdx.json"])
        version = next(part["version"] for part in bill["components"] if part["name"] == "sqlite")
        library = WORK / "libsequra_pos.so.1"
        WORK.mkdir(parents=True, exist_ok=True)
        library.write_bytes(files[f"{top}/lib/libsequra_pos.so.1"])
        program = ("import ctypes, sys; f = ctypes.CDLL(sys.argv[1]).sq_build_info; f.restype = ctypes.c_char_p; print(f().decode())")
        told = json.loads(run(sys.executable, "-c", program, library))
        self.assertEqual(version, told["sqlite"])

    def test_every_package_has_the_licences(self):
        for path in DIST.iterdir():
            if path.name == "SHA256SUMS":
                continue
            names = " ".join(contents(path))
            for name in ["copyright"] if path.suffix == ".deb" else ["LICENSE-MIT", "LICENSE-APACHE"]:
                self.assertIn(name, names, path.name)

    def test_every_package_has_the_licences_of_what_is_in_it(self):
        """Held against the bills of materials: each part with its licence, and with a text, or the name of the part that
        has the same."""
        bills = {platform: bill for platform, _, bill in self.bills()}
        programs = {platform: json.loads(files["sequra.cdx.json"]) for platform, files, _ in self.bills()}
        forwarders = {platform: json.loads(files["sequra-forward.cdx.json"]) for platform, files, _ in self.bills()}
        simulators = {platform: json.loads(files["sequra-sandbox.cdx.json"]) for platform, files, _ in self.bills()}
        for path in DIST.iterdir():
            # Sources of ours alone, and what is no package.
            if path.name == "SHA256SUMS" or re.fullmatch(r"sequra_pos-.*\.tar\.gz", path.name):
                continue
            with self.subTest(path.name):
                found = [content for name, content in contents(path).items() if re.search(r"LICENSE-THIRD-PARTY\.txt(\.gz)?$", name)]
                self.assertEqual(1, len(found))
                text = (gzip.decompress(found[0]) if path.suffix == ".deb" else found[0]).decode()
                # Name and version of each part, its licence, and what stands under that.
                parts = {title: (licence, body) for title, licence, body in
                         re.findall(r"^={99}\n([^\n:]+): ([^\n]+)\n(.*?)(?=^={99}$|\Z)", text, re.MULTILINE | re.DOTALL)}
                # Who has a program has what that is made from.
                archive = re.match(r"sequra-pos-.*-(linux|windows)", path.name)
                made = [programs, forwarders, simulators] if archive else [programs] if re.match(r"sequra_.*\.deb", path.name) else [bills]
                listed = {f"{part['name']} {part['version']}": part for platform in platforms_of(path) for one in made
                          for part in one[platform]["components"] if part["name"] not in ("sequra-pos", "sequra-frames")}
                self.assertEqual(set(listed), set(parts))
                for title, (licence, body) in parts.items():
                    said = listed[title]["licenses"][0]
                    self.assertEqual(said.get("expression") or said["license"]["name"], licence.replace("/", " OR "), title)
                    texts = re.split(r"^--- .+\n", body, flags=re.MULTILINE)[1:]
                    same = [re.fullmatch(r"as that of (.+)\n\s*", one) for one in texts]
                    self.assertLessEqual({found.group(1) for found in same if found}, set(parts), title)
                    # Some say in a few words which of them is meant; one at least is a licence.
                    self.assertTrue(any(same) or any(len(one) > 200 for one in texts), f"{title}: {body}")
                self.assertIn("May you do good and not evil", parts[next(title for title in parts if title.startswith("sqlite "))][1])


if __name__ == "__main__":
    unittest.main()
