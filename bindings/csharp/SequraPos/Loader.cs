using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace SequraPos
{
    /// <summary>
    /// Finds the native library and its functions. DllImport would leave that to each runtime's own rules, which
    /// differ, and know nothing of 32 and 64 bits; so it serves here for the system's loader only.
    /// </summary>
    internal static class Loader
    {
        private static readonly bool OnWindows = Environment.OSVersion.Platform == PlatformID.Win32NT;

        /// <summary>Loads the library from this file, or from where one is found if it is null.</summary>
        internal static IntPtr Load(ref string path)
        {
            var tried = new StringBuilder();
            foreach (string candidate in path == null ? Candidates() : new List<string> { path })
            {
                string trouble;
                IntPtr library = Open(candidate, out trouble);
                if (library != IntPtr.Zero)
                {
                    CheckAbi(library, candidate);
                    path = candidate;
                    return library;
                }
                tried.Append("\n  ").Append(candidate).Append(": ").Append(trouble);
            }
            throw new DllNotFoundException(
                "The native library sequra_pos is not found. Put it beside SequraPos.dll, or say where it is with " +
                "SequraLibrary.NativePath or, in development, with the environment's SEQURA_POS_LIBRARY: an absolute " +
                "path. Tried:" + (tried.Length == 0 ? " nothing" : tried.ToString()));
        }

        /// <summary>A function of the library.</summary>
        internal static Delegate Function(IntPtr library, string name, Type kind)
        {
            IntPtr found = OnWindows ? GetProcAddress(library, name) : dlsym(library, Ascii(name));
            if (found == IntPtr.Zero)
                throw new EntryPointNotFoundException(
                    "This sequra_pos library is too old, or another one: it has no " + name + ".");
            return Marshal.GetDelegateForFunctionPointer(found, kind);
        }

        // Another version of the ABI would be called wrongly, and nothing would say so.
        private static void CheckAbi(IntPtr library, string path)
        {
            var version = (AbiVersion)Function(library, "sq_abi_version", typeof(AbiVersion));
            if (version() != Native.AbiVersion)
                throw new NotSupportedException(
                    path + " has version " + version() + " of the ABI; this assembly is for " + Native.AbiVersion + ".");
        }

        /// <summary>
        /// Where the library may be: beside the assembly or the program. Where there is none, as in the repository,
        /// it is what the variable names. Never where the system looks: a library that somebody has put into the
        /// current folder, or into one of the PATH's, would run with all that the till may do.
        /// </summary>
        private static List<string> Candidates()
        {
            var found = new List<string>();
            foreach (string place in Places())
                if (IsAbsolute(place) && !found.Contains(place) && File.Exists(place))
                    found.Add(place);
            string named = Environment.GetEnvironmentVariable("SEQURA_POS_LIBRARY");
            if (found.Count == 0 && !string.IsNullOrEmpty(named))
                found.Add(named);
            return found;
        }

        private static IEnumerable<string> Places()
        {
            // A library for another processor does not load, and the next one is tried.
            string[] architectures = IntPtr.Size == 8 ? new[] { "x64", "arm64" } : new[] { "x86", "arm" };
            string[] names = OnWindows ? new[] { "sequra_pos.dll" } : new[] { "libsequra_pos.so", "libsequra_pos.so.1" };
            foreach (string folder in Folders())
                foreach (string name in names)
                {
                    yield return Path.Combine(folder, name);
                    foreach (string architecture in architectures)
                    {
                        string platform = (OnWindows ? "win-" : "linux-") + architecture;
                        string inPackage = Path.Combine(Path.Combine("runtimes", platform), "native");
                        yield return Path.Combine(Path.Combine(folder, architecture), name);
                        yield return Path.Combine(Path.Combine(folder, inPackage), name);
                    }
                }
        }

        private static IEnumerable<string> Folders()
        {
            string assembly = typeof(Loader).Assembly.Location;
            // Empty where everything is in one file.
            if (!string.IsNullOrEmpty(assembly))
                yield return Path.GetDirectoryName(assembly);
            yield return AppDomain.CurrentDomain.BaseDirectory;
            // Modern .NET: the folders of the packages that the program refers to.
            var ofPackages = AppDomain.CurrentDomain.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string;
            foreach (string folder in (ofPackages ?? "").Split(Path.PathSeparator))
                if (folder != "")
                    yield return folder;
        }

        /// <summary>From its root: with a drive or a computer on Windows.</summary>
        private static bool IsAbsolute(string path)
        {
            if (!OnWindows)
                return path.StartsWith("/", StringComparison.Ordinal);
            string plain = path.Replace('/', '\\');
            return plain.StartsWith(@"\\", StringComparison.Ordinal)
                || plain.Length > 2 && plain.Substring(1, 2) == @":\";
        }

        private static IntPtr Open(string path, out string trouble)
        {
            trouble = null;
            // By its name alone, the system would look for it; a relative path is another file's tomorrow.
            if (!IsAbsolute(path))
            {
                trouble = "not an absolute path";
                return IntPtr.Zero;
            }
            if (OnWindows)
            {
                // What the library needs itself is looked for beside it first, and then where Windows has its own.
                const uint alteredSearchPath = 8;
                IntPtr library = LoadLibraryExW(path, IntPtr.Zero, alteredSearchPath);
                if (library == IntPtr.Zero)
                    trouble = new Win32Exception(Marshal.GetLastWin32Error()).Message;
                return library;
            }
            const int now = 2;
            IntPtr opened = dlopen(Encoding.UTF8.GetBytes(path + "\0"), now);
            if (opened == IntPtr.Zero)
                trouble = Marshal.PtrToStringAnsi(dlerror());
            return opened;
        }

        private static byte[] Ascii(string name)
        {
            return Encoding.ASCII.GetBytes(name + "\0");
        }

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate uint AbiVersion();

        [DllImport("kernel32", CharSet = CharSet.Unicode, ExactSpelling = true, SetLastError = true)]
        private static extern IntPtr LoadLibraryExW(string path, IntPtr reserved, uint flags);

        [DllImport("kernel32", CharSet = CharSet.Ansi, ExactSpelling = true, BestFitMapping = false, SetLastError = true)]
        private static extern IntPtr GetProcAddress(IntPtr library, string name);

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlopen(byte[] path, int flags);

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlsym(IntPtr library, byte[] name);

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr dlerror();
    }
}
