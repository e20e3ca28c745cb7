"""Reads a safetensors file: a header in JSON, then the numbers of every tensor."""

import json
import struct

import torch

TYPES = {"F32": torch.float32, "I32": torch.int32}


def read_tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        flat = torch.frombuffer(body, dtype=TYPES[entry["dtype"]], offset=start, count=(end - start) // 4)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def below(tensors, prefix):
    """The tensors whose names start with a prefix, without it."""
    return {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
