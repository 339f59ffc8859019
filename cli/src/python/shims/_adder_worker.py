"""What stands for a thread of a pool where there are none: the one thread that there is, as work sees a thread of its own."""

import contextvars
import sys
import threading

# Of a running loop, its current task, a policy, and what the policy has for a thread.
_NO_LOOPS = None, None, None, None


class Worker:
    """Has work see a thread by name, a context and event loops that are not its caller's. Thread-locals are the caller's."""

    def __init__(self, name):
        self._thread = threading.Thread(name=name)
        self._thread._set_ident()
        self._thread._started.set()
        self._context = contextvars.copy_context() if sys.flags.thread_inherit_context else contextvars.Context()
        self._loops = _NO_LOOPS

    def run(self, function, *arguments):
        threads, ident = threading._active, self._thread.ident
        # The caller is still there, but not the one that runs.
        threads[self] = threads.pop(ident)
        threads[ident] = self._thread
        callers = _exchange_loops(self._loops)
        try:
            return self._context.run(function, *arguments)
        finally:
            self._loops = _exchange_loops(callers)
            threads[ident] = threads.pop(self)

    def join(self):
        """Waits for nothing: work is done when it is submitted."""


def _exchange_loops(loops):
    """Has asyncio take the loops of another thread. Returns those of the one that ran."""
    asyncio, events = sys.modules.get("_asyncio"), sys.modules.get("asyncio.events")
    if asyncio is None or events is None:
        return _NO_LOOPS
    loop, task, policy, local = loops
    old_loop = asyncio._get_running_loop()
    old_task = old_loop and asyncio._swap_current_task(old_loop, None)
    asyncio._set_running_loop(loop)
    if loop is not None:
        asyncio._swap_current_task(loop, task)
    old_policy = events._event_loop_policy
    old_local = getattr(old_policy, "_local", None)
    if old_local is not None:
        # A policy that the thread has not seen yet has no loop for it.
        old_policy._local = local if policy is old_policy else type(old_local)()
    return old_loop, old_task, old_policy, old_local
