"""Sets of tags, held as bits of one number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class MaskBook(dict[tuple[str, ...], int]):
    """Tags to bits, each set of tags worked out once."""

    def __init__(self, bit: Mapping[str, int]) -> None:
        self.bit = bit

    def __missing__(self, tags: tuple[str, ...]) -> int:
        self[tags] = sum(self.bit[tag] for tag in set(tags))
        return self[tags]


class Tags:
    """A set of tags, held as bits."""

    __slots__ = ("_bits", "mask")

    def __init__(self, mask: int, bits: MaskBook) -> None:
        self.mask = mask
        self._bits = bits

    def any(self, *tags: str) -> bool:
        """Whether at least one of the tags is in the set."""
        return bool(self.mask & self._bits[tags])

    def __iter__(self) -> Iterator[str]:
        return (tag for tag, bit in self._bits.bit.items() if self.mask & bit)


class TagBook:
    """Every tag of a pattern book as one bit, in the order of their names."""

    def __init__(self, names: Iterable[str]) -> None:
        self.bit: Mapping[str, int] = {tag: 1 << place for place, tag in enumerate(sorted(names))}
        self._masks_of = MaskBook(self.bit)

    def tags(self, mask: int) -> Tags:
        """The tags of a mask."""
        return Tags(mask, self._masks_of)

    def mask(self, tags: Iterable[str]) -> int:
        """A set of tags as bits."""
        return self._masks_of[tuple(sorted(tags))]
