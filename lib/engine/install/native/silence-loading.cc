// TensorFlow writes two lines to standard error while it is loaded, before any setting of its log level can be heard. This library is
// the last that the addon needs, so the loader runs its constructor before TensorFlow's; restore-stderr.cc, in the addon, runs after.
#include <fcntl.h>
#include <unistd.h>

static int saved = -1;

__attribute__((constructor)) static void silence() {
  saved = dup(STDERR_FILENO);
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0) return;
  if (saved >= 0) dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

extern "C" void workbench_restore_stderr() {
  if (saved < 0) return;
  dup2(saved, STDERR_FILENO);
  close(saved);
  saved = -1;
}
