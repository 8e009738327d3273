/* Sound cards that this machine has not got: FAKE_ASOUND is the folder that /proc/asound is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int open64(const char *path, int flags, ...)
{
    static const char listed[] = "/proc/asound/";
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    char other[512];
    va_list rest;
    va_start(rest, flags);
    int mode = va_arg(rest, int);
    va_end(rest);
    if (strncmp(path, listed, strlen(listed)) == 0 && getenv("FAKE_ASOUND")) {
        snprintf(other, sizeof other, "%s/%s", getenv("FAKE_ASOUND"), path + strlen(listed));
        path = other;
    }
    return real(path, flags, mode);
}
