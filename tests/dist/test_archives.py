"""The archives, unpacked somewhere, and used from C and C++ in every way that their users may choose."""

import shutil
import unittest

from stranger import CLEAN, ENTER, ROOT, VERSION, Case, package, run, unpack

CMAKE_PROJECT = """cmake_minimum_required(VERSION 3.14)
project(first_sale C CXX)

find_package(SequraPos {version} REQUIRED)

add_executable(first_sale first_sale.c)
target_link_libraries(first_sale PRIVATE SequraPos::SequraPos)

add_executable(first_sale_cpp first_sale.cpp)
target_link_libraries(first_sale_cpp PRIVATE SequraPos::cpp)
"""


class Archive(Case):
    """What is done with the archive of one platform."""

    platform = suffix = None
    cc = ["cc"]

    def setUp(self):
        super().setUp()
        name = f"sequra-pos-{VERSION}-{self.platform}"
        unpack(package(name + self.suffix), self.folder)
        self.prefix = self.folder / name
        self.build = self.folder / "program"
        self.build.mkdir()
        shutil.copy(self.prefix / "bindings" / "c" / "first_sale.c", self.build)

    def pkg_config(self, *words):
        env = {**CLEAN, "PKG_CONFIG_LIBDIR": str(self.prefix / "lib" / "pkgconfig")}
        return run("pkg-config", *words, "sequra_pos", env=env).split()

    def compiled_with_pkg_config(self, *more):
        self.assertEqual([VERSION], self.pkg_config("--modversion"))
        run(*self.cc, "first_sale.c", *self.pkg_config("--cflags", "--libs"), *more, "-o", "first_sale", cwd=self.build)

    def compiled_with_cmake(self, *more):
        shutil.copy(self.prefix / "bindings" / "cpp" / "first_sale.cpp", self.build)
        (self.build / "CMakeLists.txt").write_text(CMAKE_PROJECT.format(version=VERSION))
        run("cmake", "-S", ".", "-B", "built", f"-DCMAKE_PREFIX_PATH={self.prefix}", *more, cwd=self.build)
        run("cmake", "--build", "built", cwd=self.build)


class Linux(Archive):
    platform, suffix = "linux-x86_64", ".tar.gz"
    #: What tells CMake of another machine, and what runs its programs.
    cmake, emulator = [], []

    def sold_by(self, program, env=CLEAN):
        self.sell([*self.emulator, program, "till.json", "order.json", "R-100"], self.build, env)

    def test_by_pkg_config(self):
        self.compiled_with_pkg_config(f"-Wl,-rpath,{self.prefix}/lib")
        self.sold_by("./first_sale")

    def test_by_cmake(self):
        self.compiled_with_cmake(*self.cmake)
        self.sold_by("built/first_sale")
        self.simulator.reset()
        (self.build / "sequra.journal").unlink()
        self.sold_by("built/first_sale_cpp")

    def test_by_the_compiler_alone(self):
        run(*self.cc, "first_sale.c", f"-I{self.prefix}/include", f"-L{self.prefix}/lib", "-lsequra_pos", "-o", "first_sale", cwd=self.build)
        self.sold_by("./first_sale", {**CLEAN, "LD_LIBRARY_PATH": f"{self.prefix}/lib"})
        # Its journal can be looked at.
        said = run(*self.emulator, self.prefix / "bin" / "sequra", "verify", "--language", "en", "--journal", "sequra.journal", cwd=self.build)
        self.assertIn("Each entry follows from the one before", said)

    def test_by_the_static_library(self):
        """In a program that has a SQLite of its own. What is called by the same name in both, each has for itself."""
        (self.build / "own.c").write_text("int sqlite3_open_v2(void) { return 1; }\nint sqlite3_step(void) { return 1; }\n")
        private = self.pkg_config("--static", "--libs-only-l")[1:]
        self.assertIn("-lpthread", private)
        run(*self.cc, "first_sale.c", "own.c", f"-I{self.prefix}/include", self.prefix / "lib" / "libsequra_pos.a", *private,
            "-o", "first_sale", cwd=self.build)
        self.sold_by("./first_sale")

    def test_cmake_does_not_find_a_later_version(self):
        (self.build / "CMakeLists.txt").write_text(CMAKE_PROJECT.format(version="9.1"))
        with self.assertRaisesRegex(AssertionError, 'compatible with requested version "9.1"'):
            run("cmake", "-S", ".", "-B", "built", f"-DCMAKE_PREFIX_PATH={self.prefix}", *self.cmake, cwd=self.build)


class Windows:
    """The same for both; no test case by itself."""

    suffix = ".zip"
    tools = None

    def setUp(self):
        super().setUp()
        # Which takes gcc's own library along, as a till's programmer would; the DLL has it in itself.
        self.cc = [f"{self.tools}-gcc-posix", "-static"]

    def sold_by(self, program, *words):
        """As a till is installed: the DLL beside the program."""
        for path in [program, self.prefix / "bin" / "sequra_pos.dll", self.prefix / "bin" / "sequra.exe"]:
            if path.parent != self.build:
                shutil.copy(path, self.build)
        self.sell([*self.wine(), program.name, *words], self.build, self.environment())
        said = run(*self.wine(), "sequra.exe", "verify", "--language", "en", "--journal", "sequra.journal", cwd=self.build, env=self.environment())
        self.assertIn("Each entry follows from the one before", said)

    def test_by_pkg_config(self):
        self.compiled_with_pkg_config()
        self.sold_by(self.build / "first_sale.exe", "till.json", "order.json", "R-100")

    def test_by_cmake(self):
        self.compiled_with_cmake("-DCMAKE_SYSTEM_NAME=Windows", f"-DCMAKE_C_COMPILER={self.tools}-gcc-posix",
                                 f"-DCMAKE_CXX_COMPILER={self.tools}-g++-posix", "-DCMAKE_EXE_LINKER_FLAGS=-static")
        self.sold_by(self.build / "built" / "first_sale_cpp.exe", "till.json", "order.json", "R-100")

    def compiled_with(self, library):
        run(*self.cc, "first_sale.c", f"-I{self.prefix}/include", self.prefix / "lib" / library, "-o", "first_sale.exe", cwd=self.build)
        self.sold_by(self.build / "first_sale.exe", "till.json", "order.json", "R-100")

    def test_by_the_compiler_alone(self):
        self.compiled_with("libsequra_pos.dll.a")

    def test_by_the_import_library_that_microsofts_linker_takes(self):
        self.compiled_with("sequra_pos.lib")


class Windows64(Windows, Archive):
    platform, tools = "windows-x86_64", "x86_64-w64-mingw32"

    def wine(self):
        return ["/usr/lib/wine/wine64"]

    def environment(self):
        return {**CLEAN, "WINEPREFIX": str(ROOT / "target" / "wine64"), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}


WINE32 = (ROOT / "target" / "wine32").resolve()


class Windows32(Windows, Archive):
    platform, tools = "windows-i686", "i686-w64-mingw32"

    def fresh(self, name):
        """A folder inside of the tree that 32-bit wine is in."""
        self.assertTrue((WINE32 / "usr" / "lib" / "wine" / "wine").exists(), f"{WINE32}: scripts/wine32.sh makes it")
        folder = WINE32 / "tmp" / "dist-test" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def wine(self):
        inside = "/" / self.build.relative_to(WINE32)
        return [ENTER, WINE32, inside, "/usr/lib/wine/wine"]

    def environment(self):
        return {**CLEAN, "WINEPREFIX": "/prefix", "HOME": "/root", "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}


if __name__ == "__main__":
    unittest.main()
