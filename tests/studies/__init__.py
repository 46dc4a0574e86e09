"""Studies too long for every run of the tests; each is a command that prints one JSON object.

    python -m tests.studies.crashes corpus/reports --kills 30
    python -m tests.studies.hostile --files 10000
    python -m tests.studies.round_trip --pages 200 --seed 1
    python -m tests.studies.highlights FOLDER --spans 500 --seed 1
    python -m tests.studies.reading_speed FOLDER --rounds 3
    python -m tests.studies.swaps --questions 2000 --swaps 5
    python -m tests.studies.speed ingest FOLDER --rounds 1

Their results are recorded in docs/evaluation.md.
"""
