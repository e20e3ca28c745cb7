#include "samples.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include "operation.h"

namespace workbench {

namespace {

// One call of ForEachSample. A helper that comes late finds no sample left and does not touch the work, which may be gone by then.
struct Batch {
  Batch(int64_t count, const std::function<void(int64_t)> &compute) : samples(count), work(compute) {}
  void Help() {
    for (int64_t sample; (sample = next++) < samples;) {
      work(sample);
      std::lock_guard<std::mutex> lock(mutex);
      if (++done == samples) finished.notify_one();
    }
  }
  void Wait() {
    std::unique_lock<std::mutex> lock(mutex);
    finished.wait(lock, [this] { return done == samples; });
  }
  const int64_t samples;
  const std::function<void(int64_t)> &work;
  std::atomic<int64_t> next{0};
  int64_t done = 0;
  std::mutex mutex;
  std::condition_variable finished;
};

// Threads that wait for batches as long as the process lives.
class Helpers {
 public:
  Helpers() {
    threads_ = ComputingThreads();
    for (int64_t i = 1; i < threads_; i++) std::thread([this] { Work(); }).detach();
  }

  void Run(int64_t samples, const std::function<void(int64_t)> &work) {
    const int64_t helpers = std::min(threads_ - ++running_, samples - 1);
    if (helpers <= 0) {
      for (int64_t sample = 0; sample < samples; sample++) work(sample);
    } else {
      const auto batch = std::make_shared<Batch>(samples, work);
      {
        std::lock_guard<std::mutex> lock(mutex_);
        waiting_.insert(waiting_.end(), helpers, batch);
      }
      helpers == 1 ? posted_.notify_one() : posted_.notify_all();
      batch->Help();
      batch->Wait();
    }
    running_--;
  }

 private:
  void Work() {
    const FlushTiny flush;
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      posted_.wait(lock, [this] { return !waiting_.empty(); });
      const std::shared_ptr<Batch> batch = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      batch->Help();
    }
  }

  int64_t threads_;
  std::atomic<int64_t> running_{0};
  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::shared_ptr<Batch>> waiting_;
};

}  // namespace

int64_t ComputingThreads() {
  static const char *const wanted = std::getenv("TF_NUM_INTRAOP_THREADS");
  return std::max(1, wanted ? std::atoi(wanted) : 1);
}

void ForEachSample(int64_t samples, const std::function<void(int64_t)> &work) {
  // Never destroyed: its threads outlive what ends a process.
  static Helpers *const helpers = new Helpers();
  helpers->Run(samples, work);
}

}  // namespace workbench
