from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
tokenizers = pytest.importorskip("tokenizers")

from tasks.extract.tagger.decode import link, plain_decoder  # noqa: E402
from training.distil import student_of  # noqa: E402
from training.examples import batches, collate, epoch_examples, examples  # noqa: E402
from training.losses import gaps, loss, role_weights, with_predictions  # noqa: E402
from training.model import DISTANCE_EDGES, Shape, Tagger, load, save  # noqa: E402
from training.train import Plan, fit, set_rate  # noqa: E402

SHAPE = Shape(layers=2, hidden=32, heads=2, feed=64, vocabulary=120, positions=64, link=8, dropout=0.1)
TEXT = "ann said: rain came. “we go,” bo told, “now.”"


def spans(*parts: str) -> list[list[int]]:
    return [[TEXT.index(part), TEXT.index(part) + len(part)] for part in parts]


@pytest.fixture(scope="module")
def tokenizer() -> tokenizers.Tokenizer:
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["[PAD]", "[UNK]", *letters, *(f"##{letter}" for letter in letters), *"\"'“”.,:!?", "said"]
    model = tokenizers.models.WordPiece({piece: at for at, piece in enumerate(vocabulary)}, unk_token="[UNK]")
    made = tokenizers.Tokenizer(model)
    made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return made


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    said = {"source": spans("ann"), "cue": spans("said"), "content": spans("rain came")}
    told = {"source": spans("bo"), "cue": spans("told"), "content": spans("“we go,”", "“now.”")}
    quotes = {"id": "q", "task": "quotes", "text": TEXT, "attributions": [said, told], "ignore": spans(".”")}
    names = {
        "id": "n",
        "task": "names",
        "text": "ann met bo",
        "has_misc": False,
        "names": [[0, 3, "PER"], [8, 10, "MISC"]],
    }
    return [quotes, names]


def test_targets_and_links(tokenizer: Any, documents: list[dict[str, Any]]) -> None:
    (quotes,) = examples(tokenizer, documents[0], 64)
    batch = collate([quotes, *examples(tokenizer, documents[1], 64)], torch.device("cpu"))
    assert batch.content_cue.tolist() == [0, 1, 1]
    assert batch.cue_source.tolist() == [0, 1]
    assert quotes.roles[:3] == [1, 3, 0]
    assert quotes.roles[-2:] == [-1, -1]
    assert examples(tokenizer, documents[1], 64)[0].entities == [1, -2, -1]


def test_links_learn_from_predicted_spans(tokenizer: Any, documents: list[dict[str, Any]]) -> None:
    batch = collate(examples(tokenizer, documents[0], 64), torch.device("cpu"))
    labels = batch.roles.clamp(min=0)
    labels[4] = 0  # the first content ends a word early,
    labels[5] = 5  # behind it stands one that is none,
    labels[-3] = 3  # and a cue too many cuts the last content short
    added = with_predictions(batch, torch.nn.functional.one_hot(labels, 7).float())
    assert added.content_cue.tolist() == [0, 1, 1, 0, -1, 1]
    assert len(added.spans["cue"]) == 3
    assert torch.equal(added.spans["source"], batch.spans["source"])


def test_windows_of_a_batch_do_not_disturb_each_other(tokenizer: Any, documents: list[dict[str, Any]]) -> None:
    model = Tagger(SHAPE).eval()
    torch.nn.init.normal_(model.link.weight)
    first, second = (examples(tokenizer, document, 64)[0] for document in documents)
    both, alone = (collate(some, torch.device("cpu")) for some in ([first, second], [first]))
    results = [model(batch.input_ids, batch.feature_ids, batch.attention_mask) for batch in (both, alone)]
    length = alone.input_ids.shape[1]
    for joint, single in zip(*results, strict=True):
        assert torch.allclose(joint[:1, :length], single, atol=1e-5)
    parts = [loss(model, batch, out, role_weights(1.5)) for batch, out in zip((both, alone), results, strict=True)]
    words = len(both.words) / len(alone.words)
    assert torch.isclose(parts[0]["link"] * words, parts[1]["link"], rtol=1e-4)


def test_numpy_links_equal_torch_links(tokenizer: Any, documents: list[dict[str, Any]]) -> None:
    model = Tagger(SHAPE).eval()
    for weight in (model.absent, model.distance):
        torch.nn.init.normal_(weight)
    batch = collate(examples(tokenizer, documents[0], 64), torch.device("cpu"))
    vectors = model(batch.input_ids, batch.feature_ids, batch.attention_mask)[2][0].reshape(-1, 4, 8).detach()
    heads, cues = batch.spans["content"], batch.spans["cue"]
    scores = model.link_scores(0, vectors[heads, 0].mean(1), vectors[cues, 1].mean(1), gaps(heads, cues))
    decoder = plain_decoder(model.absent.detach().numpy(), model.distance.detach().numpy(), DISTANCE_EDGES)
    found = link(decoder, 0, vectors.numpy(), heads.tolist(), cues.tolist())
    assert np.allclose(found, scores.log_softmax(-1).detach().numpy(), atol=1e-5)


def run(documents: list[dict[str, Any]], tokenizer: Any, out: Path, stop: int) -> tuple[Tagger, list[float]]:
    """Trains for forty epochs of one batch each, or is cut off when ``stop`` of them are done."""
    torch.manual_seed(1)
    model = Tagger(SHAPE)
    seen: list[float] = []

    def parts(batch: Any) -> dict[str, Any]:
        if (out / f"epoch{stop}.pt").exists():
            raise InterruptedError
        found = loss(model, batch, model(batch.input_ids, batch.feature_ids, batch.attention_mask), role_weights(1.5))
        seen.append(sum(part.item() for part in found.values()))
        return found

    plan = Plan(epochs=40, pieces=128, longest=64, rate=3e-3, head_rate=3e-3, seed=3)
    fit(model, documents, tokenizer, out, plan, parts)
    return model, seen


def test_training_learns(tokenizer: Any, documents: list[dict[str, Any]], tmp_path: Path) -> None:
    _, losses = run(documents, tokenizer, tmp_path, 40)
    assert losses[-1] < losses[0] / 3
    assert len((tmp_path / "metrics.jsonl").read_text().splitlines()) == 40


def test_a_stop_changes_nothing(tokenizer: Any, documents: list[dict[str, Any]], tmp_path: Path) -> None:
    straight, _ = run(documents, tokenizer, tmp_path / "straight", 40)
    with pytest.raises(InterruptedError):
        run(documents, tokenizer, tmp_path / "stopped", 7)
    resumed, _ = run(documents, tokenizer, tmp_path / "stopped", 40)
    for name, weight in straight.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name


def test_a_student_keeps_the_teachers_first_and_last_layer(tmp_path: Path) -> None:
    teacher = Tagger(Shape(**{name: getattr(SHAPE, name) for name in SHAPE.__slots__} | {"layers": 6}))
    student = student_of(teacher, 3)
    assert torch.equal(student.encoder[0].up.weight, teacher.encoder[0].up.weight)
    assert torch.equal(student.encoder[2].up.weight, teacher.encoder[5].up.weight)
    save(student, tmp_path / "model.pt")
    assert load(tmp_path / "model.pt").shape.layers == 3


def test_batches_respect_their_size(tokenizer: Any, documents: list[dict[str, Any]]) -> None:
    copies = [{**document, "id": f"{document['id']}{at}"} for at in range(20) for document in documents]
    found = epoch_examples(tokenizer, copies, 5, 64)
    made = batches(found, 128, 5)
    assert sum(len(batch) for batch in made) == len(found)
    assert max(len(batch) * max(len(one.window.input_ids) for one in batch) for batch in made) <= 128


def test_the_rate_rises_and_falls() -> None:
    steps = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    steps.param_groups[0]["base"] = 2.0
    seen = []
    for progress in (0.0, 0.05, 0.1, 0.55, 1.0):
        set_rate(steps, progress, 0.1)
        seen.append(steps.param_groups[0]["lr"])
    assert seen == pytest.approx([0.0, 1.0, 2.0, 1.0, 0.0])
