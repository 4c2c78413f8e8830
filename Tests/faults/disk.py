"""The preloaded disk of disk.c: compiled into the scratch folder, told what to do, and put together again after a power cut."""
import ctypes
import mmap
import os
import shutil
import struct

from place import compiled

BLOCK = 512


class Disk:
    def __init__(self, settings):
        self.folder = os.path.join(settings.scratch, "disk")
        os.makedirs(self.folder, exist_ok=True)
        self.library = compiled(settings, "disk.c", "disk.so", "-shared", "-fPIC")
        self.shadow = os.path.join(self.folder, "shadow")

    def key(self, path):
        """What the shim calls a file: inode and birth, so that a name that moves on is the same file."""
        library = ctypes.CDLL(self.library)
        text = ctypes.create_string_buffer(64)
        return text.value.decode() if library.disk_key(path.encode(), text, 64) else None


class Cuts(Disk):
    """What survives a power cut."""

    def environment(self, data, lies=None):
        """Whatever is in the folder now is on disk; from now on only what is synced."""
        shutil.rmtree(self.shadow, ignore_errors=True)
        os.makedirs(self.shadow)
        for path, folders, files in os.walk(data):
            with open(os.path.join(self.shadow, "dir-" + self.key(path)), "w", encoding="utf-8") as names:
                for name in folders + files:
                    print(self.key(os.path.join(path, name)), "d" if name in folders else "f", name, file=names)
            for name in files:
                shutil.copyfile(os.path.join(path, name), os.path.join(self.shadow, self.key(os.path.join(path, name))))
        chosen = {"LD_PRELOAD": self.library, "DISK_FOLDER": data, "DISK_SHADOW": self.shadow}
        return {**chosen, "DISK_LIES": lies} if lies else chosen

    def survivors(self, data, target, source, torn):
        """Puts the folder together as the next start finds it.

        - torn: a part of what was not synced is there all the same, in blocks of 512 bytes: a disk may write in any order.
        """
        self.put_folder(self.key(data), data, target, source, torn)

    def names(self, key):
        try:
            with open(os.path.join(self.shadow, "dir-" + key), encoding="utf-8") as lines:
                return [line.rstrip("\n").split(" ", 2) for line in lines]
        except FileNotFoundError:
            return []

    def put_folder(self, key, live, target, source, torn):
        os.makedirs(target)
        there = {name: self.key(os.path.join(live, name)) for name in os.listdir(live)} if live else {}
        names = self.names(key)
        if torn and source.random() < 0.5:
            names = [(key, "d" if os.path.isdir(os.path.join(live, name)) else "f", name) for name, key in there.items()]
        by_key = {key: os.path.join(live, name) for name, key in there.items()} if live else {}
        for key, kind, name in names:
            path = by_key.get(key)
            if kind == "d":
                self.put_folder(key, path, os.path.join(target, name), source, torn and path is not None)
            else:
                self.put_file(key, path, os.path.join(target, name), source, torn)

    def put_file(self, key, live, target, source, torn):
        synced = os.path.join(self.shadow, key)
        old = open(synced, "rb").read() if os.path.exists(synced) else b""
        if torn and live:
            new = open(live, "rb").read()
            size = source.choice((len(old), len(new)))
            mixed = bytearray(size)
            for at in range(0, size, BLOCK):
                chosen = new if old[at:at + BLOCK] == new[at:at + BLOCK] or source.random() < 0.5 else old
                piece = chosen[at:min(at + BLOCK, size)]
                mixed[at:at + len(piece)] = piece
            old = bytes(mixed)
        with open(target, "wb") as file:
            file.write(old)


class Faults(Disk):
    """A call that fails, counted from when it was told."""

    def __init__(self, settings):
        super().__init__(settings)
        self.path = os.path.join(self.folder, "control")
        with open(self.path, "wb") as file:
            file.write(bytes(4096))
        with open(self.path, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), 4096)

    def environment(self, data):
        return {"LD_PRELOAD": self.library, "DISK_FOLDER": data, "DISK_CONTROL": self.path}

    def arm(self, number, error):
        """The call of that number from now on fails; 0 for none."""
        struct.pack_into("<4q", self.page, 0, 0, number, 0, error)

    @property
    def calls(self):
        return struct.unpack_from("<q", self.page, 0)[0]

    @property
    def fired(self):
        return struct.unpack_from("<q", self.page, 16)[0]
