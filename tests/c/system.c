#ifdef _WIN32
#define PSAPI_VERSION 1
#include <windows.h>
#include <psapi.h>
#else
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 600
#endif
#include <dlfcn.h>
#include <sys/resource.h>
#include <time.h>
#endif

#include "system.h"

#include <stdio.h>
#include <string.h>

#ifdef _WIN32

void *load_library(const char *path)
{
    HMODULE library = LoadLibraryA(path);

    if (library == NULL)
        fprintf(stderr, "%s: error %lu\n", path, GetLastError());
    return library;
}

int unload_library(void *library)
{
    return FreeLibrary((HMODULE)library);
}

int find_function(void *library, const char *name, void *function)
{
    FARPROC found = GetProcAddress((HMODULE)library, name);

    memcpy(function, &found, sizeof found);
    return found != NULL;
}

void sleep_briefly(void)
{
    Sleep(1);
}

long peak_memory(void)
{
    PROCESS_MEMORY_COUNTERS counters;

    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters))
        return 0;
    return (long)(counters.PeakWorkingSetSize / 1024);
}

#else

void *load_library(const char *path)
{
    static int times = 0;
    void *library = dlopen(path, times++ % 2 == 0 ? RTLD_NOW : RTLD_LAZY);

    if (library == NULL)
        fprintf(stderr, "%s\n", dlerror());
    return library;
}

int unload_library(void *library)
{
    return dlclose(library) == 0;
}

int find_function(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);

    memcpy(function, &found, sizeof found);
    return found != NULL;
}

void sleep_briefly(void)
{
    struct timespec millisecond = {0, 1000000};

    nanosleep(&millisecond, NULL);
}

long peak_memory(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

#endif

#if defined(__i386__) || defined(__x86_64__)

/* Delphi's own words. */
#define X87 0x1332
#define SSE 0x1900
/* The rest are flags of what has happened. */
#define SSE_CONTROL 0xffc0UL

void unmask_floating_point(void)
{
    unsigned short x87 = X87;
    unsigned int sse = SSE;

    __asm__ volatile("fninit\n\tfldcw %0\n\tldmxcsr %1" : : "m"(x87), "m"(sse));
}

unsigned long floating_point_control(void)
{
    unsigned short x87;
    unsigned int sse;

    __asm__ volatile("fnstcw %0\n\tstmxcsr %1" : "=m"(x87), "=m"(sse));
    return ((unsigned long)x87 << 16) | (sse & SSE_CONTROL);
}

#else

void unmask_floating_point(void)
{
}

unsigned long floating_point_control(void)
{
    return 0;
}

#endif
