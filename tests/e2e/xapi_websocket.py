"""Types at a guest's console through a WebSocket, in Dom0. usage: xapi_websocket.py VM-UUID; status 0: it answered."""
import socket
import sys
import time

s = socket.socket(socket.AF_UNIX)
s.connect("/var/lib/xcp/xapi")
s.settimeout(10)
s.sendall(f"GET /console?uuid={sys.argv[1]}&protocol=vt100 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
          "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Protocol: binary\r\n\r\n".encode())
head, _, frames = s.recv(4096).partition(b"\r\n\r\n")
assert b" 101 " in head and b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head, head


def send(text):
    mask = b"abcd"
    s.sendall(bytes([0x82, 0x80 | len(text)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))


said, asked, end = b"", False, time.time() + 60
send(b"\r")
while b"ws-42" not in said and time.time() < end:
    if not asked and b"guest#" in said:
        send(b"echo ws-$((40+2))\r")
        asked = True
    frames += s.recv(65536)
    while len(frames) >= 2:
        length, at = frames[1] & 127, 2
        if length == 126:
            length, at = int.from_bytes(frames[2:4], "big"), 4
        if len(frames) < at + length:
            break
        said += frames[at:at + length]
        frames = frames[at + length:]
print(said[-200:])
sys.exit(0 if b"ws-42" in said else 1)
