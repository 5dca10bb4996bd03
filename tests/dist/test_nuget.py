"""The NuGet package, unpacked as NuGet does it, and a program compiled against it."""

import shutil
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from stranger import ROOT, VERSION, Case, contents, package, run, sample, unpack

FRAMEWORKS = ["net40", "net45", "netstandard2.0"]


def local(element) -> str:
    return element.tag.split("}")[1]


class NuGet(Case):
    def setUp(self):
        super().setUp()
        self.package = package(f"SequraPos.{VERSION}.nupkg")

    def test_a_first_sale(self):
        unpacked = unpack(self.package, self.folder / "SequraPos")
        for framework in FRAMEWORKS:
            with self.subTest(framework):
                self.simulator.reset()
                # A program as `dotnet publish` leaves it: the assembly beside it, natives in runtimes/.
                program = self.folder / framework
                program.mkdir()
                shutil.copy(unpacked / "lib" / framework / "SequraPos.dll", program)
                shutil.copytree(unpacked / "runtimes", program / "runtimes")
                (program / "FirstSale.cs").write_text(sample(ROOT / "bindings" / "csharp" / "README.md", "csharp"), encoding="utf-8")
                run("mcs", "-langversion:6", "-r:SequraPos.dll", "-out:FirstSale.exe", "FirstSale.cs", cwd=program)
                self.sell(["mono", "FirstSale.exe", "till.json", "order.json", "R-100"], program)

    def test_it_is_a_package(self):
        files = contents(self.package)
        spec = ElementTree.fromstring(files["SequraPos.nuspec"])
        said = {local(child): child for child in spec[0]}
        self.assertEqual(("SequraPos", VERSION), (said["id"].text, said["version"].text))
        self.assertIn(said["readme"].text, files)
        self.assertEqual(["metadata"], [local(child) for child in spec])
        self.assertNotIn(b"$", files["SequraPos.nuspec"])
        # Every file has a type, and what the package consists of is there.
        types = ElementTree.fromstring(files["[Content_Types].xml"])
        typed = {child.get("Extension") for child in types}
        named = {child.get("PartName") for child in types}
        untyped = [name for name in files if name != "[Content_Types].xml"
                   and name.rpartition(".")[2] not in typed and f"/{name}" not in named]
        self.assertEqual([], untyped)
        for relation in ElementTree.fromstring(files["_rels/.rels"]):
            self.assertIn(relation.get("Target")[1:], files)
        for framework in FRAMEWORKS:
            self.assertIn(f"lib/{framework}/SequraPos.xml", files)
        # What SequraPos.targets copies beside a program of .NET Framework.
        for framework in ["net40", "net45"]:
            targets = ElementTree.fromstring(files[f"build/{framework}/SequraPos.targets"])
            included = [item.get("Include") for item in targets.iter() if item.get("Include")]
            self.assertEqual(2, len(included))
            for path in included:
                self.assertIn(path.replace("$(MSBuildThisFileDirectory)..\\..\\", "").replace("\\", "/"), files)


if __name__ == "__main__":
    unittest.main()
