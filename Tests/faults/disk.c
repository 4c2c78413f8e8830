/*
 * A disk that can be told to fail and that forgets what was not synced: preloaded into the server by powercut.py and failing.py.
 * Only what lies below DISK_FOLDER is touched.
 *
 * DISK_SHADOW  folder that gets what would survive a power cut. A file is known by inode and birth ("12-1700000000.5"), so that names
 *              do not matter: FILE holds the bytes that fsync or fdatasync put on disk, dir-FOLDER the names that an fsync of the folder
 *              put there. Names are as strict as POSIX has them: a new, renamed or removed name survives only a sync of its folder.
 * DISK_LIES    part of a name; syncs of such files are answered with success and not done (the control of the power cut).
 * DISK_CONTROL file of four 64-bit numbers: calls counted so far, the call to fail (0: none), how many failed, the errno.
 *              Counted are open, write, pwrite, fsync and fdatasync.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { path_size = 4096, most_files = 64 };

static const char *folder, *shadow, *lies;
static volatile int64_t *control;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int (*real_open)(const char *, int, ...), (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t), (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int), (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open64");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    folder = getenv("DISK_FOLDER");
    shadow = getenv("DISK_SHADOW");
    lies = getenv("DISK_LIES");
    const char *name = getenv("DISK_CONTROL");
    if (!name) return;
    int fd = real_open(name, O_RDWR | O_CLOEXEC);
    void *page = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED) control = page;
    if (fd >= 0) close(fd);
}

static int is_ours(const char *path) {
    size_t length = folder ? strlen(folder) : 0;
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* The path of an open file, if it is one of ours. */
static int path_of(int fd, char *path) {
    char link[64];
    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, path_size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

/* Counts a call; true when it is the one that fails. */
static int fails(void) {
    if (!control) return 0;
    int64_t number = __atomic_add_fetch(&control[0], 1, __ATOMIC_SEQ_CST);
    if (number != control[1]) return 0;
    __atomic_add_fetch(&control[2], 1, __ATOMIC_SEQ_CST);
    errno = (int)control[3];
    return 1;
}

static int fails_on(int fd) {
    char path[path_size];
    return control && path_of(fd, path) && fails();
}

/* MARK: What survives */

static int key_of(int fd, char *key, size_t size) {
    struct statx found;
    if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME | STATX_MODE, &found)) return 0;
    snprintf(key, size, "%llu-%lld.%09u", (unsigned long long)found.stx_ino, (long long)found.stx_btime.tv_sec, found.stx_btime.tv_nsec);
    return 1;
}

/* The same for whoever loads this as a library and puts the surviving files together. */
int disk_key(const char *path, char *key, size_t size) {
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    int found = fd >= 0 && key_of(fd, key, size);
    if (fd >= 0) close(fd);
    return found;
}

/* Which bytes of the database's files were written since their last sync: copying a file of megabytes at each commit takes too long. */
static struct { dev_t device; ino_t inode; off_t from, to; } written[most_files];
static int files;

static void note(int fd, off_t from, size_t count) {
    char path[path_size];
    struct stat found;
    if (!shadow || !path_of(fd, path) || !strstr(path, ".sqlite") || fstat(fd, &found)) return;
    off_t to = from + (off_t)count;
    pthread_mutex_lock(&lock);
    int at = 0;
    while (at < files && (written[at].inode != found.st_ino || written[at].device != found.st_dev)) at++;
    if (at == files && files < most_files) {
        files++;
        written[at].device = found.st_dev;
        written[at].inode = found.st_ino;
        written[at].from = written[at].to = 0;
    }
    if (at < files) {
        int empty = written[at].from == written[at].to;
        if (empty || from < written[at].from) written[at].from = from;
        if (empty || to > written[at].to) written[at].to = to;
    }
    pthread_mutex_unlock(&lock);
}

/*
 * NB: through the descriptor that is there. Opening and closing the database's file would drop every lock that the process holds on it, and
 * the next reader that goes would take itself for the last and remove the log under the server.
 */
static void copy(int fd, const char *path, int out, off_t at, off_t to) {
    static char bytes[1 << 16];
    int mode = fcntl(fd, F_GETFL) & O_ACCMODE, in = mode == O_WRONLY ? real_open(path, O_RDONLY | O_CLOEXEC) : fd;
    while (at < to) {
        size_t want = to - at < (off_t)sizeof bytes ? (size_t)(to - at) : sizeof bytes;
        ssize_t count = pread(in, bytes, want, at);
        if (count <= 0 || real_pwrite(out, bytes, (size_t)count, at) != count) {
            // A copy that fails would look like a loss.
            perror("disk.c");
            abort();
        }
        at += count;
    }
    if (in != fd) close(in);
}

static void names(const char *path, const char *target) {
    char whole[path_size + 16], half[path_size + 32], key[64];
    snprintf(whole, sizeof whole, "%s", target);
    snprintf(half, sizeof half, "%s.half", target);
    FILE *out = fopen(half, "we");
    DIR *list = opendir(path);
    struct dirent *item;
    while (out && list && (item = readdir(list))) {
        if (!strcmp(item->d_name, ".") || !strcmp(item->d_name, "..")) continue;
        int fd = real_openat(dirfd(list), item->d_name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && key_of(fd, key, sizeof key)) fprintf(out, "%s %c %s\n", key, item->d_type == DT_DIR ? 'd' : 'f', item->d_name);
        if (fd >= 0) close(fd);
    }
    if (list) closedir(list);
    if (out && !fclose(out)) rename(half, whole);
}

/* What a sync puts on disk. A cut in the middle leaves part of it, as a disk would. */
static void survive(int fd) {
    char path[path_size], key[64], target[path_size];
    struct stat found;
    if (!shadow || !path_of(fd, path) || fstat(fd, &found) || !key_of(fd, key, sizeof key)) return;
    if (lies && strstr(path, lies)) return;
    pthread_mutex_lock(&lock);
    if (S_ISDIR(found.st_mode)) {
        snprintf(target, sizeof target, "%s/dir-%s", shadow, key);
        names(path, target);
    } else {
        off_t from = 0, to = found.st_size;
        for (int at = 0; at < files; at++) {
            if (written[at].inode != found.st_ino || written[at].device != found.st_dev) continue;
            from = written[at].from;
            to = written[at].to < found.st_size ? written[at].to : found.st_size;
            written[at].from = written[at].to = 0;
        }
        snprintf(target, sizeof target, "%s/%s", shadow, key);
        int out = real_open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (out >= 0) {
            copy(fd, path, out, from, to);
            if (ftruncate(out, found.st_size)) perror("disk.c");
            close(out);
        }
    }
    pthread_mutex_unlock(&lock);
}

/* MARK: The calls */

int fsync(int fd) {
    if (fails_on(fd)) return -1;
    survive(fd);
    return shadow ? 0 : real_fsync(fd);
}

int fdatasync(int fd) {
    if (fails_on(fd)) return -1;
    survive(fd);
    return shadow ? 0 : real_fdatasync(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (fails_on(fd)) return -1;
    ssize_t done = real_write(fd, bytes, count);
    if (done > 0 && shadow) note(fd, lseek(fd, 0, SEEK_CUR) - done, (size_t)done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
    if (fails_on(fd)) return -1;
    ssize_t done = real_pwrite(fd, bytes, count, at);
    if (done > 0 && shadow) note(fd, at, (size_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

#define WITH_MODE(flags)                                    \
    mode_t mode = 0;                                        \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                \
        va_list more;                                       \
        va_start(more, flags);                              \
        mode = va_arg(more, mode_t);                        \
        va_end(more);                                       \
    }

int open64(const char *path, int flags, ...) {
    WITH_MODE(flags)
    if (control && is_ours(path) && fails()) return -1;
    return real_open(path, flags, mode);
}

int open(const char *path, int flags, ...) {
    WITH_MODE(flags)
    return open64(path, flags, mode);
}

int openat(int at, const char *path, int flags, ...) {
    WITH_MODE(flags)
    if (control && is_ours(path) && fails()) return -1;
    return real_openat(at, path, flags, mode);
}
