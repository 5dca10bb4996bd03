/*
 * What stays behind of an account's secret in this program's memory when a client is closed, and whether
 * the secret goes where the name "localhost" leads.
 *
 * Arguments: the simulator's http URL, its https URL, the file with its CA, a folder.
 */

#include "check.h"
#include "system.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L) /* of glibc's, where it is told that it is */
#endif

static const char *ca_file;
static const char *folder;
static char config[ROOM];
static char order[ROOM];
static char more[ROOM];
static char path[ROOM];

/* Overwrites in a way that no compiler leaves out. */
static void forget(char *text, size_t size)
{
    volatile char *byte = text;

    while (size-- > 0)
        *byte++ = 0;
}

/* What is looked for, with each byte changed, so that it is not found here. */
static const struct {
    const char *what;
    const char *changed;
} traces[] = {
    {"the secret", "tboecpy`tfdsfu"},
    /* "sandbox_key:sandbox_secret" in base64, but for its end. */
    {"the header", "d3Gv[HKwfG:s[Yl7d3Gv[HKwfG:{[XOz[Y"},
};

/* How often this stands in the memory that this program can write to, but for where it is given. */
static int times_in_memory(const char *needle)
{
    static char copy[1 << 20];
    static char line[512];
    size_t length = strlen(needle);
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    int times = 0;

    CHECK(maps != NULL && memory >= 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        char rights[8];

        if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3 || strncmp(rights, "rw", 2) != 0)
            continue;
        while (from < to) {
            size_t size = to - from < sizeof copy ? to - from : sizeof copy;
            ssize_t got = pread(memory, copy, size, (off_t)from);
            ssize_t at;

            if (got <= 0)
                break;
            for (at = 0; at + (ssize_t)length <= got; at++) {
                const char *here = (const char *)from + at;
                int own = here == needle || (here >= copy && here < copy + sizeof copy);

                times += !own && memcmp(copy + at, needle, length) == 0;
            }
            /* The next piece begins a little before the end of this one. */
            from += (unsigned long)got;
            if (from < to)
                from -= length;
        }
    }
    fclose(maps);
    close(memory);
    forget(copy, sizeof copy);
    return times;
}

static void nothing_is_left(const char *of_what)
{
    static char needle[64];
    static char which[200];
    size_t i, n;

    for (i = 0; i < sizeof traces / sizeof traces[0]; i++) {
        for (n = 0; traces[i].changed[n] != '\0'; n++)
            needle[n] = (char)(traces[i].changed[n] - 1);
        needle[n] = '\0';
        sprintf(which, "%s, %s", of_what, traces[i].what);
        CHECK_CASE(times_in_memory(needle) == 0, which);
        forget(needle, sizeof needle);
    }
}

static void write_file(const char *name, const char *text)
{
    int file;

    sprintf(path, "%s/%s", folder, name);
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
}

/* Some calls, and the end; the client is open, its configuration forgotten. */
static void sell_and_close(sq_client *client, const char *of_what)
{
    static char url[512];

    forget(config, sizeof config);
    ANSWER(SQ_OK, sq_check_credentials, (client, &answer));
    write_order(order, NULL, of_what);
    ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));
    copy_value(url, sizeof url, "/order/url");
    ANSWER(SQ_OK, sq_send_form, (client, url, "pp3", NULL, &answer));
    drop_answer();
    CALL(SQ_OK, sq_client_close, (client));
    nothing_is_left(of_what);
}

static void is_forgotten(const char *base_url, const char *of_what)
{
    sq_client *client = NULL;
    char *secret;

    sprintf(more, ",\"roots\":{\"file\":\"%s\"}", ca_file);
    write_config(config, base_url, folder, "secrets.journal", more);
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    sell_and_close(client, of_what);

    /* In another encoding, from a file: there are more copies on the way. */
    strcat(more, ",\"text_encoding\":\"windows-1252\",\"store_ref\":\"\xd1\"");
    write_config(config, base_url, folder, "secrets.journal", more);
    write_file("config.json", config);
    ANSWER(SQ_OK, sq_client_open_file, (path, &client, &answer));
    sell_and_close(client, of_what);

    /* A configuration that is refused. */
    strcat(more, ",\"nonsense\":1");
    write_config(config, base_url, folder, "secrets.journal", more);
    ANSWER(SQ_INVALID_CONFIG, sq_client_open, (config, &client, &answer));
    drop_answer();
    forget(config, sizeof config);
    nothing_is_left("a configuration that is refused");

    /* A secret of its own file. */
    sprintf(more, ",\"account_secret_file\":\"%s/secret\",\"roots\":{\"file\":\"%s\"}", folder, ca_file);
    write_config(config, base_url, folder, "secrets.journal", more);
    secret = strstr(config, "\"account_secret\"");
    {
        static char text[32];
        char *value = strchr(secret, ':') + 2;
        size_t length = strcspn(value, "\"");

        sprintf(text, "%.*s\n", (int)length, value);
        write_file("secret", text);
        forget(text, sizeof text);
        /* Out of the configuration, with the comma. */
        memset(secret, ' ', (size_t)(value - secret) + length + 2);
    }
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    sell_and_close(client, "a secret of its own file");
}

/* Where "localhost" leads; NULL: where it should. */
static const char *localhost[2];
static int elsewhere;

int getaddrinfo(const char *__restrict node, const char *__restrict service, const struct addrinfo *__restrict hints,
                struct addrinfo **__restrict found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    struct addrinfo **end = found;
    int i, result;

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (localhost[0] == NULL || strcmp(node, "localhost") != 0)
        return real(node, service, hints, found);
    for (i = 0; i < 2 && localhost[i] != NULL; i++) {
        result = real(localhost[i], service, hints, end);
        if (result != 0)
            return result;
        while (*end != NULL)
            end = &(*end)->ai_next;
    }
    return 0;
}

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
    int (*real)(int, const struct sockaddr *, socklen_t);
    const struct sockaddr_in *to = (const struct sockaddr_in *)(const void *)address;

    if (address->sa_family == AF_INET && (ntohl(to->sin_addr.s_addr) >> 24) != 127)
        elsewhere++;
    *(void **)&real = dlsym(RTLD_NEXT, "connect");
    return real(socket, address, length);
}

/* What is sent in the clear goes to this machine, whatever the table of hosts says. */
static void a_name_is_not_believed(const char *http_url)
{
    static char url[100];
    sq_client *client = NULL;

    sprintf(url, "http://localhost%s", strrchr(http_url, ':'));
    write_config(config, url, "", ":memory:", "");
    ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));
    localhost[0] = "192.0.2.1";
    ANSWER(SQ_UNREACHABLE, sq_check_credentials, (client, &answer));
    VALUE_IS("/errors/0/code", "insecure_url");
    VALUE_IS("/http/attempts", "1");
    localhost[1] = "127.0.0.1";
    ANSWER(SQ_OK, sq_check_credentials, (client, &answer));
    CHECK(elsewhere == 0);
    localhost[0] = NULL;
    CALL(SQ_OK, sq_client_close, (client));
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    ca_file = argv[3];
    folder = argv[4];
    is_forgotten(argv[1], "what goes in the clear");
    is_forgotten(argv[2], "what goes by TLS");
    a_name_is_not_believed(argv[1]);
    return finish();
}
