/*
 * The till's own database; see book.h.
 *
 * C89 can hand data to the operating system and no further. To have it on the disk takes one call
 * of the system, which is all that is not C89 here.
 */
#ifndef _WIN32
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif
#include <unistd.h>
#else
#include <io.h>
#endif

#include "book.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int to_disk(FILE *file)
{
    if (fflush(file) != 0)
        return 0;
#ifdef _WIN32
    return _commit(_fileno(file)) == 0;
#else
    return fsync(fileno(file)) == 0;
#endif
}

/*
 * A till that lost its power in the middle of a line leaves half a line. It must not run into the
 * next one: the half line then stands alone, and is passed over when the book is read.
 */
static int ends_in_half_a_line(const char *file)
{
    FILE *book = fopen(file, "rb");
    int half = 0;

    if (book != NULL) {
        if (fseek(book, -1L, SEEK_END) == 0)
            half = getc(book) != '\n';
        fclose(book);
    }
    return half;
}

int book_add(const char *file, const char *state, const char *ticket, const char *amount,
             const char *currency, const char *url)
{
    const char *before = ends_in_half_a_line(file) ? "\n" : "";
    FILE *book = fopen(file, "ab");
    time_t now = time(NULL);
    char when[sizeof "2025-03-01T17:20:03" + 8] = "-";
    int written;

    if (book == NULL)
        return 0;
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", localtime(&now));
    written = fprintf(book, "%s%-15s  %s  %s %s  %s  %s\n", before, state, ticket, amount, currency,
                      when, url) > 0
              && to_disk(book);
    return fclose(book) == 0 && written;
}

/* Cuts the next word off the line; NULL when there is none. */
static char *word(char **line)
{
    char *start = *line + strspn(*line, " ");
    size_t length = strcspn(start, " ");

    if (length == 0)
        return NULL;
    *line = start + length;
    return text_copy(start, length);
}

static void free_words(struct book_sale *sale)
{
    free(sale->state);
    free(sale->ticket);
    free(sale->amount);
    free(sale->currency);
    free(sale->time);
    free(sale->url);
}

int book_read(const char *file, struct book_sale **sales)
{
    FILE *book = fopen(file, "rb");
    struct book_sale **end = sales;
    char *line;
    int whole, read;

    *sales = NULL;
    if (book == NULL)
        return errno == ENOENT;
    while ((line = text_line(book, &whole)) != NULL) {
        struct book_sale sale, *known;
        char *rest = line;

        sale.state = word(&rest);
        sale.ticket = word(&rest);
        sale.amount = word(&rest);
        sale.currency = word(&rest);
        sale.time = word(&rest);
        sale.url = word(&rest);
        sale.next = NULL;
        free(line);
        if (!whole || sale.url == NULL) {
            free_words(&sale);
            continue;
        }
        known = book_find(*sales, sale.url);
        if (known != NULL) {
            sale.next = known->next;
            free_words(known);
            *known = sale;
        } else {
            *end = (struct book_sale *)text_memory(NULL, sizeof sale);
            **end = sale;
            end = &(*end)->next;
        }
    }
    read = !ferror(book);
    fclose(book);
    return read;
}

static const char *uuid_of(const char *url)
{
    const char *slash = strrchr(url, '/');

    return slash == NULL ? url : slash + 1;
}

struct book_sale *book_find(struct book_sale *sales, const char *url_or_uuid)
{
    int is_url = strchr(url_or_uuid, '/') != NULL;

    /* A whole URL must be the same whole URL: a uuid on somebody else's host is another order. */
    while (sales != NULL && strcmp(is_url ? sales->url : uuid_of(sales->url), url_or_uuid) != 0)
        sales = sales->next;
    return sales;
}

int book_is_open(const struct book_sale *sale)
{
    return strcmp(sale->state, "started") == 0 || strcmp(sale->state, "completed") == 0
           || strcmp(sale->state, "changing") == 0;
}

void book_free(struct book_sale *sales)
{
    while (sales != NULL) {
        struct book_sale *next = sales->next;

        free_words(sales);
        free(sales);
        sales = next;
    }
}
