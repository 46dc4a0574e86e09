"""Generated answers: a draft by a language model, proved sentence by sentence.

Here belong the port of a generator, its implementations, its prompt, and the proof of its draft.
"""
