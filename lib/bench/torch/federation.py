"""The official federated loop (federated/fl_api.py, client.py, model_trainer_segmentation.py): one process, client after client."""

import copy

import torch
from torch.utils.data import DataLoader, TensorDataset

from unet import adam, dice_loss, hard_dice, train_step


def train(model, weights, slices, batch):
    """One local epoch with an optimiser of its own, as it is rebuilt in every round."""
    model.load_state_dict(weights)
    model.train()
    optimiser = adam(model)
    losses = [train_step(model, optimiser, images, masks) for images, masks in DataLoader(slices, batch_size=batch, shuffle=True)]
    return copy.deepcopy(model.state_dict()), sum(losses) / len(losses)


def evaluate(model, weights, slices, batch):
    model.load_state_dict(weights)
    model.eval()
    losses, scores = [], []
    with torch.no_grad():
        for images, masks in DataLoader(slices, batch_size=batch):
            logits = model(images)
            losses.append(dice_loss(logits, masks).item())
            scores.append(hard_dice(logits, masks))
    return sum(scores) / len(scores)


def average(states, counts):
    total = sum(counts)
    return {name: sum(state[name] * (count / total) for state, count in zip(states, counts)) for name in states[0]}


def mix(past, present, share):
    return {name: share * past[name] + (1 - share) * present[name] for name in present}


class Federation:
    def __init__(self, model, tensors, spec):
        self.model, self.batch = model, spec["batch"]
        self.weights = copy.deepcopy(model.state_dict())
        self.trajectories = [None] * spec["clients"]
        self.parts = [self.cut(tensors, spec) for _ in range(spec["clients"])]

    @staticmethod
    def cut(tensors, spec):
        images, masks = tensors["images"], tensors["masks"]
        parts = {}
        for part in ("train", "validation", "test"):
            chosen = torch.arange(spec[part]) % len(images)
            parts[part] = TensorDataset(images[chosen], masks[chosen])
        return parts

    def round(self):
        states, losses = [], []
        for index, parts in enumerate(self.parts):
            state, loss = train(self.model, self.weights, parts["train"], self.batch)
            past = self.trajectories[index]
            self.trajectories[index] = mix(past, state, 0.1) if past else state
            states.append(state)
            losses.append(loss)
        self.weights = average(states, [len(parts["train"]) for parts in self.parts])
        for parts, trajectory in zip(self.parts, self.trajectories):
            for part in ("validation", "test"):
                evaluate(self.model, self.weights, parts[part], self.batch)
                evaluate(self.model, trajectory, parts[part], self.batch)
        return sum(losses) / len(losses)
