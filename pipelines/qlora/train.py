"""Trains an adapter for a causal language model by QLoRA, and measures it on held-out lines before and after.

The dataset is JSONL; a line is {"prompt": …, "response": …}, {"messages": […]} that end with the assistant's, or
{"text": …}. Only what the model is to say counts for the loss. The output folder gets the adapter, its tokenizer and
metrics.json. Run again with the same output, it goes on from the last checkpoint, and does nothing once it is done.
"""

import argparse
import hashlib
import json
import math
import pathlib
import random
import shutil
import sys
import time

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    TrainerState,
    TrainingArguments,
    set_seed,
)

from batches import IGNORED, Memory, MicroBatchTrainer


class WrongUse(Exception):
    """What was asked for cannot be done; the message says why."""


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dataset", required=True, type=pathlib.Path, help="JSONL file")
    parser.add_argument("--base-model", required=True, help="name on the Hugging Face Hub, or a folder")
    parser.add_argument("--output", required=True, type=pathlib.Path, help="folder for the adapter")
    parser.add_argument("--epochs", type=float, default=1, help="times through the dataset (default: %(default)s)")
    parser.add_argument("--max-steps", type=int, default=-1, help="stop after so many steps, whatever the epochs")
    parser.add_argument("--rank", type=int, default=16, help="of the adapter's matrices (default: %(default)s)")
    parser.add_argument("--learning-rate", type=float, default=0.0002, help="(default: %(default)s)")
    parser.add_argument("--max-length", type=int, default=1024, help="tokens of a line (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=16, help="lines in a step (default: %(default)s)")
    parser.add_argument("--held-out", type=float, default=0.05, help="part of the lines to measure by (default: %(default)s)")
    parser.add_argument("--save-steps", type=int, default=50, help="steps between checkpoints (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=42, help="(default: %(default)s)")
    parser.add_argument("--micro-batch", type=int, help="tokens at a time, with padding (default: what fits; on a CPU the longest line)")
    parser.add_argument("--gradient-checkpointing", action="store_true", help="from the start (default: once not one line fits)")
    parser.add_argument("--full-precision", action="store_true", help="do not quantize the base model to 4 bits")
    return parser.parse_args()


def conversation(line):
    """What is given and what the model is to say, as messages or text; raises KeyError, TypeError or ValueError."""
    if "text" in line:
        return "", line["text"] + ""
    if "messages" in line:
        *given, last = line["messages"]
        if last["role"] != "assistant":
            raise ValueError("the last of the messages is not the assistant's")
        return given, last["content"] + ""
    return [{"role": "user", "content": line["prompt"] + ""}], line["response"] + ""


def encode(tokenizer, given, said, max_length):
    if given and tokenizer.chat_template:
        given = tokenizer.apply_chat_template(given, tokenize=False, add_generation_prompt=True)
    elif given:
        given = "".join(f"{message['role']}: {message['content']}\n" for message in given) + "assistant: "
    prompt = tokenizer(given, add_special_tokens=False)["input_ids"] if given else []
    answer = tokenizer(said, add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
    tokens = (prompt + answer)[:max_length]
    labels = ([IGNORED] * len(prompt) + answer)[:max_length]
    return {"input_ids": tokens, "attention_mask": [1] * len(tokens), "labels": labels}


def read(path, tokenizer, max_length):
    lines = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            line = encode(tokenizer, *conversation(json.loads(text)), max_length)
        except (ValueError, KeyError, TypeError, IndexError) as e:
            raise WrongUse(f"{path}:{number}: {type(e).__name__}: {e}") from e
        # nothing comes before the first token that it could be learned from
        if any(label != IGNORED for label in line["labels"][1:]):
            lines.append(line)
    if len(lines) < 2:
        raise WrongUse(f"{path}: needs at least two lines whose prompts are shorter than --max-length")
    return lines


def split(lines, part, seed):
    random.Random(seed).shuffle(lines)
    count = min(len(lines) - 1, max(1, round(len(lines) * part)))
    return lines[count:], lines[:count]


def model(args):
    on_gpu = torch.cuda.is_available()
    # the cards before Ampere have no bfloat16
    half = torch.bfloat16 if not on_gpu or torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    quantization = None
    if not args.full_precision:
        quantization = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=half if on_gpu else torch.float32,
        )
    base = AutoModelForCausalLM.from_pretrained(
        args.base_model,
        quantization_config=quantization,
        dtype=half if on_gpu else torch.float32,
        device_map={"": 0} if on_gpu else {"": "cpu"},
    )
    if quantization:
        # it is switched on where memory needs it
        base = prepare_model_for_kbit_training(base, use_gradient_checkpointing=False)
    lora = LoraConfig(
        r=args.rank,
        lora_alpha=2 * args.rank,
        lora_dropout=0.05,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base, lora), half


def first_try(args, lines):
    """The tokens of a micro-batch to begin with: on a GPU a whole step, which is cut until it fits."""
    longest = max(len(line["input_ids"]) for line in lines)
    return args.micro_batch or longest * (args.batch_size if torch.cuda.is_available() else 1)


def trainer(args, tokenizer, training, tokens, checkpoints):
    adapted, half = model(args)
    adapted.print_trainable_parameters()
    on_gpu = torch.cuda.is_available()
    settings = TrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=args.epochs,
        max_steps=args.max_steps,
        per_device_train_batch_size=args.batch_size,
        learning_rate=args.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=0.03,
        bf16=on_gpu and half == torch.bfloat16,
        fp16=on_gpu and half == torch.float16,
        use_cpu=not on_gpu,
        optim="paged_adamw_8bit" if on_gpu else "adamw_torch",
        logging_steps=1 if args.max_steps > 0 else 10,
        save_steps=args.save_steps,
        save_total_limit=2,
        report_to="none",
        seed=args.seed,
    )
    memory = Memory(adapted, tokens, args.gradient_checkpointing)
    return MicroBatchTrainer(
        model=adapted, args=settings, memory=memory, train_dataset=training, processing_class=tokenizer
    )


def measure(work, lines):
    loss = work.mean_loss(lines)
    return {"loss": loss, "perplexity": math.exp(loss)}


def save(path, metrics):
    new = path.with_suffix(".new")
    new.write_text(json.dumps(metrics, indent=2) + "\n")
    new.replace(path)


def last_checkpoint(folder):
    """The newest that is whole: its state is written last."""
    whole = [state.parent for state in folder.glob("checkpoint-*/trainer_state.json")]
    return max(whole, key=lambda checkpoint: int(checkpoint.name.split("-")[1]), default=None)


def asked(args):
    """What must be the same for a training to go on."""
    free = ("dataset", "output", "save_steps", "micro_batch", "gradient_checkpointing")
    return {name: value for name, value in vars(args).items() if name not in free} | {
        "dataset_sha256": hashlib.sha256(args.dataset.read_bytes()).hexdigest()
    }


def train(args, metrics, metrics_file):
    checkpoints = args.output / "checkpoints"
    checkpoints.mkdir(parents=True, exist_ok=True)
    set_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.base_model)
    lines = read(args.dataset, tokenizer, args.max_length)
    training, held_out = split(lines, args.held_out, args.seed)
    print(f"{len(training)} lines to train on, {len(held_out)} to measure by", flush=True)
    work = trainer(args, tokenizer, training, first_try(args, lines), checkpoints)
    if "before" not in metrics:
        # an adapter begins as one that changes nothing
        before = measure(work, held_out)
        metrics |= {"lines": len(training), "held_out_lines": len(held_out), "before": before}
        save(metrics_file, metrics)
    checkpoint = last_checkpoint(checkpoints)
    if checkpoint:
        print(f"going on from {checkpoint.name}", flush=True)
    if checkpoint and not args.micro_batch:
        state = TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))
        work.memory.restore(state.stateful_callbacks["Memory"])
    start = time.monotonic()
    result = work.train(resume_from_checkpoint=checkpoint and str(checkpoint))
    metrics |= {"steps": result.global_step, "seconds": round(time.monotonic() - start, 1)}
    metrics |= {"after": measure(work, held_out), "memory": work.memory.found()}
    work.model.save_pretrained(args.output)
    tokenizer.save_pretrained(args.output)
    save(metrics_file, metrics)
    shutil.rmtree(checkpoints)


def run(args):
    metrics_file = args.output / "metrics.json"
    metrics = json.loads(metrics_file.read_text()) if metrics_file.exists() else {"arguments": asked(args)}
    if metrics["arguments"] != asked(args):
        raise WrongUse(f"{args.output} holds another training: other arguments or another dataset")
    if "after" in metrics:
        print(f"{args.output} is done already")
    else:
        train(args, metrics, metrics_file)
    return metrics


def main():
    try:
        metrics = run(arguments())
    except (WrongUse, FileNotFoundError) as e:
        print(f"train: {e}", file=sys.stderr)
        sys.exit(2)
    for when in ("before", "after"):
        print(f"held-out loss {when}: {metrics[when]['loss']:.4f}, perplexity {metrics[when]['perplexity']:.2f}")


if __name__ == "__main__":
    main()
