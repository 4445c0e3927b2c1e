"""HTTP as both speech services speak it: one path of OpenAI's API, on this machine only."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BYTES = 25 * 1024 * 1024  # as at OpenAI
AT_ONCE = 4  # further requests wait unread, so that memory is bounded


class Rejected(Exception):
    """A request that cannot be served; the message tells the client why."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.status = status


def serve(port, path, answer):
    """Serves until the process ends.

    answer(content_type, body) of a request gives content type and body of its response.
    """
    places = threading.BoundedSemaphore(AT_ONCE)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30  # seconds without a byte from the client

        def do_POST(self):
            try:
                length = self.length()
                with places:
                    self.reply(200, *answer(self.headers.get("content-type", ""), self.rfile.read(length)))
            except Rejected as e:
                error = {"message": str(e), "type": "invalid_request_error", "param": None, "code": None}
                self.reply(e.status, "application/json", json.dumps({"error": error}).encode())

        def length(self):
            if self.path != path:
                raise Rejected(f"Only {path} is served here", 404)
            length = self.headers.get("content-length", "")
            if not length.isdecimal():
                raise Rejected("The request does not say its length", 411)
            if int(length) > MAX_BYTES:
                raise Rejected(f"The request is longer than {MAX_BYTES} bytes", 413)
            return int(length)

        def reply(self, status, content_type, body):
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
