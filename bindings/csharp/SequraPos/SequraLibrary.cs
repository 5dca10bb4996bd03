using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace SequraPos
{
    /// <summary>The native library: where it is, and what it says without a client.</summary>
    public static class SequraLibrary
    {
        private static readonly object Loading = new object();
        private static string path;
        private static volatile IntPtr library;

        /// <summary>
        /// The file of the native library, from its root. Set it before anything else is called; otherwise it is one
        /// beside SequraPos.dll (there, or in its folders x86, x64, runtimes/.../native) or, where there is none, in
        /// development, the one that the environment's SEQURA_POS_LIBRARY names. Once it is loaded: where it was found.
        /// </summary>
        /// <exception cref="InvalidOperationException">It is loaded already.</exception>
        public static string NativePath
        {
            get
            {
                return path;
            }
            set
            {
                lock (Loading)
                {
                    if (library != IntPtr.Zero && value != path)
                        throw new InvalidOperationException("The native library is loaded already: " + path);
                    path = value;
                }
            }
        }

        /// <summary>Loads the native library now, and not when it is first needed.</summary>
        /// <exception cref="DllNotFoundException">It is not found; the message says where it was looked for.</exception>
        /// <exception cref="NotSupportedException">It is of another version of the ABI.</exception>
        public static void Load()
        {
            if (library != IntPtr.Zero)
                return;
            lock (Loading)
            {
                if (library == IntPtr.Zero)
                    library = Loader.Load(ref path);
            }
        }

        /// <summary>The loaded library's version of the ABI.</summary>
        public static int AbiVersion
        {
            get { return (int)Native.sq_abi_version(); }
        }

        /// <summary>The loaded library's version, such as "1.2.3".</summary>
        public static string Version
        {
            get { return Constant(Native.sq_version()); }
        }

        /// <summary>How the library was built, as JSON.</summary>
        public static string BuildInfo
        {
            get { return Constant(Native.sq_build_info()); }
        }

        /// <summary>How many clients, results and orders are given out and not given back: 0 when nothing leaked.</summary>
        public static long LiveHandles
        {
            get { return Native.sq_live_handles(); }
        }

        /// <summary>The name of a status: "SQ_CONFLICT".</summary>
        public static string StatusName(SequraStatus status)
        {
            return Constant(Native.sq_status_name((int)status));
        }

        /// <summary>The thousand of a status, which says what kind it is; -1 for a number that is no status.</summary>
        public static int StatusClass(SequraStatus status)
        {
            return Native.sq_status_class((int)status);
        }

        /// <summary>Gives a text back in /data/text, for testing.</summary>
        public static SequraResult Echo(string text)
        {
            BufferHandle result;
            int status = Native.sq_echo(ClientHandle.None, TextEncoding.Utf8.Text("text", text), out result);
            return SequraResult.Finish(status, result, TextEncoding.Utf8);
        }

        /// <summary>A function of the library, looked for when it is first called.</summary>
        internal static T Function<T>(ref T found, string name)
            where T : class
        {
            if (found == null)
            {
                Load();
                var function = (T)(object)Loader.Function(library, name, typeof(T));
                // Two threads may have found it at once; both have the same.
                Interlocked.CompareExchange(ref found, function, null);
            }
            return found;
        }

        // The library's own constants are ASCII, and stay where they are.
        private static string Constant(IntPtr text)
        {
            return Marshal.PtrToStringAnsi(text);
        }
    }
}
