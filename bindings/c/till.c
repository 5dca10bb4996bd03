/*
 * A till that reads the order from a JSON file. It needs no JSON library: the order goes to seQura
 * as it is, and results are read with sq_buffer_get. See sale.h for its exit status, README.md for
 * how to compile and use it.
 *
 *     till CONFIG ORDER.json [--ref R-100] ...
 */
#include "program.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Behind the brace that opens the order: "{", or "{ "order": {". NULL if there is none. */
static const char *inside_order(const char *text)
{
    static const char space[] = " \t\r\n";
    const char *first, *at;

    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;      /* the byte order mark that some editors write */
    text += strspn(text, space);
    if (*text != '{')
        return NULL;
    first = text + 1;
    at = first + strspn(first, space);
    if (strncmp(at, "\"order\"", 7) != 0)
        return first;
    at += 7;
    at += strspn(at, space);
    if (*at != ':')
        return NULL;
    at++;
    at += strspn(at, space);
    return *at == '{' ? at + 1 : NULL;
}

static char *order_from_file(const char *path, const char *order_ref_1)
{
    char *text = text_file(path);
    const char *inside;
    char *head, *reference, *whole;

    if (text == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        return NULL;
    }
    if (order_ref_1 == NULL)
        return text;

    /* The one place where this till writes JSON itself; the ticket number has nothing to escape. */
    inside = inside_order(text);
    if (inside == NULL) {
        fprintf(stderr, "%s does not begin like an order\n", path);
        free(text);
        return NULL;
    }
    head = text_copy(text, (size_t)(inside - text));
    reference = text_join("\"merchant_reference\":{\"order_ref_1\":\"", order_ref_1, "\"},");
    whole = text_join(head, reference, inside);
    free(head);
    free(reference);
    free(text);
    return whole;
}

int main(int argc, char **argv)
{
    return program_run(argc, argv, order_from_file, 1);
}
