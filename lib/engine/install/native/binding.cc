// tfjs-node's binding with the operations of programs beside its own. Its source is compiled unchanged as a part of this file, which
// then registers the module in its place.
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#include <node_api.h>

#undef NAPI_MODULE
#define NAPI_MODULE(name, init) napi_value InitOriginal(napi_env env, napi_value exports) { return init(env, exports); }
#include "tfjs_binding.cc"

#include "block-convolution.h"
#include "convolution.h"
#include "gate.h"
#include "library-kernels.h"
#include "mixed-convolution.h"
#include "normalisation.h"
#include "optimiser.h"
#include "pixel-mean.h"
#include "pooling.h"
#include "private-members.h"
#include "program.h"
#include "softmax.h"
#include "tfe_auto_op.h"

namespace tfnodejs {
namespace {

// Serialised ConfigProto { graph_options { rewrite_options { disable_meta_optimizer: true } } }: rewriting a graph of a thousand nodes
// takes longer than it gains, and could change the last bit of a result.
const std::string kConfig = std::string("\x52\x05\x52\x03\x98\x01\x01", 7);

// One program at a time is being written down; JavaScript is single-threaded.
std::unique_ptr<workbench::Program> under_construction;

template <size_t count>
bool Arguments(napi_env env, napi_callback_info info, napi_value (&values)[count]) {
  size_t given = count;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &given, values, nullptr, nullptr), false);
  if (given < count) NAPI_THROW_ERROR(env, "%zu arguments were expected, %zu given", count, given);
  return given >= count;
}

bool Started(napi_env env) {
  if (!under_construction) NAPI_THROW_ERROR(env, "no program was begun");
  return under_construction != nullptr;
}

std::vector<int32_t> Numbers(napi_env env, napi_value array) {
  std::vector<int64_t> wide;
  ExtractArrayShape(env, array, &wide);
  return std::vector<int32_t>(wide.begin(), wide.end());
}

TFE_TensorHandle *Handle(napi_env env, TFJSBackend *backend, int32_t id) {
  const workbench::Handles &handles = workbench::HandlesOf(backend);
  const auto entry = handles.find(id);
  if (entry != handles.end()) return entry->second;
  NAPI_THROW_ERROR(env, "there is no tensor %d", id);
  return nullptr;
}

napi_value DescribeAll(napi_env env, const std::vector<int32_t> &numbers) {
  if (IsExceptionPending(env)) return nullptr;
  napi_value array;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_array_with_length(env, numbers.size(), &array), nullptr);
  for (size_t i = 0; i < numbers.size(); i++) {
    napi_value description = under_construction->Describe(env, numbers[i]);
    if (IsExceptionPending(env)) return nullptr;
    ENSURE_NAPI_OK_RETVAL(env, napi_set_element(env, array, i, description), nullptr);
  }
  return array;
}

// beginProgram(): void; one that was begun before and not finished is dropped.
napi_value BeginProgram(napi_env, napi_callback_info) {
  under_construction.reset(new workbench::Program());
  return nullptr;
}

// programInput(dtype, shape): [description]
napi_value ProgramInput(napi_env env, napi_callback_info info) {
  napi_value values[2];
  int32_t type;
  if (!Started(env) || !Arguments(env, info, values)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, values[0], &type), nullptr);
  std::vector<int64_t> shape;
  ExtractArrayShape(env, values[1], &shape);
  return DescribeAll(env, under_construction->AddInput(env, static_cast<TF_DataType>(type), shape));
}

// programConstant(id): [description]
napi_value ProgramConstant(napi_env env, napi_callback_info info) {
  napi_value values[1];
  int32_t id;
  if (!Started(env) || !Arguments(env, info, values)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, values[0], &id), nullptr);
  TFE_TensorHandle *handle = Handle(env, GetTFJSBackend(env), id);
  return handle ? DescribeAll(env, under_construction->AddConstant(env, handle)) : nullptr;
}

// programOperation(type, attributes, inputs, outputCount): [description]
napi_value ProgramOperation(napi_env env, napi_callback_info info) {
  napi_value values[4];
  std::string type;
  int32_t output_count;
  if (!Started(env) || !Arguments(env, info, values)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, values[0], type), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, values[3], &output_count), nullptr);
  return DescribeAll(env, under_construction->AddOperation(env, type, values[1], Numbers(env, values[2]), output_count));
}

// finishProgram(name, outputs): void
napi_value FinishProgram(napi_env env, napi_callback_info info) {
  napi_value values[2];
  std::string name;
  if (!Started(env) || !Arguments(env, info, values)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, values[0], name), nullptr);
  under_construction->Finish(env, workbench::ContextOf(GetTFJSBackend(env)), name, Numbers(env, values[1]));
  under_construction.reset();
  return nullptr;
}

// removeProgram(name): void
napi_value RemoveProgram(napi_env env, napi_callback_info info) {
  napi_value values[1];
  std::string name;
  if (!Arguments(env, info, values)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, values[0], name), nullptr);
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(workbench::ContextOf(GetTFJSBackend(env)), name.c_str(), status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  return nullptr;
}

// runProgram(name, inputIds, outputCount): [{ id, shape, dtype }]
napi_value RunProgram(napi_env env, napi_callback_info info) {
  napi_value values[3];
  std::string name;
  int32_t output_count;
  if (!Arguments(env, info, values)) return nullptr;
  ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, values[0], name), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, values[2], &output_count), nullptr);
  TFJSBackend *backend = GetTFJSBackend(env);
  TF_AutoStatus status;
  TFE_AutoOp operation(TFE_NewOp(workbench::ContextOf(backend), name.c_str(), status.status));
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  TFE_OpSetAttrString(operation.op, "config_proto", kConfig.data(), kConfig.size());
  for (int32_t id : Numbers(env, values[1])) {
    TFE_TensorHandle *handle = Handle(env, backend, id);
    if (!handle) return nullptr;
    TFE_OpAddInput(operation.op, handle, status.status);
    ENSURE_TF_OK_RETVAL(env, status, nullptr);
  }
  std::vector<TFE_TensorHandle *> results(output_count, nullptr);
  TFE_Execute(operation.op, results.data(), &output_count, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  napi_value descriptions;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_array_with_length(env, output_count, &descriptions), nullptr);
  for (int32_t i = 0; i < output_count; i++) {
    ENSURE_NAPI_OK_RETVAL(env, napi_set_element(env, descriptions, i, workbench::Entered(backend, env, results[i])), nullptr);
  }
  return descriptions;
}

napi_value InitWithPrograms(napi_env env, napi_value exports) {
  exports = InitOriginal(env, exports);
  if (!exports) return nullptr;
  const struct { const char *name; napi_callback function; } functions[] = {
      {"beginProgram", BeginProgram},   {"programInput", ProgramInput},   {"programConstant", ProgramConstant},
      {"programOperation", ProgramOperation}, {"finishProgram", FinishProgram}, {"removeProgram", RemoveProgram}, {"runProgram", RunProgram},
  };
  for (const auto &entry : functions) {
    napi_value function;
    ENSURE_NAPI_OK_RETVAL(env, napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, nullptr, &function), nullptr);
    ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, exports, entry.name, function), nullptr);
  }
  const bool taken = workbench::RegisterConvolutions() && workbench::RegisterBlockConvolutions() && workbench::RegisterPooling() &&
                     workbench::RegisterNormalisation() && workbench::RegisterSoftmax() && workbench::RegisterOptimiser() &&
                     workbench::RegisterMixedConvolutions() && workbench::RegisterPixelMeans() && workbench::RegisterGates() &&
                     workbench::ReplaceLibraryKernels();
  napi_value registered;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_boolean(env, taken, &registered), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, exports, "workbenchOperations", registered), nullptr);
  return exports;
}

}  // namespace
}  // namespace tfnodejs

NAPI_MODULE_INIT() { return tfnodejs::InitWithPrograms(env, exports); }
