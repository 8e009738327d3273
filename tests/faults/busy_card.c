/* A sound card that another program holds. */
#include <errno.h>

int snd_pcm_open(void **card, const char *name, int stream, int mode)
{
    (void)card, (void)name, (void)stream, (void)mode;
    return -EBUSY;
}
