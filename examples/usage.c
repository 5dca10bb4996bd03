/* usage CONFIG ORDER RESULTS OTHER_TILL: every function of sequra_pos.h in use, through a day of a till.
 *
 * What stands between a line "use NAME" and the next line "end" is shown on the function's page (docs/functions); the
 * buffer that is kept there as it was. A test compiles it, runs it against the simulator, and plays the shopper: it
 * reads from standard output what is to happen, and writes a line when it has.
 */
#include <sequra_pos.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *results;

/* Leaves the result of a call in the folder of results. */
static void keep(const char *function, sq_buffer *out)
{
    char path[500];
    FILE *file;

    sprintf(path, "%.400s/%.80s.json", results, function);
    file = fopen(path, "wb");
    if (file == NULL)
        exit(2);
    fputs(sq_buffer_text(out), file);
    fclose(file);
}

/* Asks the test to do what is not the till's. */
static void happens(const char *what)
{
    char line[100];

    puts(what);
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL)
        exit(2);
}

static void must(sq_status status, sq_status wanted, const char *where)
{
    if (status != wanted) {
        fprintf(stderr, "%s: %s, not %s\n", where, sq_status_name(status), sq_status_name(wanted));
        exit(1);
    }
}

/* What a till does with it. */
static void tell_operator(const sq_buffer *out)
{
    char message[1000];
    uint32_t room = sizeof message;

    if (sq_buffer_get(out, "/operator_message", message, &room) == SQ_OK)
        fprintf(stderr, "%s\n", message);
}

static void complete_the_sale(void) { fprintf(stderr, "The sale is completed.\n"); }
static void hand_over_the_goods(void) { fprintf(stderr, "The goods go over the counter.\n"); }
static void begin_another_sale(void) { fprintf(stderr, "Another sale.\n"); }
static void log_line(const char *text) { fprintf(stderr, "%s\n", text); }

static void the_library(void)
{
    sq_status status = SQ_OK;

    /* use sq_abi_version */
    if (sq_abi_version() != SQ_ABI_VERSION)
        exit(1);            /* another library than this program was compiled for */
    /* end */
    /* use sq_version */
    log_line(sq_version());
    /* end */
    /* use sq_build_info */
    log_line(sq_build_info());
    /* end */
    /* use sq_status_name */
    log_line(sq_status_name(status));               /* SQ_OK */
    /* end */
    /* use sq_status_class */
    if (sq_status_class(status) == 3)
        log_line("no final answer yet: ask again later (sq_recover)");
    /* end */
}

static sq_client *opening(const char *path)
{
    sq_client *client = NULL;
    sq_buffer *out = NULL;
    sq_status status;

    /* use sq_client_open */
    status = sq_client_open("{\"account_key\": \"sandbox_key\", \"account_secret\": \"sandbox_secret\","
                            " \"base_url\": \"http://127.0.0.1:8080/\", \"journal\": \":memory:\"}",
                            &client, &out);
    if (status != SQ_OK)
        tell_operator(out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_client_open");
    sq_client_close(client);

    /* use sq_client_open_file */
    status = sq_client_open_file(path, &client, &out);
    if (status != SQ_OK) {
        tell_operator(out);             /* what is wrong in the file, and where */
        keep("sq_client_open_file", out);
        sq_buffer_free(out);
        exit(1);
    }
    keep("sq_client_open_file", out);
    sq_buffer_free(out);
    /* end */

    /* use sq_echo */
    status = sq_echo(client, "\303\261and\303\272", &out);     /* "ñandú" comes back as it went in, or the encoding is wrong */
    keep("sq_echo", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_echo");
    return client;
}

static void the_account(sq_client *client)
{
    sq_buffer *out = NULL;
    sq_status status;

    /* use sq_self_test */
    status = sq_self_test(client, &out);
    if (status != SQ_OK)
        tell_operator(out);             /* /data/tests says which row failed, and why */
    keep("sq_self_test", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_self_test");

    /* use sq_check_credentials */
    status = sq_check_credentials(client, &out);
    if (status == SQ_UNAUTHORIZED)
        tell_operator(out);
    keep("sq_check_credentials", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_check_credentials");

    /* use sq_credit_agreements */
    status = sq_credit_agreements(client, NULL, 39900, NULL, &out);     /* 399.00, in euros */
    if (status == SQ_OK)
        tell_operator(out);             /* how much a month, and what it costs */
    keep("sq_credit_agreements", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_credit_agreements");
}

/* One solicitation, with its form sent; the order's URL goes to url. */
static void begun(sq_client *client, const char *order, char *url, uint32_t size)
{
    sq_buffer *out = NULL;
    sq_status status;
    uint32_t room = size;

    /* use sq_check_order */
    status = sq_check_order(client, order, &out);
    if (status != SQ_OK)
        tell_operator(out);             /* /errors/N/operator_message: "The e-mail address of the customer is missing." */
    keep("sq_check_order", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_check_order");
    out = NULL;

    /* use sq_start_solicitation */
    status = sq_start_solicitation(client, order, &out);
    if (status == SQ_OK)
        sq_buffer_get(out, "/order/url", url, &room);      /* keep it with the sale */
    else
        tell_operator(out);
    keep("sq_start_solicitation", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_start_solicitation");
}

static void the_sale(sq_client *client, const char *order)
{
    char url[300] = "", text[400];
    sq_buffer *out = NULL;
    sq_status status;
    uint32_t length;

    begun(client, order, url, sizeof url);

    /* use sq_payment_methods */
    status = sq_payment_methods(client, url, &out);     /* NULL for what the merchant has in general */
    if (status == SQ_OK) {
        char product[40];
        uint32_t room = sizeof product;
        if (sq_buffer_get(out, "/data/methods/0/product", product, &room) == SQ_OK)
            log_line(product);
    }
    keep("sq_payment_methods", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_payment_methods");

    /* use sq_send_form */
    status = sq_send_form(client, url, "pp3", NULL, &out);
    tell_operator(out);                 /* "The form is on its way to ...", or why it is not */
    keep("sq_send_form", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_send_form");

    /* use sq_send_form_by */
    status = sq_send_form_by(client, url, "email", "pp3", NULL, &out);
    tell_operator(out);
    keep("sq_send_form_by", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_send_form_by");

    sprintf(text, "review %s", url);
    happens(text);
    /* use sq_hold */
    status = sq_hold(client, url, NULL, &out);          /* seQura looks into it: confirm when it is approved */
    tell_operator(out);
    keep("sq_hold", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_hold");

    sprintf(text, "approve %s", url);
    happens(text);
    /* use sq_confirm */
    status = sq_confirm(client, url, NULL, &out);
    if (status == SQ_OK)
        complete_the_sale();
    else
        tell_operator(out);             /* SQ_CONFLICT: stop; /errors says what changed */
    keep("sq_confirm", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_confirm");

    /* use sq_set_order_ref */
    status = sq_set_order_ref(client, url, "T3-000123", NULL, &out);
    if (status == SQ_OK)
        hand_over_the_goods();
    else
        tell_operator(out);
    keep("sq_set_order_ref", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_set_order_ref");

    /* use sq_buffer_text */
    status = sq_order_info(client, "T3-000123", &out);
    log_line(sq_buffer_text(out));      /* the whole result; it is gone with sq_buffer_free */
    /* end */
    /* use sq_buffer_len */
    length = sq_buffer_len(out);        /* bytes, for a language whose texts have a length */
    /* end */
    must(length == strlen(sq_buffer_text(out)) ? SQ_OK : SQ_INTERNAL, SQ_OK, "sq_buffer_len");
    {
        /* use sq_buffer_get */
        char state[40];
        uint32_t room = sizeof state;
        if (sq_buffer_get(out, "/order/state", state, &room) == SQ_OK)
            log_line(state);            /* settled */
        /* end */
    }
    /* use sq_buffer_free */
    sq_buffer_free(out);
    out = NULL;
    /* end */
    must(status, SQ_OK, "sq_order_info");

    /* use sq_receipt */
    status = sq_receipt(client, "T3-000123", 32, &out);     /* paper of 58 mm; 48 for 80 mm */
    if (status == SQ_OK) {
        char line[400], pointer[40];
        uint32_t room = sizeof line;
        int i;
        for (i = 0; sprintf(pointer, "/data/lines/%d", i) > 0
                    && sq_buffer_get(out, pointer, line, &room) == SQ_OK; i++) {
            log_line(line);             /* to the printer */
            room = sizeof line;
        }
    }
    keep("sq_receipt", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_receipt");
    out = NULL;

    /* use sq_abandon */
    status = sq_start_solicitation(client, order, &out);
    if (status == SQ_OK) {
        uint32_t room = sizeof url;
        sq_buffer_get(out, "/order/url", url, &room);
        sq_buffer_free(out);
        status = sq_abandon(client, url, &out);         /* the customer pays in cash after all */
    }
    keep("sq_abandon", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_abandon");
}

static void what_is_in_doubt(sq_client *client, const char *order)
{
    char url[300] = "", text[400];
    sq_buffer *out = NULL;
    sq_status status;

    begun(client, order, url, sizeof url);
    sq_send_form(client, url, "pp3", NULL, NULL);
    sprintf(text, "approve %s", url);
    happens(text);
    happens("lose the answers");
    must(sq_confirm(client, url, NULL, NULL), SQ_OUTCOME_UNKNOWN, "a lost answer");

    /* use sq_pending */
    status = sq_pending(client, &out);
    tell_operator(out);                 /* what is unfinished, and whether money is at risk */
    keep("sq_pending", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_pending");

    /* use sq_resolve */
    status = sq_resolve(client, url, "confirmed", "portal, 12:40, Ana", &out);      /* only who has looked there */
    keep("sq_resolve", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_resolve");

    must(sq_set_order_ref(client, url, "T3-000124", NULL, NULL), SQ_OUTCOME_UNKNOWN, "a lost answer");
    happens("answer again");
    /* use sq_recover */
    status = sq_recover(client, NULL, &out);            /* when the till starts, and now and then */
    if (status != SQ_OK)
        tell_operator(out);
    keep("sq_recover", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_recover");
}

static void after_the_sale(sq_client *client)
{
    sq_buffer *out = NULL;
    sq_status status;

    /* use sq_order_info */
    status = sq_order_info(client, "T3-000123", &out);
    tell_operator(out);
    keep("sq_order_info", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_order_info");

    /* use sq_update_order */
    status = sq_update_order(client, "T3-000123",
                             "{\"trackings\": [{\"type\": \"postal\", \"reference\": \"TX123\", \"carrier\": \"Correos\"}]}",
                             &out);
    keep("sq_update_order", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_update_order");

    /* use sq_ship */
    status = sq_ship(client, "T3-000123", NULL, &out);  /* everything; or [{"reference": "CAM-01", "quantity": 1}] */
    keep("sq_ship", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_ship");

    /* use sq_refund */
    status = sq_refund(client, "T3-000123", "{\"items\": [{\"reference\": \"CAM-01\", \"quantity\": 1}]}", &out);
    tell_operator(out);
    keep("sq_refund", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_refund");

    /* use sq_cancel */
    status = sq_cancel(client, "T3-000124", "customer_cancel", &out);       /* nothing of it was shipped */
    keep("sq_cancel", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_cancel");
}

static void the_evening(sq_client *client)
{
    char text[40];
    sq_buffer *out = NULL;
    sq_status status;
    uint32_t room = sizeof text;
    long entry;

    /* use sq_send_delivery_report */
    status = sq_send_delivery_report(client, NULL, &out);       /* once a day, even if nothing was shipped */
    if (status != SQ_OK)
        tell_operator(out);
    keep("sq_send_delivery_report", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_send_delivery_report");

    happens("pay");
    /* use sq_disbursements */
    status = sq_disbursements(client, NULL, &out);      /* the list; then one of them, by its path */
    keep("sq_disbursements", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_disbursements");

    /* use sq_reconcile */
    status = sq_reconcile(client, &out);
    tell_operator(out);                 /* what was paid, and what was not */
    keep("sq_reconcile", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_reconcile");

    /* use sq_day */
    status = sq_day(client, "2026-01-01T00:00:00+01:00", NULL, &out);   /* this year; NULL, NULL: today */
    sq_buffer_get(out, "/data/sold/EUR/shop_es", text, &room);          /* cents */
    keep("sq_day", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_day");
    room = sizeof text;

    /* use sq_log */
    status = sq_log(client, "{\"order\": \"T3-000124\", \"limit\": 2}", &out);
    sq_buffer_get(out, "/data/entries/0/id", text, &room);
    keep("sq_log", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_log");
    entry = atol(text);

    /* use sq_log_dismiss */
    status = sq_log_dismiss(client, entry, &out);       /* somebody has seen to it */
    keep("sq_log_dismiss", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_log_dismiss");
}

static void another_till(sq_client *client, const char *its_configuration)
{
    static char document[20000];
    uint32_t room = sizeof document;
    sq_client *other = NULL;
    sq_buffer *out = NULL;
    sq_status status;

    must(sq_client_open_file(its_configuration, &other, NULL), SQ_OK, "the other till");
    /* use sq_hand_over */
    status = sq_hand_over(client, "T3-000123", &out);   /* from now on the other till changes it */
    if (status == SQ_OK)
        status = sq_buffer_get(out, "/data/document", document, &room);
    keep("sq_hand_over", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_hand_over");

    /* use sq_take_over */
    status = sq_take_over(other, document, &out);       /* the text, as it is */
    tell_operator(out);
    keep("sq_take_over", out);
    sq_buffer_free(out);
    /* end */
    must(status, SQ_OK, "sq_take_over");
    sq_client_close(other);
}

static void an_order_without_json(sq_client *client)
{
    sq_order *order = NULL;
    sq_buffer *json = NULL;
    sq_status status;

    /* use sq_order_new */
    status = sq_order_new(client, &order);
    if (status != SQ_OK)
        exit(1);
    /* end */
    /* use sq_order_set_text */
    sq_order_set_text(order, "/cart/currency", "EUR");
    sq_order_set_text(order, "/customer/email", "lucia.pena@example.es");
    /* end */
    /* use sq_order_set_int */
    sq_order_set_int(order, "/cart/order_total_with_tax", 6187);       /* cents */
    /* end */
    /* use sq_order_set_flag */
    sq_order_set_flag(order, "/cart/gift", 0);
    /* end */
    /* use sq_order_add_item */
    sq_order_add_item(order, "product", "CAM-01", "Camisa azul, talla M",
                      2, 2750, 5500);                   /* quantity, one piece, the line */
    /* end */
    /* use sq_order_add_measured */
    sq_order_add_measured(order, "product", "QUE-01", "Queso",
                          "0.345", "kg", 1990);         /* 19.90 a kilo: "Queso 0.345 kg" for 6.87 */
    /* end */
    /* use sq_order_json */
    status = sq_order_json(order, &json);
    if (status == SQ_OK)
        log_line(sq_buffer_text(json));                 /* what sq_start_solicitation takes */
    keep("sq_order_json", json);
    sq_buffer_free(json);
    /* end */
    must(status, SQ_OK, "sq_order_json");
    /* use sq_order_free */
    sq_order_free(order);
    /* end */
}

int main(int argc, char **argv)
{
    static char order[20000];
    sq_client *client;
    FILE *file;
    size_t length;

    if (argc != 5 || (file = fopen(argv[2], "rb")) == NULL)
        return 2;
    length = fread(order, 1, sizeof order - 1, file);
    order[length] = '\0';
    fclose(file);
    results = argv[3];

    the_library();
    client = opening(argv[1]);
    the_account(client);
    the_sale(client, order);
    what_is_in_doubt(client, order);
    after_the_sale(client);
    the_evening(client);
    another_till(client, argv[4]);
    an_order_without_json(client);

    /* use sq_client_close */
    sq_client_close(client);            /* the journal stays: the next start goes on with it */
    /* end */
    /* use sq_live_handles */
    if (sq_live_handles() != 0)
        log_line("a buffer, an order or a client was not freed");
    /* end */
    begin_another_sale();
    return sq_live_handles() == 0 ? 0 : 1;
}
