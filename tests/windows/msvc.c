/*
 * Linked as Microsoft's linker would, against sequra_pos.lib, without any C library. It says on stderr
 * what is wrong.
 */

#include "sequra_pos.h"

#define STDERR ((uint32_t)-12)

__declspec(dllimport) void *__stdcall GetStdHandle(uint32_t which);
__declspec(dllimport) int __stdcall WriteFile(void *file, const void *bytes, uint32_t count,
                                              uint32_t *written, void *overlapped);
__declspec(dllimport) __declspec(noreturn) void __stdcall ExitProcess(uint32_t status);

static uint32_t failures = 0;

static void check(int holds, const char *what)
{
    uint32_t length = 0;
    uint32_t written;

    if (holds)
        return;
    failures++;
    while (what[length] != '\0')
        length++;
    WriteFile(GetStdHandle(STDERR), what, length, &written, 0);
}

static int same(const char *one, const char *other)
{
    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

void __stdcall start(void)
{
    sq_client *client = 0;
    sq_buffer *out = 0;
    char text[20];
    uint32_t room = sizeof text;

    check(sq_abi_version() == SQ_ABI_VERSION, "sq_abi_version\n");
    check(same(sq_status_name(SQ_CONFLICT), "SQ_CONFLICT"), "sq_status_name\n");
    check(sq_client_open("{\"base_url\":\"http://127.0.0.1:1\",\"account_key\":\"k\",\"account_secret\":\"s\","
                         "\"merchant_id\":\"m\",\"journal\":\":memory:\"}",
                         &client, &out) == SQ_OK,
          "sq_client_open\n");
    sq_buffer_free(out);
    check(sq_echo(client, "caf\303\251", &out) == SQ_OK, "sq_echo\n");
    check(sq_buffer_get(out, "/data/text", text, &room) == SQ_OK && same(text, "caf\303\251"),
          "sq_buffer_get\n");
    sq_buffer_free(out);
    check(sq_client_close(client) == SQ_OK, "sq_client_close\n");
    check(sq_live_handles() == 0, "sq_live_handles\n");
    ExitProcess(failures);
}
