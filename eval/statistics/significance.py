"""Whether two systems differ over the same queries, by how much, and how sure that is.

Everything works on differences `(n, k)`: n queries, k comparisons, float64. A comparison is one
measure of one pair of runs: the second run's value less the first's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from eval.statistics.estimates import Floats, Resampling, with_farther

# Up to as many queries that differ, all 2^16 sign patterns are enumerated instead of drawn.
EXACT_QUERIES = 16
POWER = 0.8

# Sums that are equal on paper differ in their last bits, by the order in which they are added.
_SLACK = 1e-10
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class SignificanceSettings:
    """How differences are tested: equal settings give equal figures.

    `alpha` is the chance of finding any difference where there is none, over the whole family.
    """

    permutations: int = 20_000
    resampling: Resampling = field(default_factory=lambda: Resampling(resamples=10_000))
    alpha: float = 0.05
    t_test: bool = False
    seed: int = 2007


DEFAULT_SIGNIFICANCE = SignificanceSettings()


@dataclass(frozen=True, slots=True)
class PairedResult:
    """What can be said about one comparison.

    `p_holm` is corrected over all comparisons made together. `effect` is Cohen's d_z.
    `detectable` is the smallest mean difference that as many queries would show with 80 % power.
    Both are None where all queries differ by the same, or where there is only one. `t_p` is None
    unless asked for.
    """

    difference: float
    low: float
    high: float
    p: float
    p_holm: float
    effect: float | None
    detectable: float | None
    t_p: float | None = None
    t_p_holm: float | None = None


def paired_results(
    differences: Floats, settings: SignificanceSettings = DEFAULT_SIGNIFICANCE
) -> list[PairedResult]:
    """Return the result of each column of `differences` (n, k), the k tests as one family."""
    if not differences.shape[1]:
        return []
    p = randomisation_p(differences, permutations=settings.permutations, seed=settings.seed)
    low, high = bootstrap_interval(differences, settings.resampling)
    p_holm = holm(p)
    t_p = paired_t_p(differences) if settings.t_test and differences.shape[0] > 1 else None
    t_p_holm = None if t_p is None else holm(t_p)
    # The smallest p-value of a family has to clear this level; Holm is as strict only there.
    level = settings.alpha / differences.shape[1]
    return [
        PairedResult(
            difference=float(column.mean()),
            low=float(low[i]),
            high=float(high[i]),
            p=float(p[i]),
            p_holm=float(p_holm[i]),
            effect=effect_size(column),
            detectable=detectable_difference(column, alpha=level),
            t_p=None if t_p is None else float(t_p[i]),
            t_p_holm=None if t_p_holm is None else float(t_p_holm[i]),
        )
        for i, column in enumerate(differences.T)
    ]


def randomisation_p(differences: Floats, *, permutations: int = 20_000, seed: int = 2007) -> Floats:
    """Return the two-sided p-value (k,) of the paired randomisation test on the mean.

    If the two systems were one, each query's two values could as well be swapped: the sign of its
    difference is a coin. p is the share of sign patterns whose mean is as far from 0 as the one
    observed: of all patterns where at most 16 queries differ, else of those drawn, with the
    observed one among them, (b + 1) / (m + 1), so that p is never 0. Example: 1, 1, 1 has 8
    patterns, 2 of them as extreme: p = 0.25.

    *Source:* Fisher 1935; Smucker, Allan and Carterette 2007, A comparison of statistical
    significance tests for information retrieval evaluation; Phipson and Smyth 2010, Permutation
    p-values should never be zero. Not `scipy.stats.permutation_test`: it draws new patterns for
    each column, so that a comparison's p-value would depend on what else is compared.
    """
    p = np.ones(differences.shape[1])
    drawn = np.count_nonzero(differences, axis=0) > EXACT_QUERIES
    for i in np.flatnonzero(~drawn):
        p[i] = _exact_p(differences[:, i][differences[:, i] != 0])
    if drawn.any():
        extreme = _count_extreme(differences[:, drawn], permutations, seed)
        p[drawn] = (extreme + 1) / (permutations + 1)
    return p


def _exact_p(differences: Floats) -> float:
    """Return the p-value over all sign patterns; the first sign is fixed, by symmetry."""
    sums = np.abs(differences[:1])
    for difference in differences[1:]:
        sums = np.concatenate([sums + difference, sums - difference])
    if not sums.size:
        return 1.0
    observed = abs(differences.sum()) - _SLACK * np.abs(differences).sum()
    return float(np.mean(np.abs(sums) >= observed))


def _count_extreme(differences: Floats, permutations: int, seed: int) -> Floats:
    """Return how many drawn sign patterns are as extreme as the observed sum, by column.

    All columns share the patterns, so a comparison's p-value does not depend on its company.
    """
    random = np.random.default_rng(seed)
    observed = np.abs(differences.sum(axis=0)) - _SLACK * np.abs(differences).sum(axis=0)
    extreme = np.zeros(differences.shape[1])
    for rows in _blocks(permutations, sum(differences.shape)):
        heads = random.integers(0, 2, (rows, differences.shape[0]), dtype=np.int8)
        sums = (2.0 * heads - 1.0) @ differences
        extreme += (np.abs(sums) >= observed).sum(axis=0)
    return extreme


def paired_t_p(differences: Floats) -> Floats:
    """Return the two-sided p-value (k,) of the paired t-test over two queries or more.

    Use it to compare with papers that report it; over many queries it agrees with the
    randomisation test. *Source:* Student 1908; Sakai 2018, Laboratory experiments in information
    retrieval, chapter 2. Not `scipy.stats.ttest_1samp`: it gives NaN where all queries differ by
    the same.
    """
    from scipy.special import stdtr

    n = differences.shape[0]
    mean = differences.mean(axis=0)
    error = np.array([_deviation(column) for column in differences.T]) / np.sqrt(n)
    # Where every query differs by the same, t has no bound, and where by nothing, no value.
    t = np.divide(np.abs(mean), error, out=np.where(mean == 0, 0.0, np.inf), where=error > 0)
    return np.asarray(2 * stdtr(n - 1, -t), dtype=np.float64)


def holm(p: Floats) -> Floats:
    """Return the p-values (k,) corrected over their family.

    A test is significant over the family where its corrected value is at most alpha; then the
    chance of one false finding or more is at most alpha, however the tests depend on each other.
    Example: 0.01, 0.04, 0.03 → 0.03, 0.06, 0.06.

    *Source:* Holm 1979, A simple sequentially rejective multiple test procedure.
    """
    corrected = np.empty(p.shape)
    order = np.argsort(p, kind="stable")
    factors = np.arange(p.size, 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return corrected


def bootstrap_interval(differences: Floats, resampling: Resampling) -> tuple[Floats, Floats]:
    """Return the lower and upper bounds (k,) of the mean difference, resampling queries.

    The padded percentile bootstrap: resampled are the queries and the two of `with_farther`.
    *Source:* Efron and Tibshirani 1993, chapter 13; Sakai 2006, Evaluating evaluation metrics
    based on the bootstrap; for the two, `with_farther`.
    """
    padded = with_farther(differences)
    n, k = padded.shape
    random = np.random.default_rng(resampling.seed)
    means = np.empty((resampling.resamples, k))
    done = 0
    for rows in _blocks(resampling.resamples, n + k):
        picked = random.integers(0, n, (rows, n)) + n * np.arange(rows)[:, np.newaxis]
        counts = np.bincount(picked.ravel(), minlength=rows * n).reshape(rows, n)
        means[done : done + rows] = counts.astype(np.float64) @ padded / n
        done += rows
    low, high = np.percentile(means, resampling.percentiles, axis=0)
    return low, high


def effect_size(differences: Floats) -> float | None:
    """Return Cohen's d_z of the differences (n,): their mean by their standard deviation.

    None where that deviation is 0 or unknown. *Source:* Cohen 1988; Sakai 2018, chapter 5.
    """
    deviation = _deviation(differences)
    return float(differences.mean()) / deviation if deviation else None


def detectable_difference(differences: Floats, *, alpha: float = 0.05) -> float | None:
    """Return the mean difference that as many queries would show with a chance of 80 %.

    (t(1 - alpha/2) + t(0.8)) · s / √n with n - 1 degrees of freedom, s being the standard
    deviation of the differences (n,). A difference that is not significant and smaller than this
    says little: more queries are needed. None where s is 0 or unknown.

    *Source:* Sakai 2018, chapter 6, for topic set sizes, solved for the difference.
    """
    from scipy.special import stdtrit

    n, deviation = differences.size, _deviation(differences)
    if not deviation:
        return None
    quantiles = stdtrit(n - 1, 1 - alpha / 2) + stdtrit(n - 1, POWER)
    return float(quantiles * deviation / np.sqrt(n))


def _deviation(differences: Floats) -> float:
    """Return the standard deviation (n,), 0 where all are equal but for their last bits."""
    if differences.size < 2 or np.ptp(differences) <= _SLACK * np.abs(differences).max():
        return 0.0
    return float(differences.std(ddof=1))


def _blocks(total: int, columns: int) -> Iterator[int]:
    """Yield numbers of rows that add up to `total` and fit in memory.

    In multiples of 8: random bytes are drawn in words, and a block that ends within a word would
    shift what the next one draws.
    """
    rows = max(8, _BLOCK // columns // 8 * 8)
    for start in range(0, total, rows):
        yield min(rows, total - start)
