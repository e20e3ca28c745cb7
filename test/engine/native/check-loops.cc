// Runs every loop on every small problem with each instruction set that this processor has, and compares what comes of them to the byte. Prints, for
// each loop, a hash of all its results, which no processor and no compiler may change.
#include <cstdio>
#include <cstring>
#include <map>
#include "cases.h"

namespace {

typedef std::map<std::string, uint64_t> Hashes;

bool HasAvx512() { return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"); }

// FNV-1a over the bytes.
void Mix(const Numbers &numbers, uint64_t *hash) {
  const unsigned char *bytes = reinterpret_cast<const unsigned char *>(numbers.data());
  for (size_t i = 0; i < numbers.size() * sizeof(float); i++) *hash = (*hash ^ bytes[i]) * 1099511628211ull;
}

}  // namespace

Numbers Pattern(int64_t size, uint32_t seed) {
  Numbers numbers(size);
  uint32_t state = seed * 2654435761u + static_cast<uint32_t>(size);
  for (float &number : numbers) {
    state = state * 1664525u + 1013904223u;
    number = static_cast<float>(static_cast<int32_t>(state >> 8) - (1 << 23)) / (1 << 23);
  }
  return numbers;
}

int main() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return std::puts("this processor has no AVX2"), 2;
  std::vector<Case> cases;
  AddConvolutions(&cases), AddPixels(&cases), AddVectors(&cases);
  const bool both = HasAvx512();
  Hashes hashes;
  int different = 0;
  for (const Case &each : cases) {
    const Numbers narrow = each.compute(workbench::kLoopsAvx2);
    Mix(narrow, &hashes.emplace(each.loop, 14695981039346656037ull).first->second);
    if (!both) continue;
    const Numbers wide = each.compute(workbench::kLoopsAvx512);
    if (std::memcmp(narrow.data(), wide.data(), narrow.size() * sizeof(float)) == 0) continue;
    std::fprintf(stderr, "DIFFERENT: %s of %s\n", each.loop.c_str(), each.sizes.c_str());
    different++;
  }
  for (const auto &[loop, hash] : hashes) std::printf("%-18s %016llx\n", loop.c_str(), static_cast<unsigned long long>(hash));
  std::printf("%zu problems, %s, %d different\n", cases.size(), both ? "AVX2 and AVX-512" : "AVX2 alone", different);
  return different == 0 ? 0 : 1;
}
