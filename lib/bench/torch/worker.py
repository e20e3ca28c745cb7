"""
One side of a benchmark case. Prepares and warms up, says so, then answers every line on stdin: a number of samples is measured, an end
of input ends the process. Answers are lines of JSON on stdout.
"""

import json
import resource
import sys
import time

import torch

from federation import Federation
from routed import adaptation_step, build
from stored import below, read_tensors
from unet import UNet, adam, load, train_step


def prepare(spec, tensors, device):
    """Returns what is measured, once; it returns a number that the other side should have as well."""
    if spec["task"] == "routing":
        model = build(tensors, spec).to(device)
        tensors = {name: value.to(device) for name, value in tensors.items() if not name.startswith(("client", "global/", "gates/"))}
        optimiser = torch.optim.Adam([parameter for parameter in model.parameters() if parameter.requires_grad], lr=1e-3)
        return lambda: adaptation_step(model, optimiser, tensors["images"], tensors["masks"], tensors)
    model = UNet(3, 2, spec["features"])
    load(model, below(tensors, "global/"))
    if spec["task"] == "round":
        federation = Federation(model, tensors, spec)
        return federation.round
    layout = torch.channels_last if spec["channelsLast"] else torch.contiguous_format
    model = model.to(device, memory_format=layout)
    images = tensors["images"].to(device).contiguous(memory_format=layout)
    masks = tensors["masks"].to(device)
    if spec["task"] == "training":
        optimiser = adam(model)
        return lambda: train_step(model, optimiser, images, masks)
    model.eval()

    def predict():
        with torch.inference_mode():
            return model(images).abs().mean().item()

    return predict


def main():
    spec = json.loads(sys.argv[1])
    device = "cuda" if spec["device"] == "auto" and torch.cuda.is_available() else "cpu"
    torch.set_num_threads(spec["threads"])
    torch.backends.cudnn.allow_tf32 = spec["tf32"]
    torch.manual_seed(0)
    once = prepare(spec, read_tensors(spec["input"]), device)
    check = [once() for _ in range(spec["warmUp"])]
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    answer({"version": f"torch {torch.__version__}", "device": name, "threads": torch.get_num_threads(), "check": check})
    for line in sys.stdin:
        seconds, cpu = [], time.process_time()
        for _ in range(int(line)):
            started = time.perf_counter()
            once()
            seconds.append(time.perf_counter() - started)
        answer({"seconds": seconds, "cpuSeconds": time.process_time() - cpu})
    answer({"peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def answer(value):
    print(json.dumps(value), flush=True)


main()
