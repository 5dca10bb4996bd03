/* first_sale CONFIG ORDER.json TICKET: one sale, from the solicitation to the reference. Run again with the
   same ticket number, it says how that sale stands. What else a till has to do, till.c does. */
#include <sequra_pos.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value of a result as text; "" where there is none. */
static const char *value(const sq_buffer *out, const char *place)
{
    static char text[4000];
    uint32_t room = sizeof text;

    if (sq_buffer_get(out, place, text, &room) != SQ_OK || strcmp(text, "null") == 0)
        text[0] = '\0';
    return text;
}

/* Every problem, with its place in the order or in the configuration. */
static void show_problems(const sq_buffer *out)
{
    static const char *const parts[] = {"code", "pointer", "message"};
    char place[60];
    int i, part;

    for (i = 0; sprintf(place, "/errors/%d/code", i) && *value(out, place); i++) {
        for (part = 0; part < 3; part++) {
            sprintf(place, "/errors/%d/%s", i, parts[part]);
            fprintf(stderr, "%s%s", part == 1 ? " at " : part == 2 ? ": " : "", value(out, place));
        }
        fputs("\n", stderr);
    }
}

/* Shows the operator what came of a step, frees the result, and says whether the step was done. */
static int done(sq_status status, sq_buffer **out)
{
    puts(value(*out, "/operator_message"));
    if (status != SQ_OK) {
        fprintf(stderr, "%s\n", sq_status_name(status));
        show_problems(*out);
    }
    sq_buffer_free(*out);
    return status == SQ_OK;
}

static int sell(sq_client *till, const char *order, const char *ticket)
{
    sq_buffer *out = NULL;
    sq_status status = sq_start_solicitation(till, order, &out);
    char url[300];

    strcpy(url, strlen(value(out, "/order/url")) < sizeof url ? value(out, "/order/url") : "");
    if (!done(status, &out))            /* url: keep it with the sale */
        return 0;
    if (!done(sq_send_form(till, url, "pp3", NULL, &out), &out))
        return 0;
    puts("Approved on the shopper's phone? Then press Enter.");
    if (getchar() == EOF)
        return 0;
    if (!done(sq_confirm(till, url, order, &out), &out))
        return 0;                       /* not sold: do not complete the sale, do not hand over */
    printf("%s is completed in the till's own books.\n", ticket);
    return done(sq_set_order_ref(till, url, ticket, NULL, &out), &out);       /* now hand over */
}

/* How the sale of a ticket number stands that an earlier run has given to seQura; 0: there is none. */
static int was_sold(sq_client *till, const char *ticket, int *is_settled)
{
    sq_buffer *out = NULL;
    sq_status status = sq_recover(till, ticket, &out);

    *is_settled = strcmp(value(out, "/order/state"), "settled") == 0;
    if (status == SQ_UNKNOWN_ORDER) {
        sq_buffer_free(out);
        return 0;
    }
    done(status, &out);
    return 1;
}

/* All that is in a file; NULL where it cannot be read. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long length = file != NULL && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *text = length >= 0 ? (char *)calloc(1, (size_t)length + 1) : NULL;

    if (text != NULL && (fseek(file, 0, SEEK_SET) != 0 || fread(text, 1, (size_t)length, file) != (size_t)length)) {
        free(text);
        text = NULL;
    }
    if (file != NULL)
        fclose(file);
    return text;
}

int main(int argc, char **argv)
{
    sq_client *till = NULL;
    sq_buffer *out = NULL;
    char *order;
    int sold = 0;

    if (argc != 4) {
        fputs("usage: first_sale CONFIG ORDER.json TICKET\n", stderr);
        return 1;
    }
    order = read_file(argv[2]);
    if (order == NULL)
        fprintf(stderr, "cannot read %s\n", argv[2]);
    else if (done(sq_client_open_file(argv[1], &till, &out), &out) && !was_sold(till, argv[3], &sold))
        sold = sell(till, order, argv[3]);
    sq_client_close(till);
    free(order);
    return sold ? 0 : 1;
}
