import Foundation

/// What many callers at once got done.
struct LoadResult: Sendable {
    /// An answer that is not 200.
    struct Refused: Error { let status: Int }

    let count: Int
    let perSecond: Double
    /// How long each answer took, in milliseconds, ascending.
    let latencies: [Double]
    /// Seconds of a core that the server took for all of it; what the callers took is not in it.
    let coreSeconds: Double

    /// Answers a second that one core gives.
    var perCore: Double { coreSeconds > 0 ? Double(count) / coreSeconds : 0 }

    func percentile(_ share: Double) -> Double { latencies.isEmpty ? 0 : latencies[Int(Double(latencies.count - 1) * share)] }

    /// - Parameter request: of a caller (0…) and a turn (0…), as it goes over the wire.
    /// - Throws: what the first caller that failed met; an answer that is not 200 is a failure.
    static func measure(
        port: Int, callers: Int, seconds: Double, _ request: @escaping @Sendable (_ caller: Int, _ turn: Int) -> [UInt8]
    ) async throws -> LoadResult {
        struct Called: Sendable {
            var latencies: [Double] = []
            var coreSeconds = 0.0
        }
        let clock = ContinuousClock()
        let began = clock.now
        let end = began + .seconds(seconds)
        let used = Self.coreSeconds(CLOCK_PROCESS_CPUTIME_ID)
        let answers = try await withThrowingTaskGroup(of: Called.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        let thread = Thread {
                            continuation.resume(
                                with: Result {
                                    var socket = try LoadSocket(port: port)
                                    var called = Called()
                                    while clock.now < end {
                                        let bytes = request(caller, called.latencies.count)
                                        let sent = clock.now
                                        let status = try socket.send(bytes)
                                        guard status == 200 else { throw Refused(status: status) }
                                        called.latencies.append(sent.duration(to: clock.now) / .milliseconds(1))
                                    }
                                    called.coreSeconds = Self.coreSeconds(CLOCK_THREAD_CPUTIME_ID)
                                    return called
                                })
                        }
                        thread.stackSize = 512 * 1024
                        thread.start()
                    }
                }
            }
            return try await group.reduce(into: Called()) { all, one in
                all.latencies += one.latencies
                all.coreSeconds += one.coreSeconds
            }
        }
        let spent = began.duration(to: clock.now) / .seconds(1)
        let count = answers.latencies.count
        return LoadResult(
            count: count, perSecond: Double(count) / spent, latencies: answers.latencies.sorted(),
            coreSeconds: Self.coreSeconds(CLOCK_PROCESS_CPUTIME_ID) - used - answers.coreSeconds)
    }

    /// Seconds of a core that this thread, or the whole process, has had.
    static func coreSeconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
