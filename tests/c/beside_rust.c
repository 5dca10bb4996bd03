/*
 * A program that has Rust code of its own: each side panics, and catches its own panics.
 *
 * Arguments: the simulator's URL, a folder for journals, the status of a function that panics in the
 * library (SEQURA_POS_PANIC_IN), or of one that does not.
 */

#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Of tests/c/own.rs: how many of so many threads panicked; how often the panic hook was called. */
int32_t own_panics(int32_t threads);
int32_t own_hook_called(void);

static char config[ROOM];

int main(int argc, char **argv)
{
    sq_client *client = NULL;
    sq_status wanted;

    if (argc != 4)
        return 2;
    wanted = atoi(argv[3]);
    CHECK(own_panics(5) == 5);
    CHECK(own_hook_called() == 5);
    write_config(config, argv[1], argv[2], "beside.journal", "");
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    ANSWER(wanted, sq_pending, (client, &answer));
    /* Whose panic it was is known: the program's hook did not hear of the library's. */
    CHECK(own_hook_called() == 5);
    CHECK(own_panics(3) == 3);
    CHECK(own_hook_called() == 8);
    CALL(SQ_OK, sq_client_close, (client));
    return finish();
}
