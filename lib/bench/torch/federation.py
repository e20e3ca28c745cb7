"""The official federated loop (federated/fl_api.py, client.py, model_trainer_segmentation.py): one process, client after client."""

import copy

import torch
from torch.utils.data import DataLoader, Dataset

from unet import adam, dice_loss, hard_dice


class Slices(Dataset):
    """Images with their channels last in memory, brought into order one by one (data/prostate/dataset.py)."""

    def __init__(self, images, masks, count):
        self.images = images.permute(0, 2, 3, 1).contiguous()
        self.masks = masks
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        image, mask = self.images[index % len(self.images)], self.masks[index % len(self.masks)]
        return image.permute(2, 0, 1).contiguous(), mask.clone()


def train(model, slices):
    """One local epoch with an optimiser of its own, as it is rebuilt in every round."""
    model.train()
    optimiser = adam(model)
    losses, scores = [], []
    for images, masks in slices:
        model.zero_grad()
        logits = model(images)
        loss = dice_loss(logits, masks)
        scores.append(hard_dice(logits, masks))
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def evaluate(model, slices):
    model = copy.deepcopy(model)
    model.eval()
    losses, scores = [], []
    with torch.no_grad():
        for images, masks in slices:
            logits = model(images)
            losses.append(dice_loss(logits, masks).item() * len(images))
            scores.append(hard_dice(logits, masks))
    return sum(losses) / len(losses), sum(scores) / len(scores)


def average(states, counts):
    total = sum(counts)
    return {name: sum(state[name] * (count / total) for state, count in zip(states, counts)) for name in states[0]}


def mix(past, present, share):
    return {name: share * past[name] + (1 - share) * present[name] for name in present}


class Federation:
    def __init__(self, model, tensors, spec):
        self.model, self.counts = model, [spec["train"]] * spec["clients"]
        self.weights = copy.deepcopy(model.state_dict())
        self.trajectories = [None] * spec["clients"]
        self.parts = [self.loaders(tensors, spec) for _ in range(spec["clients"])]

    @staticmethod
    def loaders(tensors, spec):
        return {
            part: DataLoader(Slices(tensors["images"], tensors["masks"], spec[part]), batch_size=spec["batch"], shuffle=part == "train")
            for part in ("train", "validation", "test")
        }

    def round(self):
        states, losses = [], []
        for index, parts in enumerate(self.parts):
            self.model.load_state_dict(copy.deepcopy(self.weights))
            losses.append(train(self.model, parts["train"]))
            state = copy.deepcopy(self.model.state_dict())
            past = self.trajectories[index]
            self.trajectories[index] = mix(past, state, 0.1) if past else state
            states.append(state)
        self.weights = average(states, self.counts)
        self.model.load_state_dict(self.weights)
        for part in ("validation", "test"):
            for parts, trajectory in zip(self.parts, self.trajectories):
                evaluate(self.model, parts[part])
                personal = copy.deepcopy(self.model)
                personal.load_state_dict(trajectory)
                evaluate(personal, parts[part])
        return sum(losses) / len(losses)
