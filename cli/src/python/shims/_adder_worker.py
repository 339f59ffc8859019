"""What stands for a thread of a pool where there are none: the one thread that there is, as work sees a thread of its own."""

import contextvars
import sys
import threading


class Worker:
    """Has work see a thread by name, a context and event loops that are not its caller's. Thread-locals are the caller's."""

    def __init__(self, name):
        self._thread = threading.Thread(name=name)
        self._thread._set_ident()
        self._thread._started.set()
        self._context = contextvars.copy_context() if sys.flags.thread_inherit_context else contextvars.Context()

    def run(self, function, *arguments):
        caller = threading.current_thread()
        resume_loop = _suspend_loop()
        threading._active[self._thread.ident] = self._thread
        try:
            return self._context.run(function, *arguments)
        finally:
            threading._active[self._thread.ident] = caller
            resume_loop()

    def join(self):
        """Waits for nothing: work is done when it is submitted."""


def _suspend_loop():
    """Has asyncio take no loop for the running or the current one. Returns what takes that back."""
    asyncio, events = sys.modules.get("_asyncio"), sys.modules.get("asyncio.events")
    if asyncio is None or events is None:
        return lambda: None
    loop = asyncio._get_running_loop()
    task = loop and asyncio._swap_current_task(loop, None)
    asyncio._set_running_loop(None)
    # The loop that a policy has for each thread.
    policy = events._event_loop_policy
    current = getattr(policy, "_local", None)
    if current is not None:
        policy._local = type(current)()

    def resume():
        if current is not None:
            policy._local = current
        asyncio._set_running_loop(loop)
        if loop is not None:
            asyncio._swap_current_task(loop, task)

    return resume
