import Glibc

/// How many files and sockets this process may have open.
package enum OpenFiles {
    /// Takes as many as the system lets a process have.
    package static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// What is left for callers: beyond it they wait at the door, and databases and photos still find room.
    package static var connections: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return max(64, min(20_000, Int(clamping: limit.rlim_cur) - 400))
    }
}
