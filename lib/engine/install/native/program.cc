#include "program.h"

#include <memory>
#include "tf_auto_status.h"
#include "utils.h"

namespace workbench {

using tfnodejs::EnsureNapiOK;
using tfnodejs::EnsureTFOK;
using tfnodejs::GetStringParam;
using tfnodejs::NapiThrowError;
using tfnodejs::TF_AutoStatus;

namespace {

std::vector<int64_t> Integers(napi_env env, napi_value array) {
  std::vector<int64_t> values;
  tfnodejs::ExtractArrayShape(env, array, &values);
  return values;
}

// The attributes that tfjs-node hands to `executeOp`: { name, type, value }.
void SetAttribute(napi_env env, TF_OperationDescription *description, napi_value attribute) {
  napi_value name_value, type_value, value;
  ENSURE_NAPI_OK(env, napi_get_named_property(env, attribute, "name", &name_value));
  ENSURE_NAPI_OK(env, napi_get_named_property(env, attribute, "type", &type_value));
  ENSURE_NAPI_OK(env, napi_get_named_property(env, attribute, "value", &value));
  std::string name;
  int32_t type;
  bool is_array;
  ENSURE_NAPI_OK(env, GetStringParam(env, name_value, name));
  ENSURE_NAPI_OK(env, napi_get_value_int32(env, type_value, &type));
  ENSURE_NAPI_OK(env, napi_is_array(env, value, &is_array));

  if (type == TF_ATTR_STRING) {
    std::string text;
    ENSURE_NAPI_OK(env, GetStringParam(env, value, text));
    TF_SetAttrString(description, name.c_str(), text.data(), text.size());
  } else if (type == TF_ATTR_INT && is_array) {
    const std::vector<int64_t> numbers = Integers(env, value);
    TF_SetAttrIntList(description, name.c_str(), numbers.data(), static_cast<int>(numbers.size()));
  } else if (type == TF_ATTR_INT) {
    int64_t number;
    ENSURE_NAPI_OK(env, napi_get_value_int64(env, value, &number));
    TF_SetAttrInt(description, name.c_str(), number);
  } else if (type == TF_ATTR_FLOAT) {
    double number;
    ENSURE_NAPI_OK(env, napi_get_value_double(env, value, &number));
    TF_SetAttrFloat(description, name.c_str(), static_cast<float>(number));
  } else if (type == TF_ATTR_BOOL) {
    bool flag;
    ENSURE_NAPI_OK(env, napi_get_value_bool(env, value, &flag));
    TF_SetAttrBool(description, name.c_str(), flag ? 1 : 0);
  } else if (type == TF_ATTR_TYPE) {
    int32_t data_type;
    ENSURE_NAPI_OK(env, napi_get_value_int32(env, value, &data_type));
    TF_SetAttrType(description, name.c_str(), static_cast<TF_DataType>(data_type));
  } else if (type == TF_ATTR_SHAPE) {
    const std::vector<int64_t> shape = Integers(env, value);
    TF_SetAttrShape(description, name.c_str(), shape.data(), static_cast<int>(shape.size()));
  } else {
    NAPI_THROW_ERROR(env, "a program cannot hold attribute %s of type %d", name.c_str(), type);
  }
}

// An operation with an attribute N (ConcatV2, Pack, AddN) takes its first N inputs as one list.
int32_t ListLength(napi_env env, napi_value attributes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    napi_value attribute, name_value, value;
    std::string name;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_element(env, attributes, i, &attribute), 0);
    ENSURE_NAPI_OK_RETVAL(env, napi_get_named_property(env, attribute, "name", &name_value), 0);
    ENSURE_NAPI_OK_RETVAL(env, GetStringParam(env, name_value, name), 0);
    if (name != "N") continue;
    int32_t length;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_named_property(env, attribute, "value", &value), 0);
    ENSURE_NAPI_OK_RETVAL(env, napi_get_value_int32(env, value, &length), 0);
    return length;
  }
  return 0;
}

napi_value NumberArray(napi_env env, const std::vector<int64_t> &values) {
  napi_value array;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_array_with_length(env, values.size(), &array), nullptr);
  for (size_t i = 0; i < values.size(); i++) {
    napi_value element;
    ENSURE_NAPI_OK_RETVAL(env, napi_create_int64(env, values[i], &element), nullptr);
    ENSURE_NAPI_OK_RETVAL(env, napi_set_element(env, array, i, element), nullptr);
  }
  return array;
}

}  // namespace

std::string Program::NextName() { return "t" + std::to_string(tensors_.size()); }

std::vector<int32_t> Program::Add(napi_env env, TF_OperationDescription *description, int32_t output_count) {
  TF_AutoStatus status;
  TF_Operation *operation = TF_FinishOperation(description, status.status);
  ENSURE_TF_OK_RETVAL(env, status, {});
  std::vector<int32_t> numbers;
  for (int32_t i = 0; i < output_count; i++) {
    numbers.push_back(static_cast<int32_t>(tensors_.size()));
    tensors_.push_back({operation, i});
  }
  return numbers;
}

std::vector<int32_t> Program::AddInput(napi_env env, TF_DataType type, const std::vector<int64_t> &shape) {
  TF_OperationDescription *description = TF_NewOperation(graph_, "Placeholder", NextName().c_str());
  TF_SetAttrType(description, "dtype", type);
  TF_SetAttrShape(description, "shape", shape.data(), static_cast<int>(shape.size()));
  const std::vector<int32_t> numbers = Add(env, description, 1);
  if (!numbers.empty()) inputs_.push_back(tensors_[numbers[0]]);
  return numbers;
}

std::vector<int32_t> Program::AddConstant(napi_env env, TFE_TensorHandle *value) {
  TF_AutoStatus status;
  std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)> tensor(TFE_TensorHandleResolve(value, status.status), &TF_DeleteTensor);
  ENSURE_TF_OK_RETVAL(env, status, {});
  TF_OperationDescription *description = TF_NewOperation(graph_, "Const", NextName().c_str());
  TF_SetAttrType(description, "dtype", TF_TensorType(tensor.get()));
  TF_SetAttrTensor(description, "value", tensor.get(), status.status);
  const std::vector<int32_t> numbers = Add(env, description, 1);
  ENSURE_TF_OK_RETVAL(env, status, {});
  return numbers;
}

std::vector<int32_t> Program::AddOperation(napi_env env, const std::string &type, napi_value attributes, const std::vector<int32_t> &inputs,
                                           int32_t output_count) {
  uint32_t attribute_count;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_array_length(env, attributes, &attribute_count), {});
  TF_OperationDescription *description = TF_NewOperation(graph_, type.c_str(), NextName().c_str());
  std::vector<TF_Output> operands;
  for (int32_t number : inputs) operands.push_back(tensors_.at(number));
  const int32_t listed = ListLength(env, attributes, attribute_count);
  if (listed > 0) TF_AddInputList(description, operands.data(), listed);
  for (size_t i = listed; i < operands.size(); i++) TF_AddInput(description, operands[i]);
  for (uint32_t i = 0; i < attribute_count; i++) {
    napi_value attribute;
    ENSURE_NAPI_OK_RETVAL(env, napi_get_element(env, attributes, i, &attribute), {});
    SetAttribute(env, description, attribute);
  }
  return Add(env, description, output_count);
}

napi_value Program::Describe(napi_env env, int32_t number) {
  TF_AutoStatus status;
  const TF_Output output = tensors_.at(number);
  const int rank = TF_GraphGetTensorNumDims(graph_, output, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);
  // A tensor of unknown rank (what batch normalisation reserves for its gradient) can only be handed on: it is shown as empty.
  std::vector<int64_t> shape(rank < 0 ? 1 : rank, 0);
  if (rank >= 0) TF_GraphGetTensorShape(graph_, output, shape.data(), rank, status.status);
  ENSURE_TF_OK_RETVAL(env, status, nullptr);

  napi_value object, id, type;
  ENSURE_NAPI_OK_RETVAL(env, napi_create_object(env, &object), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_create_int32(env, number, &id), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_create_int32(env, TF_OperationOutputType(output), &type), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, object, "id", id), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, object, "dtype", type), nullptr);
  ENSURE_NAPI_OK_RETVAL(env, napi_set_named_property(env, object, "shape", NumberArray(env, shape)), nullptr);
  return object;
}

void Program::Finish(napi_env env, TFE_Context *context, const std::string &name, const std::vector<int32_t> &outputs) {
  std::vector<TF_Output> results;
  for (int32_t number : outputs) results.push_back(tensors_.at(number));
  TF_AutoStatus status;
  std::unique_ptr<TF_Function, decltype(&TF_DeleteFunction)> function(
      TF_GraphToFunction(graph_, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs_.size()), inputs_.data(), static_cast<int>(results.size()),
                         results.data(), nullptr, nullptr, nullptr, status.status),
      &TF_DeleteFunction);
  ENSURE_TF_OK(env, status);
  TFE_ContextAddFunction(context, function.get(), status.status);
  ENSURE_TF_OK(env, status);
}

}  // namespace workbench
