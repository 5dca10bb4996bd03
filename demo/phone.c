/*
 * The shopper's phone, and whoever else acts at the simulated seQura: one HTTP request to its
 * control interface, so that the demonstration needs a C compiler and nothing else.
 *
 *     phone PORT METHOD PATH [BODY]
 *
 * Prints the body of the answer; the exit status is 0 when the answer was a good one.
 */
#define _POSIX_C_SOURCE 200112L
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const char *port)
{
    struct sockaddr_in address;
    int line = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (line >= 0 && connect(line, (struct sockaddr *)&address, sizeof address) != 0) {
        close(line);
        return -1;
    }
    return line;
}

/* Reads past the headers; 1 if the status is 2xx. HTTP/1.0 was asked for: the body comes plain. */
static int read_headers(FILE *answer)
{
    int good = 0, end = 0, byte;

    if (fscanf(answer, "HTTP/%*d.%*d %d", &good) != 1)
        return 0;
    while (end < 2 && (byte = getc(answer)) != EOF)
        if (byte == '\n')
            end++;
        else if (byte != '\r')
            end = 0;
    return good / 100 == 2;
}

int main(int argc, char **argv)
{
    const char *body = argc > 4 ? argv[4] : "";
    FILE *answer, *request;
    int line, good, byte;

    if (argc < 4) {
        fputs("usage: phone PORT METHOD PATH [BODY]\n", stderr);
        return 2;
    }
    line = connect_to(argv[1]);
    if (line < 0 || (request = fdopen(dup(line), "w")) == NULL || (answer = fdopen(line, "r")) == NULL) {
        fprintf(stderr, "nobody answers on port %s\n", argv[1]);
        return 1;
    }
    fprintf(request, "%s %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\nContent-Type: application/json\r\n"
            "Content-Length: %lu\r\n\r\n%s", argv[2], argv[3], argv[1], (unsigned long)strlen(body), body);
    fclose(request);
    good = read_headers(answer);
    while ((byte = getc(answer)) != EOF)
        putchar(byte);
    fclose(answer);
    return good ? 0 : 1;
}
