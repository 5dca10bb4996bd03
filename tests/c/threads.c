/*
 * One client, many threads: different orders at once, the same order at once, buffers freed by
 * whoever comes first, and a client that is closed under the feet of its calls.
 *
 * Arguments: the simulator's URL, a folder for journals, "fast" where time may be measured. The
 * simulator confirms without approval.
 */

#include "check.h"
#include "system.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS 8
#define SALES 3
#define ROUNDS 200

static sq_client *client;
static char shared_url[512];

/* check.c counts without a lock: threads fill in what they saw, main judges. */
struct work {
    int number;
    int failures;
    sq_status first_bad;
    int line;
};

#define EXPECT(condition, status) \
    do { \
        if (!(condition)) { \
            work->failures++; \
            work->first_bad = (status); \
            work->line = __LINE__; \
        } \
    } while (0)

/* Buffers on their way to the thread that frees them. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sq_buffer *handed_over[4096];
static int waiting;
static int all_done;

static void hand_over(sq_buffer *buffer)
{
    pthread_mutex_lock(&lock);
    if (waiting < (int)(sizeof handed_over / sizeof handed_over[0]))
        handed_over[waiting++] = buffer;
    else
        sq_buffer_free(buffer);
    pthread_mutex_unlock(&lock);
}

static void *free_them(void *unused)
{
    int done;

    (void)unused;
    do {
        sq_buffer *buffer = NULL;

        pthread_mutex_lock(&lock);
        if (waiting > 0)
            buffer = handed_over[--waiting];
        done = all_done && buffer == NULL;
        pthread_mutex_unlock(&lock);
        if (buffer != NULL)
            sq_buffer_free(buffer);
        else
            sleep_briefly();
    } while (!done);
    return NULL;
}

static int is(sq_buffer *buffer, const char *pointer, const char *wanted)
{
    char text[200];
    uint32_t room = sizeof text;

    return sq_buffer_get(buffer, pointer, text, &room) == SQ_OK && strcmp(text, wanted) == 0;
}

/* Whole sales of one's own. */
static void *sell(void *argument)
{
    struct work *work = argument;
    char *order = malloc(ROOM);
    int i;

    for (i = 0; i < SALES; i++) {
        sq_buffer *out = NULL;
        char url[512];
        char name[40];
        uint32_t room = sizeof url;
        sq_status status;

        sprintf(name, "T-%d-%d", work->number, i);
        write_order(order, i % 2 == 0 ? NULL : name, name);
        status = sq_start_solicitation(client, order, &out);
        EXPECT(status == SQ_OK, status);
        status = sq_buffer_get(out, "/order/url", url, &room);
        EXPECT(status == SQ_OK, status);
        hand_over(out);
        if (status != SQ_OK)
            break;
        status = sq_confirm(client, url, NULL, &out);
        EXPECT(status == SQ_OK, status);
        hand_over(out);
        status = sq_set_order_ref(client, url, name, NULL, &out);
        EXPECT(status == SQ_OK, status);
        EXPECT(is(out, "/order/state", "settled"), status);
        EXPECT(is(out, "/order/order_ref_1", name), status);
        hand_over(out);
    }
    free(order);
    return NULL;
}

/* Everybody confirms the same order and registers the same reference. */
static void *sell_the_same(void *argument)
{
    struct work *work = argument;
    sq_buffer *out = NULL;
    sq_status status;

    status = sq_confirm(client, shared_url, NULL, &out);
    EXPECT(status == SQ_OK, status);
    EXPECT(is(out, "/order/state", "confirmed") || is(out, "/order/state", "referencing")
               || is(out, "/order/state", "settled"),
           status);
    hand_over(out);
    status = sq_set_order_ref(client, shared_url, "T-SHARED", NULL, &out);
    EXPECT(status == SQ_OK, status);
    EXPECT(is(out, "/order/state", "settled"), status);
    hand_over(out);
    return NULL;
}

static sq_buffer *contested;
static sq_order *contested_order;

/* Reads what another thread frees: a value or SQ_INVALID_HANDLE, nothing else. */
static void *contest(void *argument)
{
    struct work *work = argument;
    int i;

    for (i = 0; i < ROUNDS; i++) {
        sq_buffer *mine = NULL;
        sq_buffer *json = NULL;
        char text[64];
        uint32_t room = sizeof text;
        sq_status status = sq_buffer_get(contested, "/data/text", text, &room);

        EXPECT(status == SQ_OK || status == SQ_INVALID_HANDLE, status);
        EXPECT(status != SQ_OK || strcmp(text, "contested") == 0, status);
        (void)sq_buffer_len(contested);
        (void)sq_buffer_text(contested);

        status = sq_order_set_int(contested_order, "/cart/order_total_with_tax", i);
        EXPECT(status == SQ_OK || status == SQ_INVALID_HANDLE, status);
        status = sq_order_json(contested_order, &json);
        EXPECT(status == SQ_OK || status == SQ_INVALID_HANDLE, status);
        sq_buffer_free(json);

        status = sq_echo(client, "mine", &mine);
        EXPECT(status == SQ_OK && is(mine, "/data/text", "mine"), status);
        if (i == ROUNDS / 2) {
            sq_buffer_free(contested);
            sq_order_free(contested_order);
        }
        sq_buffer_free(mine);
    }
    return NULL;
}

/* A call that the simulator answers late. */
static void *start_slowly(void *argument)
{
    struct work *work = argument;
    char *order = malloc(ROOM);
    char name[40];
    sq_buffer *out = NULL;
    sq_status status;

    sprintf(name, "SLOW-%d", work->number);
    write_order(order, NULL, name);
    status = sq_start_solicitation(client, order, &out);
    EXPECT(status == SQ_OK && is(out, "/order/state", "solicited"), status);
    hand_over(out);
    /* By now it is closed. */
    status = sq_pending(client, &out);
    EXPECT(status == SQ_INVALID_HANDLE && is(out, "/status", "SQ_INVALID_HANDLE"), status);
    hand_over(out);
    free(order);
    return NULL;
}

static pthread_t threads[THREADS];
static struct work works[THREADS];

static void launch(void *(*body)(void *))
{
    int i;

    for (i = 0; i < THREADS; i++) {
        memset(&works[i], 0, sizeof works[i]);
        works[i].number = i;
        CHECK(pthread_create(&threads[i], NULL, body, &works[i]) == 0);
    }
}

static void wait_for_all(const char *what)
{
    int i;
    char which[200];

    for (i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        sprintf(which, "%s: line %d, %s", what, works[i].line, sq_status_name(works[i].first_bad));
        CHECK_CASE(works[i].failures == 0, which);
    }
}

int main(int argc, char **argv)
{
    char config[ROOM];
    char order[ROOM];
    char uuid[64];
    pthread_t freeing;
    time_t before;

    if (argc != 4)
        return 2;
    write_config(config, argv[1], argv[2], "threads.journal", "");
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    CHECK(pthread_create(&freeing, NULL, free_them, NULL) == 0);

    launch(sell);
    wait_for_all("own sales");
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    VALUE_IS("/data/orders", "[]");

    write_order(order, NULL, "SHARED");
    ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));
    copy_value(shared_url, sizeof shared_url, "/order/url");
    copy_value(uuid, sizeof uuid, "/order/uuid");
    launch(sell_the_same);
    wait_for_all("the same sale");
    CHECK(strcmp(ask("events", uuid), "solicited,confirmed,reference_registered") == 0);
    /* The start and one request for each step: the others were answered from the journal. */
    CHECK(strcmp(ask("requests about", uuid), "2") == 0);

    CHECK(sq_echo(client, "contested", &contested) == SQ_OK);
    CHECK(sq_order_new(client, &contested_order) == SQ_OK);
    launch(contest);
    wait_for_all("contested handles");

    ask("fault", "{\"kind\":\"delay\",\"ms\":1500,\"method\":\"POST\",\"times\":8}");
    before = time(NULL);
    launch(start_slowly);
    /* Closed once the simulator has them all; a call that came too late would be refused. */
    ask("requests reach", "8");
    CALL(SQ_OK, sq_client_close, (client));
    CALL(SQ_INVALID_HANDLE, sq_client_close, (client));
    wait_for_all("closed meanwhile");
    if (strcmp(argv[3], "fast") == 0)
        CHECK(time(NULL) - before < 8); /* one after the other it would take 12 s */

    pthread_mutex_lock(&lock);
    all_done = 1;
    pthread_mutex_unlock(&lock);
    CHECK(pthread_join(freeing, NULL) == 0);
    return finish();
}
