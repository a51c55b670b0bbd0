"""From scores to structure: trees inside sentences (greedy, then maximum spanning tree) and name spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
NEVER = -1e9
ROOTS_TRIED = 4  # candidates for the root when greedy heads form no tree


def decode_heads(arcs: Floats, starts: Sequence[int]) -> Ints:
    """Best heads of a window.

    `arcs` [n + 1, n + 1]: score of head (column) for dependent (row), [CLS] at 0.
    `starts`: first word of each sentence, counted from 0. Returns n heads, counted from 1, 0 is
    the root; every sentence gets one tree with one root.
    """
    count = arcs.shape[0] - 1
    heads = np.zeros(count, np.int64)
    for start, end in zip(starts, [*starts[1:], count], strict=True):
        inside = np.arange(start + 1, end + 1)
        nodes = np.concatenate([[0], inside])
        local = sentence_tree(arcs[np.ix_(nodes, nodes)])
        heads[start:end] = nodes[local]
    return heads


def sentence_tree(scores: Floats) -> Ints:
    """Heads of the words 1..n of one sentence; 0 is the root, and exactly one word hangs on it."""
    table = scores.astype(np.float64)
    np.fill_diagonal(table, NEVER)
    table[0] = NEVER
    heads: Ints = table.argmax(1)
    heads[0] = 0
    if _is_tree(heads):
        return heads[1:].copy()
    table[1:] -= np.logaddexp.reduce(table[1:], axis=1, keepdims=True)
    best: Ints = heads
    best_score = -np.inf
    for root in np.argsort(-table[1:, 0], kind="stable")[:ROOTS_TRIED] + 1:
        forced = table.copy()
        forced[1:, 0] = NEVER
        forced[root] = NEVER
        forced[root, 0] = 0.0
        found = _spanning(forced)
        total = float(table[np.arange(1, len(found)), found[1:]].sum())
        if total > best_score:
            best, best_score = found, total
    return best[1:].copy()


def _is_tree(heads: Ints) -> bool:
    if int((heads[1:] == 0).sum()) != 1:
        return False
    reach: Ints = heads.copy()
    for _ in range(int(np.ceil(np.log2(len(heads) + 1)))):  # pointer doubling
        reach = reach[reach]
    return not bool(reach.any())


def _cycle(heads: Ints) -> list[int]:
    done = {0}
    for start in range(1, len(heads)):
        path: list[int] = []
        node = start
        while node not in done and node not in path:
            path.append(node)
            node = int(heads[node])
        if node in path:
            return path[path.index(node) :]
        done.update(path)
    return []


def _spanning(scores: NDArray[np.float64]) -> Ints:
    """Chu-Liu-Edmonds: the best heads that form a tree below node 0."""
    np.fill_diagonal(scores, -np.inf)
    heads: Ints = scores.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads)
    if not cycle:
        return heads
    ring = np.array(cycle)
    outside = np.array([i for i in range(len(heads)) if i not in set(cycle)])
    merged = len(outside)
    small = np.full((merged + 1, merged + 1), -np.inf)
    small[:merged, :merged] = scores[np.ix_(outside, outside)]
    leaving = ring[scores[np.ix_(outside, ring)].argmax(1)]
    small[:merged, merged] = scores[outside, leaving]
    gain = scores[ring] - scores[ring, heads[ring]][:, None]
    entering = ring[gain[:, outside].argmax(0)]
    small[merged, :merged] = gain[:, outside].max(0)
    small[0] = -np.inf
    chosen = _spanning(small)
    for row, node in enumerate(outside[1:], start=1):
        heads[node] = leaving[row] if chosen[row] == merged else outside[chosen[row]]
    entry = int(chosen[merged])
    heads[entering[entry]] = outside[entry]
    return heads


def allowed_steps(tags: Sequence[str]) -> Floats:
    """[t, t] table of 0 and NEVER: I-X may only follow B-X or I-X."""
    table = np.zeros((len(tags), len(tags)), np.float32)
    for j, tag in enumerate(tags):
        if tag.startswith("I-"):
            table[[i for i, before in enumerate(tags) if before[2:] != tag[2:]], j] = NEVER
    return table


def decode_names(scores: Floats, steps: Floats, tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Best BIO path (Viterbi over log-probabilities): spans (start, end, type) over the n words.

    `scores` [n, t]; only stretches where a tag other than O wins somewhere are searched.
    """
    best = scores.argmax(1)
    if not best.any():
        return []
    logp = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    path = _viterbi(logp, steps)
    spans: list[tuple[int, int, str]] = []
    for i, t in enumerate(path):
        tag = tags[t]
        if tag.startswith("B-"):
            spans.append((i, i + 1, tag[2:]))
        elif tag.startswith("I-"):
            spans[-1] = (spans[-1][0], i + 1, spans[-1][2])
    return spans


def _viterbi(logp: Floats, steps: Floats) -> list[int]:
    score = logp[0] + steps[0]  # the step from "O", tag 0, forbids I- at the start
    back: list[Ints] = []
    for row in logp[1:]:
        total = score[:, None] + steps
        choice = total.argmax(0)
        back.append(choice)
        score = total[choice, np.arange(len(row))] + row
    path = [int(score.argmax())]
    for choice in reversed(back):
        path.append(int(choice[path[-1]]))
    return path[::-1]


def active_subjects(heads: Ints, labels: Sequence[str], tags: Sequence[str]) -> tuple[list[str], list[str]]:
    """`labels` and `tags` with no passive subject at a verb that cannot be passive.

    `heads` counts from 1, 0 is the root; `tags` are Penn tags. A finite verb without a passive auxiliary is active, and
    so is a participle with a subject of its own inside a noun phrase: in "a total it expected to double" *it* expects.
    """
    found, kinds = list(labels), list(tags)
    helped = {int(h) for h, label in zip(heads, labels, strict=True) if label.startswith("aux")}
    for n, (head, label) in enumerate(zip(map(int, heads), labels, strict=True)):
        if label != "nsubj:pass" or not head or head in helped:
            continue
        if tags[head - 1] in ("VBD", "VBZ", "VBP"):
            found[n] = "nsubj"
        elif tags[head - 1] == "VBN" and labels[head - 1].startswith("acl") and tags[n] == "PRP" and n + 1 < head:
            found[n], found[head - 1], kinds[head - 1] = "nsubj", "acl:relcl", "VBD"
    return found, kinds
