package org.sequrapos;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/**
 * An order being built, by JSON pointers, for tills whose tickets are lines: no JSON library is
 * needed. Amounts are cents.
 *
 * <pre>
 * try (OrderBuilder order = new OrderBuilder(till)) {
 *     order.addItem(ItemType.PRODUCT, "CAM-01", "Camisa", 2, 3000, 6000)
 *          .set("/cart/order_total_with_tax", 6000)
 *          .set("/customer/surnames", "Muñoz Güell");
 *     till.startSolicitation(order.toJson());
 * }
 * </pre>
 */
public final class OrderBuilder implements AutoCloseable {

    private final Handle handle;
    private final TextEncoding encoding;

    /** Begins an order whose texts may be all of Unicode. */
    public OrderBuilder() throws SequraException {
        this(null, TextEncoding.UTF_8);
    }

    /** Begins an order whose texts go through the text_encoding of this client. */
    public OrderBuilder(SequraClient client) throws SequraException {
        this(client.living(), client.encoding());
        Handle.keep(client);
    }

    private OrderBuilder(Pointer client, TextEncoding encoding) throws SequraException {
        this.encoding = encoding;
        SequraPosLibrary library = LibraryLoader.library();
        PointerByReference order = new PointerByReference();
        int status = library.sq_order_new(client, order);
        if (status != Status.OK) {
            throw SequraException.of(status, "the order cannot be begun");
        }
        handle = new Handle(this, order.getValue(), library::sq_order_free);
    }

    /**
     * Sets a text; what the pointer leads through is made where it is not there.
     *
     * @param pointer "/customer/email", "/cart/items/0/category"; "-" as an index appends to a list
     */
    public OrderBuilder set(String pointer, String text) throws SequraException {
        byte[] bytes = encoding.text("text", text);
        return set(pointer, (library, order, where) -> library.sq_order_set_text(order, where, bytes));
    }

    /** Sets a whole number, such as cents. */
    public OrderBuilder set(String pointer, long number) throws SequraException {
        return set(pointer, (library, order, where) -> library.sq_order_set_int(order, where, number));
    }

    /** Sets true or false. */
    public OrderBuilder set(String pointer, boolean flag) throws SequraException {
        return set(pointer, (library, order, where) -> library.sq_order_set_flag(order, where, flag ? 1 : 0));
    }

    private interface Setting {
        int at(SequraPosLibrary library, Pointer order, byte[] where);
    }

    private OrderBuilder set(String pointer, Setting setting) throws SequraException {
        byte[] where = encoding.text("pointer", pointer);
        int status = setting.at(LibraryLoader.library(), living(), where);
        Handle.keep(this);
        if (status != Status.OK) {
            throw SequraException.of(status, "nothing can be set at " + pointer);
        }
        return this;
    }

    /**
     * Appends an item to the cart. The cart's own total is never computed: set
     * "/cart/order_total_with_tax".
     *
     * @param type one of {@link ItemType}; null is a product
     * @param reference null where the type needs none
     * @param name null where the type needs none
     * @param quantity counts for products and services only
     * @param priceWithTax cents; counts for products and services only
     * @param totalWithTax cents, negative for discounts and other payments
     */
    public OrderBuilder addItem(String type, String reference, String name, long quantity, long priceWithTax,
            long totalWithTax) throws SequraException {
        byte[] typeBytes = encoding.text("type", type);
        byte[] referenceBytes = encoding.text("reference", reference);
        byte[] nameBytes = encoding.text("name", name);
        int status = LibraryLoader.library().sq_order_add_item(living(), typeBytes, referenceBytes, nameBytes,
                quantity, priceWithTax, totalWithTax);
        Handle.keep(this);
        if (status != Status.OK) {
            throw SequraException.of(status, "the item cannot be added");
        }
        return this;
    }

    /**
     * Appends goods that were weighed or measured, as one piece: "Queso 0,345 kg", at the quantity times the
     * price of one unit, a half cent going up.
     *
     * @param type {@link ItemType#PRODUCT} or {@link ItemType#SERVICE}; null is a product
     * @param reference may be null
     * @param name what the shopper reads, without the measure
     * @param quantity digits with a point or a comma: "0.345"
     * @param unit such as "kg"
     * @param priceWithTax of one unit, in cents; negative for goods that come back
     */
    public OrderBuilder addMeasured(String type, String reference, String name, String quantity, String unit,
            long priceWithTax) throws SequraException {
        byte[] typeBytes = encoding.text("type", type);
        byte[] referenceBytes = encoding.text("reference", reference);
        byte[] nameBytes = encoding.text("name", name);
        byte[] quantityBytes = encoding.text("quantity", quantity);
        byte[] unitBytes = encoding.text("unit", unit);
        int status = LibraryLoader.library().sq_order_add_measured(living(), typeBytes, referenceBytes, nameBytes,
                quantityBytes, unitBytes, priceWithTax);
        Handle.keep(this);
        if (status != Status.OK) {
            throw SequraException.of(status, "goods cannot be measured as \"" + quantity + "\" \"" + unit + "\"");
        }
        return this;
    }

    /** The order as built so far, for {@link SequraClient}'s calls. It is not checked here. */
    public String toJson() throws SequraException {
        return built(Result::getJson);
    }

    /**
     * What stands at a JSON pointer of it: a list of items, or other JSON that is no order and is
     * built just as well.
     *
     * @throws InvalidCallException the pointer finds nothing
     */
    public String toJson(String pointer) throws SequraException {
        return built(json -> json.value(pointer));
    }

    private interface Reading {
        String of(Result json) throws SequraException;
    }

    private String built(Reading reading) throws SequraException {
        Pointer order = living();
        Result json = Result.of(encoding, out -> LibraryLoader.library().sq_order_json(order, out));
        Handle.keep(this);
        try {
            return reading.of(json);
        } finally {
            json.free();
        }
    }

    /** Gives the memory back; twice does nothing. It may be left out: what is forgotten is closed. */
    @Override
    public void close() {
        handle.release();
    }

    private Pointer living() {
        return handle.get("this order is closed");
    }
}
