"""One visitor without a browser: Streamlit's websocket protocol with its own messages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

CACHED_RUNS = 2
"""A browser forgets a large message that so many runs did not use."""
AUDITED = "fvcore agree"
"""What a page of multadds says when an audit has arrived."""


@dataclass
class Run:
    """A run of the script as the visitor sees it: when it was announced, when each of its charts came.

    ``unchanged`` of the charts were no news: the server named a message the visitor had kept.
    """

    announced: float
    charts: list[float] = field(default_factory=list)
    unchanged: int = 0
    audited: bool = False


@dataclass
class Session:
    """What a browser keeps between reruns: the page, its link, each widget's state, and large messages by hash."""

    connection: ClientConnection
    page: str = ""
    link: str = ""
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    sliders: dict[str, Slider] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    cached: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def rerun(self) -> float:
        """Ask for a run with the widgets as they stand; returns when that was."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self.link, self.page
        state.widget_states.widgets.extend(self.widgets.values())
        state.cached_message_hashes.extend(self.cached)
        state.context_info.timezone, state.context_info.locale = "UTC", "en-US"
        self.finished.clear()
        asked = perf_counter()
        await self.connection.send(message.SerializeToString())
        return asked

    async def listen(self) -> None:
        """Take in all that comes, until the connection closes."""
        async for data in self.connection:
            message = ForwardMsg.FromString(data)
            self._take(message, perf_counter())

    def _take(self, message: ForwardMsg, now: float) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self.page = message.new_session.page_script_hash
            self.runs.append(Run(now))
        elif kind == "page_info_changed":
            self.link = message.page_info_changed.query_string
        elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._forget()
            self.finished.set()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if message.metadata.cacheable:
                self.cached[message.hash] = (element.WhichOneof("type"), len(self.runs))
            self._show(element, now)
        elif kind == "ref_hash":
            shown, _ = self.cached[message.ref_hash]
            self.cached[message.ref_hash] = (shown, len(self.runs))
            self._count(shown, now)
            self.runs[-1].unchanged += shown == "plotly_chart"
        elif kind == "auto_rerun":
            raise RuntimeError("the app asks for reruns on a timer, which this visitor does not make")

    def _forget(self) -> None:
        least = len(self.runs) - CACHED_RUNS
        self.cached = {name: (kind, used) for name, (kind, used) in self.cached.items() if used > least}

    def _show(self, element: Any, now: float) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"the app shows an exception: {element.exception.message[:200]}")
        if kind == "slider":
            self.sliders[element.slider.label] = element.slider
        if kind == "markdown" and AUDITED in element.markdown.body and self.runs:
            self.runs[-1].audited = True
        state = widget_state(kind, getattr(element, kind))
        if state is not None and (state.id not in self.widgets or getattr(element, kind).set_value):
            self.widgets[state.id] = state
        self._count(kind, now)

    def _count(self, kind: str, now: float) -> None:
        if kind == "plotly_chart":
            self.runs[-1].charts.append(now)


def widget_state(kind: str, widget: Any) -> WidgetState | None:
    """What a browser sends for a widget nobody has touched; ``None`` for what is no widget, or holds nothing."""
    if not isinstance(widget, Message) or not getattr(widget, "id", ""):
        return None
    state = WidgetState(id=widget.id)
    if kind == "slider" and widget.type == Slider.SLIDER:
        state.double_array_value.data.extend(widget.value if widget.set_value else widget.default)
    elif kind == "slider":
        chosen = [widget.options[int(i)] for i in widget.default]
        state.string_array_value.data.extend(widget.raw_value if widget.set_value else chosen)
    elif kind == "selectbox" and widget.HasField("raw_value" if widget.set_value else "default"):
        state.string_value = widget.raw_value if widget.set_value else widget.options[widget.default]
    elif kind == "number_input":
        state.double_value = widget.value if widget.set_value else widget.default
    elif kind == "button_group":
        chosen = [widget.options[i].content for i in widget.default]
        state.string_array_value.data.extend(widget.raw_values if widget.set_value else chosen)
    elif kind != "selectbox":  # one in which nothing is chosen is sent without a value
        return None
    return state
