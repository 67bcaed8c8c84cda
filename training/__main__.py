"""Command line: ``python -m training prepare|train|distil|export|calibrate|evaluate|parity|all``.

Everything lies under ``--out``: ``data/``, ``teacher/``, ``student/``, the exported folders and ``training.log``.
Each command goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from training.prepare import prepare

if TYPE_CHECKING:  # it needs PyTorch, which --help and prepare do not
    from training.train import Plan

log = logging.getLogger("training")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m training", description="Trains the press tagger, step by step.")
    top.add_argument("--out", type=Path, required=True, help="folder for everything that training writes")
    commands = top.add_subparsers(dest="command", required=True)

    corpora = argparse.ArgumentParser(add_help=False)
    corpora.add_argument("--corpora", type=Path, required=True, help="folder with polnear/, ner/ and unlabelled/")
    base = argparse.ArgumentParser(add_help=False)
    base.add_argument("--base", type=Path, required=True, help="all-MiniLM-L6-v2: model.safetensors and tokenizer.json")
    plan = argparse.ArgumentParser(add_help=False)
    plan.add_argument("--epochs", type=int, default=6, help="passes over the training data (default 6)")
    plan.add_argument("--pieces", type=int, default=2048, help="word pieces a batch (default 2048)")
    plan.add_argument("--rate", type=float, default=2e-4, help="peak learning rate of the encoder (default 2e-4)")
    plan.add_argument("--seed", type=int, default=20)
    layers = argparse.ArgumentParser(add_help=False)
    layers.add_argument("--layers", type=int, default=3, help="layers of the student (default 3)")
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument("--checkpoint", type=Path, required=True, help="a model.pt or epochN.pt")
    version = argparse.ArgumentParser(add_help=False)
    version.add_argument("--version", default="0", help="version of the model, which every row will name (default 0)")
    longest = argparse.ArgumentParser(add_help=False)
    longest.add_argument("--longest", type=int, default=256, help="longest window in word pieces (default 256)")

    commands.add_parser("prepare", parents=[corpora], help="bring the corpora into one form")
    commands.add_parser("train", parents=[base, plan], help="train the teacher")
    commands.add_parser("distil", parents=[base, plan, layers], help="distil the teacher into a student")
    export = commands.add_parser(
        "export", parents=[base, model, version], help="write the folder that the runtime reads"
    )
    export.add_argument("--name", required=True, help="name of the folder under --out")
    calibrate = commands.add_parser("calibrate", help="calibrate the confidence on the dev part, and draw it")
    calibrate.add_argument("--model", type=Path, required=True, help="an exported folder")
    evaluate = commands.add_parser("evaluate", parents=[longest], help="figures on the dev parts, as Markdown and JSON")
    evaluate.add_argument("--model", type=Path, required=True, help="an exported folder")
    parity = commands.add_parser("parity", parents=[longest], help="write a fixture for a runtime to reproduce")
    parity.add_argument("--model", type=Path, required=True, help="an exported folder")
    parity.add_argument("--texts", type=Path, required=True, help="a file of texts, one JSON string a line")
    commands.add_parser(
        "all", parents=[corpora, base, plan, layers, version, longest], help="all of it, one after the other"
    )
    return top


def main() -> None:
    """Runs one command."""
    args = parser().parse_args()
    out: Path = args.out
    out.mkdir(parents=True, exist_ok=True)
    log.setLevel(logging.INFO)
    log.propagate = False  # ONNX Runtime configures the root logger
    for handler in (logging.StreamHandler(), logging.FileHandler(out / "training.log", encoding="utf-8")):
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
    started = time.monotonic()
    if args.command == "all":
        for command in ("prepare", "train", "distil", "export", "calibrate", "evaluate"):
            run(command, args)
    else:
        run(args.command, args)
    log.info("%s took %.0f s", args.command, time.monotonic() - started)


def run(command: str, args: argparse.Namespace) -> None:
    """One command; those that take a model take both where ``all`` names none."""
    from training import steps

    out: Path = args.out
    both = [out / f"press-tagger-{name}" for name in ("teacher", "student")]
    folders = both if args.command == "all" else [getattr(args, "model", out)]
    if command == "prepare":
        prepare(args.corpora, out / "data")
    elif command == "train":
        steps.train_teacher(args.base, out, plan_of(args))
    elif command == "distil":
        steps.distil_student(args.base, out, plan_of(args), args.layers)
    elif command == "export" and args.command == "all":
        for name in ("teacher", "student"):
            steps.export_model(out / name / "model.pt", args.base, out, f"press-tagger-{name}", args.version)
    elif command == "export":
        steps.export_model(args.checkpoint, args.base, out, args.name, args.version)
    elif command == "calibrate":
        for folder in folders:
            steps.calibrate_model(folder, out / "data")
    elif command == "evaluate":
        for folder in folders:
            steps.evaluate_model(folder, out / "data", args.longest)
    elif command == "parity":
        texts = [json.loads(line) for line in args.texts.read_text(encoding="utf-8").splitlines()]
        steps.write_parity(args.model, texts, args.longest)


def plan_of(args: argparse.Namespace) -> Plan:
    """The plan that the options describe."""
    from training.train import Plan

    return Plan(**{field.name: getattr(args, field.name) for field in fields(Plan) if hasattr(args, field.name)})


if __name__ == "__main__":
    main()
