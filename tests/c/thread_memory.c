/*
 * Rust's compiler is newer than the run-time of Debian's clang, which does not have these names yet (they came with
 * LLVM 16). What it has instead are the plain functions, whose accesses it sees.
 */
#include <string.h>

void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
    return memmove(to, from, size);
}

void *__tsan_memset(void *to, int byte, size_t size)
{
    return memset(to, byte, size);
}
