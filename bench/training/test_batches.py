"""Whether training learns the same however its steps are cut, and whatever interrupts it."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

import torch
from peft import LoraConfig, get_peft_model
from three_steps import SCRIPT, make_model
from transformers import AutoModelForCausalLM, TrainerState, TrainingArguments, set_seed

sys.path.insert(0, str(SCRIPT.parent))

from batches import IGNORED, Memory, MicroBatchTrainer, by_length, learned_tokens, micro_batches, pad  # noqa: E402

# with matrices as small as these, threads only wait for each other
torch.set_num_threads(1)

LENGTHS = [5, 40, 7, 21, 9, 30, 12, 18, 6, 33]
LONGEST = max(LENGTHS)


def line(number, length):
    tokens = [(number * 31 + i * 7) % 250 + 1 for i in range(length)]
    return {"input_ids": tokens, "attention_mask": [1] * length, "labels": [IGNORED, IGNORED, *tokens[2:]]}


LINES = [line(number, length) for number, length in enumerate(LENGTHS)]


def told(parts):
    """The lines of micro-batches, without their padding."""
    return [row[seen.bool()].tolist() for part in parts for row, seen in zip(part["input_ids"], part["attention_mask"])]


class OrderTest(unittest.TestCase):
    lengths = [(i * 37) % 101 + 1 for i in range(203)]

    def test_has_every_line_once_and_is_the_same_for_the_same_seed(self):
        order = by_length(self.lengths, 8, "1/0")

        self.assertEqual(sorted(order), list(range(203)))
        self.assertEqual(order, by_length(self.lengths, 8, "1/0"))
        self.assertNotEqual(order, by_length(self.lengths, 8, "1/1"))

    def test_lines_of_a_step_are_about_as_long_as_each_other_and_the_longest_come_first(self):
        order = by_length(self.lengths, 8, "1/0")
        steps = [[self.lengths[i] for i in order[start : start + 8]] for start in range(0, 200, 8)]
        padding = 1 - sum(map(sum, steps)) / sum(8 * max(step) for step in steps)

        self.assertLess(padding, 0.15)
        self.assertEqual(max(steps[0]), max(map(max, steps)))
        self.assertNotEqual(steps[1:], sorted(steps[1:], key=max, reverse=True))

    def test_holds_for_fewer_lines_than_a_step_has(self):
        self.assertEqual(sorted(by_length([3, 1, 2], 8, "1/0")), [0, 1, 2])


class MicroBatchesTest(unittest.TestCase):
    def test_hold_so_many_tokens_at_most_and_every_line_whole(self):
        parts = micro_batches(pad(LINES), 60)

        self.assertTrue(all(part["labels"].numel() <= 60 for part in parts))
        self.assertEqual(sum(learned_tokens(part) for part in parts), learned_tokens(pad(LINES)))
        self.assertCountEqual(told(parts), [each["input_ids"] for each in LINES])

    def test_are_single_lines_where_even_these_are_too_long(self):
        self.assertEqual([len(part["labels"]) for part in micro_batches(pad(LINES), 1)], [1] * len(LINES))


class TrainingTest(unittest.TestCase):
    """Of a tiny random model, on the CPU."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        make_model(self.folder / "base")

    def trainer(self, tokens, dropout=0.0, **settings):
        set_seed(3)
        base = AutoModelForCausalLM.from_pretrained(self.folder / "base")
        model = get_peft_model(base, LoraConfig(lora_dropout=dropout, target_modules="all-linear", task_type="CAUSAL_LM"))
        arguments = TrainingArguments(
            output_dir=str(self.folder / "checkpoints"),
            per_device_train_batch_size=4,
            max_steps=5,
            learning_rate=0.01,
            use_cpu=True,
            report_to="none",
            disable_tqdm=True,
            logging_steps=1,
            **{"save_strategy": "no"} | settings,
        )
        return MicroBatchTrainer(model=model, args=arguments, train_dataset=LINES, memory=Memory(model, tokens))

    def trained(self, trainer, checkpoint=None):
        """The losses of the steps, and the adapter."""
        with contextlib.redirect_stdout(io.StringIO()):
            trainer.train(resume_from_checkpoint=checkpoint)
        losses = [float(entry["loss"]) for entry in trainer.state.log_history if "loss" in entry]
        return losses, {name: value for name, value in trainer.model.state_dict().items() if "lora" in name}

    def no_more_than(self, trainer, tokens, with_checkpointing=None):
        """Has the model run out of memory above so many tokens, only noticed when gradients are there."""
        limits = {False: tokens, True: with_checkpointing or tokens}
        forward = trainer.model.forward

        def failing(error, gradient):
            raise error

        def limited(input_ids, **inputs):
            result = forward(input_ids=input_ids, **inputs)
            if input_ids.numel() > limits[trainer.memory.checkpointing]:
                error = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
                if not torch.is_grad_enabled():
                    raise error
                trainer.model.base_model.model.model.layers[0].mlp.down_proj.lora_A.default.weight.grad = torch.ones(8, 128)
                result.logits.register_hook(lambda gradient: failing(error, gradient))
            return result

        trainer.model.forward = limited

    def same(self, one, other, exactly=False):
        for a, b in zip(one[0], other[0], strict=True):
            self.assertAlmostEqual(a, b, delta=0 if exactly else 1e-3)
        for name, value in one[1].items():
            torch.testing.assert_close(value, other[1][name], rtol=0, atol=0 if exactly else 1e-4, msg=name)

    def test_learns_the_same_line_by_line_and_by_whole_steps(self):
        one = self.trained(self.trainer(1))

        self.assertLess(one[0][-1], one[0][0])
        self.same(one, self.trained(self.trainer(4 * LONGEST)))

    def test_goes_through_every_line_once_an_epoch_and_in_another_order_in_the_next(self):
        trainer = self.trainer(1)
        steps = []
        learn = trainer.learn
        trainer.learn = lambda model, parts, tokens: steps.append(told(parts)) or learn(model, parts, tokens)
        self.trained(trainer)

        self.assertCountEqual(sum(steps[:3], []), [each["input_ids"] for each in LINES])
        self.assertNotEqual(steps[:2], steps[3:])

    def test_measures_the_same_line_by_line_and_in_batches(self):
        self.assertAlmostEqual(self.trainer(1).mean_loss(LINES), self.trainer(100).mean_loss(LINES), places=4)

    def test_halves_the_micro_batch_that_does_not_fit_and_loses_nothing(self):
        tried = self.trainer(4 * LONGEST, dropout=0.3)
        self.no_more_than(tried, 2 * LONGEST)
        result = self.trained(tried)

        self.assertEqual(tried.memory.found(), {"micro_batch": 2 * LONGEST, "gradient_checkpointing": False})
        self.same(result, self.trained(self.trainer(2 * LONGEST, dropout=0.3)), exactly=True)

    def test_keeps_activations_until_not_one_line_fits(self):
        tried = self.trainer(4 * LONGEST)
        self.no_more_than(tried, LONGEST - 1, with_checkpointing=2 * LONGEST)
        result = self.trained(tried)

        self.assertEqual(tried.memory.found(), {"micro_batch": 2 * LONGEST, "gradient_checkpointing": True})
        self.same(result, self.trained(self.trainer(4 * LONGEST)))

    def test_gives_up_where_nothing_helps_and_on_other_errors_at_once(self):
        tried = self.trainer(4 * LONGEST)
        self.no_more_than(tried, 1)
        with self.assertRaises(torch.OutOfMemoryError):
            self.trained(tried)

        with self.assertRaisesRegex(RuntimeError, "shapes"):
            tried.memory.within(pad(LINES), lambda parts: (_ for _ in ()).throw(RuntimeError("wrong shapes")))

    def test_goes_on_from_a_checkpoint_as_if_nothing_had_been(self):
        first = self.trainer(4 * LONGEST, dropout=0.3, save_strategy="steps", save_steps=2)
        self.no_more_than(first, 2 * LONGEST)
        whole = self.trained(first)
        checkpoint = self.folder / "checkpoints/checkpoint-4"
        second = self.trainer(4 * LONGEST, dropout=0.3)
        second.memory.restore(TrainerState.load_from_json(str(checkpoint / "trainer_state.json")).stateful_callbacks["Memory"])

        self.assertEqual(second.memory.found(), {"micro_batch": 2 * LONGEST, "gradient_checkpointing": False})
        self.same(whole, self.trained(second, str(checkpoint)), exactly=True)


if __name__ == "__main__":
    unittest.main()
