// See silence-loading.cc.
extern "C" void workbench_restore_stderr();

__attribute__((constructor)) static void restore() { workbench_restore_stderr(); }
