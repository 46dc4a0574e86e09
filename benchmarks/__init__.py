"""Benchmarks too long for every run of the tests; each is a command that prints one JSON object.

Each file says what it measures and how it is started; results are recorded in docs/research.

    python -m benchmarks.robustness.crashes corpus/reports --kills 30
    python -m benchmarks.robustness.hostile --files 10000
    python -m benchmarks.robustness.interruptions uploads --count 100 --kills 50
    python -m benchmarks.robustness.swaps --questions 2000 --swaps 5
    python -m benchmarks.round_trip --pages 200 --seed 1
    python -m benchmarks.fidelity.highlights FOLDER --spans 500 --seed 1
    python -m benchmarks.performance.reading_speed FOLDER --rounds 3
    python -m benchmarks.performance.speed ingest FOLDER --rounds 1
"""
