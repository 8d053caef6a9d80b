"""Taking in a large file without keeping a clear copy of it anywhere: neither on the disk nor whole in memory.

A view that takes uploads calls `receive` before anything reads the form. What arrives is sealed at once under a key that
lives as long as the request, in a file without a name; more than `most` bytes are refused, if possible before they are read.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from rehab import files
from rehab.identity import crypto

# Around a file a form carries its own fields.
ROOM_FOR_FIELDS = 64 * 1024
# As much is read and thrown away, so that a browser is ready to hear the answer; of more only the beginning is read.
DRAINED = 64 * 1024 * 1024
TOO_LARGE = "upload_too_large"  # set on a request


def receive(request: HttpRequest, *, most: int) -> None:
    """`too_large(request)` says afterwards whether the form came with a file of more than `most` bytes, which is not there."""
    request.upload_handlers = [SealedUploads(request, most)]


def too_large(request: HttpRequest) -> bool:
    return getattr(request, TOO_LARGE, False)


class Upload(UploadedFile):
    """What was sent as a file, sealed. `sha256` is that of its content."""

    def __init__(self, spool: "Spool", name: str, size: int):
        super().__init__(spool.file, name, "", size)
        self.spool = spool
        self.sha256 = spool.sha256

    @classmethod
    def holding(cls, content: bytes, name: str) -> "Upload":
        """As if it had been sent. Whoever makes it closes it."""
        spool = Spool()
        for at in range(0, len(content), FileUploadHandler.chunk_size):
            spool.add(content[at : at + FileUploadHandler.chunk_size])
        return cls(spool, name, len(content))

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.spool.parts()

    def head(self, length: int) -> bytes:
        found = b""
        for part in self.spool.parts():
            found += part
            if len(found) >= length:
                break
        return found[:length]

    def tail(self, length: int) -> bytes:
        found = b""
        for number in reversed(range(len(self.spool))):
            found = self.spool.part(number) + found
            if len(found) >= length:
                break
        return found[-length:]


class Spool:
    """Parts sealed one by one in a file without a name; nobody else ever has its key."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=files.incoming())  # noqa: SIM115  # the request closes it
        self._key = crypto.new_data_key()
        self._starts = [0]
        self._hash = hashlib.sha256()

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def add(self, part: bytes) -> None:
        self._hash.update(part)
        sealed = crypto.encrypt_bytes(self._key, part, f"upload:{len(self)}")
        self.file.write(sealed)
        self._starts.append(self._starts[-1] + len(sealed))

    def part(self, number: int) -> bytes:
        start, end = self._starts[number : number + 2]
        self.file.seek(start)
        return crypto.decrypt_bytes(self._key, self.file.read(end - start), f"upload:{number}")

    def parts(self) -> Iterator[bytes]:
        return (self.part(number) for number in range(len(self)))


class SealedUploads(FileUploadHandler):
    def __init__(self, request: HttpRequest, most: int):
        super().__init__(request)
        self.most, self.declared = most, 0
        self.spool: Spool | None = None

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.declared = content_length

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        if self.declared > self.most + ROOM_FOR_FIELDS:
            self._refuse()
        self.spool = Spool()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self.most:
            self._refuse()
        assert self.spool is not None  # made by new_file
        self.spool.add(bytes(raw_data))

    def file_complete(self, file_size: int) -> Upload:
        assert self.spool is not None
        return Upload(self.spool, self.file_name or "", file_size)

    def upload_interrupted(self) -> None:
        if self.spool:
            self.spool.file.close()

    def _refuse(self) -> None:
        setattr(self.request, TOO_LARGE, True)
        self.upload_interrupted()
        raise StopUpload(connection_reset=self.declared > DRAINED)
