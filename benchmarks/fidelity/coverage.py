"""How often 95 % intervals hold the truth: `python -m benchmarks.fidelity.coverage [--samples N]`.

The figures are in docs/research. Some seconds of CPU.
"""

import argparse
import sys

from tests.eval.interval_shapes import HARD_SHAPES, SHAPES

SIZES = (30, 50, 100, 300)


def main() -> None:
    """Print a row for each shape, in per cent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    sys.stdout.write(f"{'values':<46}" + "".join(f"{size:>8}" for size in SIZES) + "\n")
    for shape in (*SHAPES, *HARD_SHAPES):
        shares = [shape.coverage(n, samples=given.samples, seed=given.seed) for n in SIZES]
        shown = "".join(f"{100 * each:>8.1f}" for each in shares)
        sys.stdout.write(f"{shape.name:<46}{shown}\n")


if __name__ == "__main__":
    main()
