/*
 * A program with the library in it, and a plug-in that has it once more: two libraries, each with its
 * own handles. Compiled as a plug-in (PLUGIN), it is the latter.
 *
 * Arguments: the simulator's URL, a folder for journals, the plug-in.
 */

#include "check.h"

#include <stddef.h>

#ifdef PLUGIN

/* Opens a client on its own library; how many handles that has then. */
int64_t plugin_open(const char *config, sq_client **client)
{
    sq_client_open(config, client, NULL);
    return sq_live_handles();
}

sq_status plugin_close(sq_client *client)
{
    return sq_client_close(client);
}

#else

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

typedef int64_t (*open_function)(const char *config, sq_client **client);
typedef sq_status (*close_function)(sq_client *client);

static char config[ROOM];

int main(int argc, char **argv)
{
    sq_client *ours = NULL;
    sq_client *theirs = NULL;
    open_function opens;
    close_function closes;
    void *plugin;

    if (argc != 4)
        return 2;
    plugin = dlopen(argv[3], RTLD_NOW | RTLD_LOCAL);
    CHECK_CASE(plugin != NULL, plugin == NULL ? dlerror() : "");
    if (plugin == NULL)
        return 1;
    *(void **)&opens = dlsym(plugin, "plugin_open");
    *(void **)&closes = dlsym(plugin, "plugin_close");
    write_config(config, argv[1], argv[2], "twice.journal", "");
    ANSWER(SQ_OK, sq_client_open, (config, &ours, &answer));
    drop_answer();
    /* One and the same journal, by two libraries, as two tills would. */
    CHECK(opens(config, &theirs) == 1);
    CHECK(sq_live_handles() == 1);
    CHECK(closes(theirs) == SQ_OK);
    CALL(SQ_OK, sq_client_close, (ours));
    CHECK(closes(theirs) == SQ_INVALID_HANDLE);
    return finish();
}

#endif
