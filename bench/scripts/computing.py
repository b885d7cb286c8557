"""A thread that computes without pause."""

import threading

count = 0
stop = False


def compute():
    global count
    while not stop:
        count += 1


def counted():
    return count


def UnLoad():
    global stop
    stop = True
    thread.join()


thread = threading.Thread(target=compute)
thread.start()
