/* first_sale CONFIG ORDER-AS-JSON TICKET: one sale, from the solicitation to the reference. */
#include <sequra_pos.h>
#include <stdio.h>

/* Shows the operator what came of a step, frees the result, and says whether the step was done. */
static int done(sq_status status, sq_buffer **out)
{
    char message[1000];
    uint32_t room = sizeof message;

    if (sq_buffer_get(*out, "/operator_message", message, &room) == SQ_OK)
        puts(message);
    if (status != SQ_OK)
        fprintf(stderr, "%s\n%s\n", sq_status_name(status), sq_buffer_text(*out));
    sq_buffer_free(*out);
    return status == SQ_OK;
}

static int sell(sq_client *till, const char *order, const char *ticket)
{
    sq_buffer *out = NULL;
    sq_status status = sq_start_solicitation(till, order, &out);
    char url[300] = "";
    uint32_t room = sizeof url;

    if (status == SQ_OK)
        status = sq_buffer_get(out, "/order/url", url, &room);      /* keep it with the sale */
    if (!done(status, &out))
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

int main(int argc, char **argv)
{
    sq_client *till = NULL;
    sq_buffer *out = NULL;
    int sold;

    if (argc != 4 || !done(sq_client_open_file(argv[1], &till, &out), &out))
        return 1;
    sold = sell(till, argv[2], argv[3]);
    sq_client_close(till);
    return sold ? 0 : 1;
}
