"""What the libraries are made from: the bill of materials, and the licences that are passed on with it.

Crates are what cargo says; what is no crate is listed here: SQLite, Rust's own library, and what the
linker adds from the compiler and the C library (scripts/linux.sh, scripts/windows.sh).
"""

import html
import json
import re
import time
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Set

from repository import EPOCH, ROOT, VERSION, output

# The crates that Rust's own library is made from, where it runs on Linux or Windows.
OF_RUST = ["addr2line", "adler2", "cfg-if", "foldhash", "gimli", "hashbrown", "libc", "memchr", "miniz_oxide", "object",
           "rustc-demangle"]


LIBRARY = "sequra-pos"
# The program around the till, which has the library in it.
PROGRAM = "sequra"
# What carries the changes of a till to its chain's office.
FORWARDER = "sequra-forward"
# What it says to the office: ours, as it is.
FRAMES = "sequra-frames"
# The simulated seQura.
SIMULATOR = "sequra-sandbox"


class Part(NamedTuple):
    """Something that is no crate of its own, but that the world hears of when something is wrong with it."""
    name: str
    version: str
    licence: dict
    vendor: str
    #: The names of the texts, and the texts.
    texts: Dict[str, str]

    @property
    def reference(self) -> str:
        return f"pkg:generic/{self.name}@{self.version}"


def windows(target: str) -> bool:
    return "windows" in target


# -------------------------------------------------------------------------------------------------
# Crates

@lru_cache(maxsize=None)
def crates(target: str, made: str = LIBRARY) -> Dict[str, Set[str]]:
    """Those that the library for this target is made from, each NAME VERSION, and those that it needs itself."""
    tree = output("cargo", "tree", "--locked", "--package", made, "--edges", "normal", "--target", target,
                  "--prefix", "depth", "--no-dedupe", "--format", " {p}")
    needs: Dict[str, Set[str]] = {}
    above: List[str] = []
    for line in tree.splitlines():
        depth, name, version = line.split()[:3]
        part = f"{name} {version[1:]}"
        needs.setdefault(part, set())
        del above[int(depth):]
        if above:
            needs[above[-1]].add(part)
        above.append(part)
    return needs


@lru_cache(maxsize=None)
def packages() -> Dict[str, dict]:
    """What cargo knows of each crate, by NAME VERSION."""
    told = json.loads(output("cargo", "metadata", "--format-version", "1", "--locked"))
    return {f"{package['name']} {package['version']}": package for package in told["packages"]}


def folder_of(crate: str) -> Path:
    return Path(packages()[crate]["manifest_path"]).parent


def texts_of(crate: str) -> Dict[str, str]:
    """Its licences, by the names of their files."""
    found = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder_of(crate).iterdir())
             if re.match(r"(?i)(licen[cs]e|copying|notice|copyright|unlicense)", path.name) and path.is_file()}
    if not found and "Apache-2.0" in re.split(r" OR |/", packages()[crate]["license"] or ""):
        # A crate that comes without a text, and may be had under this one, which names nobody.
        found = {"Apache-2.0": (ROOT / "LICENSE-APACHE").read_text()}
    assert found, f"{crate} comes without the text of its licence"
    return found


# -------------------------------------------------------------------------------------------------
# What is no crate

def others(target: str) -> List[Part]:
    return [sqlite(), rust(), *(of_mingw(target) if windows(target) else of_zig(target))]


def sqlite() -> Part:
    binding = next(crate for crate in packages() if crate.startswith("libsqlite3-sys "))
    header = (folder_of(binding) / "sqlite3" / "sqlite3.h").read_text()
    blessing = re.search(r"\*\* (The author disclaims.+?)\*{9}", header, re.DOTALL).group(1)
    return Part("sqlite", re.search(r'#define SQLITE_VERSION +"(.+)"', header).group(1), {"license": {"name": "Public Domain"}},
                "sqlite", {"sqlite3.h": re.sub(r"(?m)^\*\* ?", "", blessing)})


def rust() -> Part:
    """Rust's own library, with the crates in it. It is that of Debian's compiler (scripts/standard.sh), which comes without
    their licences: they stand in the other one's papers."""
    papers = Path(output("rustc", "--print", "sysroot").strip()) / "share" / "doc" / "rust"
    own = (papers / "COPYRIGHT-library.html").read_text(encoding="utf-8").split('<h2 id="out-of-tree-dependencies"')[0]
    own = re.sub(r"\n\s*\n+", "\n\n", html.unescape(re.sub(r"<head>.*?</head>|<[^>]*>", "", own, flags=re.DOTALL)))
    texts = {"COPYRIGHT": own}
    texts.update({name: (papers / "licenses" / f"{name}.txt").read_text() for name in ["MIT", "Apache-2.0", "Unicode-3.0"]})
    whole = (papers / "COPYRIGHT.html").read_text(encoding="utf-8")
    for crate in OF_RUST:
        # Of several versions the last.
        section = whole[whole.rindex(f"<h3>\N{PACKAGE} {crate}-"):].split("</h3>", 1)[1].split("<h3>", 1)[0]
        for name, text in re.findall(r"<code>([^<]*)</code></summary>\s*<pre>(.*?)</pre>", section, re.DOTALL):
            texts[f"{crate}: {name}"] = html.unescape(text)
        assert any(name.startswith(f"{crate}: ") for name in texts), f"{papers}: {crate} has no licence"
    version = output("/usr/bin/rustc", "--version").split()[1]
    return Part("rust", version, {"expression": "MIT OR Apache-2.0"}, "rust-lang", texts)


def of_zig(_target: str) -> List[Part]:
    """What zig links in: it unwinds, starts programs, and gives an old C library its newer functions."""
    zig, = (ROOT / "target/tools/python/lib").glob("python*/site-packages/ziglang/lib")
    number = int(re.search(r"_LIBCPP_VERSION (\d+)", (zig / "libcxx/include/__config").read_text()).group(1))
    start = (zig / "libc/glibc/csu/elf-init-2.33.c").read_text()
    return [
        Part("libunwind", f"{number // 10000}.{number // 100 % 100}.{number % 100}", {"expression": "Apache-2.0 WITH LLVM-exception"},
             "llvm", {"LICENSE.TXT": (zig / "libunwind/LICENSE.TXT").read_text()}),
        Part("glibc", "2.28", {"license": {"name": "LGPL-2.1-or-later, with the permission to link it into other programs"}},
             "gnu", {"elf-init.c": re.match(r"/\*(.+?)\*/", start, re.DOTALL).group(1),
                     "LICENSES": (zig / "libc/glibc/LICENSES").read_text()}),
    ]


def of_mingw(target: str) -> List[Part]:
    compiler = f"{target.split('-')[0]}-w64-mingw32-gcc-posix"
    macros = output(compiler, "-E", "-dM", "-include", "_mingw.h", "-x", "c", "/dev/null")

    def version(*names) -> str:
        return ".".join(re.search(rf"#define {name} (\d+)", macros).group(1) for name in names)

    papers = Path(output("rustc", "--print", "sysroot").strip()) / "share" / "doc" / "rust" / "licenses"
    return [
        Part("mingw-w64", version(*(f"__MINGW64_VERSION_{part}" for part in ["MAJOR", "MINOR", "BUGFIX"])),
             {"license": {"name": "ZPL-2.1 and others"}}, "mingw-w64", {"copyright": Path("/usr/share/doc/mingw-w64-common/copyright").read_text(encoding="utf-8")}),
        Part("gcc", version("__GNUC__"), {"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"},
             "gnu", {"GCC-exception-3.1": (papers / "GCC-exception-3.1.txt").read_text()}),
    ]


# -------------------------------------------------------------------------------------------------

def bill_of_materials(target: str, made: str = LIBRARY) -> bytes:
    """In the form of CycloneDX: what the library, or the program, is made from, and which part needs which."""
    needs = crates(target, made)
    # Cargo.lock has the sum of each crate as it was fetched.
    sums = {f"{name} {version}": sha256 for name, version, sha256 in re.findall(
        r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"', (ROOT / "Cargo.lock").read_text())}

    def reference(crate) -> str:
        return "pkg:cargo/" + crate.replace(" ", "@").replace("+", "%2B")

    def component(crate) -> dict:
        package = packages()[crate]
        # Old crates have a stroke between licences that one may choose from.
        licence = {"expression": package["license"].replace("/", " OR ")} if package["license"] else \
            {"license": {"name": "its own, in LICENSE-THIRD-PARTY.txt"}}
        told = {"type": "library", "bom-ref": reference(crate), "name": package["name"], "version": package["version"],
                "description": (package["description"] or "").strip(), "scope": "required", "licenses": [licence],
                "purl": reference(crate)}
        if crate in sums:
            told["hashes"] = [{"alg": "SHA-256", "content": sums[crate]}]
        if package["repository"]:
            told["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        return told

    def other(part: Part) -> dict:
        return {"type": "library", "bom-ref": part.reference, "name": part.name, "version": part.version, "scope": "required",
                "licenses": [part.licence], "purl": part.reference,
                "cpe": f"cpe:2.3:a:{part.vendor}:{part.name}:{part.version}:*:*:*:*:*:*:*"}

    library = next(crate for crate in needs if crate.split()[0] == made)
    depends = {reference(crate): {reference(needed) for needed in needs[crate]} for crate in needs}
    binding = next((crate for crate in needs if crate.startswith("libsqlite3-sys ")), None)
    added = [part for part in others(target) if binding or part.name != "sqlite"]
    for part in added:
        depends[reference(binding if part.name == "sqlite" else library)].add(part.reference)
        depends[part.reference] = set()
    bill = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH)), "component": component(library),
            "properties": [{"name": "cdx:rustc:sbom:target:triple", "value": target}]},
        "components": [*(component(crate) for crate in sorted(set(needs) - {library})), *(other(part) for part in added)],
        "dependencies": [{"ref": ref, "dependsOn": sorted(depends[ref])} for ref in sorted(depends)],
    }
    return (json.dumps(bill, indent=2) + "\n").encode()


def licences_of(targets: Iterable[str], *made: str) -> bytes:
    """The licences of what is in these libraries, or these programs, with the texts that they ask to be passed on."""
    made = made or (LIBRARY,)
    names = " and ".join({LIBRARY: "sequra_pos"}.get(one, one) for one in made)
    lines = [f"{names}: made from the following parts, under their own licences. The text of a licence stands",
             "with the first part that has it."]
    first: Dict[str, str] = {}

    def part(name, licence, where, texts: Dict[str, str]):
        lines.extend(["", "=" * 99, f"{name}: {licence}", where])
        for file, text in texts.items():
            text = text.strip("\n").rstrip()
            seen = first.setdefault(" ".join(text.split()), name)
            # More than one file of a part may say the same.
            lines.extend(["", f"--- {file}", text if seen == name else f"as that of {seen}"])

    for crate in sorted({crate for target in targets for one in made for crate in crates(target, one)}):
        if crate.split()[0] in [LIBRARY, PROGRAM, FORWARDER, FRAMES, SIMULATOR]:
            continue
        package = packages()[crate]
        part(crate, package["license"] or "see below", package["repository"] or "", texts_of(crate))
    for name, other in sorted({f"{other.name} {other.version}": other for target in targets for other in others(target)}.items()):
        where = f"with the crates {', '.join(OF_RUST)}" if other.name == "rust" else ""
        part(name, other.licence.get("expression") or other.licence["license"]["name"], where, other.texts)
    return ("\n".join(lines) + "\n").encode()
