/*
 * What VB6 does: each function is looked up as sqs_..., called with the stdcall convention, and cleans
 * the stack up itself. A sale is made that way, with the stack aligned as little as VB6 aligns it.
 *
 * Argument: the simulator's URL. It confirms without approval.
 */

#include "check.h"
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *library;

static unsigned long stack_pointer(void)
{
    unsigned long here;

    /* That of this function's frame: the same each time the same caller calls it. */
    __asm__ volatile("movl %%esp, %0" : "=r"(here));
    return here;
}

#define EACH(name, result, parameters, arguments) \
    static void call_##name(void) \
    { \
        typedef result(__stdcall *function) parameters; \
        function call; \
        unsigned long before; \
        if (!find_function(library, #name, &call)) { \
            CHECK_CASE(0, "there is no " #name); \
            return; \
        } \
        before = stack_pointer(); \
        (void)call arguments; \
        CHECK_CASE(stack_pointer() == before, #name); \
    }
#include "every.h"
#undef EACH

static void (*const each[])(void) = {
#define EACH(name, result, parameters, arguments) call_##name,
#include "every.h"
#undef EACH
    NULL
};

static sq_status(__stdcall *client_open)(const char *, sq_client **, sq_buffer **);
static sq_status(__stdcall *start_solicitation)(sq_client *, const char *, sq_buffer **);
static sq_status(__stdcall *confirm)(sq_client *, const char *, const char *, sq_buffer **);
static sq_status(__stdcall *set_order_ref)(sq_client *, const char *, const char *, const char *,
                                           sq_buffer **);
static sq_status(__stdcall *buffer_get)(const sq_buffer *, const char *, char *, uint32_t *);
static void(__stdcall *buffer_free)(sq_buffer *);
static sq_status(__stdcall *client_close)(sq_client *);

static const char *base_url;

static void sell(void)
{
    static int sales = 0;
    static char config[ROOM];
    static char order[ROOM];
    static char url[300];
    char reference[20];
    char state[20] = "";
    uint32_t room = sizeof url;
    sq_client *client = NULL;
    sq_buffer *out = NULL;

    sprintf(reference, "VB-%d", ++sales);
    write_config(config, base_url, "", ":memory:", "");
    write_order(order, NULL, reference);
    CHECK(client_open(config, &client, &out) == SQ_OK);
    buffer_free(out);
    CHECK(start_solicitation(client, order, &out) == SQ_OK);
    CHECK(buffer_get(out, "/order/url", url, &room) == SQ_OK);
    buffer_free(out);
    CHECK(confirm(client, url, NULL, &out) == SQ_OK);
    buffer_free(out);
    CHECK(set_order_ref(client, url, reference, NULL, &out) == SQ_OK);
    room = sizeof state;
    CHECK(buffer_get(out, "/order/state", state, &room) == SQ_OK);
    CHECK_CASE(strcmp(state, "settled") == 0, state);
    buffer_free(out);
    CHECK(client_close(client) == SQ_OK);
}

/* Compilers of the nineties keep the stack at multiples of four, and no more. */
static void with_the_stack_lower(int bytes, void (*call)(void))
{
    __asm__ volatile("movl %%esp, %%ebx\n\t"
                     "subl %0, %%esp\n\t"
                     "call *%1\n\t"
                     "movl %%ebx, %%esp"
                     : "+S"(bytes), "+D"(call)
                     :
                     : "eax", "ebx", "ecx", "edx", "memory", "cc");
}

int main(int argc, char **argv)
{
    int i;

    if (argc != 2)
        return 2;
    base_url = argv[1];
    library = load_library("sequra_pos.dll");
    if (library == NULL)
        return 1;
    for (i = 0; each[i] != NULL; i++)
        each[i]();

    CHECK(find_function(library, "sqs_client_open", &client_open));
    CHECK(find_function(library, "sqs_start_solicitation", &start_solicitation));
    CHECK(find_function(library, "sqs_confirm", &confirm));
    CHECK(find_function(library, "sqs_set_order_ref", &set_order_ref));
    CHECK(find_function(library, "sqs_buffer_get", &buffer_get));
    CHECK(find_function(library, "sqs_buffer_free", &buffer_free));
    CHECK(find_function(library, "sqs_client_close", &client_close));
    for (i = 0; i < 16; i += 4)
        with_the_stack_lower(i, sell);
    return finish();
}
