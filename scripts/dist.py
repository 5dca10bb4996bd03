#!/usr/bin/env python3
"""Makes the packages of every platform, in dist/, from what is in the repository (make dist).

    dist.py                builds the libraries, and packs them
    dist.py --arm          those for Linux on ARM alone, as archives and wheels, in dist-arm/ (make dist-arm)
    --pack-only            packs what was built before
    --out FOLDER           into a new folder, not dist/ or dist-arm/

The version is that of Cargo.toml. Whatever is packed is sorted, belongs to root and has the time of
the last commit (or SOURCE_DATE_EPOCH), so that the same libraries give the same packages, byte for byte.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
import zipfile
from email.utils import formatdate
from pathlib import Path
from typing import Iterator, List

from archives import Entries, Entry, entry, tracked, write_tar_gz, write_tree, write_zip
from parts import FORWARDER, LIBRARY, PROGRAM, SIMULATOR, bill_of_materials, licences_of
from platforms import ARM, LINUX, PLATFORMS, Platform
from repository import EPOCH, ROOT, TARGET, VERSION, run

STAGE = TARGET / "dist"
TOOLS = TARGET / "tools"
FIRST_SALE = "first_sale"


def say(text):
    print(f"\n== {text}", flush=True)


def quietly(*command, **options):
    """Shows what a program said only if it fails."""
    try:
        run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, **options)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error}\n{error.stdout}")


FIXED = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
OUR_LICENCES = {"LICENSE-MIT": entry(ROOT / "LICENSE-MIT"), "LICENSE-APACHE": entry(ROOT / "LICENSE-APACHE")}
HEADERS = tracked("include")
CMAKE = {Path(name).name: one for name, one in tracked("bindings/cpp/cmake").items()}


def pkg_config(prefix: str, libraries: str, private: str = "") -> Entry:
    """For `pkg-config sequra_pos`, and `pkg-config --static` where there is a static library."""
    return Entry(f"""prefix={prefix}
includedir=${{prefix}}/include
libdir={libraries}

Name: sequra_pos
Description: Sell with seQura from a till
Version: {VERSION}
Cflags: -I${{includedir}}
Libs: -L${{libdir}} -lsequra_pos
{private}""".encode())


# What the static library needs of the system.
PRIVATE = "Libs.private: -lpthread -ldl -lm\n"


# -------------------------------------------------------------------------------------------------
# The packages

def archive(one: Platform, bill: bytes, out: Path) -> Path:
    """For those who take the files: a folder that serves as a prefix, with everything that is copied into a till."""
    entries = {
        **tracked("README.es.md", "CHANGELOG.md", "SECURITY.md", "docs", "bindings"), **OUR_LICENCES, **HEADERS, **first_steps(one),
        "LICENSE-THIRD-PARTY.txt": Entry(licences_of([one.rust], PROGRAM, FORWARDER, SIMULATOR)),
        "sequra_pos.cdx.json": Entry(bill),
        "sequra.cdx.json": Entry(bill_of_materials(one.rust, PROGRAM)),
        "sequra-forward.cdx.json": Entry(bill_of_materials(one.rust, FORWARDER)),
        "sequra-sandbox.cdx.json": Entry(bill_of_materials(one.rust, SIMULATOR)),
        "lib/pkgconfig/sequra_pos.pc": pkg_config("${pcfiledir}/../..", "${prefix}/lib", "" if one.windows else PRIVATE),
        f"bin/{one.program}": entry(one.folder / one.program),
        f"bin/{one.named(FORWARDER)}": entry(one.folder / one.named(FORWARDER)),
    }
    entries.update({f"lib/cmake/SequraPos/{name}": file for name, file in CMAKE.items()})
    if one.windows:
        entries["bin/sequra_pos.dll"] = entry(one.folder / one.library)
        for name in ["libsequra_pos.dll.a", "sequra_pos.lib", "sequra_pos.def"]:
            entries[f"lib/{name}"] = entry(one.folder / name)
    else:
        entries["lib/libsequra_pos.so.1"] = entry(one.folder / one.library)
        entries["lib/libsequra_pos.so"] = Entry(link="libsequra_pos.so.1")
        entries["lib/libsequra_pos.a"] = entry(one.folder / "libsequra_pos.a")
        entries.update(beside_the_program(one))
    top = f"sequra-pos-{VERSION}-{one.name}"
    entries = {f"{top}/{name}": file for name, file in entries.items()}
    path = out / (top + (".zip" if one.windows else ".tar.gz"))
    (write_zip if one.windows else write_tar_gz)(path, entries)
    return path


def first_steps(one: Platform) -> Entries:
    """What somebody who has only this archive begins with: the simulated seQura, a first sale with it, its order and its
    configuration, and how to; before what the repository's README says."""
    slash = "\\" if one.windows else "/"
    said = {
        "/": slash,
        "simulator": f"bin{slash}{one.named(SIMULATOR)}",
        "sale": f"bin{slash}{one.named(FIRST_SALE)}",
        "program": f"bin{slash}{one.program}",
        "library": "bin/sequra_pos.dll" if one.windows else "lib/libsequra_pos.so.1",
        "accents": "Si la consola enseña mal los acentos: `chcp 65001`." if one.windows else "",
        "accents_in_english": "Where the console shows accents badly: `chcp 65001`." if one.windows else "",
    }
    readme = (ROOT / "packaging" / "README.md").read_text(encoding="utf-8")
    for name, text in said.items():
        readme = readme.replace(f"{{{name}}}", text)
    readme += (ROOT / "README.md").read_text(encoding="utf-8")
    if one.windows:
        # As old editors there need it.
        readme = readme.replace("\n", "\r\n")
    return {
        "README.md": Entry(readme.encode()),
        **{f"bin/{program}": entry(one.folder / program) for program in [one.named(SIMULATOR), one.named(FIRST_SALE)]},
        "first-sale/till.json": entry(ROOT / "bindings/c/simulator.json"),
        "first-sale/order.json": entry(ROOT / "bindings/c/order.json"),
    }


def packed(text: bytes) -> Entry:
    return Entry(gzip.compress(text, 9, mtime=0))


def beside_the_program(one: Platform) -> Entries:
    """Pages of the manual, and what completes its command line in a shell, as the program itself writes them."""
    program, folder = [*one.emulator, str(one.folder / one.program)], STAGE / "program" / one.name
    run(*program, "manual", folder)
    entries = {f"share/man/man1/{page.name}.gz": packed(page.read_bytes()) for page in sorted(folder.iterdir())}
    for shell, path in [("bash", "bash-completion/completions/sequra"), ("zsh", "zsh/site-functions/_sequra"),
                        ("fish", "fish/vendor_completions.d/sequra.fish")]:
        done = subprocess.run([*program, "completions", shell], check=True, stdout=subprocess.PIPE)
        entries[f"share/{path}"] = Entry(done.stdout)
    return entries


SOURCES_OF_PYTHON = {name[len("bindings/python/"):]: file for name, file in tracked("bindings/python").items()}


def built_for_python(name: str, *words, more: Entries = {}, **variables) -> Path:
    folder = STAGE / "python" / name
    write_tree(folder / "source", {**SOURCES_OF_PYTHON, **OUR_LICENCES, **more})
    quietly(TOOLS / "python" / "bin" / "python", "-m", "build", "--no-isolation", "--outdir", folder, *words, folder / "source",
            env={**FIXED, **variables})
    return next(path for path in folder.iterdir() if path.is_file())


def python_wheel(one: Platform, out: Path) -> Path:
    wheel = built_for_python(one.wheel, "--wheel", f"-C--build-option=--plat-name={one.wheel}",
                             more={"LICENSE-THIRD-PARTY.txt": Entry(licences_of([one.rust]))},
                             SEQURA_POS_LIBRARY=str(one.folder / one.library))
    with zipfile.ZipFile(wheel) as archive:
        entries = {name: Entry(archive.read(name)) for name in archive.namelist()}
    write_zip(out / wheel.name, entries)
    return out / wheel.name


def python_sources(out: Path) -> Path:
    """The sources of the package, which take a library that is already there."""
    sdist = built_for_python("sources", "--sdist")
    with tarfile.open(sdist) as archive:
        entries = {info.name: Entry(archive.extractfile(info).read()) for info in archive if info.isfile()}
    write_tar_gz(out / sdist.name, entries)
    return out / sdist.name


def assembly(folder: Path) -> Entries:
    """SequraPos.dll as Mono's compiler makes it for .NET Framework 4; it serves later ones, and .NET Core."""
    write_tree(folder, tracked("bindings/csharp"))
    sources = sorted((folder / "bindings/csharp/SequraPos").glob("*.cs"))
    run("mcs", "-langversion:5", "-optimize", "-nologo", "-target:library", "-doc:SequraPos.xml", "-out:SequraPos.dll", *sources,
        cwd=folder)
    made = bytearray((folder / "SequraPos.dll").read_bytes())
    # The compiler gives each build another id; this one depends on what was built.
    metadata = made.index(b"BSJB")
    offset, _ = struct.unpack_from("<II", made, made.index(b"#GUID\0", metadata) - 8)
    place = slice(metadata + offset, metadata + offset + 16)
    made[place] = bytes(16)
    made[place] = hashlib.sha256(made).digest()[:16]
    return {"SequraPos.dll": Entry(bytes(made)), "SequraPos.xml": entry(folder / "SequraPos.xml")}


def nuget(out: Path) -> Path:
    """What `dotnet pack` makes of the nuspec, made without it."""
    binding = ROOT / "bindings/csharp/SequraPos"
    namespace = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"
    # Where the nuspec says that the files are.
    files = {name[len("bindings/csharp/SequraPos/"):]: one for name, one in tracked("bindings/csharp/SequraPos").items()}
    files["../README.md"] = entry(binding.parent / "README.md")
    files.update({f"../../../{name}": one for name, one in OUR_LICENCES.items()})
    built = assembly(STAGE / "csharp")
    for framework in ["net40", "net45", "netstandard2.0"]:
        files.update({f"bin/Release/{framework}/{name}": one for name, one in built.items()})
    for one in PLATFORMS:
        # The name that a program looks for; a package has no links.
        name = "sequra_pos.dll" if one.windows else "libsequra_pos.so"
        files[f"native/{one.nuget}/{name}"] = entry(one.folder / one.library)
    files["native/LICENSE-THIRD-PARTY.txt"] = Entry(licences_of([one.rust for one in PLATFORMS]))

    text = (binding / "SequraPos.nuspec").read_text()
    for key, value in {"version": VERSION, "configuration": "Release", "native": "native"}.items():
        text = text.replace(f"${key}$", value)
    ElementTree.register_namespace("", namespace)
    spec = ElementTree.fromstring(text)
    listed = spec.find(f"{{{namespace}}}files")
    entries = {}
    for file in listed:
        source, target = file.get("src"), file.get("target")
        name = Path(source).name
        entries[f"{target}/{name}" if target else name] = files[source]
    spec.remove(listed)
    entries["SequraPos.nuspec"] = Entry(ElementTree.tostring(spec, "utf-8", xml_declaration=True))

    # The rest of an Open Packaging Conventions file.
    relations = "http://schemas.openxmlformats.org/package/2006"
    said = {child.tag.split("}")[1]: child.text for child in spec[0]}
    properties = "package/services/metadata/core-properties/SequraPos.psmdcp"
    entries[properties] = Entry(f"""<?xml version="1.0" encoding="utf-8"?>
<coreProperties xmlns="{relations}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:creator>{said['authors']}</dc:creator>
  <dc:description>{said['description']}</dc:description>
  <dc:identifier>SequraPos</dc:identifier>
  <version>{VERSION}</version>
  <keywords>{said['tags']}</keywords>
</coreProperties>
""".encode())
    entries["_rels/.rels"] = Entry(f"""<?xml version="1.0" encoding="utf-8"?>
<Relationships xmlns="{relations}/relationships">
  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/SequraPos.nuspec" Id="manifest" />
  <Relationship Type="{relations}/relationships/metadata/core-properties" Target="/{properties}" Id="properties" />
</Relationships>
""".encode())
    types = {Path(name).suffix[1:] for name in entries}
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml",
                "psmdcp": "application/vnd.openxmlformats-package.core-properties+xml"}
    lines = [f'  <Default Extension="{kind}" ContentType="{defaults.get(kind, "application/octet")}" />'
             for kind in sorted({"rels"} | types - {""})]
    lines += [f'  <Override PartName="/{name}" ContentType="application/octet" />'
              for name in sorted(entries) if "." not in Path(name).name]
    entries["[Content_Types].xml"] = Entry("\n".join([
        '<?xml version="1.0" encoding="utf-8"?>', f'<Types xmlns="{relations}/content-types">', *lines, "</Types>", ""]).encode())
    path = out / f"SequraPos.{VERSION}.nupkg"
    write_zip(path, entries)
    return path


def debian_packages(bill: bytes, out: Path) -> List[Path]:
    """For Debian 10 and later, and what comes of it."""
    libraries = "usr/lib/x86_64-linux-gnu"
    version = f"{VERSION}-1"
    maintainer = "sequra-pos <packages@sequra-pos.invalid>"


    history = (f"sequra-pos ({version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n"
               f" -- {maintainer}  {formatdate(EPOCH)}\n").encode()
    rights = f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: sequra-pos
Comment: The parts of others that this is made from, and their licences, are in
 LICENSE-THIRD-PARTY.txt.gz beside this file.

Files: *
Copyright: the authors of sequra-pos
License: MIT or Apache-2.0

License: MIT
{indented(OUR_LICENCES['LICENSE-MIT'].content)}

License: Apache-2.0
 On Debian systems the text of this license is in /usr/share/common-licenses/Apache-2.0.
""".encode()

    def package(name, description, depends, files: Entries, control={}, **fields) -> Path:
        documents = f"usr/share/doc/{name}"
        licences = licences_of([LINUX.rust], PROGRAM if name == PROGRAM else LIBRARY)
        files = {**files, f"{documents}/copyright": Entry(rights), f"{documents}/LICENSE-THIRD-PARTY.txt.gz": packed(licences),
                 f"{documents}/changelog.Debian.gz": packed(history),
                 f"{documents}/changelog.gz": packed((ROOT / "CHANGELOG.md").read_bytes())}
        summary, *more = description
        told = {"Package": name, "Source": "sequra-pos", "Version": version, "Architecture": "amd64", "Maintainer": maintainer,
                "Installed-Size": str(sum(len(one.content) for one in files.values()) // 1024 + 1), "Depends": depends,
                **{key.replace("_", "-"): value for key, value in fields.items()}, "Priority": "optional",
                "Description": "\n ".join([summary, *more])}
        sums = [f"{hashlib.md5(one.content).hexdigest()}  {path}\n" for path, one in sorted(files.items()) if not one.link]
        tree = STAGE / "debian" / name
        write_tree(tree, {**files, **{f"DEBIAN/{key}": Entry(text.encode()) for key, text in {
            "control": "".join(f"{key}: {value}\n" for key, value in told.items()), "md5sums": "".join(sums), **control}.items()}})
        for path in [tree, *tree.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
            os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)
        path = out / f"{name}_{version}_amd64.deb"
        quietly("dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, path, env=FIXED)
        return path

    about = ["An embeddable library for tills that seQura cannot call back. Its journal on",
             "disk lets no sale be forgotten, whatever is killed or cut off in between."]
    manual = {f"usr/share/doc/libsequra-pos-dev/{name}": one for name, one in tracked("README.md", "SECURITY.md", "docs").items()}
    return [
        package("libsequra-pos1", ["sell with seQura from a till", *about], "libc6 (>= 2.28)", {
            f"{libraries}/libsequra_pos.so.1": entry(LINUX.folder / LINUX.library)._replace(executable=False),
            "usr/share/doc/libsequra-pos1/sequra_pos.cdx.json.gz": packed(bill),
        }, {"shlibs": f"libsequra_pos 1 libsequra-pos1 (>= {VERSION})\n", "triggers": "activate-noawait ldconfig\n"},
            Section="libs", Multi_Arch="same"),
        package("libsequra-pos-dev", ["sell with seQura from a till: for programmers", *about, ".", "The headers for C and C++, the static "
                                      "library, files for pkg-config and CMake, and the documentation."], f"libsequra-pos1 (= {version})", {
            **{f"usr/{name}": one for name, one in HEADERS.items()}, **manual,
            **{f"usr/lib/cmake/SequraPos/{name}": one for name, one in CMAKE.items()},
            f"{libraries}/pkgconfig/sequra_pos.pc": pkg_config("/usr", f"/{libraries}", PRIVATE),
            f"{libraries}/libsequra_pos.so": Entry(link="libsequra_pos.so.1"),
            f"{libraries}/libsequra_pos.a": entry(LINUX.folder / "libsequra_pos.a"),
        }, Section="libdevel"),
        # A program in the library's package would keep two versions of the library apart.
        package("sequra", ["support a till that sells with seQura, and sell from a shell",
                           "Shows what is unfinished and what to do, settles it, checks and copies the journal; and takes every step of",
                           "a sale from a script or a program that loads no library."],
                "libc6 (>= 2.28)", {"usr/bin/sequra": entry(LINUX.folder / LINUX.program),
                                    **{f"usr/{name}": one for name, one in beside_the_program(LINUX).items()}}, Section="utils"),
    ]


def indented(text: bytes) -> str:
    """As a field of several lines has it."""
    return "\n".join(f" {line}" if line.strip() else " ." for line in text.decode().rstrip().splitlines())


# -------------------------------------------------------------------------------------------------

def build_libraries(platforms: List[Platform]):
    with_zig = {**os.environ, "PATH": f"{TOOLS / 'python' / 'bin'}:{os.environ['PATH']}"}
    for system, script in [("Linux", "linux.sh"), ("Windows", "windows.sh")]:
        targets = [one.rust for one in platforms if one.windows == (system == "Windows")]
        if targets:
            say(f"the libraries for {system}")
            run(f"scripts/{script}", *targets, env=with_zig)
    say("the simulated seQura, and a first sale with it")
    run("scripts/simulator.sh", *[one.rust for one in platforms], env=with_zig)
    for one in platforms:
        build_first_sale(one)


def build_first_sale(one: Platform):
    """That of bindings/c, for those who have no compiler at hand."""
    if one.windows:
        compiler = [f"{one.rust.split('-')[0]}-w64-mingw32-gcc-posix", "-static", "-Wl,--no-insert-timestamp"]
        library = one.folder / "libsequra_pos.dll.a"
    else:
        compiler = [TOOLS / "python/bin/python", "-m", "ziglang", "cc", "-target", one.zig, "-Wl,-rpath,$ORIGIN/../lib"]
        library = one.folder / one.library
    run(*compiler, "-std=c89", "-Os", "-s", "-Iinclude", "bindings/c/first_sale.c", library, "-o", one.folder / one.named(FIRST_SALE))


def packages(platforms: List[Platform], out: Path) -> Iterator[Path]:
    bills = {one: bill_of_materials(one.rust) for one in platforms}
    for one in platforms:
        yield archive(one, bills[one], out)
    for one in platforms:
        yield python_wheel(one, out)
    if LINUX in platforms:
        # One for all platforms, and those of this one.
        yield python_sources(out)
        yield nuget(out)
        yield from debian_packages(bills[LINUX], out)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--arm", action="store_true")
    words.add_argument("--pack-only", action="store_true")
    words.add_argument("--out", type=Path)
    chosen = words.parse_args()
    platforms, own = (ARM, ROOT / "dist-arm") if chosen.arm else (PLATFORMS, ROOT / "dist")
    say("zig, and what builds wheels")
    run("scripts/tools.sh", TOOLS / "python", "packages", env={**os.environ, "PYTHON": sys.executable})
    if not chosen.pack_only:
        build_libraries(platforms)

    say(f"packages of {VERSION}")
    out = (chosen.out or own).resolve()
    for folder in [STAGE, own] if out == own else [STAGE]:
        shutil.rmtree(folder, ignore_errors=True)
    STAGE.mkdir(parents=True)
    out.mkdir(parents=True)
    made = []
    for path in packages(platforms, out):
        print(f"{path.stat().st_size:>10}  {path.name}", flush=True)
        made.append(path)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(made)]
    (out / "SHA256SUMS").write_text("".join(sums))
    print(f"with their SHA256SUMS in {out}")


if __name__ == "__main__":
    main()
