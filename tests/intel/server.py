# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of HTTPS for the suite: nginx with an authority of its own, which
answers as providers' documents say and notes each request; and one that
answers as nobody should."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

NGINX = """
daemon off;
pid %(dir)s/nginx.pid;
error_log %(dir)s/error.log;
worker_processes 1;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %(dir)s/body;
	proxy_temp_path %(dir)s/proxy;
	fastcgi_temp_path %(dir)s/fastcgi;
	uwsgi_temp_path %(dir)s/uwsgi;
	scgi_temp_path %(dir)s/scgi;
	map_hash_bucket_size 256;
	log_format asked escape=json '{"time":$msec,"method":"$request_method",'
		'"uri":"$request_uri","protocol":"$server_protocol",'
		'"body":"$request_body","accept":"$http_accept",'
		'"type":"$content_type","authorization":"$http_authorization",'
		'"x-otx-api-key":"$http_x_otx_api_key",'
		'"x-apikey":"$http_x_apikey","key":"$http_key",'
		'"auth-key":"$http_auth_key","x-api-key":"$http_x_api_key",'
		'"agent":"$http_user_agent","status":$status,'
		'"if-none-match":"$http_if_none_match"}';
	server {
		listen 127.0.0.1:%(port)d ssl http2;
		server_name localhost;
		ssl_certificate %(dir)s/server.pem;
		ssl_certificate_key %(dir)s/server.key;
		ssl_protocols TLSv1.2 TLSv1.3;
		access_log %(dir)s/asked.log asked;
		location /files/ {
			root %(dir)s;
			default_type text/plain;
		}
		location / {
			proxy_pass http://unix:%(dir)s/answers.sock;
			proxy_set_header X-Uri $request_uri;
		}
	}
	server {
		listen unix:%(dir)s/answers.sock;
		default_type application/json;
%(locations)s
	}
}
"""


def openssl(folder, *args):
    subprocess.run(["openssl", *args], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_authority(folder):
    """ca.pem, a server's certificate by it, and others that are not good."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
           "-nodes")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out",
            "ca.pem", "-subj", "/CN=test authority", "-days", "2")
    for name, host in (("server", "localhost"), ("other", "elsewhere")):
        openssl(folder, "req", *key, "-keyout", name + ".key", "-out",
                name + ".csr", "-subj", "/CN=" + host)
        with open(os.path.join(folder, name + ".ext"), "w",
                  encoding="utf-8") as file:
            file.write("subjectAltName=DNS:" + host)
        openssl(folder, "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem",
                "-CAkey", "ca.key", "-CAcreateserial", "-out", name + ".pem",
                "-days", "2", "-extfile", name + ".ext")
    openssl(folder, "req", "-x509", *key, "-keyout", "self.key", "-out",
            "self.pem", "-subj", "/CN=localhost", "-days", "2",
            "-addext", "subjectAltName=DNS:localhost")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for_port(port, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError("nothing listens on port %d" % port)


class Nginx:
    """answers: (path, status, headers, body) rows of exact paths."""

    def __init__(self, answers):
        self.dir = tempfile.mkdtemp(prefix="hunt-intel.")
        os.chmod(self.dir, 0o755)
        make_authority(self.dir)
        self.port = free_port()
        self.process = None
        self.start(answers)

    def path(self, name):
        return os.path.join(self.dir, name)

    def start(self, answers, other=(404, "{}")):
        """other: status and body of all other paths."""
        self.stop()
        locations = "\t\tlocation / { return %d '%s'; }\n" % other
        for path, status, headers, body in answers:
            locations += "\t\tlocation = %s {\n%s\t\t\treturn %d '%s';\n\t\t}\n" % (
                json.dumps(path), "".join(
                    "\t\t\tadd_header %s '%s' always;\n" % pair
                    for pair in headers), status, body.replace("'", "\\'"))
        with open(self.path("nginx.conf"), "w", encoding="utf-8") as file:
            file.write(NGINX % {"dir": self.dir, "port": self.port,
                                "locations": locations})
        for name in ("asked.log", "answers.sock"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        self.process = subprocess.Popen(
            ["nginx", "-e", self.path("error.log"), "-c",
             self.path("nginx.conf"), "-p", self.dir],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def asked(self, least=0):
        """The requests that came, in order; nginx notes one once it has been
        answered, so least of them are waited for."""
        end = time.monotonic() + 5
        while least > len(self.read_log()) and time.monotonic() < end:
            time.sleep(0.01)
        return self.read_log()

    def read_log(self):
        if not os.path.exists(self.path("asked.log")):
            return []
        with open(self.path("asked.log"), encoding="utf-8") as log:
            return [json.loads(line) for line in log
                    if line.endswith("\n")]

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.process = None

    def close(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)


class SlowNames:
    """A resolver that never answers, for a program that wrap() starts: it waits
    for HANG_S, whatever name it looks up that is in no file."""

    HANG_S = 30
    # Of loopback, and nobody else's.
    ADDRESS = "127.9.9.9"

    def __init__(self, folder):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.ADDRESS, 53))
        self.socket.setblocking(False)
        self.file = os.path.join(folder, "resolv.conf")
        with open(self.file, "w", encoding="ascii") as file:
            file.write("nameserver %s\noptions timeout:%d attempts:1\n" % (
                self.ADDRESS, self.HANG_S))
        os.chmod(self.file, 0o644)

    @staticmethod
    def can_be():
        """Where root may mount something of its own."""
        return os.geteuid() == 0 and subprocess.run(
            ["unshare", "-m", "true"], check=False,
            stderr=subprocess.DEVNULL).returncode == 0

    def wrap(self, argv):
        return [shutil.which("unshare"), "-m", "sh", "-c",
                'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"',
                "sh", self.file, *argv]

    def asked(self):
        """Queries since the last time."""
        n = 0
        try:
            while self.socket.recv(4096):
                n += 1
        except BlockingIOError:
            return n

    def close(self):
        self.socket.close()


class Rogue(threading.Thread):
    """Speaks TLS, reads a request, and then does what act says."""

    def __init__(self, folder, act, certificate="server"):
        super().__init__(daemon=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(
            os.path.join(folder, certificate + ".pem"),
            os.path.join(folder, certificate + ".key"))
        self.act = act
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.calls = self.requests = 0
        self.is_over = False
        self.start()

    def run(self):
        while not self.is_over:
            try:
                plain = self.socket.accept()[0]
            except OSError:
                return
            self.calls += 1
            threading.Thread(target=self.serve, args=(plain,),
                             daemon=True).start()

    def serve(self, plain):
        try:
            with self.context.wrap_socket(plain, server_side=True) as tls:
                if tls.recv(65536):
                    self.requests += 1
                    self.act(tls)
        except OSError:
            pass

    def stop(self):
        self.is_over = True
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.join()


class Proxy(threading.Thread):
    """Passes on what a CONNECT asks for, or says what status is instead."""

    def __init__(self, status=200):
        super().__init__(daemon=True)
        self.status = status
        self.asked = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                client = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,),
                             daemon=True).start()

    def serve(self, client):
        head = b""
        with client:
            while b"\r\n\r\n" not in head:
                piece = client.recv(4096)
                if not piece:
                    return
                head += piece
            self.asked.append(head.split(b"\r\n")[0].decode())
            client.sendall(b"HTTP/1.1 %d x\r\n\r\n" % self.status)
            if self.status != 200:
                return
            host, _, port = self.asked[-1].split()[1].rpartition(":")
            with socket.create_connection((host, int(port))) as server:
                back = threading.Thread(target=self.pump,
                                        args=(server, client), daemon=True)
                back.start()
                self.pump(client, server)
                back.join()

    @staticmethod
    def pump(source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.join()


class Capture(Rogue):
    """Keeps every byte that comes, the names that handshakes ask for too, and
    has never heard of anything. found has what the pattern's group was."""

    ANSWER = (b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"
              b"Content-Length: 2\r\n\r\n{}")

    def __init__(self, folder, pattern):
        self.heads, self.names = [], set()
        self.pattern, self.found = re.compile(pattern), set()
        super().__init__(folder, None)
        self.context.sni_callback = self.on_name

    def on_name(self, _socket, name, _context):
        self.names.add(name)

    def serve(self, plain):
        data = b""
        try:
            with self.context.wrap_socket(plain, server_side=True) as tls:
                while True:
                    piece = tls.recv(65536)
                    if not piece:
                        return
                    data += piece
                    while b"\r\n\r\n" in data:
                        head, _, data = data.partition(b"\r\n\r\n")
                        self.heads.append(head)
                        self.found |= set(self.pattern.findall(head))
                        tls.sendall(self.ANSWER)
        except OSError:
            pass
