"""Encoding: texts to vectors whose cosine says how alike they are in meaning."""

from grader.encode.char_ngrams import CharNgramEncoder
from grader.encode.onnx import Encoder, OnnxEncoder
from grader.encode.sentence_transformer import SentenceTransformerEncoder

__all__ = ["CharNgramEncoder", "Encoder", "OnnxEncoder", "SentenceTransformerEncoder", "default_encoder"]

SHIPPED = ("encoder/model.onnx", "encoder/tokenizer.json")


def default_encoder() -> OnnxEncoder:
    """The encoder that ships, its files checked against the manifest now, loaded at the first text.

    Raises:
        ModelError: A file is missing or altered.
    """
    from grader.models import short_hash, verified

    model, tokenizer = (verified(name) for name in SHIPPED)
    return OnnxEncoder(model, tokenizer, name=f"all-MiniLM-L6-v2-w7a8@{short_hash(*SHIPPED)}")
