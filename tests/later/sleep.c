/*
 * Preloaded before Debian's libfaketime (0.9.10), which takes every moment that a program sleeps until for one of the clock
 * that it moves, also where the program names the clock that it leaves alone: Python and Mono would not sleep at all, and
 * Mono ends. Sleeping by any other clock is the system's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef int sleeps(clockid_t, int, const struct timespec *, struct timespec *);

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *rest)
{
    if (clock == CLOCK_REALTIME && (flags & TIMER_ABSTIME)) {
        union { void *found; sleeps *function; } next;

        next.found = dlsym(RTLD_NEXT, "clock_nanosleep");
        return next.function(clock, flags, request, rest);
    }
    return syscall(SYS_clock_nanosleep, clock, flags, request, rest) == 0 ? 0 : errno;
}
