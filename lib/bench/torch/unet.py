"""The U-Net of the official nets/models.py, its loss (utils/loss.py) and its optimiser, with the names of its state dict."""

from collections import OrderedDict

import torch
from torch import nn


def double_convolution(inputs, outputs, name):
    layers = OrderedDict()
    for half, width in ((1, inputs), (2, outputs)):
        layers[f"{name}_conv{half}"] = nn.Conv2d(width, outputs, kernel_size=3, padding=1, bias=False)
        layers[f"{name}_bn{half}"] = nn.BatchNorm2d(outputs)
        layers[f"{name}_relu{half}"] = nn.ReLU(inplace=True)
    return nn.Sequential(layers)


class UNet(nn.Module):
    def __init__(self, inputs, classes, features):
        super().__init__()
        widths = [features * factor for factor in (1, 2, 4, 8, 16)]
        for level in range(4):
            before = inputs if level == 0 else widths[level - 1]
            setattr(self, f"encoder{level + 1}", double_convolution(before, widths[level], f"enc{level + 1}"))
        self.bottleneck = double_convolution(widths[3], widths[4], "bottleneck")
        for level in range(4, 0, -1):
            width = widths[level - 1]
            setattr(self, f"upconv{level}", nn.ConvTranspose2d(2 * width, width, kernel_size=2, stride=2))
            setattr(self, f"decoder{level}", double_convolution(2 * width, width, f"dec{level}"))
        self.conv = nn.Conv2d(features, classes, kernel_size=1)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)

    def forward(self, x):
        skips = []
        for level in range(1, 5):
            x = getattr(self, f"encoder{level}")(x)
            skips.append(x)
            x = self.pool(x)
        x = self.bottleneck(x)
        for level in range(4, 0, -1):
            x = getattr(self, f"upconv{level}")(x)
            x = getattr(self, f"decoder{level}")(torch.cat((x, skips[level - 1]), dim=1))
        return self.conv(x)


def load(model, state):
    """Takes the entries of a stored state; counters are kept as integers by PyTorch."""
    model.load_state_dict({name: value.to(torch.int64) if name.endswith("num_batches_tracked") else value for name, value in state.items()})


def dice_loss(logits, masks):
    """Soft Dice over the whole batch, averaged over the classes, the background among them."""
    probabilities = torch.softmax(logits, dim=1)
    loss = 0.0
    for label in range(logits.shape[1]):
        p = probabilities[:, label]
        y = (masks == label).float()
        loss = loss + 1 - (2 * torch.sum(p * y) + 1e-5) / (torch.sum(p) + torch.sum(y) + 1e-5)
    return loss / logits.shape[1]


def hard_dice(logits, masks):
    """Dice of every slice and class, their mean: what the official loops report."""
    predicted = torch.argmax(torch.softmax(logits, dim=1), dim=1)
    score = 0.0
    for label in range(logits.shape[1]):
        p = torch.zeros_like(predicted)
        p[predicted == label] = 1
        y = torch.zeros_like(masks)
        y[masks == label] = 1
        common = (p * y).flatten(1).sum(1)
        score = score + torch.mean(2.0 * common / (p.flatten(1).sum(1) + y.flatten(1).sum(1) + 1e-5))
    return (score / logits.shape[1]).item()


def adam(model):
    return torch.optim.Adam(model.parameters(), lr=1e-3, amsgrad=True)


def train_step(model, optimiser, images, masks):
    optimiser.zero_grad()
    loss = dice_loss(model(images), masks)
    loss.backward()
    optimiser.step()
    return loss.item()
