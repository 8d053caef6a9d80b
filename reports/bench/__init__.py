"""What `make bench` measures, in one run, each figure beside its floor; docs/performance.md keeps the results."""

from collections.abc import Callable, Iterator

from reports.bench import client_page, dashboards, facility, load, pages, reports, work
from reports.bench.results import Result

PARTS: dict[str, Callable[[int], Iterator[Result]]] = {
    "pages": pages.measure,
    "facility": lambda year: facility.measure(),
    "client": lambda year: client_page.measure(),
    "dashboards": dashboards.measure,
    "work": work.measure,
    "reports": reports.measure,
    "load": load.measure,
}
