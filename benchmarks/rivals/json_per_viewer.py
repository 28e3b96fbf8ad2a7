"""The naive fan-out: FastAPI on uvicorn, each viewer's task builds its own JSON with base64 for every picture.

Prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import socket
import time

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
newest = b""


@app.websocket("/ws/producer")
async def produce(socket: WebSocket) -> None:
    """Keep the newest picture."""
    global newest
    await socket.accept()
    try:
        while True:
            newest = await socket.receive_bytes()
    except WebSocketDisconnect:
        pass


@app.websocket("/stream")
async def stream(socket: WebSocket, fps: float = 10) -> None:
    """Send the newest picture `fps` times a second."""
    await socket.accept()
    number = 0
    try:
        while True:
            await asyncio.sleep(1 / fps)
            if not newest:
                continue
            number += 1
            encoded = base64.b64encode(newest).decode()
            data = {
                "frame_number": number,
                "format": "jpeg",
                "data_url": f"data:image/jpeg;base64,{encoded}",
                "size": len(newest),
                "timestamp": time.time(),
            }
            await socket.send_json({"type": "frame", "data": data})
    except WebSocketDisconnect:
        pass


def main() -> None:
    """Serve until killed."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    main()
