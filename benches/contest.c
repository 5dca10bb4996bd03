/*
 * The same work by several contestants, in turns, so that what else the machine does meets all of them alike.
 *
 *     contest URL FIRST WARM ROUNDS [KIND CALLS PLACE ORDER]...
 *
 * URL is where seQura's part is played. In each round every contestant does its CALLS ("start,form,confirm"), the
 * first WARM rounds without being measured:
 *
 *     KIND      CALLS                                            PLACE
 *     library   those of `library_calls` below                   a file with the configuration
 *     bare      put, settle, open: see bare.c                    its book; "-": none
 *     floor     put: see floor/                                  libfloor.so
 *
 * ORDER is a file. Thirteen zeros in it become a number that no other sale has: FIRST and what follows.
 *
 * Prints "CONTESTANT CALL NANOSECONDS" for each call that was measured. Under callgrind each of them is a dump of its
 * own, titled "CONTESTANT CALL", and nothing else is collected. Under tests/power/record.c each call, those before too,
 * ends with a line in the book.
 */
#define _GNU_SOURCE
#include "bare.h"
#include "sequra_pos.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#define MOST 16
#define NUMBER "0000000000000"

typedef struct contestant contestant;

struct contestant {
    const char *calls, *place;
    /* Opens, does one of the calls by its name, and closes. */
    int (*ready)(contestant *);
    int (*call)(contestant *, const char *name);
    char *configuration, *order, *url, reference[32];
    sq_client *client;
    sq_buffer *out;
    bare *bare;
    void *floor;
    int (*floor_put)(void *, const char *url, const char *order_json);
    int index;
};

static const char *address;
static int book = -1;
static int measuring;
static struct timespec began;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "contest: %s: %s\n", what, why);
    exit(1);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;
    char *text;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
        fail(path, "cannot be read");
    rewind(file);
    text = (char *)calloc((size_t)size + 1, 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size)
        fail(path, "cannot be read");
    fclose(file);
    return text;
}

/* ---- what is measured ---- */

static void begin(void)
{
    if (measuring)
        CALLGRIND_TOGGLE_COLLECT;
    clock_gettime(CLOCK_MONOTONIC, &began);
}

static void end(const contestant *one, const char *name)
{
    struct timespec ended;
    char title[64];
    int length;

    clock_gettime(CLOCK_MONOTONIC, &ended);
    if (measuring)
        CALLGRIND_TOGGLE_COLLECT;
    length = snprintf(title, sizeof title, "%d %s\n", one->index, name);
    if (book >= 0 && write(book, title, (size_t)length) != length)
        fail("the book", "cannot be written");
    if (!measuring)
        return;
    title[length - 1] = '\0';
    CALLGRIND_DUMP_STATS_AT(title);
    printf("%s %lld\n", title,
           (ended.tv_sec - began.tv_sec) * 1000000000LL + (ended.tv_nsec - began.tv_nsec));
}

/* ---- the library ---- */

static sq_status start(contestant *one)
{
    sq_status status = sq_start_solicitation(one->client, one->order, &one->out);
    char url[300];
    uint32_t room = sizeof url;

    if (status == SQ_OK && sq_buffer_get(one->out, "/order/url", url, &room) == SQ_OK) {
        free(one->url);
        one->url = strdup(url);
    }
    return status;
}

static sq_status form(contestant *one)
{
    return sq_send_form(one->client, one->url, "pp3", NULL, &one->out);
}

static sq_status confirm(contestant *one)
{
    return sq_confirm(one->client, one->url, one->order, &one->out);
}

/* The order is not given again: the journal has it. */
static sq_status confirm_kept(contestant *one)
{
    return sq_confirm(one->client, one->url, NULL, &one->out);
}

static sq_status set_reference(contestant *one)
{
    return sq_set_order_ref(one->client, one->url, one->reference, NULL, &one->out);
}

static sq_status pending(contestant *one)
{
    return sq_pending(one->client, &one->out);
}

static sq_status info(contestant *one)
{
    return sq_order_info(one->client, one->url, &one->out);
}

static sq_status ship(contestant *one)
{
    return sq_ship(one->client, one->reference, NULL, &one->out);
}

static sq_status report(contestant *one)
{
    return sq_send_delivery_report(one->client, NULL, &one->out);
}

static sq_status transaction_log(contestant *one)
{
    return sq_log(one->client, NULL, &one->out);
}

static sq_status reconcile(contestant *one)
{
    return sq_reconcile(one->client, &one->out);
}

static sq_status open_client(contestant *one)
{
    return sq_client_open(one->configuration, &one->client, &one->out);
}

static const struct {
    const char *name;
    sq_status (*call)(contestant *);
} library_calls[] = {
    {"open", open_client}, {"start", start}, {"form", form}, {"confirm", confirm}, {"confirm_kept", confirm_kept},
    /* The same question again is answered from the journal. */
    {"again", confirm}, {"pending", pending}, {"info", info}, {"reference", set_reference}, {"ship", ship},
    {"report", report}, {"log", transaction_log}, {"reconcile", reconcile},
};

static int library_ready(contestant *one)
{
    one->configuration = read_file(one->place);
    return strcmp(one->calls, "open") == 0 || open_client(one) == SQ_OK;
}

static int library_call(contestant *one, const char *name)
{
    size_t i = 0;
    sq_status status;

    while (strcmp(library_calls[i].name, name) != 0)
        if (++i == sizeof library_calls / sizeof *library_calls)
            fail(name, "the library has no such call");
    begin();
    status = library_calls[i].call(one);
    if (status != SQ_OK)
        fail(name, sq_buffer_text(one->out));
    sq_buffer_free(one->out);
    end(one, name);
    return strcmp(name, "open") != 0 || sq_client_close(one->client) == SQ_OK;
}

/* ---- what it is measured against ---- */

static int bare_ready(contestant *one)
{
    /* Opening is of a file that is there, whoever made it. */
    if (strcmp(one->calls, "open") == 0)
        return 1;
    one->bare = bare_new(strcmp(one->place, "-") == 0 ? NULL : one->place);
    return one->bare != NULL;
}

static int bare_call(contestant *one, const char *name)
{
    int done;

    if (strcmp(name, "open") == 0) {
        /* What made the book holds it no longer. */
        bare_free(one->bare);
        begin();
        one->bare = bare_open(one->place);
        end(one, name);
        return one->bare != NULL;
    }
    begin();
    if (strcmp(name, "settle") == 0)
        done = bare_settle(one->bare, one->url, one->order);
    else
        done = bare_put(one->bare, one->url, one->order);
    end(one, name);
    return done;
}

static int floor_ready(contestant *one)
{
    void *library = dlopen(one->place, RTLD_NOW);
    void *(*make)(void) = NULL;

    if (library == NULL)
        fail(one->place, dlerror());
    *(void **)&make = dlsym(library, "floor_new");
    *(void **)&one->floor_put = dlsym(library, "floor_put");
    if (make == NULL || one->floor_put == NULL)
        fail(one->place, "lacks a function");
    one->floor = make();
    return 1;
}

static int floor_call(contestant *one, const char *name)
{
    int done;

    begin();
    done = one->floor_put(one->floor, one->url, one->order);
    end(one, name);
    return done;
}

/* ---- the contest ---- */

static const struct {
    const char *name;
    int (*ready)(contestant *);
    int (*call)(contestant *, const char *name);
} kinds[] = {
    {"library", library_ready, library_call}, {"bare", bare_ready, bare_call}, {"floor", floor_ready, floor_call},
};

static void enter(contestant *one, int index, char **words)
{
    size_t i = 0;

    while (strcmp(kinds[i].name, words[0]) != 0)
        if (++i == sizeof kinds / sizeof *kinds)
            fail(words[0], "no such contestant");
    one->index = index;
    one->calls = words[1];
    one->place = words[2];
    one->order = read_file(words[3]);
    one->call = kinds[i].call;
    one->ready = kinds[i].ready;
    if (!one->ready(one))
        fail(words[0], one->out == NULL ? "is not ready" : sq_buffer_text(one->out));
    sq_buffer_free(one->out);
}

/* A sale like no other. Where the last one's number stood, this one's will. */
static void renumber(contestant *one, long long number)
{
    static char last[MOST][sizeof NUMBER];
    const char *old = last[one->index][0] == '\0' ? NUMBER : last[one->index];
    char new[32];
    char *at = one->order;

    snprintf(new, sizeof new, "%013lld", number);
    while ((at = strstr(at, old)) != NULL)
        memcpy(at, new, strlen(NUMBER));
    memcpy(last[one->index], new, sizeof NUMBER);
    snprintf(one->reference, sizeof one->reference, "R%013lld", number);
    free(one->url);
    /* seQura's name of the order, for those who do not ask for one. */
    if (asprintf(&one->url, "%s/orders/00000000-0000-4000-8000-%s", address, new + 1) < 0)
        fail("an address", "no memory");
}

static void play(contestant *one)
{
    char *calls = strdup(one->calls), *rest = calls;
    const char *name;

    while ((name = strsep(&rest, ",")) != NULL)
        if (!one->call(one, name))
            fail(name, "did not go well");
    free(calls);
}

int main(int argc, char **argv)
{
    static contestant all[MOST];
    int many = (argc - 5) / 4, round, i;
    long long number;
    int warm, rounds;

    if (argc < 9 || (argc - 5) % 4 != 0 || many > MOST)
        fail("usage", "contest URL FIRST WARM ROUNDS [KIND CALLS PLACE ORDER]...");
    address = argv[1];
    number = atoll(argv[2]);
    warm = atoi(argv[3]);
    rounds = atoi(argv[4]);
    if (getenv("SEQURA_POWER_BOOK") != NULL)
        book = open(getenv("SEQURA_POWER_BOOK"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (i = 0; i < many; i++)
        enter(&all[i], i, argv + 5 + 4 * i);
    for (round = 0; round < warm + rounds; round++) {
        if (round == warm) {
            CALLGRIND_START_INSTRUMENTATION;
            measuring = 1;
        }
        /* Nobody is always the one after a certain other. */
        for (i = 0; i < many; i++) {
            contestant *one = &all[(round + i) % many];

            renumber(one, number++);
            play(one);
        }
    }
    for (i = 0; i < many; i++) {
        sq_client_close(all[i].client);
        bare_free(all[i].bare);
    }
    return 0;
}
