"""What a reader can take home: claims, metrics and arrays as files.

Definition: JSON and CSV of claims and metrics, one safetensors file of all arrays of a run, a script with its points for the viewer.
Convention: JSON has no NaN: a number that is not finite becomes null; CSV cells never begin with a formula sign.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import struct
from typing import Any

from erlangen.errors import StoreError
from erlangen.gallery.catalogue import Entry
from erlangen.papers import Judgement
from erlangen.runs import Run

__all__ = ["claims_csv", "claims_document", "clean", "join_arrays", "judgement_document", "to_json"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(x: Any) -> Any:
    """Return a JSON value with null for every number that is not finite.

    Examples
    --------
    >>> clean({"a": [1.0, float("nan")]})
    {'a': [1.0, None]}
    """
    if isinstance(x, float):
        return x if math.isfinite(x) else None
    if isinstance(x, dict):
        return {str(key): clean(item) for key, item in x.items()}
    if isinstance(x, (list, tuple)):
        return [clean(item) for item in x]
    return x


def to_json(document: Any, *, indent: int | None = None) -> bytes:
    """Return a document as UTF-8 JSON without NaN."""
    return json.dumps(clean(document), ensure_ascii=False, indent=indent, allow_nan=False).encode("utf-8") + b"\n"


def judgement_document(judgement: Judgement) -> dict[str, Any]:
    """Return a judged claim as a dictionary for JSON."""
    claim = judgement.claim
    return {
        "id": claim.id,
        "text": claim.text,
        "source": claim.source,
        "rule": str(claim.rule),
        "metric": claim.metric,
        "unit": claim.unit,
        "paper_value": claim.paper_value,
        "tolerance": claim.tolerance,
        "value": judgement.value,
        "verdict": None if judgement.verdict is None else str(judgement.verdict),
        "detail": judgement.detail,
        "run": judgement.run_id,
        "preset": judgement.preset,
    }


def claims_document(entry: Entry) -> dict[str, Any]:
    """Return a paper's claims, verdicts and latest run as a dictionary for JSON."""
    paper = entry.paper
    return {
        "slug": paper.slug,
        "title": paper.title,
        "authors": list(paper.authors),
        "listed": paper.listed.isoformat(),
        "arxiv": paper.arxiv,
        "code": paper.code,
        "status": entry.report.status,
        "claims": [judgement_document(judgement) for judgement in entry.report.judgements],
        "run": None if entry.report.run is None else entry.report.run.to_json(),
    }


def _cell(x: Any) -> Any:
    return f"'{x}" if isinstance(x, str) and x.startswith(_FORMULA) else x


def claims_csv(entry: Entry) -> bytes:
    """Return the claims as CSV (RFC 4180, UTF-8)."""
    sheet = io.StringIO()
    rows = [judgement_document(judgement) for judgement in entry.report.judgements]
    names = [
        "id",
        "text",
        "source",
        "rule",
        "metric",
        "unit",
        "paper_value",
        "tolerance",
        "value",
        "verdict",
        "detail",
        "run",
        "preset",
    ]
    writer = csv.writer(sheet)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return sheet.getvalue().encode("utf-8")


def _tensor(data: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    """Return header and bytes of the one tensor of a stored blob."""
    try:
        (size,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + size])["array"]
        first, last = header["data_offsets"]
        body = data[8 + size + first : 8 + size + last]
        return {"dtype": header["dtype"], "shape": header["shape"]}, body
    except (struct.error, ValueError, KeyError, TypeError) as error:
        message = f"array {name!r} is damaged: {error}"
        raise StoreError(message, hint="`erlangen doctor` checks the store; run it again") from error


def join_arrays(blobs: dict[str, bytes], run: Run) -> bytes:
    """Return one safetensors file of all arrays of a run, byte for byte as they were stored (no NumPy is loaded)."""
    header: dict[str, Any] = {"__metadata__": {"run": run.id, "paper": run.slug, "preset": run.preset}}
    bodies, place = [], 0
    for name in sorted(blobs):
        fields, body = _tensor(blobs[name], name)
        header[name] = {**fields, "data_offsets": [place, place + len(body)]}
        place += len(body)
        bodies.append(body)
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(bodies)


def decode_numbers(data: bytes, name: str) -> tuple[list[int], list[float]]:
    """Return shape and entries of a stored array of real numbers, without NumPy; up to 2 million entries."""
    fields, body = _tensor(data, name)
    code = {"F64": "d", "F32": "f", "I64": "q", "I32": "i", "I16": "h", "I8": "b", "U8": "B", "BOOL": "?"}.get(
        fields["dtype"]
    )
    count = math.prod(fields["shape"])
    if code is None or count > 2_000_000 or len(body) != count * struct.calcsize(code):
        return [], []
    return list(fields["shape"]), [float(x) for x in struct.unpack(f"<{count}{code}", body)]


def pack16(values: list[float]) -> dict[str, Any]:
    """Return numbers as 16-bit steps between their least and greatest, base64; what is not finite becomes the least.

    Examples
    --------
    >>> pack16([0.0, 1.0])
    {'low': 0.0, 'high': 1.0, 'data': 'AAD//w=='}
    """
    finite = [x for x in values if math.isfinite(x)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    span = (high - low) or 1.0
    steps = [round(65535 * (x - low) / span) if math.isfinite(x) else 0 for x in values]
    return {"low": low, "high": high, "data": base64.b64encode(struct.pack(f"<{len(steps)}H", *steps)).decode("ascii")}
