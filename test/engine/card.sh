#!/usr/bin/env bash
# What can only be seen on a graphics card, within ten minutes of one: run from the project's folder after npm ci and
# npm run setup -- --webgpu, with a Python that has torch as the first argument (python3, if it is not said).
set -uo pipefail
cd "$(dirname "$0")/../.."
PYTHON=${1:-python3}
OUT=${OUT:-.workbench/card}
mkdir -p "$OUT"
npx iopfl doctor | tee "$OUT/doctor.txt"

# The same bytes and numbers as everywhere, now from the card's own arithmetic.
for file in webgpu-kernels webgpu-layers webgpu-programs; do
  timeout 60 node -r ./lib/cli/register.cjs --test "test/engine/$file.test.ts" >"$OUT/$file.txt" 2>&1
  grep -E "^# (pass|fail|skipped)|^# \{" "$OUT/$file.txt"
done
timeout 90 npm run -s golden -- --engine webgpu | tee "$OUT/golden.txt" | tail -1

# Steps, and two processes at once on the card, against PyTorch on the same one.
timeout 270 npx iopfl bench --profile paper --engine webgpu --reps 1 --python "$PYTHON" 2>&1 | tee "$OUT/bench.txt"
cp results/bench/*.paper.webgpu.* "$OUT"/ 2>/dev/null || true
# Memory, while a training step of the paper's size is repeated.
(for _ in $(seq 40); do nvidia-smi --query-gpu=memory.used --format=csv,noheader; sleep 0.5; done | sort -n | tail -1 >"$OUT/memory.txt") &
timeout 40 npx iopfl bench --profile paper --engine webgpu --reps 1 --only "training 5x" --python "$PYTHON" >/dev/null 2>&1
wait
echo "most memory on the card: $(cat "$OUT/memory.txt")"
