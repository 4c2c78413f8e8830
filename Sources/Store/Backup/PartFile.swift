import Basics
import Crypto
import Foundation
import Glibc

package enum BackupFailure: Error, Equatable, CustomStringConvertible {
    case disk(String, String)
    case row(table: String)

    static func disk(_ path: String) -> BackupFailure { .disk(path, String(cString: strerror(errno))) }

    package var description: String {
        switch self {
        case .disk(let path, let words): "\(path): \(words)"
        case .row(let table): "a row of \(table) cannot be read"
        }
    }
}

/// A file that is written once, with the SHA-256 of what went in.
struct PartFile {
    private let path: String
    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private var hash = SHA256()
    private(set) var bytes = 0

    /// - Parameter path: nil when only the digest is wanted.
    init(_ path: String?) throws {
        self.path = path ?? ""
        descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) } ?? -1
        if path != nil, descriptor < 0 { throw BackupFailure.disk(self.path) }
        waiting.reserveCapacity(1 << 20)
    }

    /// What `body` appends.
    mutating func write<T>(_ body: (inout [UInt8]) -> T) throws -> T {
        let result = body(&waiting)
        if waiting.count >= 1 << 20 { try flush() }
        return result
    }

    mutating func write(_ data: some Collection<UInt8>) throws {
        waiting.append(contentsOf: data)
        if waiting.count >= 1 << 20 { try flush() }
    }

    private mutating func flush() throws {
        hash.update(data: waiting)
        bytes += waiting.count
        var from = 0
        while descriptor >= 0, from < waiting.count {
            let written = waiting.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + from }, $0.count - from) }
            guard written > 0 || errno == EINTR else { throw BackupFailure.disk(path) }
            from += max(0, written)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// On disk when it returns. - Returns: the digest in hexadecimal.
    mutating func finish() throws -> String {
        try flush()
        if descriptor >= 0, fsync(descriptor) != 0 { throw BackupFailure.disk(path) }
        close()
        return Secret.hex(hash.finalize())
    }

    func close() { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    /// Reads a file to its end, piece by piece.
    /// - Returns: its digest; nil when there is none. - Throws: `BackupFailure.disk` when the disk does not give it.
    static func digest(_ path: String, _ piece: (ArraySlice<UInt8>) throws -> Void = { _ in }) throws -> String? {
        guard let file = try PartLines(path) else { return nil }
        while let bytes = try file.piece() { try piece(bytes) }
        return file.digest
    }

    /// What was made, renamed and removed in a folder is on disk when it returns.
    static func syncFolder(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BackupFailure.disk(path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw BackupFailure.disk(path) }
    }

    /// Takes the place of what has that name.
    static func move(_ path: String, to target: String) throws {
        guard rename(path, target) == 0 else { throw BackupFailure.disk(target) }
        try syncFolder((target as NSString).deletingLastPathComponent)
    }
}
