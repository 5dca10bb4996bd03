"""What is in the packages: the right libraries, nothing of the machine that built them, and lists that are true."""

import gzip
import hashlib
import json
import os
import re
import struct
import sys
import unittest
from fnmatch import fnmatch
from pathlib import Path
from typing import FrozenSet, NamedTuple, Tuple

from stranger import ARM, DIST, EMULATORS, ROOT, VERSION, WORK, contents, package, run

class Platform(NamedTuple):
    """What packages for it are held against."""
    rust: str
    #: Its archive and its wheel, and others that have its code.
    packages: Tuple[str, ...]
    #: The library may have this many bytes: little more than it has. Whoever raises it says what for.
    most_bytes: int
    #: What its programs are, as their headers have it: of Windows, or of Linux.
    machine: int
    #: What is in the library beside crates.
    no_crates: FrozenSet[str]
    #: Where NuGet has it.
    nuget: str = ""
    #: What its binutils begin with.
    tools: str = ""

    @property
    def windows(self) -> bool:
        return "windows" in self.rust


MINGW = frozenset({"rust", "sqlite", "mingw-w64", "gcc"})
ZIG = frozenset({"rust", "sqlite", "libunwind", "glibc"})
HERE = {
    "linux-x86_64": Platform("x86_64-unknown-linux-gnu", ("*linux-x86_64.tar.gz", "*manylinux_2_28_x86_64.whl", "*.deb"), 3_310_000, 62, ZIG, "linux-x64"),
    "windows-x86_64": Platform("x86_64-win7-windows-gnu", ("*windows-x86_64.zip", "*win_amd64.whl"), 3_260_000, 0x8664, MINGW, "win-x64"),
    "windows-i686": Platform("i686-win7-windows-gnu", ("*windows-i686.zip", "*win32.whl"), 3_170_000, 0x14C, MINGW, "win-x86"),
}
ON_ARM = {
    "linux-aarch64": Platform("aarch64-unknown-linux-gnu", ("*linux-aarch64.tar.gz", "*manylinux_2_28_aarch64.whl"), 3_090_000, 183, ZIG,
                              tools="aarch64-linux-gnu-"),
    "linux-armv7": Platform("armv7-unknown-linux-gnueabihf", ("*linux-armv7.tar.gz", "*manylinux_2_28_armv7l.whl"), 2_720_000, 40, ZIG,
                            tools="arm-linux-gnueabihf-"),
}
PLATFORMS = ON_ARM if ARM else HERE
OLDEST_GLIBC = (2, 28)
# And the library itself, for the first sale that is packed with it.
GLIBC = {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "ld-linux-armhf.so.3", "libc.so.6", "libdl.so.2", "libm.so.6",
         "libpthread.so.0", "libsequra_pos.so.1"}
# What is packed: each with what it holds of native code.
NATIVE = {"*linux-aarch64.tar.gz": 5, "*linux-armv7.tar.gz": 5, "*_aarch64.whl": 1, "*_armv7l.whl": 1} if ARM else {
    "*linux-x86_64.tar.gz": 5, "*windows-x86_64.zip": 5, "*windows-i686.zip": 5, "*manylinux*.whl": 1, "*win32.whl": 1,
    "*win_amd64.whl": 1, "*.nupkg": 3, "libsequra-pos1_*.deb": 1, "sequra_*.deb": 1}
# And where there is a static library.
STATIC = {"*linux-aarch64.tar.gz": "/lib/libsequra_pos.a", "*linux-armv7.tar.gz": "/lib/libsequra_pos.a"} if ARM else {
    "*linux-x86_64.tar.gz": "/lib/libsequra_pos.a", "libsequra-pos-dev_*.deb": "/x86_64-linux-gnu/libsequra_pos.a"}
RUST_LOCK = Path("/usr/lib/rustlib/src/rust/library/Cargo.lock")


def asks_too_much(path) -> set:
    """What the file needs that a system with the oldest glibc has not: later symbols, other libraries, relocations
    that its loader cannot read."""
    said = run("readelf", "--version-info", "--dynamic", "--wide", path)
    symbols = {name for name in re.findall(r"Name: (GLIBC_\S+)", said)
               if not re.fullmatch(r"GLIBC_[0-9.]+", name) or tuple(map(int, name[6:].split("."))) > OLDEST_GLIBC}
    return symbols | set(re.findall(r"\(NEEDED\).*\[(.+)\]", said)) - GLIBC | set(re.findall(r"\((RELR)\)", said))


def platforms_of(path) -> list:
    """Of what platforms a package holds native code."""
    if path.suffix == ".nupkg":
        return list(PLATFORMS)
    return [name for name, one in PLATFORMS.items() if any(fnmatch(path.name, pattern) for pattern in one.packages)]


def platform_of(path, name) -> Platform:
    """Of a file in a package."""
    found = [PLATFORMS[one] for one in platforms_of(path) if path.suffix != ".nupkg" or f"/{PLATFORMS[one].nuget}/" in name]
    assert len(found) == 1, f"{path.name}: {name}"
    return found[0]


def machine(content: bytes) -> int:
    """Of a program."""
    if content[:4] == b"\x7fELF":
        return struct.unpack_from("<H", content, 18)[0]
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


def libraries():
    """(what it is, file) of each shared library for Linux."""
    WORK.mkdir(parents=True, exist_ok=True)
    for path, name, content in native():
        if re.search(r"\.so(\.1)?$", name):
            file = WORK / "libsequra_pos.so.1"
            file.write_bytes(content)
            yield f"{path.name}: {name}", file


def declared() -> set:
    header = (ROOT / "include" / "sequra_pos.h").read_text()
    return set(re.findall(r"^SQ_API .*SQ_CALL (sq_\w+)\(", header, re.MULTILINE))


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
        run("sh", "-c", 'umask 077 && exec "$@"', "sh", sys.executable, ROOT / "scripts" / "dist.py", *(["--arm"] if ARM else []), "--pack-only",
            "--out", again,
            env={**os.environ, "TZ": "Pacific/Auckland"})
        differing = [path.name for path in DIST.iterdir() if path.read_bytes() != (again / path.name).read_bytes()]
        self.assertEqual([], differing)
        self.assertEqual({path.name for path in DIST.iterdir()}, {path.name for path in again.iterdir()})

    def test_each_package_has_its_native_code(self):
        found = [path for path, _, _ in native()]
        self.assertEqual({package(pattern): number for pattern, number in NATIVE.items()}, {path: found.count(path) for path in found})

    def test_the_code_is_for_the_right_machine(self):
        for path, name, content in native():
            self.assertEqual(platform_of(path, name).machine, machine(content), f"{path.name}: {name}")

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
        self.assertEqual(12 if ARM else 9, checked)

    def test_the_library_shows_only_the_headers_functions(self):
        for what, file in libraries():
            said = run("readelf", "--dyn-syms", "--wide", file)
            # Number, place, size, kind, binding, visibility, section, name.
            symbols = [line.split() for line in said.splitlines() if re.match(r" +\d+:", line)]
            shown = {words[7].split("@")[0] for words in symbols if len(words) > 7 and words[6] != "UND"}
            self.assertEqual(declared(), shown, what)

    def test_the_library_is_as_a_loader_wants_it(self):
        for what, file in libraries():
            said = run("readelf", "--dynamic", "--segments", "--sections", "--wide", file)
            with self.subTest(what):
                self.assertEqual(["libsequra_pos.so.1"], re.findall(r"\(SONAME\).*\[(.+)\]", said))
                # It is found where the till's installer puts it, and not where it was built; its code is never written to,
                # nor its stack run.
                self.assertNotRegex(said, r"\((RPATH|RUNPATH|TEXTREL)\)")
                self.assertRegex(said, r"GNU_STACK .* RW ")
                self.assertNotIn(".symtab", said)
                # ARM has systems with pages of 16 and of 64 KB, where nothing else is loaded.
                alignments = [int(line.split()[-1], 16) for line in said.splitlines() if line.split()[:1] == ["LOAD"]]
                self.assertGreaterEqual(min(alignments), 0x10000 if ARM else 0x1000)

    def test_the_static_library_shows_only_the_headers_functions(self):
        for pattern, name in STATIC.items():
            found = [content for file, content in contents(package(pattern)).items() if file.endswith(name)]
            self.assertEqual(1, len(found), pattern)
            archive = WORK / "libsequra_pos.a"
            WORK.mkdir(parents=True, exist_ok=True)
            archive.write_bytes(found[0])
            tools = platform_of(package(pattern), name).tools
            seen = set(re.findall(r"^[0-9a-f]+ \w (\S+)$", run(f"{tools}nm", "-g", "--defined-only", archive), re.MULTILINE))
            self.assertEqual(declared(), seen, pattern)

    def test_a_library_for_later_systems_is_noticed(self):
        """What a compiler here makes is for systems of its own age."""
        WORK.mkdir(parents=True, exist_ok=True)
        source, library = WORK / "later.c", WORK / "later.so"
        newer = "arc4" + "random"  # In one word test_seeds.py would take it for chance.
        source.write_text(f"unsigned {newer}(void);\nunsigned later(void) {{ return {newer}(); }}\n")
        for tools in {one.tools for one in PLATFORMS.values() if not one.windows}:
            run(f"{tools}gcc", "-shared", "-fPIC", source, "-o", library)
            self.assertEqual({"GLIBC_2.36"}, asks_too_much(library))

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
        for platform, one in PLATFORMS.items():
            files = contents(package(f"sequra-pos-{VERSION}-{platform}.*"))
            content = next(content for name, content in files.items() if re.search(r"\.so\.1$|/sequra_pos\.dll$", name))
            with self.subTest(platform):
                self.assertLessEqual(len(content), one.most_bytes)

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
                tree = run("cargo", "tree", "--package", "sequra-pos", "--edges", "normal", "--target", PLATFORMS[platform].rust,
                           "--prefix", "none", "--format", "{p}", cwd=ROOT, env=os.environ)
                crates = set(re.findall(r"^(\S+) v(\S+)", tree, re.MULTILINE)) - {("sequra-pos", VERSION)}
                listed = {(part["name"], part["version"]) for part in bill["components"]}
                self.assertEqual(PLATFORMS[platform].no_crates, {name for name, _ in listed - crates})
                self.assertEqual(set(), crates - listed)
                # The library itself says of some of them that they are in it. Those that Rust's standard library is made
                # from it has only where that is compiled with it, and they go by its version.
                library = next(content for name, content in files.items() if re.search(r"\.so\.1$|/sequra_pos\.dll$", name))
                said = {tuple(word.decode().rsplit("-", 1))
                        for word in re.findall(rb"[/\\]crates[/\\]([a-z0-9_-]+-[0-9.]+)[/\\]", library)}
                self.assertGreater(len(said), 5)
                self.assertEqual(set(), said - listed - of_rust)

    def test_the_sqlite_of_the_bill_is_the_one_in_the_library(self):
        asking = WORK / "asking.c"
        WORK.mkdir(parents=True, exist_ok=True)
        asking.write_text('#include <sequra_pos.h>\n#include <stdio.h>\nint main(void) { return puts(sq_build_info()) < 0; }\n')
        for platform, files, bill in self.bills():
            if PLATFORMS[platform].windows:
                continue
            library, program = WORK / "libsequra_pos.so.1", WORK / "asking"
            library.write_bytes(files["lib/libsequra_pos.so.1"])
            run(f"{PLATFORMS[platform].tools}gcc", f"-I{ROOT}/include", asking, library, f"-Wl,-rpath,{WORK}", "-o", program)
            told = json.loads(run(*EMULATORS.get(platform, []), program))
            version = next(part["version"] for part in bill["components"] if part["name"] == "sqlite")
            self.assertEqual(version, told["sqlite"], platform)

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
