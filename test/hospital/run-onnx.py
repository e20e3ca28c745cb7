"""Checks an ONNX file and runs it: model, images and logits as raw float32, shape of the images [batch, channel, height, width]."""

import sys

import numpy
import onnxruntime

model, images, logits, *shape = sys.argv[1:]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
given = numpy.fromfile(images, "<f4").reshape([int(size) for size in shape])
(result,) = session.run(["logits"], {"images": given})
result.astype("<f4").tofile(logits)
print(*result.shape)
