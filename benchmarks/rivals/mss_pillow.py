"""The naive desktop: grab with mss, encode with Pillow, base64 into JSON, send, sleep. Prints its port.

Like our capture it works only while somebody watches; unlike it, it encodes for every viewer, changed or not.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import socket
import time

import mss
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from PIL import Image

app = FastAPI()


@app.websocket("/stream")
async def stream(socket: WebSocket, fps: float = 15, quality: int = 80) -> None:
    """Send the whole desktop `fps` times a second."""
    await socket.accept()
    try:
        with mss.MSS() as grabber:
            while True:
                started = time.monotonic()
                shot = grabber.grab(grabber.monitors[0])
                picture = Image.frombytes("RGB", shot.size, shot.bgra, "raw", "BGRX")
                buffer = io.BytesIO()
                picture.save(buffer, "JPEG", quality=quality)
                encoded = base64.b64encode(buffer.getvalue()).decode()
                data = {"width": shot.width, "height": shot.height, "data_url": f"data:image/jpeg;base64,{encoded}"}
                await socket.send_json({"type": "frame", "data": data})
                await asyncio.sleep(max(0.0, 1 / fps - (time.monotonic() - started)))
    except WebSocketDisconnect:
        pass


def main() -> None:
    """Serve until killed."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    main()
