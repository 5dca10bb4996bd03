"""The Debian packages, installed with dpkg into a system that is older than this one."""

import shutil
import subprocess
import unittest

from stranger import CLEAN, ENTER, ROOT, VERSION, Case, package, run

# The oldest that there is of those with glibc 2.28 and later.
SUITES = ["buster", "bullseye", "bookworm"]
NEEDED = "gcc,libc6-dev,pkg-config"


def tree():
    """A minimal Debian with a compiler; made once."""
    made = ROOT / "target" / "debian"
    if not (made / "made").exists():
        trouble = ""
        for suite in SUITES:
            shutil.rmtree(made, ignore_errors=True)
            print(f"\na system to install into: Debian {suite}, some minutes", flush=True)
            done = subprocess.run(["debootstrap", "--variant=minbase", f"--include={NEEDED}", suite, str(made)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode == 0:
                (made / "made").write_text(suite)
                break
            trouble = done.stdout
        else:
            raise AssertionError(f"debootstrap: {trouble}")
    return made


class Debian(Case):
    packages = ["libsequra-pos1", "libsequra-pos-dev", "sequra"]

    def fresh(self, name):
        """A folder inside of the tree."""
        self.tree = tree()
        folder = self.tree / "tmp" / "till"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def inside(self, *command):
        return [ENTER, self.tree, "/" / self.folder.relative_to(self.tree), *command]

    def installed(self):
        found = [path for path in (self.tree / "usr").rglob("*sequra*")]
        return found + list((self.tree / "var" / "lib" / "dpkg" / "info").glob("*sequra*"))

    def test_installed_used_and_removed(self):
        print(f"installed into Debian {(self.tree / 'made').read_text()}", flush=True)
        env = {**CLEAN, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
        # What an earlier run that was ended may have left.
        run(*self.inside("dpkg", "--purge", *self.packages), env=env)
        self.assertEqual([], self.installed())
        for name in self.packages:
            shutil.copy(package(f"{name}_{VERSION}-1_amd64.deb"), self.folder)
        run(*self.inside("sh", "-c", "dpkg --install ./*.deb"), env=env)
        run(*self.inside("dpkg", "--verify", *self.packages), env=env)
        # ldconfig was run: the library is found without a word from anybody.
        self.assertIn("libsequra_pos.so.1", run(*self.inside("ldconfig", "-p"), env=env))

        self.assertEqual(f"{VERSION}\n", run(*self.inside("pkg-config", "--modversion", "sequra_pos"), env=env))
        shutil.copy(ROOT / "bindings" / "c" / "first_sale.c", self.folder)
        run(*self.inside("sh", "-c", "cc first_sale.c $(pkg-config --cflags --libs sequra_pos) -o first_sale"), env=env)
        self.sell(self.inside("./first_sale", "till.json", "order.json", "R-100"), env=env)
        self.assertIn("Each entry follows from the one before", run(*self.inside("sequra", "verify", "--language", "en", "--journal", "sequra.journal"), env=env))

        # The other way: in the program itself.
        self.simulator.reset()
        (self.folder / "sequra.journal").unlink()
        static = "cc first_sale.c -l:libsequra_pos.a $(pkg-config --static --libs sequra_pos | sed 's/-lsequra_pos//') -o static"
        run(*self.inside("sh", "-c", static), env=env)
        self.assertNotIn("libsequra_pos", run(*self.inside("ldd", "static"), env=env))
        self.sell(self.inside("./static", "till.json", "order.json", "R-100"), env=env)

        # A program finds its package by the library's name, as dpkg-shlibdeps does.
        shlibs = run(*self.inside("cat", "/var/lib/dpkg/info/libsequra-pos1:amd64.shlibs"), env=env)
        self.assertEqual(f"libsequra_pos 1 libsequra-pos1 (>= {VERSION})\n", shlibs)

        # The library alone stays where nobody compiles.
        run(*self.inside("dpkg", "--purge", "libsequra-pos-dev"), env=env)
        self.simulator.reset()
        (self.folder / "sequra.journal").unlink()
        self.sell(self.inside("./first_sale", "till.json", "order.json", "R-100"), env=env)
        run(*self.inside("dpkg", "--purge", *self.packages), env=env)
        self.assertEqual([], self.installed())

    def test_what_they_say_of_themselves(self):
        for name in self.packages:
            path = package(f"{name}_{VERSION}-1_amd64.deb")
            fields = run("dpkg-deb", "--field", path, "Package", "Version", "Architecture")
            self.assertEqual(f"Package: {name}\nVersion: {VERSION}-1\nArchitecture: amd64\n", fields)

    def test_cmake_finds_them(self):
        prefix = self.folder / "root"
        for name in ["libsequra-pos1", "libsequra-pos-dev"]:
            run("dpkg-deb", "--extract", package(f"{name}_{VERSION}-1_amd64.deb"), prefix)
        project = ROOT / "tests" / "cpp" / "find_package"
        run("cmake", "-S", project, "-B", self.folder / "built", f"-DCMAKE_PREFIX_PATH={prefix}/usr")
        run("cmake", "--build", self.folder / "built")
        for program in ["found", "found_c"]:
            run(self.folder / "built" / program)


if __name__ == "__main__":
    unittest.main()
