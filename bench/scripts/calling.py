"""A thread that calls the hub and waits for each answer."""

import threading
import time

import vh


def start(count):
    threading.Thread(target=call, args=(count,)).start()


def call(count):
    start = time.perf_counter_ns()
    for _ in range(count):
        vh.GetUserClass("alice")
    vh.CallDynamicFunction("took", time.perf_counter_ns() - start)
