"""Check a published sample and its rates with Python's standard library alone: verify_bundle.py FOLDER

Short enough to read before you trust it. It recomputes hashes, tickets, sample, weights, recording rates,
standard errors and t-Wilson intervals; other intervals it leaves to `opencdi verify`, and says so.
"""

import csv
import hashlib
import hmac
import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

RECORDED = {"correct", "late", "wrong_class", "paperwork"}
REQUIRED = RECORDED | {"missing", "n100_wrong", "cancelled_wrong"}
problems = []


def expect(holds, sentence):
    if not holds:
        problems.append(sentence)


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ticket(seed, purpose, stratum, incident):
    parts = (part.encode() for part in (purpose, stratum, incident))
    return hmac.new(seed.encode(), b"|".join(b"%d:%b" % (len(p), p) for p in parts), "sha256").hexdigest()


def close(text, value):
    return math.isclose(float(text), value, rel_tol=1e-6, abs_tol=1e-12)


def check_history(folder, seed):
    """The chain of hashes, the frame frozen before the one draw, and that seed and rates are as it says."""
    previous, kinds, named = "0" * 64, [], {}
    for line in (folder / "ledger.jsonl").read_bytes().splitlines():
        entry = json.loads(line)
        expect(entry["previous"] == previous, f"Entry {entry['number']} of the history does not follow.")
        previous = hashlib.sha256(line).hexdigest()
        kinds.append(entry["kind"])
        named |= {key: value for key, value in entry["content"].items() if isinstance(value, str)}
        expect(not entry["content"].get("again"), f"Drawn again: {entry['content'].get('again')}.")
    expect(kinds[0] == "frame-frozen", "The frame was not frozen before the draw.")
    expect(seed.items() <= named.items(), "seed.json does not say what the history says of the draw.")
    for name in ("verdicts", "rates") if (folder / "rates.csv").exists() else ():
        right = hash_of(folder / f"{name}.csv") == named.get(f"{name}_sha256")
        expect(right, f"{name}.csv changed after the rates were estimated.")
    return named


def check_withheld(folder, seed, named):
    """A public copy: what it withholds has the hashes of the history; the rest cannot be checked from it."""
    for each in json.loads((folder / "withheld.json").read_bytes())["withheld"]:
        name = each["file"]
        key = "commitment" if name == "design.json" else f"{Path(name).stem}_sha256"
        expect(named.get(key) == each["sha256"], f"{name} does not have the hash that the history names.")
        print(f"Withheld, so not checked: {name} ({each['reason']}).")
    if (folder / "design.json").exists():
        expect(hash_of(folder / "design.json") == seed["commitment"], "design.json changed after the draw.")


def check_sample(folder, design, seed):
    """Hashes, then tickets, sample and weights from the frame."""
    expect(hash_of(folder / "frame.csv") == design["frame_sha256"], "frame.csv changed after it was frozen.")
    expect(hash_of(folder / "design.json") == seed["commitment"], "design.json changed after the draw.")
    frame, sample = rows_of(folder / "frame.csv"), rows_of(folder / "sample.csv")
    expect(len({row["incident_id"] for row in frame}) == len(frame), "An incident stands twice in the frame.")
    stated = Counter({each["stratum"]: each["population"] for each in design["strata"]})
    expect(Counter(row["stratum"] for row in frame) == stated, "The strata have other sizes.")
    for row in frame:
        row["ticket"] = ticket(seed["seed"], seed["purpose"], row["stratum"], row["incident_id"])
    chosen = (pareto if design["kind"] == "pareto" else smallest)(frame, design, sample)
    expect(len(sample) == len(chosen), "The sample has another size.")
    for row, (expected, chance) in zip(sample, chosen, strict=False):
        weighed = close(row["inclusion_probability"], chance) and close(row["weight"], 1 / chance)
        expect(weighed and expected.items() <= row.items(), f"Sample line {row['order']} is not the seed's.")
    return sample


def smallest(frame, design, sample):
    """In each stratum the smallest tickets, as many as were read (at least as many as planned)."""
    read, chosen = Counter(row["stratum"] for row in sample), []
    for each in design["strata"]:
        members, count = [r for r in frame if r["stratum"] == each["stratum"]], read[each["stratum"]]
        expect(count >= each["readings"] > 0, f"Stratum {each['stratum']} was read less than planned.")
        first = sorted(members, key=lambda row: row["ticket"])[:count]
        chosen += [(row, count / len(members)) for row in first]
    return sorted(chosen, key=lambda pair: pair[0]["ticket"])


def pareto(frame, design, sample):
    """Pareto pi-ps (Rosen 1997): rank by odds of the ticket over odds of the planned probability."""
    expect(len(sample) == design["readings"], "The sample was extended; only `opencdi verify` checks that.")
    share, scores = float(design["uniform_share"]), [int(row["score_millionths"]) / 1e6 for row in frame]
    size = [math.sqrt(p * (1 - p)) for p in scores]
    mixed = [(1 - share) * s + share * max(sum(size) / len(size), 1e-12) for s in size]
    chances, certain = [math.inf], None
    while certain is None or any(c >= 1 and not sure for c, sure in zip(chances, certain, strict=True)):
        certain = [c >= 1 for c in chances] if certain else [False] * len(frame)
        rest = sum(m for m, sure in zip(mixed, certain, strict=True) if not sure)
        left = design["readings"] - sum(certain)
        chances = [1.0 if sure else left * m / rest for m, sure in zip(mixed, certain, strict=True)]

    def rank(pair):
        (row, chance), u = pair, ((int(pair[0]["ticket"][:16], 16) >> 12) + 0.5) / 2**52
        odds = math.log(u / (1 - u)) - math.log(chance / (1 - chance)) if chance < 1 else -math.inf
        return odds, row["ticket"]

    return sorted(zip(frame, chances, strict=True), key=rank)[: design["readings"]]


def check_rates(folder, sample, design):
    """The recording rates, their standard errors and t-Wilson intervals, from the verdicts."""
    verdicts, others = [v for v in rows_of(folder / "verdicts.csv") if not v.get("known_verdict")], 0
    for row in rows_of(folder / "rates.csv"):
        if row["measure"] != "recorded" or not row["estimate"]:
            continue
        name, y, m = f"{row['dimension']} / {row['group_name']}", Counter(), Counter()
        for v in verdicts:
            flagged = row["dimension"] == "flag" and v["domestic_abuse"].lower() in ("true", "yes", "1")
            if row["dimension"] == "all" or flagged or v.get(row["dimension"]) == row["group_name"]:
                y[v["incident_id"]] += v["verdict"] in RECORDED
                m[v["incident_id"]] += v["verdict"] in REQUIRED
        counts = [str(sum(y.values())), str(sum(m.values()))]
        expect([row["numerator"], row["denominator"]] == counts, f"{name}: the verdicts give other counts.")
        rate, error, shares = ratio(sample, design, y, m, row["estimator"].startswith("regression"))
        rate = min(max(rate, 0.0), 1.0)
        right = close(row["estimate"], rate) and close(row["standard_error"], error)
        expect(right, f"{name}: the rate is {rate:.6f}, its standard error {error:.6f}.")
        others += row["method"] != "t-Wilson"
        if row["method"] == "t-Wilson":
            lower, upper = t_wilson(rate, error**2, 2 * sum(shares) ** 2 / dot(shares, shares))
            right = abs(float(row["lower"]) - lower) + abs(float(row["upper"]) - upper) < 1e-5
            expect(right, f"{name}: the interval is {lower:.5f} to {upper:.5f}.")
    print(f"Intervals of other kinds, left to `opencdi verify`: {others}.")


def ratio(sample, design, y, m, assisted):
    """Weighted ratio, its standard error, and each incident's share of the variance."""
    weight, ids = [float(row["weight"]) for row in sample], [row["incident_id"] for row in sample]
    basis, g = orthogonal(sample, design, weight) if assisted else [], weight
    for column, total, norm in basis:
        step = (total - dot(weight, column)) / norm
        g = [c + w * step * v for c, w, v in zip(g, weight, column, strict=True)]
    top, bottom = (dot(g, [counts[i] for i in ids]) for counts in (y, m))
    e = [y[i] - top / bottom * m[i] for i in ids]
    for column, _, norm in basis:
        slope = dot(weight, column, e) / norm
        e = [v - slope * c for v, c in zip(e, column, strict=True)]
    strata, shares = defaultdict(list), []
    for row, c, v in zip(sample, g, e, strict=True):
        if float(row["weight"]) > 1 + 1e-12:
            strata[row["stratum"]].append((1 - 1 / float(row["weight"]), c * v / bottom))
    for free in strata.values():
        centre = sum(q * u for q, u in free) / sum(q for q, _ in free) if len(free) > 1 else 0.0
        shares += [len(free) / max(len(free) - 1, 1) * q * (u - centre) ** 2 for q, u in free]
    return top / bottom, math.sqrt(sum(shares)), shares


def orthogonal(sample, design, weight):
    """What is known of the whole frame, each column made orthogonal (weighted) to those before it."""
    basis = []
    score, crimes = "score_millionths", "machine_required"
    known = {"population": (), score: (score,), crimes: (crimes,), "expected_millionths": (score, crimes)}
    for key, parts in known.items():
        unit = 1e6 if score in parts else 1
        column = [math.prod(int(row[part]) for part in parts) / unit for row in sample]
        total, size = sum(each[key] for each in design["strata"]) / unit, dot(weight, column, column)
        for before, before_total, norm in basis:
            slope = dot(weight, before, column) / norm
            column = [c - slope * b for c, b in zip(column, before, strict=True)]
            total -= slope * before_total
        if dot(weight, column, column) > 1e-9 * size:
            basis.append((column, total, dot(weight, column, column)))
    return basis


def dot(*columns):
    return sum(map(math.prod, zip(*columns, strict=True)))


def t_wilson(p, variance, freedom):
    """Wilson's interval at the effective size p(1-p)/V, with Student's t (97.5 %, by Simpson's rule)."""
    front = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    low, high = 0.0, 50.0
    while high - low > 1e-9:
        t = (low + high) / 2
        heights = [(1 + (t * k / 1000) ** 2 / freedom) ** (-(freedom + 1) / 2) for k in range(1001)]
        inner = 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
        area = front * t / 3000 * (heights[0] + heights[-1] + inner)
        low, high = (t, high) if area < 0.475 else (low, t)
    bend = high**2 * variance / (p * (1 - p))
    half = math.sqrt(bend * p * (1 - p) + bend**2 / 4)
    return tuple((p + bend / 2 + sign * half) / (1 + bend) for sign in (-1, 1))


if __name__ == "__main__":
    home = Path(sys.argv[1])
    the_seed = json.loads((home / "seed.json").read_bytes())
    the_history = check_history(home, the_seed)
    if (home / "withheld.json").exists():
        check_withheld(home, the_seed, the_history)
    else:
        the_design = json.loads((home / "design.json").read_bytes())
        the_sample = check_sample(home, the_design, the_seed)
        if (home / "rates.csv").exists():
            check_rates(home, the_sample, the_design)
    print("\n".join(problems) or "Everything that was checked holds.")
    sys.exit(bool(problems))
