// tfjs-node offers no way to its context and its table of tensors, which programs need: they are private members of TFJSBackend, and no function
// that JavaScript can call gives them out. An explicit instantiation may name private members ([temp.spec.general]/6); it hands each on to a friend.
#pragma once

#include "tfjs_backend.h"

namespace workbench {

template <class Tag, typename Tag::type member>
struct Hand {
  friend typename Tag::type On(Tag) { return member; }
};

#define WORKBENCH_HAND_ON(Tag, Type, member)        \
  struct Tag {                                      \
    typedef Type tfnodejs::TFJSBackend::*type;      \
    friend type On(Tag);                            \
  };                                                \
  template struct Hand<Tag, &tfnodejs::TFJSBackend::member>;

typedef std::unordered_map<int32_t, TFE_TensorHandle *> Handles;
typedef napi_value Described(napi_env, TFE_TensorHandle *);

WORKBENCH_HAND_ON(ContextTag, TFE_Context *, tfe_context_)
WORKBENCH_HAND_ON(HandlesTag, Handles, tfe_handle_map_)
WORKBENCH_HAND_ON(DescribedTag, Described, GenerateOutputTensorInfo)

#undef WORKBENCH_HAND_ON

inline TFE_Context *ContextOf(tfnodejs::TFJSBackend *backend) { return backend->*On(ContextTag()); }
inline Handles &HandlesOf(tfnodejs::TFJSBackend *backend) { return backend->*On(HandlesTag()); }
// Enters a tensor into the table. @returns its description, `{ id, shape, dtype }`
inline napi_value Entered(tfnodejs::TFJSBackend *backend, napi_env env, TFE_TensorHandle *handle) {
  return (backend->*On(DescribedTag()))(env, handle);
}

}  // namespace workbench
