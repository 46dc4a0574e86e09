"""Model files: where they lie, their checksums, and running ONNX with a tokenizer.

Here belongs what embedders, rerankers and span finders share.
"""
