"""Calls that are awaited: each is made by a thread of the event loop's default executor."""

import asyncio
import functools
from typing import Any, Callable, Mapping, TypeVar

from ._block import Block, json_of
from ._order import OrderBuilder

T = TypeVar("T")


async def in_worker(call: Callable[..., T], *arguments: Any) -> T:
    """Makes a call in a worker thread, while the event loop goes on.

    To cancel is to end the wait, and not the call: what was begun goes on to its end, and the journal has its
    outcome. A call that still waits for a free thread is not begun any more."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, functools.partial(call, *map(as_it_is_now, arguments)))


def as_it_is_now(value: Any) -> Any:
    """What the caller may change while the call waits for its thread, as JSON."""
    if isinstance(value, OrderBuilder):
        return value.json()
    if isinstance(value, (Block, Mapping, list, tuple)):
        return json_of(value)
    return value
