/*
 * What a binding's own tests show, in C: lifetimes, threads, and a till in Windows-1252. (tests/c and
 * tests/library/c_abi.rs are the tests of the C ABI itself.) See tests/bindings/README.md.
 */
#include <sequra_pos.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int passed, failed;

static void check(int holds, const char *what, int line)
{
    if (holds) {
        passed++;
    } else {
        failed++;
        printf("line %d: not so: %s\n", line, what);
    }
}

#define CHECK(holds) check(holds, #holds, __LINE__)

/* ---- the simulator ------------------------------------------------------------------------------- */

static const char *simulator(void)
{
    const char *url = getenv("SEQURA_SIMULATOR_URL");

    if (url == NULL) {
        fputs("SEQURA_SIMULATOR_URL says where the simulated seQura is\n", stderr);
        exit(1);
    }
    return url;
}

/* What the control interface answers to GET, with its head; static. */
static const char *control(const char *path)
{
    static char received[1 << 16];
    struct sockaddr_in address;
    char request[300];
    size_t length = 0;
    ssize_t bytes;
    int connection = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.1");
    address.sin_port = htons((unsigned short)atoi(strrchr(simulator(), ':') + 1));
    sprintf(request, "GET /_sandbox/%.200s HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0
        && write(connection, request, strlen(request)) == (ssize_t)strlen(request))
        while (length + 1 < sizeof received
               && (bytes = read(connection, received + length, sizeof received - 1 - length)) > 0)
            length += (size_t)bytes;
    close(connection);
    received[length] = '\0';
    return received;
}

static sq_status open_client(const char *more, sq_client **client)
{
    char config[1000];

    sprintf(config, "{\"base_url\":\"%.100s\",\"account_key\":\"sandbox_key\",\"account_secret\":\"sandbox_secret\","
                    "\"merchant_id\":\"shop_es\",\"journal\":\":memory:\",\"proxy\":\"none\"%s}", simulator(), more);
    return sq_client_open(config, client, NULL);
}

/* ---- lifetimes ------------------------------------------------------------------------------------ */

static void closed_and_freed_twice_and_used_after(void)
{
    sq_client *client = NULL;
    sq_buffer *buffer = NULL, *other = NULL;
    sq_order *order = NULL, *orphan = NULL;

    CHECK(open_client("", &client) == SQ_OK);
    CHECK(sq_pending(client, &buffer) == SQ_OK);
    CHECK(sq_order_new(client, &order) == SQ_OK);
    CHECK(sq_live_handles() == 3);

    /* In another order than they were made in. */
    CHECK(sq_client_close(client) == SQ_OK);
    CHECK(sq_client_close(client) == SQ_INVALID_HANDLE);
    CHECK(sq_pending(client, &other) == SQ_INVALID_HANDLE);
    CHECK(sq_order_new(client, &orphan) == SQ_INVALID_HANDLE && orphan == NULL);
    sq_buffer_free(other);

    CHECK(strstr(sq_buffer_text(buffer), "\"SQ_OK\"") != NULL);
    CHECK(sq_order_set_int(order, "/x", 1) == SQ_OK);
    sq_order_free(order);
    sq_order_free(order);
    CHECK(sq_order_set_int(order, "/x", 1) == SQ_INVALID_HANDLE);
    CHECK(sq_order_json(order, NULL) == SQ_INVALID_HANDLE);
    sq_buffer_free(buffer);
    sq_buffer_free(buffer);
    CHECK(strcmp(sq_buffer_text(buffer), "") == 0 && sq_buffer_len(buffer) == 0);
    CHECK(sq_live_handles() == 0);
}

/* Given out in any order, and back in any order. */
static void freed_in_any_order(void)
{
    enum { COUNT = 60 };
    void *handles[COUNT];
    int kinds[COUNT], i, round;

    srand((unsigned)strtoul(getenv("SEQURA_SEED"), NULL, 10));
    for (round = 0; round < 20; round++) {
        for (i = 0; i < COUNT; i++) {
            kinds[i] = rand() % 3;
            handles[i] = NULL;
            if (kinds[i] == 0)
                open_client("", (sq_client **)(void *)&handles[i]);
            else if (kinds[i] == 1)
                sq_order_new(NULL, (sq_order **)(void *)&handles[i]);
            else
                sq_echo(NULL, "x", (sq_buffer **)(void *)&handles[i]);
        }
        for (i = COUNT; i > 0; i--) {
            int one = rand() % i;

            if (kinds[one] == 0)
                sq_client_close((sq_client *)handles[one]);
            else if (kinds[one] == 1)
                sq_order_free((sq_order *)handles[one]);
            else
                sq_buffer_free((sq_buffer *)handles[one]);
            kinds[one] = kinds[i - 1];
            handles[one] = handles[i - 1];
        }
    }
    CHECK(sq_live_handles() == 0);
}

/* ---- threads -------------------------------------------------------------------------------------- */

/* Calls until it is closed, by the first two of the threads; gives the status that it ended with. */
static void *call_until_closed(void *shared)
{
    sq_client *client = (sq_client *)shared;
    static sq_status ended[] = {SQ_OK, SQ_INVALID_HANDLE, SQ_INTERNAL};
    sq_status status = SQ_OK;

    while (status == SQ_OK) {
        sq_buffer *out = NULL;

        status = sq_echo(client, "x", &out);
        sq_buffer_free(out);
    }
    return &ended[status == SQ_INVALID_HANDLE ? 1 : 2];
}

static void *close_it(void *shared)
{
    sq_client_close((sq_client *)shared);
    return NULL;
}

static void closed_while_others_call(void)
{
    pthread_t callers[4], closers[2];
    sq_client *client = NULL;
    void *ended;
    size_t i;

    CHECK(open_client("", &client) == SQ_OK);
    for (i = 0; i < 4; i++)
        CHECK(pthread_create(&callers[i], NULL, call_until_closed, client) == 0);
    for (i = 0; i < 2; i++)
        CHECK(pthread_create(&closers[i], NULL, close_it, client) == 0);
    for (i = 0; i < 2; i++)
        pthread_join(closers[i], NULL);
    for (i = 0; i < 4; i++) {
        pthread_join(callers[i], &ended);
        CHECK(*(sq_status *)ended == SQ_INVALID_HANDLE);
    }
    CHECK(sq_live_handles() == 0);
}

/* ---- a till in Windows-1252 ----------------------------------------------------------------------- */

/* Given in Windows-1252, as UTF-8; all of it is ISO-8859-1 too. Static, for one text at a time. */
static const char *utf8(const char *text)
{
    static char room[1000];
    char *to = room;

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte >= 0x80)
            *to++ = (char)(0xC0 | byte >> 6);
        *to++ = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3F) : byte);
    }
    *to = '\0';
    return room;
}

static void operator_message(sq_client *client, char *message)
{
    sq_buffer *out = NULL;
    uint32_t room = 1000;

    CHECK(sq_confirm(client, "https://elsewhere.example/orders/5a1c7d2e-8f1b-4c55-9f0e-3f6d7f1f2a10", NULL, &out)
          == SQ_FOREIGN_URL);
    CHECK(sq_buffer_get(out, "/operator_message", message, &room) == SQ_OK);
    sq_buffer_free(out);
}

static void a_till_in_windows_1252(void)
{
    static const char *const parts[][2] = {
        {"/cart/currency", "EUR"}, {"/delivery_method/name", "Env\xEDo"}, {"/customer/given_names", "\xCD\xF1igo"},
        {"/customer/surnames", "Mu\xF1oz G\xFC" "ell"}, {"/customer/email", "inigo@example.es"},
        {"/customer/logged_in", "unknown"}, {"/customer/language_code", "es-ES"},
        {"/customer/ip_number", "127.0.0.1"}, {"/customer/user_agent", "till"}, {"/gui/layout", "desktop"},
        {"/platform/name", "till"}, {"/platform/version", "1"}, {"/platform/uname", "C"},
        {"/platform/db_name", "none"}, {"/platform/db_version", "1"}
    };
    static const char *const address[][2] = {
        {"given_names", "\xCD\xF1igo"}, {"surnames", "Mu\xF1oz G\xFC" "ell"}, {"company", ""},
        {"address_line_1", "C/ de la Concepci\xF3n 3, 1\xBA"}, {"address_line_2", ""}, {"postal_code", "28001"},
        {"city", "Madrid"}, {"country_code", "ES"}, {"mobile_phone", "612345678"}
    };
    static const char *const blocks[] = {"delivery_address", "invoice_address"};
    sq_client *client = NULL, *modern = NULL;
    sq_order *order = NULL;
    sq_buffer *json = NULL, *out = NULL;
    char path[300] = "orders/", legacy[1000] = "", message[1000] = "";
    uint32_t room = sizeof path - 7;
    size_t i, block;
    const char *received;

    CHECK(open_client(",\"text_encoding\":\"windows-1252\"", &client) == SQ_OK);
    CHECK(sq_order_new(client, &order) == SQ_OK);
    CHECK(sq_order_add_item(order, "product", "CA\xD1-7", "Ca\xF1" "a de pescar", 1, 7900, 7900) == SQ_OK);
    CHECK(sq_order_set_int(order, "/cart/order_total_with_tax", 7900) == SQ_OK);
    CHECK(sq_order_set_flag(order, "/cart/gift", 0) == SQ_OK);
    for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
        CHECK(sq_order_set_text(order, parts[i][0], parts[i][1]) == SQ_OK);
    for (block = 0; block < 2; block++)
        for (i = 0; i < sizeof address / sizeof address[0]; i++) {
            char pointer[100];

            sprintf(pointer, "/%s/%s", blocks[block], address[i][0]);
            CHECK(sq_order_set_text(order, pointer, address[i][1]) == SQ_OK);
        }
    CHECK(sq_order_json(order, &json) == SQ_OK);
    CHECK(sq_start_solicitation(client, sq_buffer_text(json), &out) == SQ_OK);
    CHECK(sq_buffer_get(out, "/order/uuid", path + 7, &room) == SQ_OK);
    received = control(path);
    CHECK(strstr(received, utf8("\"\xCD\xF1igo\"")) != NULL);
    CHECK(strstr(received, utf8("\"Mu\xF1oz G\xFC" "ell\"")) != NULL);
    CHECK(strstr(received, utf8("\"C/ de la Concepci\xF3n 3, 1\xBA\"")) != NULL);
    CHECK(strstr(received, utf8("\"CA\xD1-7\"")) != NULL);

    /* What the operator reads: the same words in another encoding. */
    CHECK(open_client("", &modern) == SQ_OK);
    operator_message(client, legacy);
    operator_message(modern, message);
    CHECK(strcmp(utf8(legacy), message) == 0);
    CHECK(strcmp(legacy, message) != 0);

    sq_client_close(modern);
    sq_client_close(client);
    sq_order_free(order);
    sq_buffer_free(json);
    sq_buffer_free(out);
    CHECK(sq_live_handles() == 0);
}

int main(void)
{
    closed_and_freed_twice_and_used_after();
    freed_in_any_order();
    closed_while_others_call();
    a_till_in_windows_1252();
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
