using System;
using System.Runtime.InteropServices;

namespace SequraPos
{
    /// <summary>
    /// What the library gave out and wants back. .NET gives it back once, when it is disposed of or collected,
    /// and not before the calls that use it in other threads have ended.
    /// </summary>
    internal abstract class NativeHandle : SafeHandle
    {
        protected NativeHandle()
            : base(IntPtr.Zero, true)
        {
        }

        public override bool IsInvalid
        {
            get { return handle == IntPtr.Zero; }
        }
    }

    internal sealed class ClientHandle : NativeHandle
    {
        /// <summary>NULL: no client, UTF-8.</summary>
        internal static readonly ClientHandle None = new ClientHandle();

        protected override bool ReleaseHandle()
        {
            return Native.sq_client_close(handle) == (int)SequraStatus.Ok;
        }
    }

    internal sealed class OrderHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.sq_order_free(handle);
            return true;
        }
    }

    internal sealed class BufferHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            Native.sq_buffer_free(handle);
            return true;
        }
    }
}
