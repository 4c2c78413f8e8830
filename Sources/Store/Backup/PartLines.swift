import Basics
import Crypto
import Foundation
import Glibc

/// Reads a file once, in pieces or line by line, with its SHA-256.
final class PartLines {
    private let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    /// What was read and not yet given out.
    private var rest = 0..<0
    private(set) var bytes = 0

    /// - Returns: nil when there is no such file.
    init?(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 || errno == ENOENT else { throw BackupFailure.disk(path) }
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Of what was read so far.
    var digest: String { Secret.hex(hash.finalize()) }

    func piece() throws -> ArraySlice<UInt8>? {
        rest = 0..<0
        return try fill() ? buffer[rest] : nil
    }

    /// The next line without its end; a last line without an end is a line too.
    func line<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) throws -> T? {
        var searched = 0
        while true {
            if let end = buffer[(rest.lowerBound + searched)..<rest.upperBound].firstIndex(of: 10) {
                let line = rest.lowerBound..<end
                rest = end + 1..<rest.upperBound
                return try buffer.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[line])) }
            }
            searched = rest.count
            if try fill() { continue }
            guard !rest.isEmpty else { return nil }
            let line = rest
            rest = 0..<0
            return try buffer.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[line])) }
        }
    }

    /// - Returns: false at the end.
    private func fill() throws -> Bool {
        if rest.lowerBound > 0 {
            buffer.withUnsafeMutableBytes { raw in
                guard let start = raw.baseAddress else { return }
                memmove(start, start + rest.lowerBound, rest.count)
            }
            rest = 0..<rest.count
        }
        if rest.count == buffer.count { buffer.append(contentsOf: [UInt8](repeating: 0, count: buffer.count)) }
        while true {
            let from = rest.upperBound
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress.map { $0 + from }, $0.count - from) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BackupFailure.disk(path) }
            hash.update(data: buffer[from..<from + count])
            bytes += count
            rest = rest.lowerBound..<from + count
            return count > 0
        }
    }
}
