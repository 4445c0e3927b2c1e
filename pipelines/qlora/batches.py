"""Steps of training that fit into the memory there is.

A step is cut into micro-batches, whose gradients add up to those of the step. How it is cut changes how fast it is; what
is learned stays the same, but for rounding and dropout.
"""

import math
import random
import re

import torch
from accelerate.utils.memory import clear_device_cache
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence
from transformers import Trainer, TrainerCallback
from transformers.trainer_callback import ExportableState

IGNORED = -100
# of PyTorch, CUDA, cuBLAS and the CPU
NO_MEMORY = re.compile("out of memory|ALLOC_FAILED|can't allocate memory")


def by_length(lengths, batch_size, seed):
    """Line numbers in the order of an epoch: random, but the lines of a step are about as long as each other.

    Lines are sorted within pools only, four or more of them and each of 50 steps at most, so that chance still says which
    lines share a step. The longest step is the first: a lack of memory shows at once. What fills no step comes last.
    """
    chance = random.Random(seed)
    lines = chance.sample(range(len(lengths)), len(lengths))
    rest = [lines.pop() for _ in range(len(lines) % batch_size)]
    pool = batch_size * min(50, max(1, len(lines) // (4 * batch_size)))
    steps = []
    for start in range(0, len(lines), pool):
        pooled = sorted(lines[start : start + pool], key=lengths.__getitem__, reverse=True)
        steps += [pooled[i : i + batch_size] for i in range(0, len(pooled), batch_size)]
    steps.sort(key=lambda step: lengths[step[0]])
    longest, others = steps[-1:], steps[:-1]
    chance.shuffle(others)
    return [line for step in longest + others for line in step] + rest


class ByLength(torch.utils.data.Sampler):
    """Another order for every epoch, the same whenever the epoch is begun again."""

    def __init__(self, lengths, batch_size, seed):
        self.lengths, self.batch_size, self.seed = lengths, batch_size, seed
        self.epoch = 0

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __len__(self):
        return len(self.lengths)

    def __iter__(self):
        return iter(by_length(self.lengths, self.batch_size, f"{self.seed}/{self.epoch}"))


def pad(lines):
    """A batch of the lines as they come, on the right filled up to the longest."""
    fill = {"input_ids": 0, "attention_mask": 0, "labels": IGNORED}
    return {
        name: pad_sequence([torch.tensor(line[name]) for line in lines], batch_first=True, padding_value=value)
        for name, value in fill.items()
    }


def micro_batches(batch, tokens):
    """Cuts a batch into parts of so many tokens at most, padding included, or of one line; the longest lines first."""
    lengths, lines = batch["attention_mask"].sum(dim=1).sort(descending=True, stable=True)
    widths = lengths.tolist()
    parts = []
    start = 0
    while start < len(widths):
        end = start + max(1, tokens // widths[start])
        parts.append({name: values[lines[start:end], : widths[start]] for name, values in batch.items()})
        start = end
    return parts


def learned_tokens(batch):
    """How many tokens count for the loss: the first of a line has nothing that it follows from."""
    return (batch["labels"][:, 1:] != IGNORED).sum().item()


def summed_loss(model, batch):
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    following = batch["labels"][:, 1:]
    learned = following != IGNORED
    return cross_entropy(logits[:, :-1][learned].float(), following[learned], reduction="sum")


class Memory(TrainerCallback, ExportableState):
    """How much goes through the model at a time: what has been found to fit. The trainer's checkpoints keep it."""

    def __init__(self, model, tokens, checkpointing=False):
        """Takes the tokens of a micro-batch to begin with, and whether activations are computed again (checkpointing)."""
        self.model, self.tokens, self.most = model, tokens, tokens
        self.checkpointing = False
        if checkpointing:
            self.checkpoint_activations()

    def checkpoint_activations(self):
        self.model.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
        self.checkpointing = True

    def found(self):
        return {"micro_batch": self.tokens, "gradient_checkpointing": self.checkpointing}

    def state(self):
        return {"args": {}, "attributes": self.found()}

    def restore(self, state):
        found = state["attributes"]
        self.tokens = found["micro_batch"]
        if found["gradient_checkpointing"]:
            self.checkpoint_activations()

    def within(self, batch, work):
        """Calls work with the micro-batches of a batch, again with smaller ones as long as they do not fit."""
        while True:
            try:
                return work(micro_batches(batch, self.tokens))
            except RuntimeError as e:
                if not NO_MEMORY.search(str(e)) or not self.relieve(batch):
                    raise
            # only now does the exception no longer hold what did not fit
            clear_device_cache(garbage_collection=True)
            checkpointing = " and checkpointing" if self.checkpointing else ""
            print(f"out of memory: trying again with {self.tokens} tokens at a time{checkpointing}", flush=True)

    def relieve(self, batch):
        """Halves the micro-batch; where it is one line already, switches checkpointing on. False if nothing is left."""
        lines, width = max((part["labels"].shape for part in micro_batches(batch, self.tokens)), key=math.prod)
        if lines > 1:
            self.tokens = lines // 2 * width
        elif not self.checkpointing:
            self.checkpoint_activations()
            # it makes room for more than one line
            self.tokens = self.most
        else:
            return False
        return True


class MicroBatchTrainer(Trainer):
    """A trainer whose batches are whole steps, which it cuts itself.

    The library's auto_find_batch_size begins the training again with more steps, and its group_by_length draws an order
    that a training begun again does not draw.
    """

    def __init__(self, *, memory, **options):
        super().__init__(data_collator=pad, callbacks=[memory], **options)
        self.memory = memory

    def _get_train_sampler(self, train_dataset=None):
        lengths = [len(line["input_ids"]) for line in self.train_dataset]
        return ByLength(lengths, self.args.train_batch_size, self.args.seed)

    def training_step(self, model, inputs, num_items_in_batch=None):
        model.train()
        tokens = learned_tokens(inputs)
        return self.memory.within(inputs, lambda parts: self.learn(model, parts, tokens))

    def learn(self, model, parts, tokens):
        # a step that is tried again has the same dropout, and nothing of the first try
        torch.manual_seed(self.args.seed + self.state.global_step)
        model.zero_grad()
        loss = 0
        for part in parts:
            share = summed_loss(model, part) / tokens
            self.accelerator.backward(share)
            loss += share.detach()
        return loss

    def mean_loss(self, lines):
        """The loss of a token, over all the lines."""
        self.model.eval()
        batch = pad(lines)
        return self.memory.within(batch, self.total_loss) / learned_tokens(batch)

    @torch.no_grad()
    def total_loss(self, parts):
        with self.accelerator.autocast():
            return sum(summed_loss(self.model, self._prepare_inputs(part)).item() for part in parts)
