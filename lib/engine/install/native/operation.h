// The parts of TensorFlow's C interface by which an operation of our own is registered, finds its shapes and reads and writes tensors.
#pragma once

#include <xmmintrin.h>
#include <cstdint>
#include <initializer_list>
#include <vector>
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/ops.h"

// What is used of tensorflow/c/kernels.h, which cannot be included: it asks for headers that are not unpacked, of devices.
extern "C" {
typedef struct TF_KernelBuilder TF_KernelBuilder;
typedef struct TF_OpKernelConstruction TF_OpKernelConstruction;
typedef struct TF_OpKernelContext TF_OpKernelContext;
TF_KernelBuilder *TF_NewKernelBuilder(const char *operation, const char *device, void *(*create)(TF_OpKernelConstruction *),
                                      void (*compute)(void *, TF_OpKernelContext *), void (*remove)(void *));
void TF_KernelBuilder_TypeConstraint(TF_KernelBuilder *builder, const char *attribute, TF_DataType type, TF_Status *status);
void TF_KernelBuilder_Priority(TF_KernelBuilder *builder, int32_t priority);
void TF_RegisterKernelBuilder(const char *name, TF_KernelBuilder *builder, TF_Status *status);
void TF_GetInput(TF_OpKernelContext *context, int index, TF_Tensor **tensor, TF_Status *status);
void TF_SetOutput(TF_OpKernelContext *context, int index, const TF_Tensor *tensor, TF_Status *status);
TF_Tensor *TF_AllocateOutput(TF_OpKernelContext *context, int index, TF_DataType type, const int64_t *dims, int rank, size_t bytes,
                             TF_Status *status);
void TF_OpKernelConstruction_GetAttrInt64List(TF_OpKernelConstruction *construction, const char *name, int64_t *values, int most, TF_Status *status);
void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction *construction, const char *name, float *value, TF_Status *status);
void TF_OpKernelConstruction_GetAttrBool(TF_OpKernelConstruction *construction, const char *name, unsigned char *value, TF_Status *status);
void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction *construction, TF_Status *status);
void TF_OpKernelContext_Failure(TF_OpKernelContext *context, TF_Status *status);
}

namespace workbench {

// A tensor that an operation was given: float32, unless it is read as another.
class Operand {
 public:
  explicit Operand(TF_Tensor *tensor) : tensor_(tensor) {}
  ~Operand() { TF_DeleteTensor(tensor_); }
  Operand(const Operand &) = delete;
  Operand &operator=(const Operand &) = delete;
  int64_t dim(int axis) const { return TF_Dim(tensor_, axis); }
  int64_t size() const { return TF_TensorElementCount(tensor_); }
  std::vector<int64_t> shape() const;
  const int32_t *integers() const { return static_cast<const int32_t *>(TF_TensorData(tensor_)); }
  const float *values() const { return static_cast<const float *>(TF_TensorData(tensor_)); }

 private:
  friend class Operation;
  TF_Tensor *const tensor_;
};

// Numbers too small to be normal count as zero as long as it lives, in every thread alike: the library's threads do so only in some places.
class FlushTiny {
 public:
  FlushTiny() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushTiny() { _mm_setcsr(before_); }
  FlushTiny(const FlushTiny &) = delete;
  FlushTiny &operator=(const FlushTiny &) = delete;

 private:
  const unsigned before_;
};

// One run of an operation. A failure is reported to the library when it ends.
class Operation {
 public:
  explicit Operation(TF_OpKernelContext *context) : context_(context), status_(TF_NewStatus()) {}
  ~Operation();
  Operation(const Operation &) = delete;
  Operation &operator=(const Operation &) = delete;
  Operand input(int index);
  // Of a new tensor, which is the library's; nothing if there is no memory.
  float *output(int index, const std::vector<int64_t> &shape);
  // Gives out an input as it is.
  void hand_on(int index, const Operand &operand);
  bool failed() const { return TF_GetCode(status_) != TF_OK; }

 private:
  TF_OpKernelContext *const context_;
  TF_Status *const status_;
  std::vector<TF_Tensor *> outputs_;
  const FlushTiny flush_;
};

// The shapes of an operation: known while a program is written down, not always when the library looks again (a length is -1 then).
class Shapes {
 public:
  Shapes(TF_ShapeInferenceContext *context, TF_Status *status) : context_(context), status_(status) {}
  int64_t dim(int input, int axis);
  void set(int output, std::initializer_list<int64_t> shape);
  void same(int output, int input);

 private:
  TF_ShapeInferenceContext *const context_;
  TF_Status *const status_;
};

// What an operation was written down with. A failure is reported to the library when all were read.
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction *construction) : construction_(construction), status_(TF_NewStatus()) {}
  ~Attributes();
  Attributes(const Attributes &) = delete;
  Attributes &operator=(const Attributes &) = delete;
  void integers(const char *name, int64_t *values, int count) { TF_OpKernelConstruction_GetAttrInt64List(construction_, name, values, count, status_); }
  void flag(const char *name, bool *value) {
    unsigned char byte = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &byte, status_);
    *value = byte != 0;
  }
  void number(const char *name, float *value) { TF_OpKernelConstruction_GetAttrFloat(construction_, name, value, status_); }

 private:
  TF_OpKernelConstruction *const construction_;
  TF_Status *const status_;
};

typedef std::vector<const char *> Names;
typedef void (*FindShapes)(TF_ShapeInferenceContext *, TF_Status *);

struct Computation {
  void *(*create)(TF_OpKernelConstruction *);
  void (*compute)(void *, TF_OpKernelContext *);
  void (*remove)(void *);
};

// @returns whether the library took it
bool RegisterOperation(const char *name, const Names &inputs, const Names &outputs, const Names &attributes, FindShapes shapes, const Computation &computation);

inline bool RegisterOperation(const char *name, const Names &inputs, const Names &outputs, FindShapes shapes, void (*compute)(void *, TF_OpKernelContext *)) {
  return RegisterOperation(name, inputs, outputs, {}, shapes, {nullptr, compute, nullptr});
}

// What is computed with attributes: `Settings` is made of them once.
template <class Settings, void (*compute)(const Settings &, Operation &)>
Computation ComputationWith() {
  return {[](TF_OpKernelConstruction *construction) -> void * {
            Attributes attributes(construction);
            return new Settings(attributes);
          },
          [](void *settings, TF_OpKernelContext *context) {
            Operation operation(context);
            compute(*static_cast<const Settings *>(settings), operation);
          },
          [](void *settings) { delete static_cast<Settings *>(settings); }};
}

template <class Settings, void (*compute)(const Settings &, Operation &)>
bool RegisterOperation(const char *name, const Names &inputs, const Names &outputs, const Names &attributes, FindShapes shapes) {
  return RegisterOperation(name, inputs, outputs, attributes, shapes, ComputationWith<Settings, compute>());
}

// Computes an operation of the library, of float32, in place of the library's own kernel. @returns whether the library took it
bool ReplaceKernel(const char *name, const Computation &computation);

inline bool ReplaceKernel(const char *name, void (*compute)(void *, TF_OpKernelContext *)) { return ReplaceKernel(name, {nullptr, compute, nullptr}); }

template <class Settings, void (*compute)(const Settings &, Operation &)>
bool ReplaceKernel(const char *name) {
  return ReplaceKernel(name, ComputationWith<Settings, compute>());
}

}  // namespace workbench
