"""What a reader apart may be given to do, good and bad."""

import hashlib
import time

from units.uploads.facts import UploadRefused


def measure(source, target, *, name, word):
    content = source.read()
    target.write(word.encode())
    return [name, len(content), hashlib.sha256(content).hexdigest()]


def hoard(source, target, *, name):
    return len([bytes(1024) for _ in range(10**7)])


def spin(source, target, *, name):
    while True:
        pass


def sleep(source, target, *, name):
    time.sleep(3600)


def refuse(source, target, *, name):
    raise UploadRefused("不收。")


def stumble(source, target, *, name):
    raise LookupError("a fault of the reader")
