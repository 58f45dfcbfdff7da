"""KPIs that formulas put together."""

from collections.abc import Mapping, Sequence

Key = tuple[str, str]


def family_names(links: Mapping[Key, Sequence[Key]]) -> dict[Key, str]:
    """For every step that formulas link, directly or by way of others, one name per family."""
    names: dict[Key, str] = {}
    for key, inputs in links.items():
        members = {key, *inputs} if inputs else set()
        joined = {names[one] for one in members if one in names}
        name = min(joined, default=" ".join(key))
        names |= {one: name for one, told in names.items() if told in joined}
        names |= dict.fromkeys(members, name)
    return names
