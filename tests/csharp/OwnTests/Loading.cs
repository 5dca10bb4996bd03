using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using SequraPos;

/// <summary>Where the native library is looked for: each in a process of its own.</summary>
internal static class Loading
{
    private static readonly string Library = Environment.GetEnvironmentVariable("SEQURA_POS_LIBRARY");
    private static readonly List<object> LeftOpen = new List<object>();
    private static readonly bool OnWindows = Environment.OSVersion.Platform == PlatformID.Win32NT;

    /// <summary>What it is looked for as.</summary>
    private static readonly string[] Names = OnWindows
        ? new[] { "sequra_pos.dll" } : new[] { "libsequra_pos.so", "libsequra_pos.so.1" };

    private static readonly string Nowhere = OnWindows ? @"Z:\is\not\there.dll" : "/is/not/there.so";

    /// <summary>What a child does: its first word says it; it prints where the library was, or what went wrong.</summary>
    internal static int Child(string[] arguments)
    {
        try
        {
            if (arguments[0] == "named")
                SequraLibrary.NativePath = arguments[1];
            if (arguments[0] == "forgetful")
            {
                // The program ends with all of this open.
                var till = new SequraClient(Given.Config());
                LeftOpen.AddRange(new object[] { till, till.Pending(), new SequraOrderBuilder(till) });
            }
            Console.WriteLine(SequraLibrary.Version + " " + SequraLibrary.NativePath);
        }
        catch (Exception e)
        {
            Console.WriteLine(e.GetType().Name + ": " + e.Message);
        }
        return 0;
    }

    public static void WhereTheVariableSaysIfThereIsNoneBesideTheProgram()
    {
        Check.Equal(SequraLibrary.Version + " " + Library, Run("found", Library, null));
        string own = Run("found", Nowhere, folder => Place(folder, Names[0]));
        Check.That(own.StartsWith(SequraLibrary.Version + " ", StringComparison.Ordinal), own);
        Refused("\n  " + Nowhere + ": ", Run("found", Nowhere, null));
        Refused(" nothing", Run("found", "", null));
        foreach (string name in Names.Concat(new[] { "./" + Names[0], "sub/" + Names[0], "C:" + Names[0] }))
            Refused(NotAbsolute(name), Run("found", name, null));
    }

    public static void WhereTheProgramSays()
    {
        Check.Equal(SequraLibrary.Version + " " + Library, Run("named", Nowhere, null, Library));
        Refused("\n  " + Nowhere + ": ", Run("named", Library, null, Nowhere));
        foreach (string name in Names)
            Refused(NotAbsolute(name), Run("named", Library, null, name));
    }

    /// <summary>A library that somebody has put where the system looks.</summary>
    public static void NotWhereTheSystemLooks()
    {
        using (var planted = new Given.Folder())
        {
            foreach (string name in Names)
                Place(planted.Path, name);
            string here = Environment.CurrentDirectory;
            var before = new Dictionary<string, string>();
            foreach (string variable in new[] { "PATH", "LD_LIBRARY_PATH" })
            {
                before[variable] = Environment.GetEnvironmentVariable(variable);
                Environment.SetEnvironmentVariable(variable, planted.Path + Path.PathSeparator + before[variable]);
            }
            Environment.CurrentDirectory = planted.Path;
            try
            {
                Refused(" nothing", Run("found", null, null));
                foreach (string name in Names)
                    Refused(NotAbsolute(name), Run("found", name, null));
                string own = Run("found", null, folder => Place(folder, Names[0]));
                Check.That(own.StartsWith(SequraLibrary.Version + " ", StringComparison.Ordinal), own);
                Check.That(!own.Contains(planted.Path), own);
            }
            finally
            {
                Environment.CurrentDirectory = here;
                foreach (KeyValuePair<string, string> variable in before)
                    Environment.SetEnvironmentVariable(variable.Key, variable.Value);
            }
        }
    }

    private static void Refused(string tried, string said)
    {
        Check.That(said.StartsWith("DllNotFoundException: ", StringComparison.Ordinal), said);
        Check.That(said.Contains("Tried:" + tried), said);
    }

    private static string NotAbsolute(string name)
    {
        return "\n  " + name + ": not an absolute path";
    }

    public static void BesideTheAssembly()
    {
        string architecture = IntPtr.Size == 8 ? "x64" : "x86";
        string other = IntPtr.Size == 8 ? "x86" : "x64";
        string inPackage = "runtimes/" + (OnWindows ? "win-" : "linux-") + architecture + "/native/";
        foreach (string place in Names.Concat(new[] { architecture + "/" + Names[0], inPackage + Names[0] }))
        {
            string said = Run("found", null, folder =>
            {
                // That of another processor, or half a file, is no obstacle.
                Directory.CreateDirectory(Path.Combine(folder, other));
                File.WriteAllText(Path.Combine(folder, other + "/" + Names[0]), "not for this processor");
                Place(folder, place);
            });
            Check.That(said.StartsWith(SequraLibrary.Version + " ", StringComparison.Ordinal), said);
            Check.That(said.Replace('\\', '/').EndsWith("/" + place, StringComparison.Ordinal), said);
        }
    }

    public static void NowhereAtAll()
    {
        string said = Run("found", null, folder => File.WriteAllText(Path.Combine(folder, Names[0]), "no library"));
        Check.That(said.StartsWith("DllNotFoundException: ", StringComparison.Ordinal), said);
        foreach (string hint in new[] { Names[0] + ": ", "SequraLibrary.NativePath", "SEQURA_POS_LIBRARY" })
            Check.That(said.Contains(hint), said);
    }

    public static void NotOnceItIsLoaded()
    {
        Check.Equal(Library, SequraLibrary.NativePath);
        SequraLibrary.NativePath = Library;
        Check.Throws<InvalidOperationException>(() => SequraLibrary.NativePath = "/elsewhere.so");
        Check.Equal(Library, SequraLibrary.NativePath);
    }

    public static void WhatIsLeftOpenAtTheEndOfTheProgramIsNoTrouble()
    {
        Check.Equal(SequraLibrary.Version + " " + Library, Run("forgetful", Library, null));
    }

    private static void Place(string folder, string place)
    {
        string path = Path.Combine(folder, place);
        Directory.CreateDirectory(Path.GetDirectoryName(path));
        File.Copy(Library, path);
    }

    /// <summary>Runs a copy of this program in a folder of its own; what it says, on both streams.</summary>
    private static string Run(string word, string variable, Action<string> prepare, string more = "")
    {
        using (var folder = new Given.Folder())
        {
            string here = AppDomain.CurrentDomain.BaseDirectory;
            foreach (string name in new[] { "own_tests.exe", "SequraPos.dll", "first_sale.exe" })
                File.Copy(Path.Combine(here, name), folder.File(name));
            if (prepare != null)
                prepare(folder.Path);
            // How the runtime is started: "mono", or another with its arguments.
            string[] runtime = Environment.GetEnvironmentVariable("SEQURA_RUNTIME").Split(' ');
            string arguments = string.Join(" ", runtime.Skip(1).Concat(new[] { folder.File("own_tests.exe"), word, more }));
            var start = new ProcessStartInfo(runtime[0], arguments)
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true
            };
            start.EnvironmentVariables.Remove("SEQURA_POS_LIBRARY");
            if (variable != null)
                start.EnvironmentVariables["SEQURA_POS_LIBRARY"] = variable;
            using (Process process = Process.Start(start))
            {
                string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
                process.WaitForExit();
                return said.TrimEnd('\r', '\n') + (process.ExitCode == 0 ? "" : " (exit status " + process.ExitCode + ")");
            }
        }
    }
}
