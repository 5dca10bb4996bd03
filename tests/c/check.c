#include "check.h"
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIRS 1024

sq_buffer *answer = NULL;

static int failures = 0;
static sq_status last_status = 0;
static int delphi = 0;
static unsigned long control = 0;

void check_that(int holds, const char *file, int line, const char *what)
{
    check_case(holds, file, line, what, NULL);
}

void check_case(int holds, const char *file, int line, const char *what, const char *which)
{
    if (holds)
        return;
    failures++;
    fprintf(stderr, "%s:%d: %s", file, line, what);
    if (which != NULL)
        fprintf(stderr, " [%.100s]", which);
    fputc('\n', stderr);
}

/* Tells the test of a pair once. */
static void seen(const char *function, sq_status status)
{
    static const char *functions[PAIRS];
    static sq_status statuses[PAIRS];
    static int count = 0;
    int i;

    for (i = 0; i < count; i++)
        if (statuses[i] == status && strcmp(functions[i], function) == 0)
            return;
    if (count < PAIRS) {
        functions[count] = function;
        statuses[count++] = status;
    }
    printf("returned %s %s\n", function, sq_status_name(status));
    fflush(stdout);
}

int status_is(const char *file, int line, const char *function, const char *arguments,
              sq_status got, sq_status wanted)
{
    last_status = got;
    if (delphi && floating_point_control() != control) {
        failures++;
        fprintf(stderr, "%s:%d: %s left the control words of floating point as %lx, not %lx\n", file,
                line, function, floating_point_control(), control);
        control = floating_point_control();
    }
    seen(function, got);
    if (got == wanted)
        return 1;
    failures++;
    fprintf(stderr, "%s:%d: %s%.100s: %s, not %s\n", file, line, function, arguments,
            sq_status_name(got), sq_status_name(wanted));
    if (answer != NULL)
        fprintf(stderr, "    %.1000s\n", sq_buffer_text(answer));
    return 0;
}

void before_answer(void)
{
    sq_buffer_free(answer);
    /* Whatever is there must be overwritten. */
    answer = NULL;
    memset(&answer, 0x5a, sizeof answer);
}

void after_answer(const char *file, int line, const char *function)
{
    char code[16];

    check_case(answer != NULL && sq_buffer_len(answer) > 0, file, line, "*out has a buffer", function);
    if (sq_buffer_len(answer) == 0) {
        answer = NULL;
        return;
    }
    check_case(strlen(sq_buffer_text(answer)) == sq_buffer_len(answer), file, line,
               "sq_buffer_len is the text's length", function);
    sprintf(code, "%ld", (long)last_status);
    value_is(file, line, "/code", code);
    value_is(file, line, "/status", sq_status_name(last_status));
    value_is(file, line, "/operation", function + strlen("sq_"));
    check_case(last_status == SQ_OK || value("/errors/0/code")[0] != '\0', file, line,
               "a failure says why in /errors", function);
    check_case(last_status == SQ_OK || value("/operator_message")[0] != '\0', file, line,
               "a failure has an operator message", function);
}

void drop_answer(void)
{
    sq_buffer_free(answer);
    answer = NULL;
}

const char *value(const char *pointer)
{
    static char text[ROOM];

    copy_value(text, sizeof text, pointer);
    return text;
}

void copy_value(char *dst, uint32_t room, const char *pointer)
{
    if (sq_buffer_get(answer, pointer, dst, &room) != SQ_OK)
        dst[0] = '\0';
}

void value_is(const char *file, int line, const char *pointer, const char *wanted)
{
    const char *got = value(pointer);

    if (strcmp(got, wanted) == 0)
        return;
    failures++;
    fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n    %.2000s\n", file, line, pointer, got,
            wanted, sq_buffer_text(answer));
}

void tell(const char *word, const char *text)
{
    printf("%s %s\n", word, text);
    fflush(stdout);
}

const char *ask(const char *command, const char *argument)
{
    static char reply[16 * ROOM];

    printf("%s%s%s\n", command, argument[0] == '\0' ? "" : " ", argument);
    fflush(stdout);
    if (fgets(reply, sizeof reply, stdin) == NULL || strncmp(reply, "ok", 2) != 0) {
        fprintf(stderr, "the test does not know \"%s %s\"\n", command, argument);
        exit(2);
    }
    reply[strcspn(reply, "\n")] = '\0';
    return reply[2] == ' ' ? reply + 3 : reply + 2;
}

void like_delphi(void)
{
    unmask_floating_point();
    control = floating_point_control();
    delphi = 1;
}

int finish(void)
{
    drop_answer();
    CHECK(sq_live_handles() == 0);
    return failures == 0 ? 0 : 1;
}

void write_config(char *dst, const char *base_url, const char *folder, const char *journal,
                  const char *more)
{
    sprintf(dst,
            "{\"base_url\":\"%s\",\"account_key\":\"sandbox_key\",\"account_secret\":"
            "\"sandbox_secret\",\"merchant_id\":\"shop_es\",\"journal\":\"%s%s%s\","
            "\"proxy\":\"none\",\"timeouts\":{\"connect_ms\":10000,\"total_ms\":30000}%s}",
            base_url, folder, folder[0] == '\0' ? "" : "/", journal, more);
}

void write_order(char *dst, const char *order_ref_1, const char *item)
{
    static const char address[] =
        "{\"given_names\":\"Jos\\u00e9\",\"surnames\":\"Mu\\u00f1oz Ib\\u00e1\\u00f1ez\","
        "\"company\":\"\",\"address_line_1\":\"C/ Mayor 1\",\"address_line_2\":\"\","
        "\"postal_code\":\"28001\",\"city\":\"Madrid\",\"country_code\":\"ES\","
        "\"mobile_phone\":\"+34 612 345 678\"}";

    dst += sprintf(dst, "{\"order\":{");
    if (order_ref_1 != NULL)
        dst += sprintf(dst, "\"merchant_reference\":{\"order_ref_1\":\"%s\"},", order_ref_1);
    dst += sprintf(dst,
                   "\"cart\":{\"currency\":\"EUR\",\"gift\":false,\"order_total_with_tax\":5097,"
                   "\"items\":[{\"type\":\"product\",\"reference\":\"%s\",\"name\":\"Camisa\","
                   "\"price_with_tax\":3000,\"quantity\":2,\"total_with_tax\":6000,"
                   "\"downloadable\":false},",
                   item);
    dst += sprintf(dst, "{\"type\":\"handling\",\"reference\":\"H1\",\"name\":\"Env\\u00edo\","
                        "\"total_with_tax\":597},{\"type\":\"discount\",\"reference\":\"D1\","
                        "\"name\":\"Rebaja\",\"total_with_tax\":-1500}]},");
    dst += sprintf(dst, "\"delivery_method\":{\"name\":\"Recogida en tienda\"},"
                        "\"delivery_address\":%s,\"invoice_address\":%s,", address, address);
    dst += sprintf(dst, "\"customer\":{\"given_names\":\"Jos\\u00e9\",\"surnames\":"
                        "\"Mu\\u00f1oz Ib\\u00e1\\u00f1ez\",\"email\":\"jose@example.es\","
                        "\"logged_in\":\"unknown\",\"language_code\":\"es-ES\","
                        "\"ip_number\":\"127.0.0.1\",\"user_agent\":null},");
    sprintf(dst, "\"gui\":{\"layout\":\"desktop\"},\"platform\":{\"name\":\"till\","
                 "\"version\":\"1\",\"uname\":\"linux\",\"db_name\":\"none\","
                 "\"db_version\":\"0\"}}}");
}
