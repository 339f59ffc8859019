"""Clocks go, sleeping takes time, and the date is the machine's."""

import datetime
import os
import time

open("stamp", "w").close()
print(abs(os.stat("stamp").st_mtime - time.time()) < 5)
print(abs(time.time_ns() / 1e9 - time.time()) < 1)
print(datetime.datetime.now(datetime.timezone.utc).year >= 2024)

for clock in time.monotonic, time.perf_counter, time.time:
    start = clock()
    time.sleep(0.05)
    passed = clock() - start
    print(clock.__name__, 0.049 <= passed < 5)
readings = [time.monotonic_ns() for _ in range(1000)]
print(readings == sorted(readings), readings[-1] > readings[0])
start = time.process_time()
while time.process_time() - start < 0.02:
    sum(range(1000))
print("processor time passes")
time.sleep(0)
try:
    time.sleep(-1)
except ValueError as error:
    print(error)
print(time.get_clock_info("monotonic").monotonic)
print(time.gmtime(1_700_000_000)[:6], time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(0)))
