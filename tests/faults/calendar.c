/* A wall clock that an NTP server drags about: twenty years ahead, twenty back, ten times a second. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
    struct timespec boot;
    long failed = syscall(SYS_clock_gettime, clock, now);

    if (failed || clock != CLOCK_REALTIME)
        return (int)failed;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &boot);
    now->tv_sec += (boot.tv_nsec / 100000000 % 2 ? 1 : -1) * 20L * 365 * 86400;
    return 0;
}
