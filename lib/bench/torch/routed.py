"""Test-time routing as the official code has it: nets/routeconv.py and io_pfl of federated/model_trainer_segmentation.py."""

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn

from stored import below
from unet import UNet, dice_loss, hard_dice, load


class Router(nn.Module):
    def __init__(self, inputs, experts, dropout):
        super().__init__()
        self.fc1 = nn.Linear(inputs, 2 * inputs)
        self.dropout = nn.Dropout(dropout)
        self.fc2 = nn.Linear(2 * inputs, experts)

    def forward(self, pooled):
        return torch.sigmoid(self.fc2(self.dropout(self.fc1(torch.flatten(pooled)))))


class Routed(nn.Module):
    """A convolution whose kernel is mixed anew for every sample, one sample after the other."""

    def __init__(self, layer, kernels, biases, dropout):
        super().__init__()
        self.transposed = isinstance(layer, nn.ConvTranspose2d)
        self.padding = layer.padding
        self.weight = nn.Parameter(kernels, requires_grad=False)
        self.bias = None if biases is None else nn.Parameter(biases, requires_grad=False)
        self._routing_fn = Router(layer.in_channels, len(kernels), dropout)

    def forward(self, inputs):
        outputs = []
        for sample in inputs:
            sample = sample.unsqueeze(0)
            gates = self._routing_fn(F.adaptive_avg_pool2d(sample, 1))
            kernel = torch.sum(gates[:, None, None, None, None] * self.weight, 0)
            bias = None if self.bias is None else torch.sum(gates[:, None] * self.bias, 0)
            if self.transposed:
                outputs.append(F.conv_transpose2d(sample, kernel, bias, stride=2))
            else:
                outputs.append(F.conv2d(sample, kernel, bias, padding=self.padding))
        return torch.cat(outputs, dim=0)


def build(tensors, spec):
    """The global model with every convolution routed; ordinary ones leave the last client out (client_num=4 in nets/UNet.py)."""
    model = UNet(3, 2, spec["features"])
    load(model, below(tensors, "global/"))
    clients = [below(tensors, f"client{index}/") for index in range(spec["experts"] - 1)]
    experts = [*clients, below(tensors, "global/")]
    for name, layer in [(name, layer) for name, layer in model.named_modules() if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d))]:
        chosen = experts if isinstance(layer, nn.ConvTranspose2d) else [*clients[:-1], experts[-1]]
        kernels = torch.stack([expert[f"{name}.weight"] for expert in chosen])
        biases = None if layer.bias is None else torch.stack([expert[f"{name}.bias"] for expert in chosen])
        routed = Routed(layer, kernels, biases, spec["dropout"])
        routed._routing_fn.load_state_dict(below(tensors, f"gates/{name}._routing_fn."))
        parent, _, own = name.rpartition(".")
        setattr(model.get_submodule(parent) if parent else model, own, routed)
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.track_running_stats, layer.running_mean, layer.running_var = False, None, None
    model.train()
    # The official list of trained names lacks the routers of the bottleneck.
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("_bn" in name or ("_routing_fn" in name and not name.startswith("bottleneck.")))
    return model


def draw(images, tensors):
    """Noise and turns: those that are stored, or drawn as the official code draws them, with the same seed in every step."""
    if "noise" in tensors:
        return tensors["noise"], tensors["flips"].tolist(), tensors["quarters"].tolist()
    torch.manual_seed(0)
    noise = torch.randn_like(images) * 0.5
    count = len(images)
    return noise, torch.randint(0, 2, (count,)).tolist(), torch.randint(0, 4, (count,)).tolist()


def turn(images, flips, quarters):
    """Image by image and in place, as data/prostate/transforms.py does it."""
    for index, (flip, quarter) in enumerate(zip(flips, quarters)):
        if flip:
            images[index] = torch.flip(images[index], (1,))
        images[index] = torch.rot90(images[index], quarter, (1, 2))
    return images


def turn_back(images, flips, quarters):
    for index, (flip, quarter) in enumerate(zip(flips, quarters)):
        images[index] = torch.rot90(images[index], quarter, (2, 1))
        if flip:
            images[index] = torch.flip(images[index], (1,))
    return images


def objective(model, images, tensors):
    noise, flips, quarters = draw(images, tensors)
    moved = turn(copy.deepcopy(images) + noise, flips, quarters)
    main = torch.softmax(model(images), dim=1)
    augmented = torch.softmax(turn_back(model(moved), flips, quarters), dim=1)
    clean = torch.softmax(model(images), dim=1)
    entropy = torch.mean(-torch.sum(main * torch.log(main + 1e-6), dim=0)) / math.log(2)
    consistency = torch.mean((augmented - clean) ** 2)
    foreground = main[:, 1:2]
    outline = F.max_pool2d(foreground, 21, 1, 10) + F.max_pool2d(-foreground, 21, 1, 10)
    return 10 * entropy + 0.1 * consistency + torch.norm(outline * 1e-6)


def adaptation_step(model, optimiser, images, masks, tensors):
    """The loop's body: the prediction after the step is made as in training, with its graph, and scored."""
    loss = objective(model, images, tensors)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    logits = model(images)
    dice_loss(logits, masks).item()
    hard_dice(logits, masks)
    return loss.item()
