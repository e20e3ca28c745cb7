#include "operation.h"

#include <string>

namespace workbench {

Operation::~Operation() {
  for (TF_Tensor *tensor : outputs_) TF_DeleteTensor(tensor);
  if (failed()) TF_OpKernelContext_Failure(context_, status_);
  TF_DeleteStatus(status_);
}

Operand Operation::input(int index) {
  TF_Tensor *tensor = nullptr;
  TF_GetInput(context_, index, &tensor, status_);
  return Operand(tensor);
}

std::vector<int64_t> Operand::shape() const {
  std::vector<int64_t> lengths(TF_NumDims(tensor_));
  for (size_t axis = 0; axis < lengths.size(); axis++) lengths[axis] = dim(static_cast<int>(axis));
  return lengths;
}

float *Operation::output(int index, const std::vector<int64_t> &shape) {
  size_t bytes = sizeof(float);
  for (int64_t length : shape) bytes *= length;
  TF_Tensor *tensor = TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, status_);
  if (failed()) return nullptr;
  outputs_.push_back(tensor);
  return static_cast<float *>(TF_TensorData(tensor));
}

void Operation::hand_on(int index, const Operand &operand) { TF_SetOutput(context_, index, operand.tensor_, status_); }

int64_t Shapes::dim(int input, int axis) {
  TF_ShapeHandle *shape = TF_NewShapeHandle();
  TF_DimensionHandle *length = TF_NewDimensionHandle();
  TF_ShapeInferenceContextGetInput(context_, input, shape, status_);
  TF_ShapeInferenceContextDim(context_, shape, axis, length);
  const int64_t value = TF_DimensionHandleValue(length);
  TF_DeleteDimensionHandle(length);
  TF_DeleteShapeHandle(shape);
  return value;
}

void Shapes::set(int output, std::initializer_list<int64_t> shape) {
  for (int64_t length : shape) {
    if (length < 0) return TF_ShapeInferenceContextSetUnknownShape(context_, status_);
  }
  TF_ShapeHandle *whole = TF_ShapeInferenceContextScalar(context_);
  for (int64_t length : shape) {
    TF_ShapeHandle *next = TF_ShapeInferenceContextVectorFromSize(context_, length);
    TF_ShapeHandle *longer = TF_NewShapeHandle();
    TF_ShapeInferenceContextConcatenateShapes(context_, whole, next, longer, status_);
    TF_DeleteShapeHandle(next);
    TF_DeleteShapeHandle(whole);
    whole = longer;
  }
  TF_ShapeInferenceContextSetOutput(context_, output, whole, status_);
  TF_DeleteShapeHandle(whole);
}

void Shapes::same(int output, int input) {
  TF_ShapeHandle *shape = TF_NewShapeHandle();
  TF_ShapeInferenceContextGetInput(context_, input, shape, status_);
  TF_ShapeInferenceContextSetOutput(context_, output, shape, status_);
  TF_DeleteShapeHandle(shape);
}

Attributes::~Attributes() {
  if (TF_GetCode(status_) != TF_OK) TF_OpKernelConstruction_Failure(construction_, status_);
  TF_DeleteStatus(status_);
}

bool RegisterOperation(const char *name, const Names &inputs, const Names &outputs, const Names &attributes, FindShapes shapes,
                       const Computation &computation) {
  TF_Status *status = TF_NewStatus();
  TF_OpDefinitionBuilder *definition = TF_NewOpDefinitionBuilder(name);
  for (const char *input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char *output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char *attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, shapes);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", computation.create, computation.compute, computation.remove), status);
  }
  const bool taken = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return taken;
}

bool ReplaceKernel(const char *name, const Computation &computation) {
  TF_Status *status = TF_NewStatus();
  TF_KernelBuilder *builder = TF_NewKernelBuilder(name, "CPU", computation.create, computation.compute, computation.remove);
  TF_KernelBuilder_TypeConstraint(builder, "T", TF_FLOAT, status);
  // The library takes the kernel of the highest priority; its own have 0.
  TF_KernelBuilder_Priority(builder, 1);
  if (TF_GetCode(status) == TF_OK) TF_RegisterKernelBuilder((std::string("Workbench") + name).c_str(), builder, status);
  const bool taken = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return taken;
}

}  // namespace workbench
