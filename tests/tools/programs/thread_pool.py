"""Pools of threads: where there are no threads, work is done when it is submitted. What can be seen is the same."""

import asyncio
import concurrent.futures
import contextvars
import logging
import signal
import threading
import warnings

logging.disable()
warnings.simplefilter("ignore")


def loop_of(function):
    """Returns a thread's loop, if it has one."""
    try:
        return function()
    except RuntimeError:
        return None


# A worker's loop stays with it, and is nobody else's. Here nobody has one yet.
with concurrent.futures.ThreadPoolExecutor(1, initializer=lambda: asyncio.set_event_loop(asyncio.new_event_loop())) as pool:
    of_worker = [pool.submit(asyncio.get_event_loop).result() for _ in range(2)]
    of_caller = asyncio.new_event_loop()
    print(of_worker[0] is of_worker[1], loop_of(asyncio.get_event_loop) is of_worker[0])
    asyncio.set_event_loop(of_caller)
    print(pool.submit(lambda: asyncio.get_event_loop().run_until_complete(asyncio.sleep(0, "slept"))).result())
    # Of a policy that is new, no thread has a loop.
    policy = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    print(loop_of(pool.submit(asyncio.get_event_loop).result))
    asyncio.set_event_loop_policy(policy)
    print(asyncio.get_event_loop() is of_caller)
    of_worker[0].close()
    of_caller.close()


def fail():
    raise ValueError("no")


with concurrent.futures.ThreadPoolExecutor(3) as pool:
    print(list(pool.map(lambda x: x * x, range(5))))
    failed = pool.submit(fail)
    print(repr(failed.exception()))
    # Work that submits work and waits for it.
    nested = pool.submit(lambda: pool.submit(lambda: 5).result())
    print(nested.result(timeout=5))
    print(len(list(concurrent.futures.as_completed([failed, nested]))), concurrent.futures.wait([nested]).not_done)
try:
    pool.submit(print)
except RuntimeError as error:
    print(error)

started = []
with concurrent.futures.ThreadPoolExecutor(1, initializer=started.append, initargs=["once"]) as pool:
    print(pool.submit(started.copy).result(), pool.submit(started.copy).result())

broken = concurrent.futures.ThreadPoolExecutor(initializer=fail)
print(type(broken.submit(print).exception()).__name__)
try:
    broken.submit(print)
except concurrent.futures.BrokenExecutor as error:
    print(error)


async def main():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        run = asyncio.get_running_loop().run_in_executor
        print(await asyncio.gather(run(pool, lambda: 7), run(pool, lambda: 8)))
        try:
            await run(pool, fail)
        except ValueError as error:
            print(repr(error))


async def default():
    """The pool that a loop has by itself."""
    loop = asyncio.get_running_loop()
    print(await asyncio.to_thread(pow, 2, 5), await loop.run_in_executor(None, abs, -3))
    print((await loop.getaddrinfo("127.0.0.1", 80))[0][4])
    for error in ValueError("no"), SystemError(), asyncio.CancelledError("from work"):
        def raises():
            raise error
        try:
            await asyncio.to_thread(raises)
        except BaseException as caught:
            print(repr(caught), caught is error)
    future = loop.run_in_executor(None, abs, -4)
    print(future.done(), future.cancel())
    await loop.shutdown_default_executor()
    try:
        loop.run_in_executor(None, abs, -5)
    except RuntimeError as error:
        print(error)


# What work sees of its thread.

variable = contextvars.ContextVar("variable", default=0)


def names():
    thread = threading.current_thread()
    return thread.name.rstrip("0123456789"), thread is threading.main_thread(), thread.is_alive(), thread.ident == threading.get_ident()


def count():
    """A worker keeps its context, which is not its caller's."""
    variable.set(variable.get() + 1)
    return variable.get()


def loops():
    """Loops of a worker's own, while its caller's waits. Returns what goes wrong if there is none."""
    results = []
    for function in asyncio.get_running_loop, asyncio.get_event_loop, asyncio.current_task:
        try:
            results.append(function())
        except RuntimeError as error:
            results.append(str(error).partition("'")[0])
    results.append(asyncio.run(inner()))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    results.append(loop.run_until_complete(inner()))
    loop.close()
    return results


async def inner():
    await asyncio.sleep(0)
    task = asyncio.current_task()
    return task is not None, len(asyncio.all_tasks()), threading.current_thread() is threading.main_thread()


def handles_signals():
    """Only the main thread can."""
    try:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, print)
    except RuntimeError as error:
        return str(error)


async def with_signals():
    """Returns what a worker is refused, while signals are its caller's."""
    async def inside():
        return handles_signals()
    arrived = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, arrived.set)
    print(await asyncio.to_thread(asyncio.run, inside()))
    signal.raise_signal(signal.SIGUSR1)
    print(await asyncio.wait_for(arrived.wait(), 10))


async def outer():
    own = asyncio.get_running_loop(), asyncio.current_task()
    print(await asyncio.to_thread(names), await asyncio.to_thread(loops))
    variable.set(5)
    print(await asyncio.to_thread(count), await own[0].run_in_executor(None, count), variable.get())
    print(own == (asyncio.get_running_loop(), asyncio.current_task()), own[0] is asyncio.get_event_loop())
    try:
        await asyncio.to_thread(asyncio.run, fail_later())
    except ValueError as error:
        print(error, own == (asyncio.get_running_loop(), asyncio.current_task()))


async def fail_later():
    await asyncio.sleep(0)
    raise ValueError("later")


asyncio.run(main())
asyncio.run(default())
asyncio.run(outer())
asyncio.run(with_signals())
variable.set(9)
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    name = lambda: threading.current_thread().name
    print(pool.submit(lambda: (name(), pool.submit(name).result())).result())
    everybody = lambda: [thread.name for thread in threading.enumerate()]
    print(pool.submit(lambda: pool.submit(everybody).result()).result())
with concurrent.futures.ThreadPoolExecutor(1, "named") as pool:
    print(pool.submit(names).result(), pool.submit(count).result(), pool.submit(count).result(), variable.get())
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    print(pool.submit(asyncio.run, inner()).result(), asyncio.get_event_loop() is loop)
    loop.close()
print(threading.current_thread().name, threading.active_count())
