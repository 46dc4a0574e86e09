"""What a reading model is held to: the answer's place, if there is one, and a teacher's word."""

import torch
from torch import Tensor
from torch.nn import functional

from training.encoding import Batch
from training.reading_model import Output


def losses_of(output: Output, batch: Batch, taught_share: float = 0.0) -> dict[str, Tensor]:
    """Return cross-entropy over the places that may begin and end an answer, and of answering.

    A window that a teacher has read is held to what it says with `taught_share`, with the rest to
    where the answer is; any other to that alone.

    *Source:* Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015.
    """
    logits = within_passage(output.spans, batch)
    length = logits.shape[1]
    places = [functional.one_hot(each, length).float() for each in (batch.starts, batch.ends)]
    shares, answered = torch.stack(places, dim=2), (batch.starts > 0).float()
    taught = batch.taught
    if taught is not None:
        heard = taught_share * taught.known
        shares = shares.lerp(taught.spans, heard[:, None, None])
        answered = answered.lerp(torch.sigmoid(taught.answers), heard)
    span = -(shares * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()
    answer = functional.binary_cross_entropy_with_logits(output.answers.float(), answered)
    return {"span": span, "answer": answer}


def within_passage(spans: Tensor, batch: Batch) -> Tensor:
    """Return the logits (b, n, 2), next to none for the question's tokens and the padding."""
    outside = (batch.types == 0) | (batch.attention == 0)
    outside[:, 0] = False
    return spans.float().masked_fill(outside[:, :, None], -1e4)
