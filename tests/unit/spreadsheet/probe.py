"""What a worker process may be asked in tests: to do what the worst of files would make it do."""

import os
import signal
import sys
import time


def answer(request: bytes) -> bytes:
    return {
        b"pid": lambda: str(os.getpid()).encode(),
        b"allocate": lambda: bytes(300 << 20),
        b"abort": _abort,
        b"calculate": lambda: _calculate(600),
        b"calculate for half a second": lambda: _calculate(0.5),
        b"talk": lambda: bytes(2000),
        b"crash": lambda: _kill(signal.SIGSEGV),
        b"hang": lambda: _kill(signal.SIGSTOP),
        b"die": lambda: _kill(signal.SIGKILL),
        b"stumble": lambda: str(1 // 0).encode(),
        b"chatter": _chatter,
        b"sleep": _sleep,
        b"grow": _grow,
    }.get(request, lambda: request)()


_HELD: list[bytes] = []


def _grow() -> bytes:
    _HELD.append(bytes(80 << 20))
    return str(os.getpid()).encode()


def _abort() -> bytes:
    os.abort()


def _calculate(seconds: float) -> bytes:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return str(os.getpid()).encode()


def _kill(number: signal.Signals) -> bytes:
    os.kill(os.getpid(), number)
    return b"woken"


def _sleep() -> bytes:
    time.sleep(600)
    return b""


def _chatter() -> bytes:
    print("x" * 1_000_000)
    sys.stderr.write("y" * 1_000_000)
    return b"done"
