"""Questions with answers and evidence: our own, SQuAD's, ClapNQ's.

Here belongs each format of questions and how its evidence is located.
"""
