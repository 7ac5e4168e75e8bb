"""Compares the pairs of a table on a Dask cluster, one row a task, with the `sidings` that is installed on its machines.

    python pairs.py pairs.csv --out-lines done.jsonl                        # a cluster of this machine's cores
    python pairs.py pairs.csv --out-lines done.jsonl --scheduler tcp://desk:8786

The table is that of `sidings batch`. A row is compared by `sidings batch` itself, on a table of that row alone, so a cluster gives the lines that one
machine gives. Rows are independent and pure: one that was lost with its worker is done again by another, and every finished row lies in
the file, down to the disk, before the next is taken in. The same command goes on after a kill. Tables and images lie where all machines see them
under the same path.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dask.distributed import Client, LocalCluster, as_completed

# Columns of the table that hold paths; relative ones are relative to the table.
PATHS = ("before", "after", "tracks", "facilities", "record", "points", "corrections", "out", "engine")

# A row that takes more workers with it than this has its error as its line: it is the row, not the machine.
LOST_WORKERS = 3


def rows_of(table):
    """Each row as (line in the table, cells), with paths made whole. Comma, semicolon or tab, as `sidings batch` reads them."""
    text = table.read_text(encoding="utf-8-sig")
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], 1
    for cells in reader:
        # The line on which the row begins, also where the one before it has line ends in its cells.
        begins, line = line + 1, reader.line_num
        cells = {name.strip(): (value or "").strip() for name, value in cells.items() if name}
        if not any(cells.values()):
            continue
        for name in PATHS:
            if cells.get(name):
                cells[name] = str((table.parent / cells[name]).absolute())
        rows.append((begins, cells))
    return rows


def key_of(cells):
    """What makes a row itself: the same cells are not compared twice."""
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:16]


def compare(sidings, line, cells, memory_mib):
    """One row, on whichever machine this runs: the line that `sidings batch` prints for it."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "row.csv")
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(cells))
            writer.writeheader()
            writer.writerow(cells)
        options = ["--jobs", "1"] + (["--memory", str(memory_mib)] if memory_mib else [])
        run = subprocess.run([sidings, "batch", str(table), *options], capture_output=True, text=True, encoding="utf-8", check=False)
        answer = run.stdout.strip()
        if not answer:
            return failure(line, cells, run.stderr.strip() or f"sidings ended with code {run.returncode}")
    return {**json.loads(answer), "line": line}


def failure(line, cells, message):
    """The line of a row that gave none."""
    names = {name: cells.get(name, "") for name in ("before", "after")}
    return {"line": line, **names, "error": {"code": "worker", "message": message}}


def finished(path):
    """Keys of the rows that lie in the file. A last line that a kill has torn is cut off."""
    if not path.exists():
        return set()
    keys, whole = set(), 0
    with path.open("rb") as file:
        for raw in file:
            try:
                keys.add(json.loads(raw)["row"])
            except (ValueError, KeyError, TypeError):
                break
            if not raw.endswith(b"\n"):
                break
            whole += len(raw)
    os.truncate(path, whole)
    return keys


def run(client, sidings, table, out_lines, memory_mib=None, tell=print):
    """Compares every row that has no line yet, and gives back how many were done and how many of them ended with an error."""
    known = finished(out_lines)
    left = [(line, cells) for line, cells in rows_of(table) if key_of(cells) not in known]
    futures = {}
    for line, cells in left:
        future = client.submit(compare, sidings, line, cells, memory_mib, key=f"row-{line}-{key_of(cells)}", retries=LOST_WORKERS)
        futures[future] = (line, cells)
    done = failed = 0
    with out_lines.open("a", encoding="utf-8") as file:
        for future in as_completed(list(futures)):
            line, cells = futures[future]
            error = future.exception()
            answer = future.result() if error is None else failure(line, cells, f"{type(error).__name__}: {error}")
            file.write(json.dumps({"row": key_of(cells), **answer}, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
            done += 1
            failed += bool(answer.get("error"))
            tell(f"{done} of {len(left)} pairs, {failed} with an error")
            future.release()
    return done, failed


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("table", type=Path)
    arguments.add_argument("--out-lines", type=Path, required=True)
    arguments.add_argument("--sidings", default="sidings", help="the command, on every machine")
    arguments.add_argument("--scheduler", help="address of a running cluster; without it, one of this machine's cores")
    arguments.add_argument("--workers", type=int, help="of this machine's cluster")
    arguments.add_argument("--memory", type=int, metavar="MIB", help="for each row, as of sidings batch")
    given = arguments.parse_args()
    cluster = given.scheduler or LocalCluster(n_workers=given.workers or os.cpu_count(), threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        run(client, given.sidings, given.table, given.out_lines, given.memory, lambda text: print(text, file=sys.stderr))


if __name__ == "__main__":
    main()
