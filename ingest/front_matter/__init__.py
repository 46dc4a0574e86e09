"""What the first pages of a file print of it: title, publisher, date. Candidates and their choice.

`sheet.py` is what is looked at, `candidate.py` what may be chosen, `titles.py`, `subtitles.py`,
`publishers.py` and `dates.py` find candidates and their features, `kinds.py` and `authors.py` read
by phrases and labels, `chooser.py` weighs them by `weights.json`, which
`python -m training descriptions` fits, and `forms.py` reads the cover sheets of filed forms.
"""
