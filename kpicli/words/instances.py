"""Keys of a model that are read by a function of ours: what it gives is taken as it is."""

from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Instance:
    """Annotates a type of which pydantic takes instances alone, as with InstanceOf.

    InstanceOf also describes all that is in the type, anew for every key of every kind, which was
    two fifths of the time that their models took.
    """

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """A check of the class."""
        return core_schema.is_instance_schema(source)
