import Foundation
import Glibc

/// One connection of a caller that measures: sends a request, waits for the whole answer, sends the next.
///
/// Blocking, one thread each: on a machine that serves and calls at once, the caller must cost less than what it measures.
struct LoadSocket: ~Copyable {
    enum Failure: Error { case noConnection, cutOff, unreadable }

    private let handle: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    /// Bytes of the last answer that came at once.
    private var arrived = 0

    /// To a port of this machine; elsewhere is nothing to measure.
    init(port: Int) throws {
        handle = try Self.connected(port: port)
    }

    static func connected(port: Int) throws -> Int32 {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let made = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard made == 0 else { throw Failure.noConnection }
        var on: Int32 = 1
        setsockopt(handle, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        // An answer that never comes is a failure of the run, not its end.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return handle
    }

    deinit { close(handle) }

    /// - Returns: the status of the answer, and as much of it as came at once.
    mutating func read(_ request: [UInt8]) throws -> (status: Int, text: String) {
        let status = try send(request)
        return (status, String(decoding: buffer.prefix(arrived), as: UTF8.self))
    }

    /// - Returns: the status of the answer, whose body is read and dropped.
    mutating func send(_ request: [UInt8]) throws -> Int {
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes { write(handle, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure.cutOff }
            sent += count
        }
        var filled = 0
        while true {
            guard filled < buffer.count else { throw Failure.unreadable }
            let count = buffer[filled...].withUnsafeMutableBytes { Glibc.read(handle, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure.cutOff }
            filled += count
            guard let head = Self.head(buffer, filled) else { continue }
            arrived = filled
            var left = head.end + head.body - filled
            while left > 0 {
                let count = buffer.withUnsafeMutableBytes { Glibc.read(handle, $0.baseAddress, min(left, $0.count)) }
                guard count > 0 else { throw Failure.cutOff }
                left -= count
            }
            return head.status
        }
    }

    private static let lengthName = Array("content-length:".utf8)

    /// Where the head of an answer ends, its status, and how long its body is; nil while it is not all there.
    ///
    /// NB: byte by byte, because a search of the library costs as much as the server's own work.
    private static func head(_ buffer: [UInt8], _ filled: Int) -> (end: Int, status: Int, body: Int)? {
        buffer.withUnsafeBufferPointer { bytes in
            var (lineStart, body) = (0, 0)
            for index in 0..<filled where bytes[index] == 10 {
                if index - lineStart <= 1, index > 12 {
                    return (index + 1, bytes[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }, body)
                }
                let line = bytes[lineStart..<index]
                if line.count > lengthName.count, zip(line, lengthName).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) {
                    body = line.dropFirst(lengthName.count).reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1) - 48 : $0 }
                }
                lineStart = index + 1
            }
            return nil
        }
    }
}
