// A program is a function of tensors that TensorFlow runs as a whole: one call instead of thousands, with every buffer released or
// reused as soon as its last reader is done. JavaScript runs the function once with operations that are only written down, in a graph
// that infers every shape; see lib/engine/program.ts.
#pragma once

#include <node_api.h>
#include <cstdint>
#include <string>
#include <vector>
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

namespace workbench {

class Program {
 public:
  Program() : graph_(TF_NewGraph()) {}
  ~Program() { TF_DeleteGraph(graph_); }
  Program(const Program &) = delete;
  Program &operator=(const Program &) = delete;

  // Each returns the numbers of its outputs, which later operations name as inputs; throws in JavaScript and returns nothing on failure.
  std::vector<int32_t> AddInput(napi_env env, TF_DataType type, const std::vector<int64_t> &shape);
  std::vector<int32_t> AddConstant(napi_env env, TFE_TensorHandle *value);
  std::vector<int32_t> AddOperation(napi_env env, const std::string &type, napi_value attributes, const std::vector<int32_t> &inputs,
                                    int32_t output_count);

  // An object `{ id, shape, dtype }`, as the binding describes a computed tensor.
  napi_value Describe(napi_env env, int32_t number);

  // Makes the program an operation called `name` of the context.
  void Finish(napi_env env, TFE_Context *context, const std::string &name, const std::vector<int32_t> &outputs);

 private:
  std::vector<int32_t> Add(napi_env env, TF_OperationDescription *description, int32_t output_count);
  std::string NextName();

  TF_Graph *graph_;
  std::vector<TF_Output> inputs_;
  std::vector<TF_Output> tensors_;
};

}  // namespace workbench
