/*
 * To be put under a program by LD_PRELOAD: the line is down. Whoever it would connect to, nobody listens there.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
    if (address->sa_family == AF_INET || address->sa_family == AF_INET6) {
        errno = ECONNREFUSED;
        return -1;
    }
    return (int)syscall(SYS_connect, socket, address, length);
}
