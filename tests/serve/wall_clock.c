/* A wall clock that is so many seconds ahead as STARCOURT_TEST_AHEAD says. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long ahead;

__attribute__((constructor)) static void read_ahead(void)
{
    const char *text = getenv("STARCOURT_TEST_AHEAD");

    ahead = text ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long failed = syscall(SYS_clock_gettime, clock, now);

    if (!failed && clock == CLOCK_REALTIME)
        now->tv_sec += ahead;
    return (int)failed;
}
