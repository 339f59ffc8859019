"""Pools of threads: where there are no threads, work is done when it is submitted. What can be seen is the same."""

import asyncio
import concurrent.futures
import logging

logging.disable()


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


asyncio.run(main())
asyncio.run(default())
