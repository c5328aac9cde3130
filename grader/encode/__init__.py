"""Encoding: texts to vectors whose cosine says how alike they are in meaning."""

from grader.encode.char_ngrams import CharNgramEncoder
from grader.encode.onnx import Encoder, OnnxEncoder
from grader.encode.sentence_transformer import SentenceTransformerEncoder

__all__ = ["SHIPPED", "CharNgramEncoder", "Encoder", "OnnxEncoder", "SentenceTransformerEncoder", "default_encoder"]

# The graph that runs, the file that holds its weights, and the word pieces.
SHIPPED = ("encoder/exact.onnx", "encoder/model.onnx", "encoder/tokenizer.json")


def default_encoder() -> OnnxEncoder:
    """The encoder that ships, its files checked against the manifest now, loaded at the first text.

    Raises:
        ModelError: A file is missing or altered.
    """
    from grader.models import short_hash, verified

    graph, _, tokenizer = (verified(name) for name in SHIPPED)
    return OnnxEncoder(graph, tokenizer, name=f"all-MiniLM-L6-v2-w7a8@{short_hash(*SHIPPED)}")
