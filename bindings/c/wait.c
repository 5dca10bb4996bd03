/* Waiting for the shopper; see wait.h. */
#include "wait.h"

#include "text.h"

#include <stdlib.h>

#ifdef _WIN32
#include <conio.h>
#include <windows.h>
#else
#include <sys/select.h>
#endif

#define FIRST_PAUSE 5L
#define LONGEST_PAUSE 60L

/* Waits so long, or until the operator presses Enter: then 1. Without anybody there it only waits. */
static int is_stopped_within(long seconds)
{
#ifdef _WIN32
    time_t until = time(NULL) + seconds;

    while (time(NULL) < until) {
        if (_kbhit() && _getch() == '\r')
            return 1;
        Sleep(100);
    }
    return 0;
#else
    struct timeval left;
    fd_set keys;
    char *line;
    int ended;

    left.tv_sec = seconds;
    left.tv_usec = 0;
    FD_ZERO(&keys);
    FD_SET(0, &keys);
    if (select(1, &keys, NULL, NULL, &left) <= 0)
        return 0;
    line = text_line(stdin, &ended);
    free(line);
    if (line != NULL)
        return 1;
    left.tv_sec = seconds;
    left.tv_usec = 0;
    select(0, NULL, NULL, NULL, &left);
    return 0;
#endif
}

int wait_for_round(struct wait *wait)
{
    time_t now = time(NULL);
    long left;

    if (wait->until == 0) {
        char *seconds = text_number((unsigned long)wait->seconds);

        text_say_with("waiting", "for the shopper, up to %s s; Enter stops it", seconds);
        free(seconds);
        fflush(stdout);
        wait->until = now + wait->seconds;
        wait->pause = FIRST_PAUSE;
    }
    left = (long)(wait->until - now);
    if (left <= 0 || is_stopped_within(wait->pause < left ? wait->pause : left))
        return 0;
    wait->pause += wait->pause / 2;
    if (wait->pause > LONGEST_PAUSE)
        wait->pause = LONGEST_PAUSE;
    return 1;
}
