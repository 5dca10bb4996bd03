/*
 * A host that loads the library as a plug-in and unloads it again, many times, also while a thread
 * that has used it is still there. Not linked against the library. Loading it changes nothing of the
 * host's settings.
 */

#include "sequra_pos.h"
#include "system.h"

#include <pthread.h>
#include <stdio.h>

#define TIMES 20

typedef uint32_t (*version_function)(void);
typedef int64_t (*count_function)(void);
typedef sq_status (*open_function)(const char *, sq_client **, sq_buffer **);
typedef sq_status (*close_function)(sq_client *);
typedef sq_status (*echo_function)(sq_client *, const char *, sq_buffer **);
typedef sq_status (*list_function)(sq_client *, sq_buffer **);
typedef void (*free_function)(sq_buffer *);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int used;
static int may_end;
static int failures;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            failures++; \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
        } \
    } while (0)

static void use(void *library, const char *config)
{
    version_function version;
    count_function live_handles;
    open_function client_open;
    close_function client_close;
    echo_function echo;
    list_function pending;
    echo_function log_entries;
    free_function buffer_free;
    sq_client *client = NULL;
    sq_buffer *out = NULL;

    CHECK(find_function(library, "sq_abi_version", &version));
    CHECK(find_function(library, "sq_live_handles", &live_handles));
    CHECK(find_function(library, "sq_client_open", &client_open));
    CHECK(find_function(library, "sq_client_close", &client_close));
    CHECK(find_function(library, "sq_echo", &echo));
    CHECK(find_function(library, "sq_pending", &pending));
    CHECK(find_function(library, "sq_log", &log_entries));
    CHECK(find_function(library, "sq_buffer_free", &buffer_free));

    CHECK(version() == SQ_ABI_VERSION);
    CHECK(client_open(config, &client, &out) == SQ_OK);
    buffer_free(out);
    CHECK(echo(client, "caf\303\251", &out) == SQ_OK);
    buffer_free(out);
    CHECK(echo(client, "\377", &out) == SQ_INVALID_TEXT);
    buffer_free(out);
    CHECK(pending(client, &out) == SQ_OK);
    buffer_free(out);
    /* An infinity on the way to it: where exceptions are unmasked it must not end the program. */
    CHECK(log_entries(client, "{\"limit\":2e308}", &out) == SQ_INVALID_JSON);
    buffer_free(out);
    CHECK(client_close(client) == SQ_OK);
    CHECK(client_close(client) == SQ_INVALID_HANDLE);
    CHECK(live_handles() == 0);
}

/* Uses the library, and ends only after it has been unloaded. */
static void *outlive(void *argument)
{
    void *const *arguments = argument;

    use(arguments[0], arguments[1]);
    pthread_mutex_lock(&lock);
    used = 1;
    pthread_cond_broadcast(&changed);
    while (!may_end)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return NULL;
}

int main(int argc, char **argv)
{
    unsigned long control;
    int i;

    if (argc != 3)
        return 2;
    for (i = 0; i < TIMES; i++) {
        void *arguments[2];
        pthread_t thread;
        int with_thread = i % 4 == 3;
        void *library;

        unmask_floating_point();
        control = floating_point_control();
        library = load_library(argv[1]);
        if (library == NULL)
            return 1;
        CHECK(floating_point_control() == control);
        arguments[0] = library;
        arguments[1] = argv[2];
        if (with_thread) {
            used = may_end = 0;
            CHECK(pthread_create(&thread, NULL, outlive, arguments) == 0);
            pthread_mutex_lock(&lock);
            while (!used)
                pthread_cond_wait(&changed, &lock);
            pthread_mutex_unlock(&lock);
        } else {
            use(library, argv[2]);
        }
        CHECK(unload_library(library));
        CHECK(floating_point_control() == control);
        if (with_thread) {
            pthread_mutex_lock(&lock);
            may_end = 1;
            pthread_cond_broadcast(&changed);
            pthread_mutex_unlock(&lock);
            CHECK(pthread_join(thread, NULL) == 0);
        }
    }
    return failures == 0 ? 0 : 1;
}
