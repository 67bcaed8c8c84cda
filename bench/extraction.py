"""Times extraction alone, side by side: the press tagger, the rules, and a spaCy pipeline of the usual small size.

    python bench/extraction.py --articles 60 --rounds 3        # spaCy: pip install .[bench]

The engines take turns on the same articles, in one and in two processes of one thread each, so that all suffer alike
from whatever else the machine does. spaCy's pipeline (tok2vec of 96 × 4, tagger, parser, names) has untrained weights:
it serves for speed alone, and does not find quotes, which are still to be made of its parse.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from multiprocessing.synchronize import Barrier as BarrierType
from pathlib import Path

from pipeline import SAMPLE, load, tree_memory

Article = tuple[str, str]  # title, text
LISTENER = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "tok2vec"}
TAGS, RELATIONS = 50, 45  # as many as English models have
NAME_LABELS = 18


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--words", type=int, default=750, help="least words an article")
    parser.add_argument("--corpus", type=Path, default=SAMPLE, help="folder of text dumps to make articles from")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    given = parser.parse_args()
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    articles = make(load(given.corpus), given.articles, given.words)
    n_words = sum(len(text.split()) for _, text in articles)
    print(f"{len(articles)} articles, {n_words:,} words, {os.cpu_count()} cores, median of {given.rounds} rounds")
    found: dict[tuple[str, int], list[tuple[float, float, int]]] = defaultdict(list)
    for _ in range(given.rounds):
        for engine in given.engines:
            for processes in (1, 2):
                found[engine, processes].append(measure(engine, articles, processes))
    print(
        "| engine | processes | articles/s | words/s | CPU ms an article | peak memory, MB |\n|---|---|---|---|---|---|"
    )
    for (engine, processes), runs in found.items():
        seconds, cpu = (statistics.median(run[k] for run in runs) for k in (0, 1))
        print(
            f"| {engine} | {processes} | {len(articles) / seconds:.1f} | {n_words / seconds:,.0f}"
            f" | {1000 * cpu / len(articles):.0f} | {max(run[2] for run in runs) / 1e6:.0f} |"
        )


def make(material: list[list[str]], n: int, least: int) -> list[Article]:
    """n articles of whole dumps, joined until each has ``least`` words."""
    random.seed(7)
    articles = []
    for i in range(n):
        paragraphs: list[str] = []
        while sum(len(p.split()) for p in paragraphs) < least:
            paragraphs += random.choice(material)
        articles.append((f"Story number {i}", "\n\n".join(paragraphs)))
    return articles


def measure(engine: str, articles: list[Article], processes: int) -> tuple[float, float, int]:
    """Seconds of work, seconds of CPU, and peak bytes of memory of all processes, loading and warming up apart."""
    context = multiprocessing.get_context("spawn")
    barrier, spent = context.Barrier(processes + 1), context.Queue()
    workers = [
        context.Process(target=work, args=(engine, articles[n::processes], barrier, spent)) for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    peak = [0]
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=([worker.pid for worker in workers], peak, done))
    watcher.start()
    barrier.wait()
    started = time.perf_counter()
    cpu = sum(spent.get() for _ in workers)
    seconds = time.perf_counter() - started
    done.set()
    for worker in (*workers, watcher):
        worker.join()
    return seconds, cpu, peak[0]


def work(engine: str, articles: list[Article], barrier: BarrierType, spent: multiprocessing.Queue[float]) -> None:
    """One process: loads the engine, tries it once, and works when all are ready."""
    extract = ENGINES[engine]()
    extract(*articles[0])
    barrier.wait()
    started = time.process_time()
    for title, text in articles:
        extract(title, text)
    spent.put(time.process_time() - started)


def watch(pids: list[int | None], peak: list[int], done: threading.Event) -> None:
    """Keeps the largest sum of the processes' memory in ``peak``."""
    while not done.wait(0.05):
        peak[0] = max(peak[0], sum(tree_memory(pid) for pid in pids if pid is not None))


def press() -> Callable[[str, str], object]:
    from tasks.extract.press import PressExtractor

    extractor = PressExtractor()
    return lambda title, text: extractor.extract(title, text, "en")


def rules() -> Callable[[str, str], object]:
    from tasks.extract.rules import RuleExtractor

    extractor = RuleExtractor()
    return lambda title, text: extractor.extract(title, text, "en")


def spacy() -> Callable[[str, str], object]:
    import spacy

    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")  # 96 wide, 4 deep by default
    nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": LISTENER}})
    transitions = {"@architectures": "spacy.TransitionBasedParser.v2", "hidden_width": 64, "maxout_pieces": 2}
    nlp.add_pipe("parser", config={"model": {**transitions, "state_type": "parser", "tok2vec": LISTENER}})
    nlp.add_pipe("ner", config={"model": {**transitions, "state_type": "ner", "tok2vec": LISTENER}})
    for pipe, n in (("tagger", TAGS), ("parser", RELATIONS), ("ner", NAME_LABELS)):
        for k in range(n):
            nlp.get_pipe(pipe).add_label(f"{pipe}{k}")
    nlp.initialize()
    return lambda title, text: nlp(f"{title}\n\n{text}")


ENGINES = {"press tagger": press, "rules": rules, "spaCy": spacy}


if __name__ == "__main__":
    main()
