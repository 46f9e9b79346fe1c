"""How a world is handed to compiled code: as one pointer to the list of its tables.

Numba hands a named tuple over table by table, seven numbers for each, at every call of every rule. That makes calls
slow, and their compilation much slower: with forty tables, minutes. Here compiled code gets the address of a block in
which the tables' headers stand one after the other; a rule reads the header of a table when it names it. The block
lives as long as the call from Python does, and nothing changes a header meanwhile.
"""

from __future__ import annotations

import hashlib
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.core.typing.typeof import typeof
from numba.extending import NativeValue, infer_getattr, models, register_model, typeof_impl, unbox


class TablesType(types.Type):
    """The type of a named tuple of tables for compiled code.

    Attributes:
        fields: name and array type of each table, in order.
    """

    def __init__(self, fields: tuple[tuple[str, Any], ...]) -> None:
        self.fields = fields
        self.places = {name: place for place, (name, _) in enumerate(fields)}
        # The name goes into that of every compiled function, so it is short; the hash tells other columns apart.
        spelled = ";".join(f"{name}:{kind}" for name, kind in fields)
        super().__init__(name=f"Tables{hashlib.sha256(spelled.encode()).hexdigest()[:16]}")

    @property
    def key(self) -> Any:
        """What makes two types the same."""
        return self.fields


@register_model(TablesType)
class TablesModel(models.OpaqueModel):
    """In compiled code the tables are an address."""


def pass_as_pointer(kind: type[tuple[Any, ...]]) -> None:
    """Let compiled code take named tuples of this class, all of whose fields are arrays, as one pointer."""

    @typeof_impl.register(kind)
    def typeof_tables(value: Any, _context: Any) -> TablesType:
        return TablesType(tuple((name, typeof(table)) for name, table in zip(value._fields, value, strict=True)))


@infer_getattr
class TablesAttributes(AttributeTemplate):
    """The tables are attributes."""

    key = TablesType

    def generic_resolve(self, kind: TablesType, name: str) -> Any:
        """Return the array type of a table."""
        place = kind.places.get(name)
        return None if place is None else kind.fields[place][1]


def block_type(context: Any, kind: TablesType) -> ir.LiteralStructType:
    """Return the layout of the block of headers."""
    return ir.LiteralStructType([context.get_value_type(table) for _, table in kind.fields])


@lower_getattr_generic(TablesType)
def read_header(context: Any, builder: Any, kind: TablesType, value: Any, name: str) -> Any:
    """Load a table's header; it never changes, which lets the compiler load it once."""
    place = kind.places[name]
    block = builder.bitcast(value, block_type(context, kind).as_pointer())
    header = builder.load(cgutils.gep_inbounds(builder, block, 0, place))
    header.set_metadata("invariant.load", builder.module.add_metadata([]))
    return impl_ret_borrowed(context, builder, kind.fields[place][1], header)


@unbox(TablesType)
def write_block(kind: TablesType, obj: Any, c: Any) -> NativeValue:
    """Write the headers of a named tuple's arrays into a block on the stack of the function that Python calls."""
    block = cgutils.alloca_once(c.builder, block_type(c.context, kind))
    failed = cgutils.alloca_once_value(c.builder, cgutils.false_bit)
    for place, (_, table) in enumerate(kind.fields):
        native = c.unbox(table, c.pyapi.tuple_getitem(obj, place))
        c.builder.store(native.value, cgutils.gep_inbounds(c.builder, block, 0, place))
        c.builder.store(c.builder.or_(c.builder.load(failed), native.is_error), failed)
    return NativeValue(c.builder.bitcast(block, cgutils.voidptr_t), is_error=c.builder.load(failed))
