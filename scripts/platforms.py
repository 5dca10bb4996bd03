"""The platforms that packages are for: those of make dist, and those of make dist-arm."""

from pathlib import Path
from typing import NamedTuple, Tuple

from repository import TARGET


class Platform(NamedTuple):
    name: str
    rust: str
    wheel: str
    folder: Path
    library: str
    #: Where NuGet has it; none where it is not in that package.
    nuget: str = ""
    #: How zig calls it.
    zig: str = ""
    #: What its programs are run by here; with nothing, if they are this machine's.
    emulator: Tuple[str, ...] = ()

    @property
    def windows(self) -> bool:
        return self.library.endswith(".dll")

    @property
    def program(self) -> str:
        return self.named("sequra")

    def named(self, program: str) -> str:
        return f"{program}.exe" if self.windows else program


def windows(name, rust, wheel, nuget):
    return Platform(name, rust, wheel, TARGET / "windows" / rust, "sequra_pos.dll", nuget)


def linux(name, rust, machine, zig, **more):
    return Platform(name, rust, f"manylinux_2_28_{machine}", TARGET / "linux" / rust, "libsequra_pos.so.1", zig=f"{zig}.2.28", **more)


LINUX = linux("linux-x86_64", "x86_64-unknown-linux-gnu", "x86_64", "x86_64-linux-gnu", nuget="linux-x64")
PLATFORMS = [
    LINUX,
    windows("windows-x86_64", "x86_64-win7-windows-gnu", "win_amd64", "win-x64"),
    windows("windows-i686", "i686-win7-windows-gnu", "win32", "win-x86"),
]
# With the C library of the cross compiler, where its own is not in place.
ARM = [
    linux("linux-aarch64", "aarch64-unknown-linux-gnu", "aarch64", "aarch64-linux-gnu",
          emulator=("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")),
    linux("linux-armv7", "armv7-unknown-linux-gnueabihf", "armv7l", "arm-linux-gnueabihf",
          emulator=("qemu-arm", "-L", "/usr/arm-linux-gnueabihf")),
]
