"""What a client takes before it does anything: `python -m benchmarks.footprint`.

Import times are medians of fresh interpreters, as multiples of that of aiohttp; memory is what tracemalloc counts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tracemalloc

from clio_async import Clio

TENANTS = 1_000
ROUNDS = 7
STEPS = {
    "import aiohttp": "import aiohttp",
    "import clio_async": "import clio_async",
    "and a first client": "from clio_async import Clio; Clio('t')",
}


def _seconds(code: str) -> float:
    """Return the processor time of a new interpreter that runs `code`."""
    timed = f"import time; begin = time.process_time(); {code}; print(time.process_time() - begin)"
    return float(subprocess.run([sys.executable, "-c", timed], capture_output=True, check=True, text=True).stdout)


def idle_tenant() -> float:
    """Return the bytes of a client from `with_auth` that has done nothing yet."""
    clio = Clio("t")
    tokens = [f"token-{number}" for number in range(TENANTS)]
    tracemalloc.start()
    tenants = [clio.with_auth(token) for token in tokens]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(tenants)


def main() -> None:
    """Print the table."""
    rounds = [{name: _seconds(code) for name, code in STEPS.items()} for _ in range(ROUNDS)]
    reference = statistics.median(one["import aiohttp"] for one in rounds)
    for name in STEPS:
        taken = statistics.median(one[name] for one in rounds)
        print(f"{name:24}{taken * 1e3:8.1f} ms{taken / reference:8.2f}")
    print(f"{'idle tenant':24}{idle_tenant():8.0f} bytes")


if __name__ == "__main__":
    main()
