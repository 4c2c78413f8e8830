import Foundation
import Synchronization

/// Many open streams, read by one thread: what watches must cost less than what it watches.
final class LiveSockets: Sendable {
    private let stop = StopMark()

    /// - Parameter heard: called with each piece of text that comes, on the reading thread.
    init(port: Int, requests: [[UInt8]], _ heard: @escaping @Sendable (String) -> Void) throws {
        var handles: [Int32] = []
        for request in requests {
            let handle = try LoadSocket.connected(port: port)
            handles.append(handle)
            guard request.withUnsafeBytes({ write(handle, $0.baseAddress, $0.count) }) == request.count else {
                throw LoadSocket.Failure.cutOff
            }
        }
        let (open, stop) = (handles, stop)
        Thread.detachNewThread {
            var polls = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while !stop.isSet {
                guard poll(&polls, nfds_t(polls.count), 200) > 0 else { continue }
                for index in polls.indices where polls[index].revents != 0 {
                    let count = buffer.withUnsafeMutableBytes { read(polls[index].fd, $0.baseAddress, $0.count) }
                    // One that ended is not asked again.
                    guard count > 0 else { polls[index].fd = -1; continue }
                    heard(String(decoding: buffer[..<count], as: UTF8.self))
                }
            }
            for handle in open { Foundation.close(handle) }
        }
    }

    func close() { stop.set() }
}

private final class StopMark: Sendable {
    private let mark = Atomic<Bool>(false)
    var isSet: Bool { mark.load(ordering: .acquiring) }
    func set() { mark.store(true, ordering: .releasing) }
}
