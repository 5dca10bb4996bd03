/*
 * What a process does to the files of one folder, written down in order: an LD_PRELOAD library, so
 * that the library under test and its SQLite are the ones that tills use, to the byte.
 *
 *     SEQURA_POWER_FOLDER   the folder, as the process names it
 *     SEQURA_POWER_RECORD   where the record goes, outside that folder
 *     SEQURA_POWER_BOOK     a file whose lines are noted in the record too: what the till was told
 *     SEQURA_POWER_END=N    the process ends by SIGKILL right before its N-th operation
 *     SEQURA_POWER_FAIL=N:E the N-th operation fails with this errno where it is one that can;
 *                           N+:E: it and all after it
 *
 * The record is a row of entries: four 64-bit numbers (kind, file descriptor, position, length) in
 * the machine's byte order, and as many bytes as the length says. tests/power/record.rs reads it.
 *
 * Syncs are recorded and not passed on: what a power cut leaves is made from the record, and the
 * real disk would only take its time. The -shm file is not watched: it is memory shared between
 * processes, and SQLite promises to need nothing of it after a power cut.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 1024

enum { OPENED = 'o', WRITTEN = 'w', RESIZED = 't', SYNCED = 's', FOLDER_SYNCED = 'd',
       SYNC_FAILED = 'f', REMOVED = 'u', RENAMED = 'r', SENT = 'n', BOOKED = 'b' };
enum { CREATED = 1, EMPTIED = 2 };

static const char *folder;
static const char *book;
static int record = -1;
/* What each descriptor is: OPENED a watched file, FOLDER_SYNCED the folder, BOOKED the book. */
static char kinds[MOST_FILES];
static uint64_t count, end, fail_from, fail_to;
static int fail_with;
/* Operations are numbered in one order, whatever thread they come from. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The function of this name that this one stands before. */
#define REAL(name)                                              \
    static __typeof__(&name) real;                              \
    if (real == NULL)                                           \
        *(void **)&real = dlsym(RTLD_NEXT, #name)

static ssize_t put(const struct iovec *parts, int many)
{
    REAL(writev);
    return real(record, parts, many);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("SEQURA_POWER_RECORD");
    const char *ending = getenv("SEQURA_POWER_END");
    const char *failing = getenv("SEQURA_POWER_FAIL");
    char *rest;

    if (path == NULL || getenv("SEQURA_POWER_FOLDER") == NULL)
        return;
    record = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (record < 0)
        abort();
    end = ending == NULL ? 0 : strtoull(ending, NULL, 10);
    if (failing != NULL) {
        fail_from = fail_to = strtoull(failing, &rest, 10);
        if (*rest == '+') {
            fail_to = UINT64_MAX;
            rest++;
        }
        fail_with = atoi(rest + 1);
    }
    book = getenv("SEQURA_POWER_BOOK");
    folder = getenv("SEQURA_POWER_FOLDER");
}

/* The name of a watched file, without its folder; "" for the folder itself, NULL for others. */
static const char *watched(const char *path)
{
    size_t length;
    const char *name;

    if (folder == NULL || path == NULL)
        return NULL;
    length = strlen(folder);
    if (strncmp(path, folder, length) != 0 || (path[length] != '\0' && path[length] != '/'))
        return NULL;
    name = path + length + (path[length] == '/');
    length = strlen(name);
    return length >= 4 && strcmp(name + length - 4, "-shm") == 0 ? NULL : name;
}

static int kind_of(int fd)
{
    return fd >= 0 && fd < MOST_FILES ? kinds[fd] : 0;
}

static int is_line(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;

    return folder != NULL && getsockname(fd, (struct sockaddr *)&address, &length) == 0
        && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

/* Begins an operation: here the process ends, or the operation fails. The lock is held after it. */
static int refused(int can_fail)
{
    pthread_mutex_lock(&lock);
    count++;
    if (count == end)
        kill(getpid(), SIGKILL);
    if (!can_fail || count < fail_from || count > fail_to || fail_from == 0)
        return 0;
    pthread_mutex_unlock(&lock);
    errno = fail_with;
    return 1;
}

/* Ends it: what was done goes to the record. */
static void done(int kind, int fd, uint64_t at, const void *bytes, size_t length)
{
    int kept = errno;
    uint64_t head[4];
    struct iovec parts[2];

    head[0] = (uint64_t)kind;
    head[1] = (uint64_t)fd;
    head[2] = at;
    head[3] = length;
    parts[0].iov_base = head;
    parts[0].iov_len = sizeof head;
    parts[1].iov_base = (void *)(uintptr_t)bytes;
    parts[1].iov_len = length;
    if (put(parts, 2) != (ssize_t)(sizeof head + length))
        abort();
    pthread_mutex_unlock(&lock);
    errno = kept;
}

/* An operation that failed by itself has changed nothing: the next one has its number. */
static void undone(void)
{
    count--;
    pthread_mutex_unlock(&lock);
}

/* ---- files come and go ---- */

typedef int opener(const char *, int, ...);

static int open_any(opener *real, const char *path, int flags, mode_t mode)
{
    const char *name = watched(path);
    int fd, existed, is_book = folder != NULL && book != NULL && strcmp(path, book) == 0;

    if (name == NULL) {
        fd = real(path, flags, mode);
        if (fd >= 0 && fd < MOST_FILES)
            kinds[fd] = is_book ? BOOKED : 0;
        return fd;
    }
    if (refused((flags & O_CREAT) != 0))
        return -1;
    existed = access(path, F_OK) == 0;
    fd = real(path, flags, mode);
    if (fd >= MOST_FILES)
        abort();
    if (fd < 0) {
        undone();
        return fd;
    }
    kinds[fd] = name[0] == '\0' ? FOLDER_SYNCED : OPENED;
    done(OPENED, fd, (existed ? 0 : CREATED) | ((flags & O_TRUNC) ? EMPTIED : 0), name,
         strlen(name));
    return fd;
}

#define OPEN(name)                                              \
    int name(const char *path, int flags, ...)                  \
    {                                                           \
        va_list rest;                                           \
        mode_t mode = 0;                                        \
        REAL(name);                                             \
        if ((flags & O_CREAT) != 0) {                           \
            va_start(rest, flags);                              \
            mode = va_arg(rest, mode_t);                        \
            va_end(rest);                                       \
        }                                                       \
        return open_any(real, path, flags, mode);               \
    }
OPEN(open)
OPEN(open64)

int close(int fd)
{
    REAL(close);
    if (kind_of(fd) != 0)
        kinds[fd] = 0;
    return real(fd);
}

int unlink(const char *path)
{
    const char *name = watched(path);
    int result;
    REAL(unlink);

    if (name == NULL)
        return real(path);
    if (refused(1))
        return -1;
    result = real(path);
    if (result == 0)
        done(REMOVED, -1, 0, name, strlen(name));
    else
        undone();
    return result;
}

static int renamed(const char *old, const char *new, int result)
{
    char both[8192];
    int length = snprintf(both, sizeof both, "%s/%s", old, new);

    if (result == 0)
        done(RENAMED, -1, 0, both, (size_t)length);
    else
        undone();
    return result;
}

int rename(const char *from, const char *to)
{
    const char *old = watched(from), *new = watched(to);
    REAL(rename);

    if (old == NULL || new == NULL)
        return real(from, to);
    return refused(1) ? -1 : renamed(old, new, real(from, to));
}

/* Names that are relative to another folder are not this library's. */
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
    const char *old = watched(from), *new = watched(to);
    REAL(renameat2);

    if (old == NULL || new == NULL)
        return real(from_folder, from, to_folder, to, flags);
    return refused(1) ? -1 : renamed(old, new, real(from_folder, from, to_folder, to, flags));
}

/* ---- their bytes ---- */

#define PWRITE(name, position)                                                  \
    ssize_t name(int fd, const void *bytes, size_t length, position at)         \
    {                                                                           \
        ssize_t written;                                                        \
        REAL(name);                                                             \
        if (kind_of(fd) != OPENED)                                              \
            return real(fd, bytes, length, at);                                 \
        if (refused(1))                                                         \
            return -1;                                                          \
        written = real(fd, bytes, length, at);                                  \
        if (written >= 0)                                                       \
            done(WRITTEN, fd, (uint64_t)at, bytes, (size_t)written);            \
        else                                                                    \
            undone();                                                           \
        return written;                                                         \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *bytes, size_t length)
{
    int kind = kind_of(fd) != 0 ? kind_of(fd) : is_line(fd) ? SENT : 0;
    ssize_t written;
    off_t after;
    REAL(write);

    if (kind == 0)
        return real(fd, bytes, length);
    if (refused(kind == OPENED))
        return -1;
    written = real(fd, bytes, length);
    after = kind == OPENED ? lseek(fd, 0, SEEK_CUR) : written;
    if (written >= 0)
        done(kind == OPENED ? WRITTEN : kind, fd, (uint64_t)(after - written), bytes,
             (size_t)written);
    else
        undone();
    return written;
}

#define TRUNCATE(name, position)                                                \
    int name(int fd, position size)                                             \
    {                                                                           \
        int result;                                                             \
        REAL(name);                                                             \
        if (kind_of(fd) != OPENED)                                              \
            return real(fd, size);                                              \
        if (refused(1))                                                         \
            return -1;                                                          \
        result = real(fd, size);                                                \
        if (result == 0)                                                        \
            done(RESIZED, fd, (uint64_t)size, NULL, 0);                         \
        else                                                                    \
            undone();                                                           \
        return result;                                                          \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                              \
    int name(int fd)                                                            \
    {                                                                           \
        REAL(name);                                                             \
        if (kind_of(fd) == BOOKED)                                              \
            return 0;                                                           \
        if (kind_of(fd) == 0)                                                   \
            return real(fd);                                                    \
        if (refused(1)) {                                                       \
            pthread_mutex_lock(&lock);                                          \
            done(SYNC_FAILED, fd, 0, NULL, 0);                                  \
            return -1;                                                          \
        }                                                                       \
        done(kind_of(fd) == OPENED ? SYNCED : FOLDER_SYNCED, fd, 0, NULL, 0);   \
        return 0;                                                               \
    }
SYNC(fsync)
SYNC(fdatasync)

/* ---- what leaves the machine ---- */

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    ssize_t sent;
    REAL(send);

    if (!is_line(fd))
        return real(fd, bytes, length, flags);
    refused(0);
    sent = real(fd, bytes, length, flags);
    if (sent >= 0)
        done(SENT, fd, 0, bytes, (size_t)sent);
    else
        undone();
    return sent;
}

/* Standard Rust gathers bytes for a socket with these two; only what was taken is noted. */
static ssize_t noted(ssize_t sent, int fd, const struct iovec *parts, int many)
{
    size_t left = sent < 0 ? 0 : (size_t)sent, length = 0;
    char *bytes;
    int i;

    if (sent < 0) {
        undone();
        return sent;
    }
    bytes = (char *)malloc(left + 1);
    if (bytes == NULL)
        abort();
    for (i = 0; i < many && length < left; i++) {
        size_t part = parts[i].iov_len < left - length ? parts[i].iov_len : left - length;
        memcpy(bytes + length, parts[i].iov_base, part);
        length += part;
    }
    done(SENT, fd, 0, bytes, length);
    free(bytes);
    return sent;
}

ssize_t writev(int fd, const struct iovec *parts, int many)
{
    REAL(writev);
    if (!is_line(fd))
        return real(fd, parts, many);
    refused(0);
    return noted(real(fd, parts, many), fd, parts, many);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    REAL(sendmsg);
    if (!is_line(fd))
        return real(fd, message, flags);
    refused(0);
    return noted(real(fd, message, flags), fd, message->msg_iov, (int)message->msg_iovlen);
}
