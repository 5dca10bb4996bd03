/*
 * What hosts do with their threads and processes: a thread with a small stack, one that is cancelled
 * in the middle of a call, a process that is forked while a client is open.
 *
 * Arguments: the simulator's http URL, its https URL, the file with its CA, a folder for journals, the
 * size of the small stack in KiB, "forks" where it may: what a child inherits is lost to it, which
 * Valgrind does not like. The simulator confirms without approval.
 */

#define _DEFAULT_SOURCE /* _exit, usleep */

#include "check.h"
#include "system.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *http_url;
static const char *https_url;
static const char *ca_file;
static const char *folder;

/* None of it on the small stack. */
static char config[ROOM];
static char order[ROOM];
static char url[512];

static sq_client *open_till(const char *base_url, const char *journal, const char *more)
{
    sq_client *client = NULL;

    write_config(config, base_url, folder, journal, more);
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    return client;
}

static void start(sq_client *client, const char *item)
{
    write_order(order, NULL, item);
    ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));
    copy_value(url, sizeof url, "/order/url");
}

/* Everything a till does, over TLS. */
static void *sell_on_a_small_stack(void *unused)
{
    static char more[ROOM];
    static char nested[ROOM];
    sq_client *client;
    sq_order *built = NULL;
    int i;

    (void)unused;
    sprintf(more, ",\"roots\":{\"file\":\"%s\"}", ca_file);
    client = open_till(https_url, "small.journal", more);
    ANSWER(SQ_OK, sq_self_test, (client, &answer));
    ANSWER(SQ_OK, sq_check_credentials, (client, &answer));
    ANSWER(SQ_OK, sq_payment_methods, (client, NULL, &answer));
    start(client, "SMALL");
    ANSWER(SQ_OK, sq_payment_methods, (client, url, &answer));
    ANSWER(SQ_OK, sq_send_form, (client, url, "pp3", NULL, &answer));
    ANSWER(SQ_OK, sq_confirm, (client, url, order, &answer));
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "SMALL-1", NULL, &answer));
    VALUE_IS("/order/state", "settled");
    ANSWER(SQ_OK, sq_ship, (client, "SMALL-1", "[{\"reference\":\"SMALL\",\"quantity\":1}]", &answer));
    ANSWER(SQ_OK, sq_refund, (client, "SMALL-1", "{\"amount\":100,\"reason\":\"x\"}", &answer));
    ANSWER(SQ_OK, sq_update_order, (client, "SMALL-1", "{\"trackings\":[]}", &answer));
    ANSWER(SQ_OK, sq_order_info, (client, "SMALL-1", &answer));
    ANSWER(SQ_OK, sq_send_delivery_report, (client, NULL, &answer));
    ANSWER(SQ_OK, sq_pending, (client, &answer));
    ANSWER(SQ_OK, sq_recover, (client, NULL, &answer));
    ANSWER(SQ_OK, sq_disbursements, (client, NULL, &answer));
    ANSWER(SQ_OK, sq_reconcile, (client, &answer));
    ANSWER(SQ_OK, sq_log, (client, "{\"limit\":5}", &answer));

    /* As many changes as may wait for an answer. */
    ask("fault", "{\"kind\":\"close_before\",\"method\":\"PUT\",\"times\":32}");
    for (i = 0; i < 32; i++) {
        sprintf(nested, "{\"amount\":%d}", i + 1);
        ANSWER(SQ_OUTCOME_UNKNOWN, sq_refund, (client, "SMALL-1", nested, &answer));
    }
    ANSWER(SQ_WRONG_STATE, sq_refund, (client, "SMALL-1", "{\"amount\":99}", &answer));
    ANSWER(SQ_OK, sq_recover, (client, NULL, &answer));

    /* As deep as JSON may be, and deeper than that. */
    sprintf(nested, "{\"order\":{\"cart\":%s1%s}}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    ANSWER(SQ_INVALID_ORDER, sq_start_solicitation, (client, nested, &answer));
    VALUE_IS("/errors/0/code", "wrong_type");
    for (i = 0; i < ROOM - 1; i++)
        nested[i] = '[';
    nested[ROOM - 1] = '\0';
    ANSWER(SQ_INVALID_ORDER, sq_start_solicitation, (client, nested, &answer));
    VALUE_IS("/errors/0/code", "too_large");

    CALL(SQ_OK, sq_order_new, (client, &built));
    CALL(SQ_OK, sq_order_add_item, (built, NULL, "R", "N", 1, 100, 100));
    CALL(SQ_OK, sq_order_json, (built, NULL));
    sq_order_free(built);
    CALL(SQ_OK, sq_client_close, (client));
    return NULL;
}

static void on_a_small_stack(size_t kib)
{
    pthread_attr_t attributes;
    pthread_t thread;

    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, kib * 1024) == 0);
    CHECK(pthread_create(&thread, &attributes, sell_on_a_small_stack, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
}

static sq_client *shared;
static sq_status confirmed = -1;
static int went_on = 0;

static void *confirm_and_be_cancelled(void *unused)
{
    sq_buffer *out = NULL;

    (void)unused;
    confirmed = sq_confirm(shared, url, NULL, &out);
    sq_buffer_free(out);
    pthread_testcancel();
    went_on = 1;
    return NULL;
}

/* The call ends as if nothing had happened; then the thread does. */
static void cancelled(void)
{
    pthread_t thread;
    void *end = NULL;
    int i;

    shared = open_till(http_url, "cancelled.journal", "");
    start(shared, "CANCELLED");
    ask("fault", "{\"kind\":\"delay\",\"ms\":700,\"method\":\"PUT\"}");
    CHECK(pthread_create(&thread, NULL, confirm_and_be_cancelled, NULL) == 0);
    ask("requests reach", "1");
    for (i = 0; i < 20; i++)
        sleep_briefly();
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &end) == 0);
    CHECK(end == PTHREAD_CANCELED);
    CHECK(confirmed == SQ_OK);
    CHECK(!went_on);
    ANSWER(SQ_OK, sq_pending, (shared, &answer));
    VALUE_IS("/data/orders/0/state", "confirmed");
    CALL(SQ_OK, sq_client_close, (shared));
}

static int is_there(const char *name)
{
    static char path[PATH_MAX];
    struct stat found;

    sprintf(path, "%s/%s", folder, name);
    return stat(path, &found) == 0;
}

/* What only the parent may use; 0 where the child found it so. */
static int as_a_child(sq_client *inherited, int again)
{
    sq_client *own = NULL;
    sq_order *built = NULL;
    sq_buffer *out = NULL;
    int wrong = 0;
    int status;

    wrong |= sq_pending(inherited, &out) != SQ_INVALID_HANDLE;
    sq_buffer_free(out);
    wrong |= (sq_confirm(inherited, url, NULL, NULL) != SQ_INVALID_HANDLE) << 1;
    wrong |= (sq_order_new(inherited, &built) != SQ_INVALID_HANDLE) << 2;
    wrong |= (sq_client_close(inherited) != SQ_INVALID_HANDLE) << 3;

    /* Another journal is no matter; the same one is, as SQLite takes the parent's locks for its own. */
    write_config(config, http_url, folder, again ? "child.journal" : "grandchild.journal", "");
    wrong |= (sq_client_open(config, &own, NULL) != SQ_OK) << 4;
    wrong |= (sq_check_credentials(own, NULL) != SQ_OK) << 5;
    if (again) {
        pid_t child = fork();

        if (child == 0)
            _exit(as_a_child(own, 0));
        wrong |= (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) << 6;
    }
    wrong |= (sq_client_close(own) != SQ_OK) << 7;
    own = NULL;
    write_config(config, http_url, folder, "./forked.journal", "");
    wrong |= (sq_client_open(config, &own, NULL) != SQ_JOURNAL || own != NULL) << 8;
    if (wrong != 0)
        fprintf(stderr, "a child found wrong: %x\n", (unsigned)wrong);
    return wrong == 0 ? 0 : 1;
}

static void forked(void)
{
    sq_client *client = open_till(http_url, "forked.journal", "");
    pid_t child;
    int status = -1;

    start(client, "FORKED");
    child = fork();
    if (child == 0)
        exit(as_a_child(client, 1)); /* with everything that runs at an end */
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);

    CHECK(is_there("forked.journal-wal"));
    ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));
    ANSWER(SQ_OK, sq_set_order_ref, (client, url, "FORKED-1", NULL, &answer));
    VALUE_IS("/order/state", "settled");
    CALL(SQ_OK, sq_client_close, (client));
    client = open_till(http_url, "forked.journal", "");
    ANSWER(SQ_OK, sq_order_info, (client, "FORKED-1", &answer));
    VALUE_IS("/order/state", "settled");
    CALL(SQ_OK, sq_client_close, (client));
}

int main(int argc, char **argv)
{
    if (argc != 7)
        return 2;
    http_url = argv[1];
    https_url = argv[2];
    ca_file = argv[3];
    folder = argv[4];
    on_a_small_stack((size_t)atoi(argv[5]));
    cancelled();
    if (strcmp(argv[6], "forks") == 0)
        forked();
    return finish();
}
