using System;

namespace SequraPos
{
    /// <summary>
    /// An order built value by value, for programs whose tickets are lines and that write no JSON. Its ToJson is
    /// what SequraClient.StartSolicitation and SequraClient.Confirm take. Any thread.
    /// </summary>
    public sealed class SequraOrderBuilder : IDisposable
    {
        private readonly OrderHandle order;
        private readonly TextEncoding encoding;

        /// <summary>Begins an order. client: whose text_encoding its texts go through; null: all of Unicode does.</summary>
        public SequraOrderBuilder(SequraClient client = null)
        {
            encoding = client == null ? TextEncoding.Utf8 : client.Encoding;
            int status = Native.sq_order_new(client == null ? ClientHandle.None : client.Living, out order);
            Check(status, "the order cannot be begun");
        }

        /// <summary>
        /// Sets a text at a JSON pointer; what the pointer leads through is made where it is not there, and "-" as
        /// an index appends to a list: "/customer/email", "/cart/items/0/category".
        /// </summary>
        public void Set(string pointer, string text)
        {
            byte[] where = encoding.Text("pointer", pointer);
            Check(Native.sq_order_set_text(Living, where, encoding.Text("text", text)), CannotSet(pointer));
        }

        /// <summary>Sets a whole number; amounts are cents.</summary>
        public void Set(string pointer, long number)
        {
            byte[] where = encoding.Text("pointer", pointer);
            Check(Native.sq_order_set_int(Living, where, number), CannotSet(pointer));
        }

        /// <summary>Sets true or false.</summary>
        public void Set(string pointer, bool flag)
        {
            byte[] where = encoding.Text("pointer", pointer);
            Check(Native.sq_order_set_flag(Living, where, flag ? 1 : 0), CannotSet(pointer));
        }

        /// <summary>
        /// Appends an item to the cart. Amounts are cents, negative for discounts and other payments. The cart's own
        /// total is never computed: set "/cart/order_total_with_tax".
        /// </summary>
        /// <param name="type">one of SequraItemType; null is a product.</param>
        /// <param name="reference">The shop's number of the article; may be null where the type needs none.</param>
        /// <param name="name">What the shopper reads; may be null where the type needs none.</param>
        /// <param name="quantity">Counts for products and services only.</param>
        /// <param name="priceWithTax">Of one; counts for products and services only.</param>
        /// <param name="totalWithTax">Of the whole line.</param>
        public void AddItem(
            string type, string reference, string name, long quantity, long priceWithTax, long totalWithTax)
        {
            int status = Native.sq_order_add_item(
                Living, encoding.Text("type", type), encoding.Text("reference", reference), encoding.Text("name", name),
                quantity, priceWithTax, totalWithTax);
            Check(status, "the item cannot be added");
        }

        /// <summary>
        /// Appends goods that were weighed or measured, as one piece: "Queso 0,345 kg", at the quantity times the price
        /// of one unit, a half cent going up.
        /// </summary>
        /// <param name="type">ItemType.Product or ItemType.Service; null is a product.</param>
        /// <param name="reference">The shop's number of the article; may be null.</param>
        /// <param name="name">What the shopper reads, without the measure.</param>
        /// <param name="quantity">Digits with a point or a comma: "0.345".</param>
        /// <param name="unit">Such as "kg".</param>
        /// <param name="priceWithTax">Of one unit, in cents; negative for goods that come back.</param>
        public void AddMeasured(
            string type, string reference, string name, string quantity, string unit, long priceWithTax)
        {
            int status = Native.sq_order_add_measured(
                Living, encoding.Text("type", type), encoding.Text("reference", reference), encoding.Text("name", name),
                encoding.Text("quantity", quantity), encoding.Text("unit", unit), priceWithTax);
            Check(status, "goods cannot be measured as \"" + quantity + "\" \"" + unit + "\"");
        }

        /// <summary>
        /// What was built so far, or the part of it at a JSON pointer. It is not checked here, and needs not be an order:
        /// the items of SequraClient.Ship or the query of SequraClient.Log are built as well.
        /// </summary>
        public string ToJson(string pointer = "")
        {
            BufferHandle json;
            int status = Native.sq_order_json(Living, out json);
            using (SequraResult result = SequraResult.Finish(status, json, encoding))
                return pointer == "" ? result.Json : result.Get(pointer);
        }

        /// <summary>Gives the library's memory back. Twice does nothing.</summary>
        public void Dispose()
        {
            order.Dispose();
        }

        private OrderHandle Living
        {
            get
            {
                if (order.IsClosed)
                    throw new ObjectDisposedException("SequraOrderBuilder", "This order is disposed of.");
                return order;
            }
        }

        private static void Check(int status, string message)
        {
            if (status != (int)SequraStatus.Ok)
                throw SequraException.Of(status, message);
        }

        private static string CannotSet(string pointer)
        {
            return "nothing can be set at \"" + pointer + "\"";
        }
    }
}
