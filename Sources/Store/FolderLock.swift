import Foundation
import Glibc

/// One writing process to a folder, or several that may share it: an advisory lock that the system releases when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Parameter shared: with others that share it; not with one that wants it alone.
    /// - Throws: `StoreFailure.folderLocked`.
    init(folder: String, shared: Bool = false) throws {
        descriptor = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StoreFailure.connection("cannot write to \(folder): \(String(cString: strerror(errno)))") }
        guard flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw StoreFailure.folderLocked(folder)
        }
    }

    /// Runs the body while others who come this way wait for one that is alone, and it for them; between nodes too, through the folder.
    static func within(_ folder: String, alone: Bool = false, _ body: () throws -> Void) throws {
        let descriptor = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, alone ? LOCK_EX : LOCK_SH) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        try body()
    }

    func release() { flock(descriptor, LOCK_UN) }

    deinit { Glibc.close(descriptor) }
}
