/* Loaded before the C library: every fsync and fdatasync waits BENCH_SYNC_MS milliseconds more, as a slow flash card would. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_function)(int);

static void wait_longer(void) {
  const char *text = getenv("BENCH_SYNC_MS");
  long ms = text == NULL ? 0 : atol(text);
  struct timespec left = {ms / 1000, (ms % 1000) * 1000000L};
  while (nanosleep(&left, &left) != 0) {
  }
}

int fsync(int file) {
  sync_function real = (sync_function)dlsym(RTLD_NEXT, "fsync");
  wait_longer();
  return real(file);
}

int fdatasync(int file) {
  sync_function real = (sync_function)dlsym(RTLD_NEXT, "fdatasync");
  wait_longer();
  return real(file);
}
