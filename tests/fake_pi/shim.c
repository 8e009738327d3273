/* Makes the fake devices of a fake Raspberry Pi answer as real ones do, and writes down every write to
 * the GPIO registers in order. Preloaded into the program under test.
 *
 * Without FAKE_PI_LOG in the environment writes go through unseen, at their full speed.
 *
 * The registers are mapped read-only. A write faults, is let through as a single step, and is then
 * logged as "NANOSECONDS PID OFFSET VALUE" (CLOCK_MONOTONIC, hexadecimal byte offset and value). */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define GPIO_GET_CHIPINFO 0x8044B401UL
#define PAGE 4096
#define TRAP_FLAG 0x100

enum { GPSET0 = 7, GPCLR0 = 10, GPLEV0 = 13 }; /* in words */

struct chip_info {
    char name[32];
    char label[32];
    uint32_t lines;
};

static volatile uint32_t *registers;
static int log_file = -1;
static struct sigaction former_fault;
/* One write at a time is stepped; it is the word that is written, or -1. */
static int stepping;
static long word = -1;

static int leads_to(int fd, const char *device) {
    char link[64], target[256];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target - 1);
    return length > 0 && (target[length] = 0, strncmp(target, device, strlen(device)) == 0);
}

static void fault(int number, siginfo_t *info, void *context) {
    uintptr_t at = (uintptr_t)info->si_addr, base = (uintptr_t)registers;
    if (registers && at >= base && at < base + PAGE) {
        while (__atomic_test_and_set(&stepping, __ATOMIC_ACQUIRE)) {
        }
        word = (long)(at - base) / 4;
        mprotect((void *)registers, PAGE, PROT_READ | PROT_WRITE);
        ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
    } else if (former_fault.sa_flags & SA_SIGINFO) {
        former_fault.sa_sigaction(number, info, context);
    } else {
        sigaction(SIGSEGV, &former_fault, NULL);
    }
}

static void step(int number, siginfo_t *info, void *context) {
    (void)number, (void)info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    uint32_t value = registers[word];
    if (word == GPSET0)
        registers[GPLEV0] |= value;
    if (word == GPCLR0)
        registers[GPLEV0] &= ~value;
    mprotect((void *)registers, PAGE, PROT_READ);

    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char line[80];
    int length = snprintf(line, sizeof line, "%lld %d %lx %x\n",
                          now.tv_sec * 1000000000LL + now.tv_nsec, (int)getpid(), word * 4, value);
    if (write(log_file, line, (size_t)length) != length)
        abort();
    word = -1;
    __atomic_clear(&stepping, __ATOMIC_RELEASE);
}

static void watch(void *mapping) {
    log_file = open(getenv("FAKE_PI_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    registers = mapping;
    struct sigaction on_fault = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    struct sigaction on_step = {.sa_sigaction = step, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    struct sigaction present;
    sigaction(SIGSEGV, NULL, &present);
    if (present.sa_sigaction != fault)
        former_fault = present;
    sigaction(SIGSEGV, &on_fault, NULL);
    sigaction(SIGTRAP, &on_step, NULL);
    mprotect(mapping, PAGE, PROT_READ);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
    static void *(*real)(void *, size_t, int, int, int, off64_t);
    if (!real)
        real = (void *(*)(void *, size_t, int, int, int, off64_t))dlsym(RTLD_NEXT, "mmap64");
    void *mapping = real(at, length, protection, flags, fd, offset);
    if (mapping != MAP_FAILED && fd >= 0 && getenv("FAKE_PI_LOG") && leads_to(fd, "/dev/gpiomem"))
        watch(mapping);
    return mapping;
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap64(at, length, protection, flags, fd, offset);
}

int ioctl(int fd, unsigned long request, ...) {
    static int (*real)(int, unsigned long, void *);
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (request == GPIO_GET_CHIPINFO && leads_to(fd, "/dev/gpiochip")) {
        struct chip_info *info = argument;
        *info = (struct chip_info){.name = "gpiochip0", .label = "pinctrl-bcm2711", .lines = 58};
        return 0;
    }
    if (!real)
        real = (int (*)(int, unsigned long, void *))dlsym(RTLD_NEXT, "ioctl");
    return real(fd, request, argument);
}
