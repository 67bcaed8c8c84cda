"""The press tagger at run time: onnxruntime, tokenizers and numpy, one window of an article a call."""
