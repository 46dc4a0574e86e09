"""`python -m training`: make the span finder again, in three steps.

    python -m training prepare --pool ../shared/data/qa/reader-train --home HOME --out DATA
    python -m training train --data DATA --out RUN --until STEPS [--branch CHECKPOINT]
        [--start MODEL.onnx]
    python -m training export CHECKPOINT MODEL.onnx

HOME is a home with the development reports and the briefs ingested. `train` goes on from
`RUN/latest.pt` where there is one, and so can be stopped at any time.
"""

import argparse
import os
import sys
from pathlib import Path

CHECKPOINT_EVERY = 150  # steps: about eight minutes on one core
KEEP_EVERY = 600
EXAMPLES = 96_000


def main() -> int:
    """Run one step. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    steps = parser.add_subparsers(required=True)
    prepare = steps.add_parser("prepare", help="write the examples in the order of training")
    prepare.add_argument("--pool", type=Path, required=True, help="the public questions")
    prepare.add_argument("--home", type=Path, required=True, help="the reports, ingested")
    prepare.add_argument("--own", type=Path, default=Path("eval/questions/train.jsonl"))
    prepare.add_argument("--examples", type=int, default=EXAMPLES)
    prepare.add_argument("--seed", type=int, default=2026, help="another order, other changes")
    prepare.add_argument("--out", type=Path, required=True)
    prepare.set_defaults(run=_prepare)
    train = steps.add_parser("train", help="train a trunk, or a branch that decays")
    train.add_argument("--data", type=Path, required=True, help="what prepare wrote")
    train.add_argument("--out", type=Path, required=True, help="checkpoints and log.jsonl")
    train.add_argument("--until", type=int, required=True, help="steps in all, of 16 examples")
    train.add_argument("--branch", type=Path, help="a checkpoint: the rate decays from it on")
    train.add_argument("--start", type=Path, help="an exported model whose weights to begin with")
    train.add_argument("--threads", type=int, default=1)
    train.set_defaults(run=_train)
    export = steps.add_parser("export", help="write a checkpoint as an int8 ONNX file")
    export.add_argument("checkpoint", type=Path)
    export.add_argument("model", type=Path)
    export.add_argument("--averaged", action="store_true", help="the running mean of the weights")
    export.add_argument("--mean-with", type=Path, nargs="+", help="exported models: mean of all")
    export.add_argument("--fp32", action="store_true", help="do not quantise")
    export.set_defaults(run=_export)
    options = parser.parse_args()
    options.run(options)
    return 0


def _prepare(options: argparse.Namespace) -> None:
    from corpus.home import Home
    from corpus.sql_store import SqlStore
    from training.preparing import prepare

    options.out.mkdir(parents=True, exist_ok=True)
    with SqlStore.open(Home(options.home).store_url, read_only=True) as store:
        prepare(
            pool_folder=options.pool,
            own=options.own,
            store=store,
            out=options.out,
            count=options.examples,
            seed=options.seed,
        )


def _train(options: argparse.Namespace) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))  # read when torch is loaded
    import torch

    from training.encoding import tokenizer
    from training.fine_tuning import FineTuning, Recipe, log_line

    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    run = FineTuning(Recipe(), options.data / "train.jsonl", tokenizer())
    decay_from = None
    if options.start is not None:
        run.start_from(options.start)
    if options.branch is not None:
        run.load(options.branch)
        decay_from = run.steps
    latest = options.out / "latest.pt"
    if latest.exists():
        run.load(latest)
    with (options.out / "log.jsonl").open("a", encoding="utf-8", buffering=1) as log:
        for losses in run.run(until=options.until, decay_from=decay_from):
            log.write(log_line(losses) + "\n")
            if run.steps % CHECKPOINT_EVERY == 0 or run.steps == options.until:
                run.save(latest)
            if run.steps % KEEP_EVERY == 0:
                run.save(options.out / f"step-{run.steps}.pt")


def _export(options: argparse.Namespace) -> None:
    from training.exporting import averaged_model, export, last_model, mean_with

    load = averaged_model if options.averaged else last_model
    model = load(options.checkpoint)
    if options.mean_with is not None:
        model = mean_with(model, options.mean_with)
    export(model, options.model, int8=not options.fp32)


if __name__ == "__main__":
    sys.exit(main())
