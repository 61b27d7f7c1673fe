"""Many visitors, each moving a slider once a second: ``python -m benchmarks.load URL PID SESSIONS SECONDS``.

Prints as JSON how long moves took until the last chart of the newest value was received.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import sys
from contextlib import AsyncExitStack
from time import perf_counter, process_time

import psutil
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import connect

from benchmarks.session import Run, Session
from benchmarks.timing import percentile

SLIDER = "Width multiplier α"
WARM_MOVES = 3
LEAST_JUMP = 10
FIRST_RUN_SECONDS = 60.0
LAST_RUN_SECONDS = 5.0


async def main(url: str, server: psutil.Process, sessions: int, seconds: int) -> dict[str, float]:
    """All visitors, one after another at first, then each at its own moment of every second."""
    async with AsyncExitStack() as stack:
        visitors = [await _visitor(stack, url, random.Random(f"{sessions}/{i}")) for i in range(sessions)]
        begin, cpu, server_cpu = perf_counter() + 0.5, process_time(), _cpu(server)
        moves = await asyncio.gather(
            *(
                _moves(session, rng, begin + i / sessions, WARM_MOVES + seconds)
                for i, (session, rng, _) in enumerate(visitors)
            )
        )
        busy = (process_time() - cpu) / (perf_counter() - begin)
        server_busy = (_cpu(server) - server_cpu) / (sessions * (WARM_MOVES + seconds))
        for _, _, listener in visitors:
            if listener.done():
                listener.result()
        runs = [session.runs for session, _, _ in visitors]
    charts = max(len(run.charts) for visit in runs for run in visit)
    waits = [wait for made, visit in zip(moves, runs, strict=True) for wait in _waits(made, visit, charts)]
    last = [run for visit in runs for run in visit[-seconds:]]
    return {
        "sessions": sessions,
        "moves": len(waits),
        "p50": percentile(waits, 50),
        "p95": percentile(waits, 95),
        "charts": charts,
        "unchanged": sum(run.unchanged for run in last) / len(last),
        "complete": sum(len(run.charts) >= charts for run in last) / len(last),
        "audited": sum(run.audited for run in last) / len(last),
        "client_cpu": busy,
        "server_cpu_a_move": server_busy,
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


async def _visitor(
    stack: AsyncExitStack, url: str, rng: random.Random
) -> tuple[Session, random.Random, asyncio.Task[None]]:
    """A visitor whose first page is drawn, at a ρ and t of its own so that no other visitor's counts are its own."""
    address = url.replace("http://", "ws://") + "/_stcore/stream"
    connection = await stack.enter_async_context(
        connect(address, origin=url, subprotocols=["streamlit"], max_size=None)
    )
    session = Session(connection)
    listener = asyncio.create_task(session.listen())
    await _drawn(session, listener)
    others = [slider for label, slider in session.sliders.items() if label != SLIDER]
    for slider in others:
        _set(session, slider, rng.random())
    if others:
        await _drawn(session, listener)
    return session, rng, listener


async def _drawn(session: Session, listener: asyncio.Task[None]) -> None:
    await session.rerun()
    finished = asyncio.create_task(session.finished.wait())
    await asyncio.wait((finished, listener), timeout=FIRST_RUN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if listener.done():
        listener.result()
    if not finished.done() or not session.runs[-1].charts:
        raise RuntimeError(f"no page with charts within {FIRST_RUN_SECONDS:.0f} s")


def _set(session: Session, slider: Slider, share: float) -> None:
    """Put a slider at a share of its way, on one of its steps."""
    state = session.widgets[slider.id]
    steps = round((slider.max - slider.min) / slider.step)
    if slider.type == Slider.SELECT_SLIDER:
        state.string_array_value.data[:] = [slider.options[round(share * (len(slider.options) - 1))]]
    else:
        state.double_array_value.data[:] = [round(slider.min + round(share * steps) * slider.step, 6)]


async def _moves(session: Session, rng: random.Random, begin: float, count: int) -> list[float]:
    """Move the slider by leaps, once a second; returns when each move was made, those to warm up left out."""
    slider, at, made = session.sliders[SLIDER], 0, []
    steps = round((slider.max - slider.min) / slider.step)
    for number in range(count):
        await asyncio.sleep(max(0.0, begin + number - perf_counter()))
        at = rng.choice([step for step in range(steps + 1) if abs(step - at) >= LEAST_JUMP])
        _set(session, slider, at / steps)
        made.append(await session.rerun())
    charts, limit = max(len(run.charts) for run in session.runs), perf_counter() + LAST_RUN_SECONDS
    while perf_counter() < limit and not _answered(session.runs[-1], made[-1], charts):
        await asyncio.sleep(0.02)
    return made[WARM_MOVES:]


def _answered(run: Run, move: float, charts: int) -> bool:
    return run.announced >= move and len(run.charts) >= charts


def _waits(moves: list[float], runs: list[Run], charts: int) -> list[float]:
    """Seconds from each move to the last chart of its run, or of the first later one that was drawn in full.

    Runs follow moves in order, but a move may have none: from the last run back, each is the answer to the newest
    move before it that no later run answers. A move that nothing answers waited for ever.
    """
    answers, newest = {}, len(moves)
    for run in reversed(runs):
        newest = min(newest - 1, sum(move <= run.announced for move in moves) - 1)
        if newest < 0:
            break
        if len(run.charts) >= charts:
            answers[newest] = run.charts[charts - 1]
    return [
        min((drawn for answered, drawn in answers.items() if answered >= number), default=math.inf) - move
        for number, move in enumerate(moves)
    ]


if __name__ == "__main__":
    address, pid, count, lasting = sys.argv[1:]
    print(json.dumps(asyncio.run(main(address, psutil.Process(int(pid)), int(count), int(lasting)))))
