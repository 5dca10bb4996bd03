// A runtime may have an attribute of this name already; the assembly's own serves all.
#pragma warning disable 436

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SequraPos
{
    /// <summary>
    /// What came of a call, done or not. The properties are what most programs want; Get reads any other value, and
    /// Json is all of it. Disposing of it gives the library's memory back at once; otherwise that happens when it
    /// is collected. Any thread.
    /// </summary>
    public sealed partial class SequraResult : IDisposable
    {
        private readonly BufferHandle buffer;
        private readonly TextEncoding encoding;

        internal SequraResult(BufferHandle buffer, TextEncoding encoding)
        {
            this.buffer = buffer;
            this.encoding = encoding;
        }

        /// <summary>What came of the call.</summary>
        public SequraStatus Status
        {
            get { return (SequraStatus)FindInteger("/code").GetValueOrDefault(); }
        }

        /// <summary>The status's name: "SQ_OK".</summary>
        public string StatusName
        {
            get { return Get("/status"); }
        }

        /// <summary>Which call it is of: one of SequraOperation.</summary>
        public string Operation
        {
            get { return Get("/operation"); }
        }

        /// <summary>The order it is about; null if there is none.</summary>
        [MaybeNull]
        public SequraOrder Order
        {
            get { return Find("/order") == null ? null : new SequraOrder(this); }
        }

        /// <summary>The request and its answer; null where nothing was sent.</summary>
        [MaybeNull]
        public SequraHttp Http
        {
            get { return Find("/http") == null ? null : new SequraHttp(this); }
        }

        /// <summary>Everything that is wrong.</summary>
        public IList<SequraProblem> Errors
        {
            get { return Problems("/errors"); }
        }

        /// <summary>What deserves a look although the call went its way.</summary>
        public IList<SequraProblem> Warnings
        {
            get { return Problems("/warnings"); }
        }

        /// <summary>For the person at the till, in the configured language.</summary>
        public string OperatorMessage
        {
            get { return Get("/operator_message"); }
        }

        /// <summary>What the till should do now: one of SequraNext.</summary>
        public string Next
        {
            get { return Get("/next"); }
        }

        /// <summary>All of it.</summary>
        public string Json
        {
            get
            {
                bool held = false;
                try
                {
                    // The text is the library's: it must not go while it is copied.
                    Living.DangerousAddRef(ref held);
                    IntPtr text = Native.sq_buffer_text(buffer);
                    var bytes = new byte[Native.sq_buffer_len(buffer)];
                    Marshal.Copy(text, bytes, 0, bytes.Length);
                    return encoding.Plain(bytes, bytes.Length);
                }
                finally
                {
                    if (held)
                        buffer.DangerousRelease();
                }
            }
        }

        /// <summary>
        /// One value by JSON pointer (RFC 6901), such as "/order/url" or "/errors/0/code": a text bare, anything
        /// else as JSON.
        /// </summary>
        /// <exception cref="SequraInvalidCallException">The pointer finds nothing.</exception>
        public string Get(string pointer)
        {
            string value;
            int status = Read(pointer, out value);
            if (status != (int)SequraStatus.Ok)
                throw SequraException.Of(status, "there is no \"" + pointer + "\" in this result");
            return value;
        }

        /// <summary>The same; null where there is nothing, or JSON's null.</summary>
        [return: MaybeNull]
        public string Find(string pointer)
        {
            string value;
            return Read(pointer, out value) == (int)SequraStatus.Ok && value != "null" ? value : null;
        }

        /// <summary>A whole number, such as an amount in cents; null where there is none.</summary>
        public long? FindInteger(string pointer)
        {
            long number;
            bool found = long.TryParse(
                Find(pointer), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
            return found ? number : (long?)null;
        }

        /// <summary>
        /// The pointers of a list's entries: of Each("/data/orders") "/data/orders/0", "/data/orders/1", ... to read
        /// the values behind them.
        /// </summary>
        public IEnumerable<string> Each(string list)
        {
            string ignored;
            for (int i = 0; ; i++)
            {
                string entry = list + "/" + i.ToString(CultureInfo.InvariantCulture);
                if (Read(entry, out ignored) != (int)SequraStatus.Ok)
                    yield break;
                yield return entry;
            }
        }

        /// <summary>Gives the library's memory back. Twice does nothing.</summary>
        public void Dispose()
        {
            buffer.Dispose();
        }

        /// <summary>The result, or the exception, of a call.</summary>
        internal static SequraResult Finish(int status, BufferHandle buffer, TextEncoding encoding)
        {
            var result = new SequraResult(buffer, encoding);
            if (status != (int)SequraStatus.Ok)
                throw SequraException.Of(status, result);
            return result;
        }

        /// <summary>The data, where this is a result of one of these calls and has any.</summary>
        private T Data<T>(Func<Place, T> make, params string[] operations)
            where T : class
        {
            bool isOne = Array.IndexOf(operations, Operation) >= 0;
            return isOne ? new Place(this, "").Object("data", make) : null;
        }

        internal bool IsMissing
        {
            get { return buffer.IsInvalid; }
        }

        private BufferHandle Living
        {
            get
            {
                if (buffer.IsClosed)
                    throw new ObjectDisposedException("SequraResult", "This result is disposed of.");
                return buffer;
            }
        }

        private int Read(string pointer, out string value)
        {
            byte[] where = encoding.Text("pointer", pointer);
            var memory = new byte[200];
            int status;
            do
            {
                var length = (uint)memory.Length;
                status = Native.sq_buffer_get(Living, where, memory, ref length);
                value = status == (int)SequraStatus.Ok ? encoding.Plain(memory, (int)length - 1) : null;
                if (status == (int)SequraStatus.BufferTooSmall)
                    memory = new byte[length];
            }
            while (status == (int)SequraStatus.BufferTooSmall);
            return status;
        }

        private IList<SequraProblem> Problems(string list)
        {
            var problems = new List<SequraProblem>();
            foreach (string place in Each(list))
                problems.Add(new SequraProblem(this, place));
            return problems.AsReadOnly();
        }
    }

    /// <summary>The order that a result is about. What is not known (yet) is null.</summary>
    public sealed class SequraOrder
    {
        internal SequraOrder(SequraResult result)
        {
            Url = result.Find("/order/url");
            Uuid = result.Find("/order/uuid");
            State = result.Find("/order/state");
            ShopStatus = result.Find("/order/shop_status");
            OrderRef1 = result.Find("/order/order_ref_1");
            OrderRef2 = result.Find("/order/order_ref_2");
            CartRef = result.Find("/order/cart_ref");
            MerchantId = result.Find("/order/merchant_id");
            Amount = result.FindInteger("/order/amount");
            Currency = result.Find("/order/currency");
            PortalUrl = result.Find("/order/portal_url");
        }

        /// <summary>What the later calls take: keep it with the sale.</summary>
        [MaybeNull]
        public string Url { get; private set; }

        /// <summary>The end of the URL.</summary>
        [MaybeNull]
        public string Uuid { get; private set; }

        /// <summary>Where the order is in its life: one of SequraState.</summary>
        [MaybeNull]
        public string State { get; private set; }

        /// <summary>The shop's own status, by the configuration's status_mapping.</summary>
        [MaybeNull]
        public string ShopStatus { get; private set; }

        /// <summary>The shop's number of the sale.</summary>
        [MaybeNull]
        public string OrderRef1 { get; private set; }

        /// <summary>A second one of the shop's own.</summary>
        [MaybeNull]
        public string OrderRef2 { get; private set; }

        /// <summary>The till's own key of it, cart.cart_ref.</summary>
        [MaybeNull]
        public string CartRef { get; private set; }

        /// <summary>Who sells.</summary>
        [MaybeNull]
        public string MerchantId { get; private set; }

        /// <summary>Cents.</summary>
        public long? Amount { get; private set; }

        /// <summary>Of the amount: "EUR".</summary>
        [MaybeNull]
        public string Currency { get; private set; }

        /// <summary>The order's page in seQura's portal.</summary>
        [MaybeNull]
        public string PortalUrl { get; private set; }
    }

    /// <summary>The request of a call, and its answer.</summary>
    public sealed class SequraHttp
    {
        internal SequraHttp(SequraResult result)
        {
            Status = (int?)result.FindInteger("/http/status");
            RequestId = result.Find("/http/request_id");
            Attempts = (int)result.FindInteger("/http/attempts").GetValueOrDefault();
            ElapsedMs = result.FindInteger("/http/elapsed_ms").GetValueOrDefault();
        }

        /// <summary>HTTP's status; null where no answer came.</summary>
        public int? Status { get; private set; }

        /// <summary>By which seQura finds the request.</summary>
        [MaybeNull]
        public string RequestId { get; private set; }

        /// <summary>How often it was sent; 0 where the journal answered.</summary>
        public int Attempts { get; private set; }

        /// <summary>How long it took, in milliseconds.</summary>
        public long ElapsedMs { get; private set; }
    }

    /// <summary>One thing that is wrong, or in warnings deserves a look.</summary>
    public sealed class SequraProblem
    {
        internal SequraProblem(SequraResult result, string place)
        {
            Code = result.Find(place + "/code");
            Message = result.Find(place + "/message");
            Pointer = result.Find(place + "/pointer");
            Expected = result.Find(place + "/expected");
            Actual = result.Find(place + "/actual");
            OperatorMessage = result.Find(place + "/operator_message");
        }

        /// <summary>One of SequraErrorCode.</summary>
        public string Code { get; private set; }

        /// <summary>For whoever reads the log; of a refusal, seQura's own words.</summary>
        public string Message { get; private set; }

        /// <summary>Its place in the order, as a JSON pointer; null where it has none.</summary>
        [MaybeNull]
        public string Pointer { get; private set; }

        /// <summary>A text, or JSON; null where it does not apply.</summary>
        [MaybeNull]
        public string Expected { get; private set; }

        /// <summary>A text, or JSON; null where it does not apply.</summary>
        [MaybeNull]
        public string Actual { get; private set; }

        /// <summary>For the person at the till, of an order that is wrong; null where it does not apply.</summary>
        [MaybeNull]
        public string OperatorMessage { get; private set; }

        /// <summary>"cart_changed at /cart: what is wrong".</summary>
        public override string ToString()
        {
            return Code + (string.IsNullOrEmpty(Pointer) ? "" : " at " + Pointer) + ": " + Message;
        }
    }
}
