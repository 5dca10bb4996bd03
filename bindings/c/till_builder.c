/*
 * A till that builds the order with sq_order_*: no JSON, neither file nor library. It is the order
 * of order.json, value by value. See sale.h for its exit status, README.md for how to compile it.
 *
 *     till_builder CONFIG [--ref R-100] ...
 *     till_builder --print-order
 *
 * This file is UTF-8, and so are its texts (Visual Studio: compile with /utf-8).
 */
#include "program.h"
#include "text.h"

#include <sequra_pos.h>
#include <stdlib.h>
#include <string.h>

/* What a till has of a line on the ticket; whole cents. */
struct line {
    const char *type, *reference, *name;
    long quantity, price, total;
};

static const struct line lines[] = {
    {"product", "BIC-20", "Bicicleta plegable Ñandú 20\"", 1, 34900, 34900},
    {"product", "CAS-07", "Casco de montaña, talla M", 2, 4550, 9100},
    {"handling", "ENV-01", "Envío a domicilio", 0, 0, 1290},
    {"discount", "REB-11", "Rebaja de otoño", 0, 0, -2000},
    {"other_payment", "EFE-01", "Pagado en efectivo", 0, 0, -5000}
};

/* And of everything else: a place in the order, and the text for it. */
struct entry {
    const char *pointer, *text;
};

static const struct entry entries[] = {
    {"/cart/currency", "EUR"},
    {"/cart/items/0/category", "Bicicletas"},
    {"/delivery_method/name", "Envío a domicilio"},
    {"/delivery_method/days", "2"},
    {"/customer/title", "mr"},
    {"/customer/given_names", "Íñigo"},
    {"/customer/surnames", "Muñoz Güell"},
    {"/customer/email", "inigo.munoz@example.com"},
    {"/customer/nin", "23232323T"},
    {"/customer/date_of_birth", "2000-01-01"},
    {"/customer/logged_in", "unknown"},
    {"/customer/language_code", "es-ES"},
    {"/customer/ip_number", "127.0.0.1"},
    {"/customer/user_agent", "till"},
    {"/gui/layout", "desktop"},
    {"/platform/name", "till.c"},
    {"/platform/version", "1.0"},
    {"/platform/uname", "C89"},
    {"/platform/db_name", "sales.txt"},
    {"/platform/db_version", "1"}
};

/* Delivery and invoice go to the same address. */
static const struct entry address[] = {
    {"/given_names", "Íñigo"},
    {"/surnames", "Muñoz Güell"},
    {"/company", ""},
    {"/address_line_1", "C/ de la Concepción 3"},
    {"/address_line_2", "1º"},
    {"/postal_code", "15001"},
    {"/city", "A Coruña"},
    {"/country_code", "ES"},
    {"/mobile_phone", "666666666"}
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/*
 * Fills the order in. Each call answers with a status; once one has failed the others are left out,
 * so that the first failure is the one that is reported.
 */
static sq_status fill(sq_order *order, const char *order_ref_1)
{
    sq_status status = SQ_OK;
    size_t i;
    int to_invoice;

    for (i = 0; i < COUNT(lines) && status == SQ_OK; i++)
        status = sq_order_add_item(order, lines[i].type, lines[i].reference, lines[i].name,
                                   lines[i].quantity, lines[i].price, lines[i].total);
    for (i = 0; i < COUNT(entries) && status == SQ_OK; i++)
        status = sq_order_set_text(order, entries[i].pointer, entries[i].text);
    for (to_invoice = 0; to_invoice < 2; to_invoice++)
        for (i = 0; i < COUNT(address) && status == SQ_OK; i++) {
            const char *block = to_invoice ? "/invoice_address" : "/delivery_address";
            char *pointer = text_join(block, address[i].pointer, "");

            status = sq_order_set_text(order, pointer, address[i].text);
            free(pointer);
        }
    if (status == SQ_OK)
        status = sq_order_set_flag(order, "/cart/gift", 0);
    if (status == SQ_OK)
        status = sq_order_set_flag(order, "/delivery_method/home_delivery", 1);
    /* The till's own sum, from its own screen: the library holds it against the lines. */
    if (status == SQ_OK)
        status = sq_order_set_int(order, "/cart/order_total_with_tax", 38290);
    if (status == SQ_OK && order_ref_1 != NULL)
        status = sq_order_set_text(order, "/merchant_reference/order_ref_1", order_ref_1);
    return status;
}

static char *build_order(const char *file, const char *order_ref_1)
{
    sq_order *order = NULL;
    sq_buffer *json = NULL;
    sq_status status = sq_order_new(NULL, &order);      /* NULL: the texts above are UTF-8 */
    char *text = NULL;

    (void)file;
    if (status == SQ_OK)
        status = fill(order, order_ref_1);
    if (status == SQ_OK)
        status = sq_order_json(order, &json);
    if (status == SQ_OK)
        text = text_copy(sq_buffer_text(json), sq_buffer_len(json));
    else
        fprintf(stderr, "the order cannot be built: %s\n", sq_status_name(status));
    sq_buffer_free(json);
    sq_order_free(order);
    return text;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--print-order") == 0) {
        char *order = build_order(NULL, NULL);

        if (order == NULL)
            return SALE_MACHINE;
        puts(order);
        free(order);
        return SALE_DONE;
    }
    return program_run(argc, argv, build_order, 0);
}
