// Shares the samples of a batch among the threads that the engine was started with.
#pragma once

#include <cstdint>
#include <functional>

namespace workbench {

// Calls `work` once for each sample and returns when all is done. The library runs operations that do not need each other at once; only
// threads that no such operation keeps busy help. No sample's result depends on who computes it.
void ForEachSample(int64_t samples, const std::function<void(int64_t)> &work);

// How many threads the engine was started with.
int64_t ComputingThreads();

}  // namespace workbench
