"""The least that a bridge can be: FastAPI on uvicorn, a route that reads the body, and one that knows a tag. And the naive one.

Prints its port.
"""

from __future__ import annotations

import argparse
import base64
import io
import socket
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response
from PIL import Image
from pydantic import BaseModel

app = FastAPI()
TAG = '"bare"'
newest: dict[str, Any] = {}


class Body(BaseModel):
    """What a naive bridge declares."""

    frame: str
    source: str = "default"


@app.post("/publish")
async def publish(request: Request) -> dict[str, str]:
    """Read the body and nothing else."""
    await request.body()
    return {"status": "ok"}


@app.get("/latest")
async def latest(request: Request) -> Response:
    """Tell a client that knows the tag that nothing is new."""
    if request.headers.get("if-none-match") == TAG:
        return Response(status_code=304, headers={"ETag": TAG})
    return Response(b"", headers={"ETag": TAG})


@app.post("/naive/publish")
async def naive(body: Body) -> dict[str, str]:
    """Declare the body, decode it, see whether it is a picture, keep it."""
    data = base64.b64decode(body.frame, validate=True)
    Image.open(io.BytesIO(data)).verify()
    newest[body.source] = data
    return {"status": "ok"}


def main() -> None:
    """Serve until killed."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listening.getsockname()[1], flush=True)
    # The same parser as ours has.
    uvicorn.Server(uvicorn.Config(app, http="httptools", log_level="error", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main()
