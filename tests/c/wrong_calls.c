/*
 * Every function called wrongly: NULL, stale, closed, doubled and made-up handles, handles of
 * another kind, bytes that are no text, texts that are no JSON, nothing, too much, too deep, out of
 * range. Each call gives its code, and harms nothing: a sale still works afterwards.
 *
 * The table at the end names every function of the header; the test that runs this compares.
 *
 * Arguments: the simulator's URL, a folder for journals.
 */

#include "check.h"
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB (1024L * 1024L)
#define DEPTH 10000
#define MANY 64

static const char *base_url;
static const char *folder;

/* What is good; every wrong call has one of them replaced. */
static sq_client *client;
static sq_buffer *buffer;
static sq_order *order;
static char url[512];
static char uuid[64];
static char order_json[ROOM];

/* What is bad. */
static sq_client *closed_client;
static sq_buffer *freed_buffer;
static sq_order *freed_order;
static char *mebibyte;    /* of letters */
static char *deep_lists;  /* [[[[... */
static char *deep_object; /* {"a":{"a":... closed again */
static char *deep_pointer;
static char *long_pointer;

static const char *const not_utf8[] = {
    "\377",                 /* never in UTF-8 */
    "abc\303",              /* cut off */
    "\355\240\200",         /* a surrogate */
    "\300\200",             /* NUL, overlong */
    "\364\220\200\200",     /* beyond Unicode */
    "{\"a\":\"\361\"}"      /* Windows-1252 */
};
#define NOT_UTF8 ((int)(sizeof not_utf8 / sizeof not_utf8[0]))

/* ---- handles ---------------------------------------------------------------------------- */

/* Fills in handles that are none; `like` is a good one of that kind, `stale` a former one. */
static int bad_handles(void **list, void *like, void *stale)
{
    static char *heap = NULL;
    static char text[] = "sq_client";
    static char still[16];
    size_t number;
    int count = 0;
    int bit;

    if (heap == NULL)
        heap = calloc(1, 64);
    list[count++] = NULL;
    list[count++] = stale;
    for (number = 1; number < 18; number++)
        list[count++] = (void *)number;
    list[count++] = (void *)(size_t)-1;
    list[count++] = (void *)(size_t)-2;
    list[count++] = (void *)(size_t)0x80000001UL;
    list[count++] = heap;
    list[count++] = heap + 1;
    list[count++] = text;
    list[count++] = text + 1;
    list[count++] = still;
    list[count++] = (void *)&list;
    list[count++] = (char *)(void *)&list + 1;
    /* One bit beside a good one: even, of another kind, of another time. */
    for (bit = 0; bit < 4; bit++)
        list[count++] = (void *)((size_t)like ^ ((size_t)1 << bit));
    for (bit = (int)(8 * sizeof(size_t)) - 12; bit < (int)(8 * sizeof(size_t)); bit++)
        list[count++] = (void *)((size_t)like ^ ((size_t)1 << bit));
    if (like != (void *)client)
        list[count++] = client;
    if (like != (void *)buffer)
        list[count++] = buffer;
    if (like != (void *)order)
        list[count++] = order;
    return count;
}

/* A temporary file would do as well, but these are seen by Valgrind too. */
#define FOR_BAD(kind, name, like, stale) \
    for (count = bad_handles(list, like, stale), i = 0; \
         i < count && ((name = (kind *)list[i]), 1); i++)

#define BAD_CLIENTS(function, arguments) \
    do { \
        void *list[MANY]; \
        sq_client *bad; \
        int count, i; \
        FOR_BAD(sq_client, bad, client, closed_client) \
        { \
            ANSWER(SQ_INVALID_HANDLE, function, arguments); \
            CHECK(strcmp(value("/errors/0/code"), "invalid_handle") == 0); \
            VALUE_IS("/http", "null"); \
            VALUE_IS("/order", "null"); \
        } \
    } while (0)

/* ---- texts ------------------------------------------------------------------------------ */

/*
 * One text argument of one function: `text` stands for it in the arguments. NULL, nothing, bytes
 * that are not UTF-8; the buffer names the byte.
 */
#define BAD_BYTES(function, arguments) \
    do { \
        static const char *const offsets[] = {"0", "3", "0", "0", "0", "6"}; \
        const char *text; \
        int i; \
        for (i = 0; i < NOT_UTF8; i++) { \
            text = not_utf8[i]; \
            ANSWER(SQ_INVALID_TEXT, function, arguments); \
            VALUE_IS("/errors/0/actual", offsets[i]); \
        } \
    } while (0)

#define WITH_TEXT(wanted, what, function, arguments) \
    do { \
        const char *text = (what); \
        ANSWER(wanted, function, arguments); \
    } while (0)

/* An argument that says which order. */
#define BAD_ORDER_URLS(function, arguments) \
    do { \
        char foreign[600]; \
        BAD_BYTES(function, arguments); \
        WITH_TEXT(SQ_INVALID_ARGUMENT, "", function, arguments); \
        WITH_TEXT(SQ_INVALID_ARGUMENT, " ", function, arguments); \
        WITH_TEXT(SQ_UNKNOWN_ORDER, "../../admin", function, arguments); \
        WITH_TEXT(SQ_INVALID_ARGUMENT, mebibyte, function, arguments); \
        WITH_TEXT(SQ_FOREIGN_URL, "https://evil.example/orders/1", function, arguments); \
        sprintf(foreign, "http://127.0.0.1:9/orders/%s", uuid); \
        WITH_TEXT(SQ_FOREIGN_URL, foreign, function, arguments); \
        sprintf(foreign, "ftp%s", strchr(url, ':')); \
        WITH_TEXT(SQ_FOREIGN_URL, foreign, function, arguments); \
        sprintf(foreign, "http://user:secret@%s", strstr(url, "//") + 2); \
        WITH_TEXT(SQ_FOREIGN_URL, foreign, function, arguments); \
        sprintf(foreign, "%s/../../merchants", url); \
        WITH_TEXT(SQ_FOREIGN_URL, foreign, function, arguments); \
    } while (0)

#define UNKNOWN_UUID "00000000-0000-4000-8000-000000000000"

/* An argument that is an order as JSON. */
#define BAD_ORDER_JSON(function, arguments) \
    do { \
        BAD_BYTES(function, arguments); \
        WITH_TEXT(SQ_INVALID_JSON, " ", function, arguments); \
        WITH_TEXT(SQ_INVALID_JSON, "{", function, arguments); \
        WITH_TEXT(SQ_INVALID_JSON, "{\"order\":{}} x", function, arguments); \
        WITH_TEXT(SQ_INVALID_JSON, "{'order':1}", function, arguments); \
        WITH_TEXT(SQ_INVALID_JSON, "{\"a\":\"\\ud800\"}", function, arguments); \
        WITH_TEXT(SQ_INVALID_JSON, mebibyte, function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, deep_lists, function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, deep_object, function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, "[]", function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, "null", function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, "{}", function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, "{\"order\":[]}", function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, "{\"order\":null}", function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, extreme("9223372036854775807", "9223372036854775807"), \
                  function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, extreme("-9223372036854775808", "-9223372036854775808"), \
                  function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, extreme("18446744073709551616", "3000"), function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, extreme("1e300", "3000"), function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, extreme("6000.5", "3000"), function, arguments); \
        WITH_TEXT(SQ_INVALID_ORDER, extreme("6000", "-0.5"), function, arguments); \
    } while (0)

/* The good order, with other numbers in its first line. */
static const char *extreme(const char *total, const char *price)
{
    static char text[ROOM];
    const char *at = strstr(order_json, "\"price_with_tax\":3000");
    const char *rest = strstr(order_json, ",\"downloadable\"");

    sprintf(text, "%.*s\"price_with_tax\":%s,\"quantity\":%s,\"total_with_tax\":%s%s",
            (int)(at - order_json), order_json, price, price, total, rest);
    return text;
}

static char *repeat(const char *unit, long times, const char *middle, const char *end)
{
    size_t length = strlen(unit);
    size_t end_length = strlen(end);
    char *text = malloc((size_t)times * (length + end_length) + strlen(middle) + 1);
    char *at = text;
    long i;

    for (i = 0; i < times; i++, at += length)
        memcpy(at, unit, length);
    at += sprintf(at, "%s", middle);
    for (i = 0; i < times; i++, at += end_length)
        memcpy(at, end, end_length);
    *at = '\0';
    return text;
}

/* ---- library ---------------------------------------------------------------------------- */

static void wrong_abi_version(void)
{
    CHECK(sq_abi_version() == SQ_ABI_VERSION);
}

static void wrong_version(void)
{
    CHECK(strchr(sq_version(), '.') != NULL);
    CHECK(sq_version() == sq_version());
}

static void wrong_build_info(void)
{
    CHECK(sq_build_info()[0] == '{' && strstr(sq_build_info(), sq_version()) != NULL);
    CHECK(sq_build_info() == sq_build_info());
}

static const sq_status no_statuses[] = {-1, 1, 200, 404, 1000, 1012, 2000, 9002, 2147483647,
                                        -2147483647 - 1};

static void wrong_status_name(void)
{
    unsigned i;

    for (i = 0; i < sizeof no_statuses / sizeof no_statuses[0]; i++)
        CHECK(strcmp(sq_status_name(no_statuses[i]), "SQ_UNKNOWN_STATUS") == 0);
}

static void wrong_status_class(void)
{
    unsigned i;

    for (i = 0; i < sizeof no_statuses / sizeof no_statuses[0]; i++)
        CHECK(sq_status_class(no_statuses[i]) == -1);
}

static void wrong_live_handles(void)
{
    int64_t before = sq_live_handles();
    sq_order *more = NULL;

    CALL(SQ_OK, sq_order_new, (NULL, &more));
    CHECK(sq_live_handles() == before + 1);
    sq_order_free(more);
    sq_order_free(more);
    CHECK(sq_live_handles() == before);
}

static void wrong_echo(void)
{
    void *list[MANY];
    int count = bad_handles(list, client, closed_client);
    int i;

    for (i = 0; i < count; i++)
        if (list[i] != NULL) /* NULL means UTF-8 here */
            ANSWER(SQ_INVALID_HANDLE, sq_echo, (list[i], "text", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_echo, (client, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_echo, (NULL, NULL, &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_echo, (NULL, NULL, NULL));
    BAD_BYTES(sq_echo, (client, text, &answer));
    BAD_BYTES(sq_echo, (NULL, text, &answer));
    CALL(SQ_OK, sq_echo, (client, "text", NULL));
    ANSWER(SQ_OK, sq_echo, (client, "", &answer));
    VALUE_IS("/data/text", "");
    ANSWER(SQ_OK, sq_echo, (NULL, mebibyte, &answer));
    VALUE_IS("/data/bytes", "1048576");
    CHECK(sq_buffer_len(answer) > MIB);
    ANSWER(SQ_OK, sq_echo, (client, "\001\037\177\"\\/\342\200\250", &answer));
    VALUE_IS("/data/text", "\001\037\177\"\\/\342\200\250");
}

/* ---- buffers ---------------------------------------------------------------------------- */

static void wrong_buffer_text(void)
{
    void *list[MANY];
    int count = bad_handles(list, buffer, freed_buffer);
    int i;

    for (i = 0; i < count; i++)
        CHECK(strcmp(sq_buffer_text(list[i]), "") == 0);
}

static void wrong_buffer_len(void)
{
    void *list[MANY];
    int count = bad_handles(list, buffer, freed_buffer);
    int i;

    for (i = 0; i < count; i++)
        CHECK(sq_buffer_len(list[i]) == 0);
}

static void wrong_buffer_get(void)
{
    static const char *const nowhere[] = {"status", "/", "/nothing", "/~2", "/errors/-1",
                                          "/errors/-", "/errors/01", "/status/0",
                                          "/errors/99999999999999999999"};
    void *list[MANY];
    char dst[32];
    uint32_t len;
    unsigned n;
    int count = bad_handles(list, buffer, freed_buffer);
    int i;

    for (i = 0; i < count; i++) {
        len = sizeof dst;
        dst[0] = 'x';
        CALL(SQ_INVALID_HANDLE, sq_buffer_get, (list[i], "/status", dst, &len));
        CHECK(len == sizeof dst && dst[0] == 'x');
    }
    CALL(SQ_INVALID_HANDLE, sq_buffer_get, (NULL, NULL, NULL, NULL));
    CALL(SQ_INVALID_ARGUMENT, sq_buffer_get, (buffer, NULL, dst, &len));
    CALL(SQ_INVALID_ARGUMENT, sq_buffer_get, (buffer, "/status", dst, NULL));
    CALL(SQ_INVALID_ARGUMENT, sq_buffer_get, (buffer, NULL, NULL, NULL));
    for (i = 0; i < NOT_UTF8; i++)
        CALL(SQ_INVALID_TEXT, sq_buffer_get, (buffer, not_utf8[i], dst, &len));
    for (n = 0; n < sizeof nowhere / sizeof nowhere[0]; n++) {
        dst[0] = 'x';
        CALL(SQ_INVALID_ARGUMENT, sq_buffer_get, (buffer, nowhere[n], dst, &len));
        CHECK_CASE(dst[0] == 'x', nowhere[n]);
    }
    CALL(SQ_INVALID_ARGUMENT, sq_buffer_get, (buffer, mebibyte, dst, &len));
    CALL(SQ_INVALID_ARGUMENT, sq_buffer_get, (buffer, long_pointer, dst, &len));

    /* "SQ_OK" needs 6. Short of that nothing is written but the need. */
    for (n = 0; n < 6; n++) {
        memset(dst, 'x', sizeof dst);
        len = n;
        CALL(SQ_BUFFER_TOO_SMALL, sq_buffer_get, (buffer, "/status", dst, &len));
        CHECK(len == 6 && dst[0] == 'x' && dst[n] == 'x');
    }
    memset(dst, 'x', sizeof dst);
    CALL(SQ_OK, sq_buffer_get, (buffer, "/status", dst, &len));
    CHECK(len == 6 && strcmp(dst, "SQ_OK") == 0 && dst[6] == 'x');
    len = 0;
    CALL(SQ_BUFFER_TOO_SMALL, sq_buffer_get, (buffer, "/status", NULL, &len));
    CHECK(len == 6);
    len = 4294967295U;
    CALL(SQ_BUFFER_TOO_SMALL, sq_buffer_get, (buffer, "/status", NULL, &len));
    CHECK(len == 6);
    len = 0;
    CALL(SQ_BUFFER_TOO_SMALL, sq_buffer_get, (buffer, "", NULL, &len));
    CHECK(len > 100);
}

static void wrong_buffer_free(void)
{
    void *list[MANY];
    int count = bad_handles(list, buffer, freed_buffer);
    int64_t before = sq_live_handles();
    sq_buffer *twice = NULL;
    int i;

    for (i = 0; i < count; i++)
        sq_buffer_free(list[i]);
    CHECK(sq_live_handles() == before);
    CALL(SQ_OK, sq_echo, (NULL, "x", &twice));
    sq_buffer_free(twice);
    sq_buffer_free(twice);
    CHECK(sq_live_handles() == before);
}

/* ---- clients ---------------------------------------------------------------------------- */

/* One failed opening: no client, a buffer, and nothing left behind. */
static void refused(sq_status wanted, const char *config)
{
    sq_client *made = (sq_client *)(void *)&made;
    int64_t before;

    drop_answer();
    before = sq_live_handles();
    ANSWER(wanted, sq_client_open, (config, &made, &answer));
    CHECK_CASE(made == NULL, config == NULL ? "NULL" : config);
    CHECK_CASE(sq_live_handles() == before + 1, config == NULL ? "NULL" : config);
    made = (sq_client *)(void *)&made;
    CALL(wanted, sq_client_open, (config, &made, NULL));
    CHECK(made == NULL);
}

static void wrong_client_open(void)
{
    char config[ROOM];
    sq_client *made = NULL;
    int i;

    refused(SQ_INVALID_ARGUMENT, NULL);
    write_config(config, base_url, folder, "unwanted.journal", "");
    ANSWER(SQ_INVALID_ARGUMENT, sq_client_open, (config, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_client_open, (NULL, NULL, &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_client_open, (NULL, NULL, NULL));

    refused(SQ_INVALID_JSON, "");
    refused(SQ_INVALID_JSON, "{");
    refused(SQ_INVALID_JSON, "environment=sandbox");
    refused(SQ_INVALID_JSON, mebibyte);
    refused(SQ_INVALID_CONFIG, deep_lists);
    refused(SQ_INVALID_CONFIG, deep_object);
    for (i = 0; i < NOT_UTF8; i++)
        refused(SQ_INVALID_TEXT, not_utf8[i]);

    refused(SQ_INVALID_CONFIG, "[]");
    refused(SQ_INVALID_CONFIG, "null");
    refused(SQ_INVALID_CONFIG, "7");
    refused(SQ_INVALID_CONFIG, "{}");
    CHECK(value("/errors/1/code")[0] != '\0'); /* every problem, not the first */
    write_config(config, "http://seq.example", folder, "unwanted.journal", "");
    refused(SQ_INVALID_CONFIG, config); /* https only, but for loopback */
    write_config(config, base_url, folder, "unwanted.journal", ",\"merchant\":\"x\"");
    refused(SQ_INVALID_CONFIG, config);
    CHECK(strstr(sq_buffer_text(answer), "merchant_id") != NULL ||
          strstr(sq_buffer_text(answer), "merchants") != NULL);
    write_config(config, base_url, folder, "unwanted.journal", ",\"language\":7");
    refused(SQ_INVALID_CONFIG, config);
    write_config(config, base_url, folder, "unwanted.journal", ",\"text_encoding\":\"klingon\"");
    refused(SQ_INVALID_CONFIG, config);
    write_config(config, base_url, folder, "unwanted.journal", ",\"log_retention_days\":-1");
    refused(SQ_INVALID_CONFIG, config);
    write_config(config, base_url, folder, "unwanted.journal",
                 ",\"log_retention_days\":99999999999999999999");
    refused(SQ_INVALID_CONFIG, config);
    write_config(config, base_url, folder, "unwanted.journal",
                 ",\"personal_data\":{\"keep_days\":1e18}");
    refused(SQ_INVALID_CONFIG, config);
    write_config(config, base_url, folder, "unwanted.journal",
                 ",\"roots\":{\"file\":\"/no/such/file\"}");
    refused(SQ_INVALID_CONFIG, config);

    write_config(config, base_url, "/no/such/folder", "till.journal", "");
    refused(SQ_JOURNAL, config);
    write_config(config, base_url, folder, ".", ""); /* a folder is no journal */
    refused(SQ_JOURNAL, config);

    /* out may be NULL. */
    write_config(config, base_url, "", ":memory:", "");
    CALL(SQ_OK, sq_client_open, (config, &made, NULL));
    CALL(SQ_OK, sq_client_close, (made));
}

static void refused_file(sq_status wanted, const char *path)
{
    sq_client *made = (sq_client *)(void *)&made;

    ANSWER(wanted, sq_client_open_file, (path, &made, &answer));
    CHECK_CASE(made == NULL, path == NULL ? "NULL" : path);
}

static void refused_content(sq_status wanted, const char *content, size_t length)
{
    char path[600];
    FILE *file;

    sprintf(path, "%s/bad.json", folder);
    file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(content, 1, length, file) == length && fclose(file) == 0);
    refused_file(wanted, path);
    remove(path);
}

static void wrong_client_open_file(void)
{
    long before;

    refused_file(SQ_INVALID_ARGUMENT, NULL);
    ANSWER(SQ_INVALID_ARGUMENT, sq_client_open_file, ("x", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_client_open_file, (NULL, NULL, &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_client_open_file, (NULL, NULL, NULL));
    refused_file(SQ_INVALID_CONFIG, "");
    refused_file(SQ_INVALID_CONFIG, "/no/such/file");
    refused_file(SQ_INVALID_CONFIG, folder);
    refused_file(SQ_INVALID_CONFIG, mebibyte);
    before = peak_memory();
    refused_file(SQ_INVALID_CONFIG, "/dev/zero");
    CHECK(peak_memory() - before < 64 * 1024); /* the header promises to read 1 MiB at most */
    refused_file(SQ_INVALID_CONFIG, "\377\376");
    refused_content(SQ_INVALID_JSON, "", 0);
    refused_content(SQ_INVALID_JSON, "\0\0\0\0", 4);
    refused_content(SQ_INVALID_CONFIG, deep_lists, strlen(deep_lists));
    refused_content(SQ_INVALID_TEXT, "\377\377\377", 3);
    refused_content(SQ_INVALID_CONFIG, "{}", 2);
}

static void wrong_client_close(void)
{
    void *list[MANY];
    int count = bad_handles(list, client, closed_client);
    int64_t before = sq_live_handles();
    int i;

    for (i = 0; i < count; i++)
        CALL(list[i] == NULL ? SQ_OK : SQ_INVALID_HANDLE, sq_client_close, (list[i]));
    CHECK(sq_live_handles() == before);
}

/* ---- calls on a client ------------------------------------------------------------------ */

static void wrong_check_credentials(void)
{
    BAD_CLIENTS(sq_check_credentials, (bad, &answer));
    CALL(SQ_INVALID_HANDLE, sq_check_credentials, (NULL, NULL));
}

static void wrong_payment_methods(void)
{
    BAD_CLIENTS(sq_payment_methods, (bad, url, &answer));
    CALL(SQ_INVALID_HANDLE, sq_payment_methods, (NULL, NULL, NULL));
    BAD_ORDER_URLS(sq_payment_methods, (client, text, &answer));
}

static void wrong_start_solicitation(void)
{
    BAD_CLIENTS(sq_start_solicitation, (bad, order_json, &answer));
    CALL(SQ_INVALID_HANDLE, sq_start_solicitation, (NULL, NULL, NULL));
    CALL(SQ_INVALID_ARGUMENT, sq_start_solicitation, (client, NULL, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_start_solicitation, (client, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_start_solicitation, (client, "", &answer));
    BAD_ORDER_JSON(sq_start_solicitation, (client, text, &answer));
}

static void wrong_check_order(void)
{
    BAD_CLIENTS(sq_check_order, (bad, "{}", &answer));
    CALL(SQ_INVALID_HANDLE, sq_check_order, (NULL, "{}", NULL));
    BAD_BYTES(sq_check_order, (client, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_check_order, (client, NULL, &answer));
    ANSWER(SQ_INVALID_JSON, sq_check_order, (client, "{", &answer));
    ANSWER(SQ_INVALID_ORDER, sq_check_order, (client, "[]", &answer));
    ANSWER(SQ_INVALID_ORDER, sq_check_order, (client, "{}", &answer));
}

static void wrong_credit_agreements(void)
{
    BAD_CLIENTS(sq_credit_agreements, (bad, NULL, 39999, NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_credit_agreements, (NULL, NULL, 1, NULL, NULL));
    BAD_BYTES(sq_credit_agreements, (client, text, 39999, NULL, &answer));
    BAD_BYTES(sq_credit_agreements, (client, "ES", 39999, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_credit_agreements, (client, "ES", 0, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_credit_agreements, (client, "ES", -1, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_credit_agreements, (client, "ES", 39999, "euros", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_credit_agreements, (client, "XX", 39999, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_credit_agreements, (client, "no merchant", 39999, NULL, &answer));
}

static void wrong_send_form(void)
{
    BAD_CLIENTS(sq_send_form, (bad, url, "pp3", NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_send_form, (NULL, NULL, NULL, NULL, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form, (client, NULL, "pp3", NULL, &answer));
    BAD_ORDER_URLS(sq_send_form, (client, text, "pp3", NULL, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_send_form, (client, UNKNOWN_UUID, "pp3", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form, (client, url, NULL, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form, (client, url, "", NULL, &answer));
    BAD_BYTES(sq_send_form, (client, url, text, NULL, &answer));
    BAD_BYTES(sq_send_form, (client, url, "pp3", text, &answer));
}

static void wrong_send_form_by(void)
{
    BAD_CLIENTS(sq_send_form_by, (bad, url, "email", "pp3", NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_send_form_by, (NULL, NULL, NULL, NULL, NULL, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form_by, (client, NULL, "email", "pp3", NULL, &answer));
    BAD_ORDER_URLS(sq_send_form_by, (client, text, "email", "pp3", NULL, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_send_form_by, (client, UNKNOWN_UUID, "email", "pp3", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form_by, (client, url, NULL, "pp3", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form_by, (client, url, "", "pp3", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form_by, (client, url, "fax", "pp3", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form_by, (client, url, "email", NULL, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_send_form_by, (client, url, "email", "", NULL, &answer));
    BAD_BYTES(sq_send_form_by, (client, url, text, "pp3", NULL, &answer));
    BAD_BYTES(sq_send_form_by, (client, url, "email", text, NULL, &answer));
    BAD_BYTES(sq_send_form_by, (client, url, "email", "pp3", text, &answer));
}

static void wrong_hold(void)
{
    BAD_CLIENTS(sq_hold, (bad, url, order_json, &answer));
    CALL(SQ_INVALID_HANDLE, sq_hold, (NULL, NULL, NULL, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_hold, (client, NULL, order_json, &answer));
    BAD_ORDER_URLS(sq_hold, (client, text, NULL, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_hold, (client, UNKNOWN_UUID, NULL, &answer));
    BAD_ORDER_JSON(sq_hold, (client, url, text, &answer));
}

static void wrong_confirm(void)
{
    BAD_CLIENTS(sq_confirm, (bad, url, order_json, &answer));
    CALL(SQ_INVALID_HANDLE, sq_confirm, (NULL, NULL, NULL, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_confirm, (client, NULL, order_json, &answer));
    BAD_ORDER_URLS(sq_confirm, (client, text, NULL, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_confirm, (client, UNKNOWN_UUID, NULL, &answer));
    BAD_ORDER_JSON(sq_confirm, (client, url, text, &answer));
}

static void wrong_set_order_ref(void)
{
    BAD_CLIENTS(sq_set_order_ref, (bad, url, "R", NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_set_order_ref, (NULL, NULL, NULL, NULL, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_set_order_ref, (client, NULL, "R", NULL, &answer));
    BAD_ORDER_URLS(sq_set_order_ref, (client, text, "R", NULL, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_set_order_ref, (client, UNKNOWN_UUID, "R", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_set_order_ref, (client, url, NULL, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_set_order_ref, (client, url, "", NULL, &answer));
    BAD_BYTES(sq_set_order_ref, (client, url, text, NULL, &answer));
    BAD_BYTES(sq_set_order_ref, (client, url, "R", text, &answer));
    ANSWER(SQ_WRONG_STATE, sq_set_order_ref, (client, url, "R", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_set_order_ref, (client, url, mebibyte, mebibyte, &answer));
}

static void wrong_pending(void)
{
    BAD_CLIENTS(sq_pending, (bad, &answer));
    CALL(SQ_INVALID_HANDLE, sq_pending, (NULL, NULL));
    CALL(SQ_OK, sq_pending, (client, NULL));
}

static void wrong_recover(void)
{
    BAD_CLIENTS(sq_recover, (bad, NULL, &answer));
    BAD_CLIENTS(sq_recover, (bad, url, &answer));
    CALL(SQ_INVALID_HANDLE, sq_recover, (NULL, NULL, NULL));
    BAD_BYTES(sq_recover, (client, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_recover, (client, "", &answer));
    /* Anything else may be somebody's order_ref_1. */
    ANSWER(SQ_UNKNOWN_ORDER, sq_recover, (client, UNKNOWN_UUID, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_recover, (client, "../../admin", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_recover, (client, "' OR 1=1 --", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_recover, (client, "%", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_recover, (client, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
    CALL(SQ_OK, sq_recover, (client, NULL, NULL));
}

static void wrong_abandon(void)
{
    BAD_CLIENTS(sq_abandon, (bad, url, &answer));
    CALL(SQ_INVALID_HANDLE, sq_abandon, (NULL, url, NULL));
    BAD_BYTES(sq_abandon, (client, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_abandon, (client, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_abandon, (client, "", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_abandon, (client, UNKNOWN_UUID, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_abandon, (client, "' OR 1=1 --", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_abandon, (client, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
    CALL(SQ_INVALID_ARGUMENT, sq_abandon, (client, NULL, NULL));
}

static void wrong_resolve(void)
{
    BAD_CLIENTS(sq_resolve, (bad, url, "confirmed", "portal", &answer));
    CALL(SQ_INVALID_HANDLE, sq_resolve, (NULL, url, "confirmed", "portal", NULL));
    BAD_BYTES(sq_resolve, (client, text, "confirmed", "portal", &answer));
    BAD_BYTES(sq_resolve, (client, url, text, "portal", &answer));
    BAD_BYTES(sq_resolve, (client, url, "confirmed", text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, NULL, "confirmed", "portal", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, "", "confirmed", "portal", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, url, NULL, "portal", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, url, "", "portal", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, url, "yes", "portal", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, url, mebibyte, "portal", &answer));
    CHECK(sq_buffer_len(answer) < 10000);
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, url, "confirmed", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, url, "confirmed", "  ", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_resolve, (client, UNKNOWN_UUID, "confirmed", "portal", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_resolve, (client, "' OR 1=1 --", "not_confirmed", "portal", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_resolve, (client, mebibyte, "confirmed", mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
    /* Nothing about it is unknown. */
    ANSWER(SQ_WRONG_STATE, sq_resolve, (client, url, "confirmed", "portal", &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_resolve, (client, NULL, NULL, NULL, NULL));
}

static void wrong_hand_over(void)
{
    BAD_CLIENTS(sq_hand_over, (bad, url, &answer));
    CALL(SQ_INVALID_HANDLE, sq_hand_over, (NULL, url, NULL));
    BAD_BYTES(sq_hand_over, (client, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_hand_over, (client, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_hand_over, (client, "", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_hand_over, (client, UNKNOWN_UUID, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_hand_over, (client, "' OR 1=1 --", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_hand_over, (client, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
    /* Nothing of it is settled. */
    ANSWER(SQ_WRONG_STATE, sq_hand_over, (client, url, &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_hand_over, (client, NULL, NULL));
}

static void wrong_take_over(void)
{
    BAD_CLIENTS(sq_take_over, (bad, "{}", &answer));
    CALL(SQ_INVALID_HANDLE, sq_take_over, (NULL, "{}", NULL));
    BAD_BYTES(sq_take_over, (client, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_take_over, (client, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_take_over, (client, " ", &answer));
    ANSWER(SQ_INVALID_JSON, sq_take_over, (client, "{", &answer));
    ANSWER(SQ_INVALID_JSON, sq_take_over, (client, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
    ANSWER(SQ_INVALID_ARGUMENT, sq_take_over, (client, "{}", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_take_over, (client, "{\"sequra_pos_document\":1,\"digest\":\"\"}", &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_take_over, (client, NULL, NULL));
}

static void wrong_self_test(void)
{
    BAD_CLIENTS(sq_self_test, (bad, &answer));
    CALL(SQ_INVALID_HANDLE, sq_self_test, (NULL, NULL));
}

static void wrong_order_info(void)
{
    BAD_CLIENTS(sq_order_info, (bad, url, &answer));
    CALL(SQ_INVALID_HANDLE, sq_order_info, (NULL, url, NULL));
    BAD_BYTES(sq_order_info, (client, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_order_info, (client, NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_order_info, (client, "", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_order_info, (client, UNKNOWN_UUID, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_order_info, (client, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
}

static void wrong_receipt(void)
{
    BAD_CLIENTS(sq_receipt, (bad, url, 32, &answer));
    CALL(SQ_INVALID_HANDLE, sq_receipt, (NULL, url, 32, NULL));
    BAD_BYTES(sq_receipt, (client, text, 32, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_receipt, (client, NULL, 32, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_receipt, (client, "", 32, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_receipt, (client, UNKNOWN_UUID, 23, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_receipt, (client, UNKNOWN_UUID, 81, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_receipt, (client, UNKNOWN_UUID, -32, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_receipt, (client, UNKNOWN_UUID, 24, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_receipt, (client, mebibyte, 32, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
}

static void wrong_day(void)
{
    BAD_CLIENTS(sq_day, (bad, NULL, NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_day, (NULL, NULL, NULL, NULL));
    BAD_BYTES(sq_day, (client, text, NULL, &answer));
    BAD_BYTES(sq_day, (client, NULL, text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_day, (client, "yesterday", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_day, (client, NULL, "2026-11-27", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_day, (client, "2026-11-27T10:00:00+01:00", "2026-11-27T09:59:59+01:00", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_day, (client, mebibyte, NULL, &answer));
    CALL(SQ_OK, sq_day, (client, NULL, NULL, NULL));
    CALL(SQ_OK, sq_day, (client, "", "", NULL));
}

static void wrong_update_order(void)
{
    BAD_CLIENTS(sq_update_order, (bad, "R-1", "{}", &answer));
    CALL(SQ_INVALID_HANDLE, sq_update_order, (NULL, "R-1", "{}", NULL));
    BAD_BYTES(sq_update_order, (client, text, "{}", &answer));
    BAD_BYTES(sq_update_order, (client, "R-1", text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_update_order, (client, NULL, "{}", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_update_order, (client, "R-1", NULL, &answer));
    ANSWER(SQ_INVALID_JSON, sq_update_order, (client, "R-1", "{", &answer));
    ANSWER(SQ_INVALID_ORDER, sq_update_order, (client, "R-1", deep_lists, &answer));
    ANSWER(SQ_INVALID_ORDER, sq_update_order, (client, "R-1", "{}", &answer));
    ANSWER(SQ_INVALID_ORDER, sq_update_order, (client, "R-1", "[]", &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_update_order, (client, "R-nobody", "{\"trackings\":[]}", &answer));
    ANSWER(SQ_WRONG_STATE, sq_update_order, (client, url, "{\"trackings\":[]}", &answer));
}

static void wrong_ship(void)
{
    static const char *const items[] = {
        "[]", "{}", "7", "\"CAM-01\"", "[7]", "[{}]", "[{\"reference\":null}]", "[{\"reference\":\"\"}]",
        "[{\"reference\":\"A\",\"quantity\":-1}]", "[{\"reference\":\"A\",\"quantity\":1e300}]",
        "[{\"reference\":\"A\",\"quantity\":\"1\"}]", "[{\"reference\":\"A\",\"nonsense\":1}]",
        "[{\"reference\":\"A\",\"line\":-1}]", "[{\"reference\":\"A\",\"amount\":1.5}]"
    };
    size_t i;

    BAD_CLIENTS(sq_ship, (bad, "R-1", NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_ship, (NULL, "R-1", NULL, NULL));
    BAD_BYTES(sq_ship, (client, text, NULL, &answer));
    BAD_BYTES(sq_ship, (client, "R-1", text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_ship, (client, NULL, NULL, &answer));
    ANSWER(SQ_INVALID_JSON, sq_ship, (client, "R-1", "[", &answer));
    ANSWER(SQ_INVALID_ORDER, sq_ship, (client, "R-1", deep_lists, &answer));
    for (i = 0; i < sizeof items / sizeof items[0]; i++)
        ANSWER(SQ_INVALID_ORDER, sq_ship, (client, "R-1", items[i], &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_ship, (client, "R-nobody", NULL, &answer));
    ANSWER(SQ_WRONG_STATE, sq_ship, (client, url, NULL, &answer));
}

static void wrong_refund(void)
{
    static const char *const refunds[] = {
        "[]", "{}", "7", "{\"items\":[]}", "{\"items\":7}", "{\"amount\":0}", "{\"amount\":-5}",
        "{\"amount\":\"5\"}", "{\"amount\":9223372036854775807}", "{\"amount\":5,\"items\":[]}",
        "{\"amount\":5,\"reason\":7}", "{\"nonsense\":1}"
    };
    size_t i;

    BAD_CLIENTS(sq_refund, (bad, "R-1", NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_refund, (NULL, "R-1", NULL, NULL));
    BAD_BYTES(sq_refund, (client, text, NULL, &answer));
    BAD_BYTES(sq_refund, (client, "R-1", text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_refund, (client, NULL, NULL, &answer));
    ANSWER(SQ_INVALID_JSON, sq_refund, (client, "R-1", "{", &answer));
    for (i = 0; i < sizeof refunds / sizeof refunds[0]; i++)
        ANSWER(SQ_INVALID_ORDER, sq_refund, (client, "R-1", refunds[i], &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_refund, (client, "R-nobody", NULL, &answer));
    ANSWER(SQ_WRONG_STATE, sq_refund, (client, url, NULL, &answer));
}

static void wrong_send_delivery_report(void)
{
    static const char *const reports[] = {
        "[]", "7", "\"x\"", "{\"orders\":7}", "{\"orders\":[7]}", "{\"orders\":[{}]}",
        "{\"statistics\":{}}", "{\"statistics\":{\"orders\":[{}]}}", "{\"nonsense\":1}",
        "{\"orders\":[{\"state\":\"shipped\",\"cart\":{}}]}"
    };
    size_t i;

    BAD_CLIENTS(sq_send_delivery_report, (bad, NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_send_delivery_report, (NULL, NULL, NULL));
    BAD_BYTES(sq_send_delivery_report, (client, text, &answer));
    ANSWER(SQ_INVALID_JSON, sq_send_delivery_report, (client, "{", &answer));
    for (i = 0; i < sizeof reports / sizeof reports[0]; i++)
        ANSWER(SQ_INVALID_ORDER, sq_send_delivery_report, (client, reports[i], &answer));
}

static void wrong_cancel(void)
{
    BAD_CLIENTS(sq_cancel, (bad, "R-1", NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_cancel, (NULL, "R-1", NULL, NULL));
    BAD_BYTES(sq_cancel, (client, text, NULL, &answer));
    BAD_BYTES(sq_cancel, (client, "R-1", text, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_cancel, (client, NULL, NULL, &answer));
    ANSWER(SQ_UNKNOWN_ORDER, sq_cancel, (client, "R-nobody", NULL, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_cancel, (client, url, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
}

static void wrong_disbursements(void)
{
    static const char *const paths[] = {
        "", "x", "merchants/shop_es/disbursements/1", "/", "/orders/1", "/merchants/shop_es",
        "/merchants/shop_es/disbursements/", "/merchants/shop_es/disbursements/..",
        "/merchants/../disbursements/1", "/merchants/shop_es/disbursements/1/2",
        "/merchants/shop_es/disbursements/a?b", "/merchants/shop_es/disbursements/a#b",
        "/merchants/shop_es/disbursements/a b", "/merchants/shop_es/disbursements/a\r\nb"
    };
    size_t i;

    BAD_CLIENTS(sq_disbursements, (bad, NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_disbursements, (NULL, NULL, NULL));
    BAD_BYTES(sq_disbursements, (client, text, &answer));
    for (i = 0; i < sizeof paths / sizeof paths[0]; i++)
        ANSWER(SQ_INVALID_ARGUMENT, sq_disbursements, (client, paths[i], &answer));
    ANSWER(SQ_FOREIGN_URL, sq_disbursements,
           (client, "https://evil.example/merchants/shop_es/disbursements/1", &answer));
    ANSWER(SQ_FOREIGN_URL, sq_disbursements,
           (client, "ftp://evil.example/merchants/shop_es/disbursements/1", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_disbursements,
           (client, "//evil.example/merchants/shop_es/disbursements/1", &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_disbursements, (client, mebibyte, &answer));
    CHECK(sq_buffer_len(answer) < 10000);
}

static void wrong_reconcile(void)
{
    BAD_CLIENTS(sq_reconcile, (bad, &answer));
    CALL(SQ_INVALID_HANDLE, sq_reconcile, (NULL, NULL));
}

static void wrong_log(void)
{
    static const char *const queries[] = {
        "[]", "7", "{\"nonsense\":1}", "{\"limit\":0}", "{\"limit\":1001}", "{\"limit\":-1}",
        "{\"limit\":1e300}", "{\"limit\":\"100\"}", "{\"since\":\"yesterday\"}",
        "{\"until\":\"2026-02-30\"}", "{\"until\":20260101}", "{\"attention\":\"yes\"}",
        "{\"after\":\"x\"}", "{\"after\":99999999999999999999}", "{\"state\":\"nowhere\"}",
        "{\"order\":7}"};
    unsigned n;

    BAD_CLIENTS(sq_log, (bad, NULL, &answer));
    CALL(SQ_INVALID_HANDLE, sq_log, (NULL, NULL, NULL));
    BAD_BYTES(sq_log, (client, text, &answer));
    WITH_TEXT(SQ_INVALID_JSON, "{", sq_log, (client, text, &answer));
    /* An infinity on the way to it. */
    WITH_TEXT(SQ_INVALID_JSON, "{\"limit\":2e308}", sq_log, (client, text, &answer));
    WITH_TEXT(SQ_INVALID_ARGUMENT, mebibyte, sq_log, (client, text, &answer));
    WITH_TEXT(SQ_INVALID_ARGUMENT, deep_lists, sq_log, (client, text, &answer));
    WITH_TEXT(SQ_INVALID_ARGUMENT, deep_object, sq_log, (client, text, &answer));
    for (n = 0; n < sizeof queries / sizeof queries[0]; n++) {
        ANSWER(SQ_INVALID_ARGUMENT, sq_log, (client, queries[n], &answer));
        CHECK_CASE(value("/errors/0/message")[0] != '\0', queries[n]);
    }
    CALL(SQ_OK, sq_log, (client, NULL, NULL));
    ANSWER(SQ_OK, sq_log, (client, "{\"order\":\"' OR 1=1 --\"}", &answer));
    VALUE_IS("/data/entries", "[]");
}

static void wrong_log_dismiss(void)
{
    int64_t most = ((int64_t)0x7fffffff << 32) | 0xffffffffU;

    BAD_CLIENTS(sq_log_dismiss, (bad, 1, &answer));
    CALL(SQ_INVALID_HANDLE, sq_log_dismiss, (NULL, 1, NULL));
    ANSWER(SQ_INVALID_ARGUMENT, sq_log_dismiss, (client, 0, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_log_dismiss, (client, -1, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_log_dismiss, (client, most, &answer));
    ANSWER(SQ_INVALID_ARGUMENT, sq_log_dismiss, (client, -most - 1, &answer));
    CALL(SQ_INVALID_ARGUMENT, sq_log_dismiss, (client, most, NULL));
}

/* ---- orders without a JSON library ------------------------------------------------------ */

static void wrong_order_new(void)
{
    void *list[MANY];
    int count = bad_handles(list, client, closed_client);
    int i;

    for (i = 0; i < count; i++) {
        sq_order *made = (sq_order *)(void *)list;

        if (list[i] == NULL) /* NULL means UTF-8 here */
            continue;
        CALL(SQ_INVALID_HANDLE, sq_order_new, (list[i], &made));
        CHECK(made == NULL);
    }
    CALL(SQ_INVALID_ARGUMENT, sq_order_new, (client, NULL));
    CALL(SQ_INVALID_ARGUMENT, sq_order_new, (NULL, NULL));
}

static const char *const bad_pointers[] = {"", "currency", "/~", "/~2", "/cart/~", "/list/7",
                                           "/list/-1", "/list/01", "/list/x", "/list/0/deeper",
                                           "/list/99999999999999999999", "/cart/currency/deeper"};

#define BAD_POINTERS(function, arguments) \
    do { \
        const char *text; \
        unsigned n; \
        for (n = 0; n < sizeof bad_pointers / sizeof bad_pointers[0]; n++) { \
            text = bad_pointers[n]; \
            if (!CALL(SQ_INVALID_ARGUMENT, function, arguments)) \
                CHECK_CASE(0, text); \
        } \
        text = NULL; \
        CALL(SQ_INVALID_ARGUMENT, function, arguments); \
        text = mebibyte; \
        CALL(SQ_INVALID_ARGUMENT, function, arguments); \
        text = deep_pointer; \
        CALL(SQ_INVALID_ARGUMENT, function, arguments); \
        text = long_pointer; \
        CALL(SQ_INVALID_ARGUMENT, function, arguments); \
        for (n = 0; n < (unsigned)NOT_UTF8; n++) { \
            text = not_utf8[n]; \
            CALL(SQ_INVALID_TEXT, function, arguments); \
        } \
    } while (0)

/* The order must be as it was. */
static void order_is(const char *wanted)
{
    sq_buffer *json = NULL;

    CALL(SQ_OK, sq_order_json, (order, &json));
    CHECK_CASE(strcmp(sq_buffer_text(json), wanted) == 0, sq_buffer_text(json));
    sq_buffer_free(json);
}

static const char as_built[] = "{\"cart\":{\"currency\":\"EUR\"},\"list\":[\"one\"]}";

static void wrong_order_set_text(void)
{
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    int i;

    for (i = 0; i < count; i++)
        CALL(SQ_INVALID_HANDLE, sq_order_set_text, (list[i], "/a", "b"));
    CALL(SQ_INVALID_HANDLE, sq_order_set_text, (NULL, NULL, NULL));
    BAD_POINTERS(sq_order_set_text, (order, text, "value"));
    CALL(SQ_INVALID_ARGUMENT, sq_order_set_text, (order, "/a", NULL));
    for (i = 0; i < NOT_UTF8; i++)
        CALL(SQ_INVALID_TEXT, sq_order_set_text, (order, "/a", not_utf8[i]));
    order_is(as_built);
}

static void wrong_order_set_int(void)
{
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    int i;

    for (i = 0; i < count; i++)
        CALL(SQ_INVALID_HANDLE, sq_order_set_int, (list[i], "/a", 1));
    CALL(SQ_INVALID_HANDLE, sq_order_set_int, (NULL, NULL, 1));
    BAD_POINTERS(sq_order_set_int, (order, text, 1));
    order_is(as_built);
}

static void wrong_order_set_flag(void)
{
    static const int32_t flags[] = {-1, 2, 256, 65536, 2147483647, -2147483647 - 1};
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    unsigned n;
    int i;

    for (i = 0; i < count; i++)
        CALL(SQ_INVALID_HANDLE, sq_order_set_flag, (list[i], "/a", 1));
    CALL(SQ_INVALID_HANDLE, sq_order_set_flag, (NULL, NULL, 2));
    BAD_POINTERS(sq_order_set_flag, (order, text, 1));
    for (n = 0; n < sizeof flags / sizeof flags[0]; n++)
        CALL(SQ_INVALID_ARGUMENT, sq_order_set_flag, (order, "/cart/gift", flags[n]));
    order_is(as_built);
}

static void wrong_order_add_item(void)
{
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    int i;

    for (i = 0; i < count; i++)
        CALL(SQ_INVALID_HANDLE, sq_order_add_item, (list[i], "product", "r", "n", 1, 1, 1));
    CALL(SQ_INVALID_HANDLE, sq_order_add_item, (NULL, NULL, NULL, NULL, 0, 0, 0));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_item, (order, "gift_card", "r", "n", 1, 1, 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_item, (order, mebibyte, "r", "n", 1, 1, 1));
    for (i = 0; i < NOT_UTF8; i++) {
        CALL(SQ_INVALID_TEXT, sq_order_add_item, (order, not_utf8[i], "r", "n", 1, 1, 1));
        CALL(SQ_INVALID_TEXT, sq_order_add_item, (order, "product", not_utf8[i], "n", 1, 1, 1));
        CALL(SQ_INVALID_TEXT, sq_order_add_item, (order, "product", "r", not_utf8[i], 1, 1, 1));
    }
    order_is(as_built);
}

static void wrong_order_add_measured(void)
{
    static const char *const quantities[] = {
        "", " ", "-0.345", "-1,5", "1e3", "0x1", "abc", "1.2.3", "1.234,5", "1 000", "+1", ".", "0", "0.000",
        "0.34499999999999997", "1234567890", "999999999999999999999999"
    };
    int64_t most = ((int64_t)0x7fffffff << 32) | 0xffffffffU;
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    int i;

    for (i = 0; i < count; i++)
        CALL(SQ_INVALID_HANDLE, sq_order_add_measured, (list[i], "product", "r", "n", "1", "kg", 1));
    CALL(SQ_INVALID_HANDLE, sq_order_add_measured, (NULL, NULL, NULL, NULL, NULL, NULL, 0));
    for (i = 0; i < (int)(sizeof quantities / sizeof quantities[0]); i++)
        CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", "n", quantities[i], "kg", 1990));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", "n", NULL, "kg", 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", "n", "1", NULL, 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", "n", "1", "", 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", NULL, "1", "kg", 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", " ", "1", "kg", 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, "discount", "r", "n", "1", "kg", 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, "gift_card", "r", "n", "1", "kg", 1));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", "n", "999999999", "kg", 1000000000));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, NULL, "r", "n", "1", "kg", most));
    CALL(SQ_INVALID_ARGUMENT, sq_order_add_measured, (order, mebibyte, "r", "n", "1", "kg", 1));
    for (i = 0; i < NOT_UTF8; i++) {
        CALL(SQ_INVALID_TEXT, sq_order_add_measured, (order, NULL, "r", not_utf8[i], "1", "kg", 1));
        CALL(SQ_INVALID_TEXT, sq_order_add_measured, (order, NULL, "r", "n", not_utf8[i], "kg", 1));
        CALL(SQ_INVALID_TEXT, sq_order_add_measured, (order, NULL, "r", "n", "1", not_utf8[i], 1));
    }
    order_is(as_built);
}

static void wrong_order_json(void)
{
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    int i;

    /* Rule 6 of the contract: on failure too. */
    for (i = 0; i < count; i++)
        ANSWER(SQ_INVALID_HANDLE, sq_order_json, (list[i], &answer));
    CALL(SQ_INVALID_HANDLE, sq_order_json, (NULL, NULL));
    CALL(SQ_OK, sq_order_json, (order, NULL));
    order_is(as_built);
}

static void wrong_order_free(void)
{
    void *list[MANY];
    int count = bad_handles(list, order, freed_order);
    int64_t before = sq_live_handles();
    int i;

    for (i = 0; i < count; i++)
        sq_order_free(list[i]);
    CHECK(sq_live_handles() == before);
    order_is(as_built);
}

/* An order that is built of the largest numbers is refused, and nothing overflows. */
static void extremes(void)
{
    sq_order *huge = NULL;
    sq_buffer *json = NULL;
    int64_t most = ((int64_t)0x7fffffff << 32) | 0xffffffffU;
    int i;

    CALL(SQ_OK, sq_order_new, (NULL, &huge));
    for (i = 0; i < 3; i++) {
        CALL(SQ_OK, sq_order_add_item, (huge, "product", "r", "n", most, most, most));
        CALL(SQ_OK, sq_order_add_item, (huge, "discount", "d", "n", 0, 0, -most - 1));
    }
    CALL(SQ_OK, sq_order_set_int, (huge, "/cart/order_total_with_tax", -most - 1));
    CALL(SQ_OK, sq_order_set_text, (huge, "/customer/given_names", mebibyte));
    CALL(SQ_OK, sq_order_json, (huge, &json));
    CHECK(sq_buffer_len(json) > MIB);
    ANSWER(SQ_INVALID_ORDER, sq_start_solicitation, (client, sq_buffer_text(json), &answer));
    sq_buffer_free(json);
    sq_order_free(huge);
}

static const struct {
    const char *function;
    void (*call_wrongly)(void);
} table[] = {
#define ROW(name) {"sq_" #name, wrong_##name}
    ROW(abi_version),
    ROW(version),
    ROW(build_info),
    ROW(status_name),
    ROW(status_class),
    ROW(live_handles),
    ROW(echo),
    ROW(buffer_text),
    ROW(buffer_len),
    ROW(buffer_get),
    ROW(buffer_free),
    ROW(client_open),
    ROW(client_open_file),
    ROW(client_close),
    ROW(check_credentials),
    ROW(payment_methods),
    ROW(start_solicitation),
    ROW(check_order),
    ROW(credit_agreements),
    ROW(send_form),
    ROW(send_form_by),
    ROW(hold),
    ROW(confirm),
    ROW(set_order_ref),
    ROW(abandon),
    ROW(hand_over),
    ROW(take_over),
    ROW(resolve),
    ROW(self_test),
    ROW(order_info),
    ROW(receipt),
    ROW(day),
    ROW(update_order),
    ROW(ship),
    ROW(refund),
    ROW(cancel),
    ROW(send_delivery_report),
    ROW(disbursements),
    ROW(reconcile),
    ROW(pending),
    ROW(recover),
    ROW(log),
    ROW(log_dismiss),
    ROW(order_new),
    ROW(order_set_text),
    ROW(order_set_int),
    ROW(order_set_flag),
    ROW(order_add_item),
    ROW(order_add_measured),
    ROW(order_json),
    ROW(order_free)
};

static void prepare(void)
{
    char config[ROOM];

    write_config(config, base_url, folder, "wrong.journal", "");
    CALL(SQ_OK, sq_client_open, (config, &closed_client, NULL));
    CALL(SQ_OK, sq_client_close, (closed_client));
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    CALL(SQ_OK, sq_echo, (NULL, "x", &freed_buffer));
    sq_buffer_free(freed_buffer);
    CALL(SQ_OK, sq_echo, (NULL, "x", &buffer));
    CALL(SQ_OK, sq_order_new, (NULL, &freed_order));
    sq_order_free(freed_order);
    CALL(SQ_OK, sq_order_new, (NULL, &order));
    CALL(SQ_OK, sq_order_set_text, (order, "/cart/currency", "EUR"));
    CALL(SQ_OK, sq_order_set_text, (order, "/list/-", "one"));

    write_order(order_json, NULL, "WRONG");
    ANSWER(SQ_OK, sq_start_solicitation, (client, order_json, &answer));
    copy_value(url, sizeof url, "/order/url");
    copy_value(uuid, sizeof uuid, "/order/uuid");

    mebibyte = repeat("a", MIB, "", "");
    deep_lists = repeat("[", DEPTH, "", "]");
    deep_object = repeat("{\"a\":", DEPTH, "1", "}");
    deep_pointer = repeat("/a", DEPTH, "", "");
    long_pointer = repeat("/0", MIB / 2, "", "");
}

/* After all that: the order that was there all the time is sold as if nothing had happened. */
static void sell(void)
{
    ANSWER(SQ_OK, sq_send_form, (client, url, "pp3", NULL, &answer));
    ask("approve", uuid);
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    VALUE_IS("/order/state", "confirmed");
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "R-WRONG", NULL, &answer));
    VALUE_IS("/order/state", "settled");
    CHECK(strcmp(ask("events", uuid),
                 "solicited,form_delivered,approved,confirmed,reference_registered") == 0);
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    VALUE_IS("/data/orders", "[]");
}

int main(int argc, char **argv)
{
    unsigned i;

    if (argc != 3)
        return 2;
    base_url = argv[1];
    folder = argv[2];
    like_delphi();
    prepare();
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        table[i].call_wrongly();
        tell("covered", table[i].function);
    }
    extremes();
    /* The start in prepare() is all that was ever sent. */
    CHECK(strcmp(ask("requests", ""), "1") == 0);
    sell();

    sq_order_free(order);
    sq_buffer_free(buffer);
    CALL(SQ_OK, sq_client_close, (client));
    free(mebibyte);
    free(deep_lists);
    free(deep_object);
    free(deep_pointer);
    free(long_pointer);
    return finish();
}
