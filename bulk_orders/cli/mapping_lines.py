"""What is said of a mapping wherever a file is read by it: which one it is, and what stands in every row without a cell."""

from collections.abc import Mapping

from bulk_orders.core.mapping import FixedValue, HeaderMapping, known_fields


def mapping_lines(mapping: HeaderMapping) -> list[str]:
    """Say by which mapping a file is read, and what it says of every row."""
    return [
        "The columns are read as {mapping} says.".format(mapping=mapping.name),
        *fixed_lines(mapping.fixed),
    ]


def fixed_lines(fixed_values: Mapping[str, FixedValue]) -> list[str]:
    """Say what is the same in every row, and of a legal statement who makes it."""
    fields = known_fields()
    return [
        "  {header} is {value} in every row, stated by {stated_by} on {stated_on}.".format(
            header=fields[name].header,
            value=fixed.value,
            stated_by=fixed.stated_by,
            stated_on=fixed.stated_on,
        )
        if fixed.stated_by
        else "  {header} is {value} in every row.".format(header=fields[name].header, value=fixed.value)
        for name, fixed in fixed_values.items()
    ]
