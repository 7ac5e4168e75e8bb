"""A local cluster of two workers, one of which is killed on the way, gives the lines that one machine gives.

    SIDINGS=…/sidings python -m unittest discover -s scale
"""

import json
import os
import random
import signal
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

from dask.distributed import Client, LocalCluster

import pairs

SIDINGS = os.environ.get("SIDINGS", "sidings")
ROWS = 12


def png(path, size, value):
    """A grey PNG; `value` takes a column and a row."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(value(x, y) for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def table(folder):
    """Pairs of fields of blobs, each drawn with its own seed, the newer date a few pixels off; one row has no file, one asks for nonsense."""
    lines = ["before,after,gsd"]
    for row in range(ROWS):
        dice = random.Random(row)
        blobs = [(dice.uniform(0, 240), dice.uniform(0, 240), dice.uniform(3, 12), dice.randrange(40, 220)) for _ in range(260)]
        ground = [[110] * 260 for _ in range(260)]
        for cx, cy, r, grey in blobs:
            for y in range(max(0, int(cy - r)), min(260, int(cy + r))):
                for x in range(max(0, int(cx - r)), min(260, int(cx + r))):
                    if (x - cx) ** 2 + (y - cy) ** 2 < r * r:
                        ground[y][x] = grey
        for name, shift in (("before", 0), ("after", 5 + row % 3)):
            png(folder / f"{row}-{name}.png", 220, lambda x, y, s=shift: ground[y + s][x + s])
        lines.append(f"{row}-before.png,{row}-after.png,0.5")
    lines += ["none.png,0-after.png,0.5", "1-before.png,1-after.png,wide"]
    path = folder / "pairs.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def plain(answer, folder):
    """A line without what depends on how it was made: the row's name and the folder of its files."""
    answer.pop("row", None)
    return json.loads(json.dumps(answer).replace(str(folder) + "/", ""))


class Pairs(unittest.TestCase):
    def test_a_killed_worker_loses_no_row_and_a_second_run_has_nothing_to_do(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            rows, lines = table(folder), folder / "done.jsonl"
            killed = []

            def tell(_):
                # After the first row: a worker that is at work goes, and takes what it was at with it.
                if not killed:
                    at_work = [address for address, keys in client.processing().items() if keys]
                    pids = client.run(os.getpid, workers=at_work[:1])
                    killed.extend(pids.values())
                    os.kill(killed[0], signal.SIGKILL)

            with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
                done, failed = pairs.run(client, SIDINGS, rows, lines, tell=tell)
                self.assertEqual((done, failed), (ROWS + 2, 2))
                self.assertEqual(len(killed), 1, "a worker was killed")
                self.assertEqual(pairs.run(client, SIDINGS, rows, lines), (0, 0), "nothing is left to do")
                # As after a kill of the whole: the last line is torn.
                whole = lines.read_bytes()
                lines.write_bytes(whole[:-20])
                self.assertEqual(pairs.run(client, SIDINGS, rows, lines)[0], 1, "only the torn row")
            answers = {answer["line"]: answer for answer in map(json.loads, lines.read_text(encoding="utf-8").splitlines())}
            batch = subprocess.run([SIDINGS, "batch", str(rows)], capture_output=True, text=True, encoding="utf-8", check=True)
            wanted = {answer["line"]: answer for answer in map(json.loads, batch.stdout.splitlines())}
            self.assertEqual(sorted(answers), sorted(wanted))
            for line, answer in wanted.items():
                if answer["compare"]:
                    self.assertEqual(plain(answers[line], folder)["compare"], plain(answer, folder)["compare"], line)
                else:
                    self.assertEqual(answers[line]["error"]["code"], answer["error"]["code"], line)
            self.assertGreater(sum(bool(answer["compare"]) for answer in wanted.values()), 8, "most pairs have an answer")


if __name__ == "__main__":
    unittest.main()
