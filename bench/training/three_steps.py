"""Runs the QLoRA script on a tiny random model, on the CPU: three steps; a run that is killed and begun again; how fast it is."""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast, set_seed

SCRIPT = pathlib.Path(__file__).parents[2] / "pipelines/qlora/train.py"
LINES = 40
BATCH_SIZE = 4


def make_model(folder):
    set_seed(7)
    bytes_of_text = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate(["</s>", *bytes_of_text])}
    bytewise = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    PreTrainedTokenizerFast(tokenizer_object=bytewise, eos_token="</s>").save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=256,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def make_dataset(file):
    lines = [{"prompt": f"Say {i}.", "response": f"The number is {i}, as was asked for."} for i in range(LINES)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def command(work, output, steps, *options):
    parts = [sys.executable, str(SCRIPT), "--dataset", str(work / "dataset.jsonl"), "--base-model", str(work / "base")]
    parts += ["--output", str(output), "--max-steps", str(steps), "--batch-size", str(BATCH_SIZE), "--rank", "4"]
    return [*parts, "--learning-rate", "0.01", *options]


def three_steps(work):
    output = work / "adapter"
    start = time.monotonic()
    subprocess.run(command(work, output, 3), check=True)
    seconds = time.monotonic() - start
    metrics = json.loads((output / "metrics.json").read_text())
    assert (output / "adapter_model.safetensors").exists()
    assert metrics["steps"] == 3 and metrics["after"]["loss"] < metrics["before"]["loss"], metrics
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return (
        f"3 steps in {metrics['seconds']} s, {seconds:.1f} s with everything, {peak:.0f} MB at most; "
        f"held-out loss {metrics['before']['loss']:.4f} before, {metrics['after']['loss']:.4f} after"
    )


def killed_and_begun_again(work):
    output = work / "second"
    long = command(work, output, 100, "--save-steps", "10")
    with subprocess.Popen(long) as process:
        while not list(output.glob("checkpoints/checkpoint-*/trainer_state.json")):
            assert process.poll() is None, "it ended before its first checkpoint"
            time.sleep(0.05)
        process.kill()
    again = subprocess.run(long, check=True, capture_output=True, text=True)
    metrics = json.loads((output / "metrics.json").read_text())
    assert "going on from checkpoint-" in again.stdout and metrics["steps"] == 100, again.stdout
    resumed = again.stdout.split("going on from ")[1].split()[0]
    return f"killed, it went on from {resumed} to step 100; held-out loss {metrics['after']['loss']:.4f}"


def lines_a_second(work, micro_batch):
    output = work / f"by {micro_batch}"
    subprocess.run(command(work, output, 20, "--micro-batch", str(micro_batch)), check=True)
    metrics = json.loads((output / "metrics.json").read_text())
    return 20 * BATCH_SIZE / metrics["seconds"]


def speed(work):
    return f"{lines_a_second(work, 1):.1f} lines a second one at a time, {lines_a_second(work, 1024):.1f} in batches"


def main():
    # with matrices as small as these, threads only wait for each other
    os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        make_model(work / "base")
        make_dataset(work / "dataset.jsonl")
        figures = [three_steps(work), killed_and_begun_again(work), speed(work)]
    print(*figures, sep="\n")


if __name__ == "__main__":
    main()
