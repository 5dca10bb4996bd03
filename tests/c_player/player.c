/*
 * The player of C: see tests/bindings/README.md. Its binding is sequra_pos.h itself, so that a field of a
 * line goes to the library as it is.
 */
#include <sequra_pos.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES 100
#define FIELDS 9

static void *memory(void *old, size_t bytes)
{
    void *new_one = realloc(old, bytes);

    if (new_one == NULL)
        abort();
    return new_one;
}

/* ---- clients and orders, by their names ---------------------------------------------------------- */

struct named {
    char *name;
    void *handle;
};

/* Finds its place, or gives it one. */
static void **find(struct named *all, const char *name)
{
    size_t i;

    for (i = 0; all[i].name != NULL; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i].handle;
    if (i + 1 == NAMES)
        abort();
    all[i].name = (char *)memory(NULL, strlen(name) + 1);
    strcpy(all[i].name, name);
    return &all[i].handle;
}

static struct named clients[NAMES], orders[NAMES];

static sq_client *client(const char *name)
{
    return name == NULL ? NULL : (sq_client *)*find(clients, name);
}

/* ---- lines ---------------------------------------------------------------------------------------- */

/* The next line, without its end; to be freed. NULL at the end of the input. */
static char *read_line(void)
{
    static char piece[1 << 16];
    size_t length = 0;
    char *line = NULL;

    while (fgets(piece, sizeof piece, stdin) != NULL) {
        size_t more = strlen(piece);

        line = (char *)memory(line, length + more + 1);
        memcpy(line + length, piece, more + 1);
        length += more;
        if (line[length - 1] == '\n') {
            line[length - 1] = '\0';
            return line;
        }
    }
    free(line);
    return NULL;
}

/* Takes the escapes out, in place; NULL for \N. */
static char *plain(char *field)
{
    char *from, *to = field;

    if (strcmp(field, "\\N") == 0)
        return NULL;
    for (from = field; *from; from++) {
        if (*from == '\\') {
            from++;
            *to++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return field;
}

static void answer(sq_status status, const char *text)
{
    printf("%ld\t%s\t", (long)status, status == SQ_OK ? "-" : sq_status_name(status));
    for (; *text; text++)
        switch (*text) {
        case '\\': fputs("\\\\", stdout); break;
        case '\t': fputs("\\t", stdout); break;
        case '\n': fputs("\\n", stdout); break;
        case '\r': fputs("\\r", stdout); break;
        default: putchar(*text);
        }
    putchar('\n');
    fflush(stdout);
}

/* Of what gives no result. */
static void answer_status(sq_status status)
{
    answer(status, status == SQ_OK ? "" : sq_status_name(status));
}

static int64_t number(const char *digits)
{
    int64_t value = 0;
    int negative = *digits == '-';

    /* What C89 has for it is of 32 bits on some machines. */
    for (digits += negative; *digits >= '0' && *digits <= '9'; digits++)
        value = value * 10 + (negative ? -1 : 1) * (*digits - '0');
    return value;
}

/* ---- calls ---------------------------------------------------------------------------------------- */

/* The last result, of open, open_file and call. */
static sq_buffer *result;

static sq_buffer **new_result(void)
{
    sq_buffer_free(result);
    result = NULL;
    return &result;
}

/* What of the functions that take a client and give a result is alike. */
static const struct call {
    const char *name;
    sq_status (SQ_CALL *with_none)(sq_client *, sq_buffer **);
    sq_status (SQ_CALL *with_one)(sq_client *, const char *, sq_buffer **);
    sq_status (SQ_CALL *with_two)(sq_client *, const char *, const char *, sq_buffer **);
    sq_status (SQ_CALL *with_three)(sq_client *, const char *, const char *, const char *, sq_buffer **);
} calls[] = {
    {"check_credentials", sq_check_credentials, NULL, NULL, NULL},
    {"self_test", sq_self_test, NULL, NULL, NULL},
    {"payment_methods", NULL, sq_payment_methods, NULL, NULL},
    {"check_order", NULL, sq_check_order, NULL, NULL},
    {"start_solicitation", NULL, sq_start_solicitation, NULL, NULL},
    {"send_form", NULL, NULL, NULL, sq_send_form},
    {"hold", NULL, NULL, sq_hold, NULL},
    {"confirm", NULL, NULL, sq_confirm, NULL},
    {"set_order_ref", NULL, NULL, NULL, sq_set_order_ref},
    {"abandon", NULL, sq_abandon, NULL, NULL},
    {"resolve", NULL, NULL, NULL, sq_resolve},
    {"order_info", NULL, sq_order_info, NULL, NULL},
    {"update_order", NULL, NULL, sq_update_order, NULL},
    {"ship", NULL, NULL, sq_ship, NULL},
    {"refund", NULL, NULL, sq_refund, NULL},
    {"cancel", NULL, NULL, sq_cancel, NULL},
    {"hand_over", NULL, sq_hand_over, NULL, NULL},
    {"take_over", NULL, sq_take_over, NULL, NULL},
    {"send_delivery_report", NULL, sq_send_delivery_report, NULL, NULL},
    {"disbursements", NULL, sq_disbursements, NULL, NULL},
    {"pending", sq_pending, NULL, NULL, NULL},
    {"day", NULL, NULL, sq_day, NULL},
    {"recover", NULL, sq_recover, NULL, NULL},
    {"reconcile", sq_reconcile, NULL, NULL, NULL},
    {"log", NULL, sq_log, NULL, NULL},
    {"echo", NULL, sq_echo, NULL, NULL}
};

static sq_status call(sq_client *of, const char *function, char **arguments)
{
    size_t i;

    if (strcmp(function, "log_dismiss") == 0)
        return sq_log_dismiss(of, number(arguments[0]), new_result());
    if (strcmp(function, "receipt") == 0)
        return sq_receipt(of, arguments[0], (int32_t)number(arguments[1]), new_result());
    if (strcmp(function, "credit_agreements") == 0)
        return sq_credit_agreements(of, arguments[0], number(arguments[1]), arguments[2], new_result());
    if (strcmp(function, "send_form_by") == 0)
        return sq_send_form_by(of, arguments[0], arguments[1], arguments[2], arguments[3], new_result());
    for (i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        const struct call *one = &calls[i];

        if (strcmp(one->name, function) != 0)
            continue;
        if (one->with_none != NULL)
            return one->with_none(of, new_result());
        if (one->with_one != NULL)
            return one->with_one(of, arguments[0], new_result());
        if (one->with_two != NULL)
            return one->with_two(of, arguments[0], arguments[1], new_result());
        return one->with_three(of, arguments[0], arguments[1], arguments[2], new_result());
    }
    fprintf(stderr, "no such function: %s\n", function);
    exit(1);
}

static void value(const char *pointer)
{
    uint32_t bytes = 0;
    sq_status status = sq_buffer_get(result, pointer, NULL, &bytes);
    char *room;

    if (status != SQ_BUFFER_TOO_SMALL) {
        answer_status(status);
        return;
    }
    room = (char *)memory(NULL, bytes);
    status = sq_buffer_get(result, pointer, room, &bytes);
    answer(status, status == SQ_OK ? room : sq_status_name(status));
    free(room);
}

static void library(const char *function, const char *argument)
{
    char digits[3 * sizeof(long) + 2];

    if (strcmp(function, "version") == 0) {
        answer(SQ_OK, sq_version());
    } else if (strcmp(function, "build_info") == 0) {
        answer(SQ_OK, sq_build_info());
    } else if (strcmp(function, "status_name") == 0) {
        answer(SQ_OK, sq_status_name((sq_status)number(argument)));
    } else {
        if (strcmp(function, "status_class") == 0) {
            sprintf(digits, "%ld", (long)sq_status_class((sq_status)number(argument)));
        } else if (strcmp(function, "abi_version") == 0) {
            sprintf(digits, "%ld", (long)sq_abi_version());
        } else {
            new_result();
            sprintf(digits, "%ld", (long)sq_live_handles());
        }
        answer(SQ_OK, digits);
    }
}

static void order_json(sq_order *order)
{
    sq_buffer *json = NULL;
    sq_status status = sq_order_json(order, &json);

    answer(status, sq_buffer_text(json));
    sq_buffer_free(json);
}

static void play(char **field)
{
    const char *verb = field[0], *name = field[1];

    if (strcmp(verb, "open") == 0 || strcmp(verb, "open_file") == 0) {
        sq_client *opened = NULL;
        sq_status status = strcmp(verb, "open") == 0 ? sq_client_open(field[2], &opened, new_result())
                                                     : sq_client_open_file(field[2], &opened, new_result());

        *find(clients, name) = opened;
        answer(status, sq_buffer_text(result));
    } else if (strcmp(verb, "call") == 0) {
        sq_status status = call(client(name), field[2], field + 3);

        answer(status, sq_buffer_text(result));
    } else if (strcmp(verb, "close") == 0) {
        answer_status(sq_client_close(client(name)));
    } else if (strcmp(verb, "value") == 0) {
        value(name);
    } else if (strcmp(verb, "library") == 0) {
        library(name, field[2]);
    } else if (strcmp(verb, "order_new") == 0) {
        sq_order *order = NULL;
        sq_status status = sq_order_new(client(field[2]), &order);

        *find(orders, name) = order;
        answer_status(status);
    } else {
        sq_order *order = (sq_order *)*find(orders, name);

        if (strcmp(verb, "order_set_text") == 0) {
            answer_status(sq_order_set_text(order, field[2], field[3]));
        } else if (strcmp(verb, "order_set_int") == 0) {
            answer_status(sq_order_set_int(order, field[2], number(field[3])));
        } else if (strcmp(verb, "order_set_flag") == 0) {
            answer_status(sq_order_set_flag(order, field[2], (int32_t)number(field[3])));
        } else if (strcmp(verb, "order_add_item") == 0) {
            answer_status(sq_order_add_item(order, field[2], field[3], field[4], number(field[5]), number(field[6]),
                                            number(field[7])));
        } else if (strcmp(verb, "order_add_measured") == 0) {
            answer_status(sq_order_add_measured(order, field[2], field[3], field[4], field[5], field[6],
                                                number(field[7])));
        } else if (strcmp(verb, "order_json") == 0) {
            order_json(order);
        } else if (strcmp(verb, "order_free") == 0) {
            sq_order_free(order);
            answer_status(SQ_OK);
        } else {
            fprintf(stderr, "no such request: %s\n", verb);
            exit(1);
        }
    }
}

int main(void)
{
    char *line;

    puts("ready\tc\tbytes");
    fflush(stdout);
    while ((line = read_line()) != NULL && strcmp(line, "quit") != 0) {
        char *fields[FIELDS] = {NULL};
        char *rest = line;
        int count = 0;

        while (rest != NULL && count + 1 < FIELDS) {
            char *field = rest;

            rest = strchr(rest, '\t');
            if (rest != NULL)
                *rest++ = '\0';
            fields[count++] = plain(field);
        }
        play(fields);
        free(line);
    }
    free(line);
    sq_buffer_free(result);
    return 0;
}
