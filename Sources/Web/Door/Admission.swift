import Basics
import Foundation
import NIOCore
import Synchronization

/// How many requests the house takes: so many are worked on at once, some wait in the order they came, the rest are told at once to come
/// back (`DoorKeeper`), so that whoever is let in is answered soon. Places are kept for the staff, who go first.
package final class Admission: Sendable {
    enum Lane: Hashable { case everybody, staff }

    private struct State {
        /// Those whose request is here and whose answer has not begun.
        var inside: [Lane: Int] = [:]
        var working: [Lane: Int] = [:]
        var waiting: [Lane: CircularBuffer<CheckedContinuation<Void, Never>>] = [.everybody: [], .staff: []]
        /// Sessions that were good when last looked up, to tell the lane before the database is asked.
        var sessions: Set<[UInt8]> = []
    }

    package static let cores = ProcessInfo.processInfo.activeProcessorCount
    private static let mostSessions = 50_000

    private let atOnce: Int
    private let keptForStaff: Int
    private let most: Int
    private let state = Mutex(State())

    /// By default so many that a commit has company and no core has long queues: a request is in many steps, and waits at each for all others.
    /// - Parameters:
    ///   - keptForStaff: of those at once, the places that only the staff get.
    ///   - most: of each lane inside, at work or waiting.
    package init(atOnce: Int = 24 * Admission.cores, keptForStaff: Int = 8 * Admission.cores, most: Int = 320) {
        (self.atOnce, self.keptForStaff, self.most) = (atOnce, keptForStaff, most)
    }

    // MARK: The door

    func hasRoom(_ lane: Lane) -> Bool { state.withLock { $0.inside[lane, default: 0] < most } }
    func enter(_ lane: Lane) { state.withLock { $0.inside[lane, default: 0] += 1 } }
    func leave(_ lane: Lane) { state.withLock { $0.inside[lane, default: 0] -= 1 } }

    // MARK: Places

    /// Does the work when there is a place; the staff before everybody.
    func work<T>(_ lane: Lane, _ body: () async throws -> T) async throws -> T {
        await withCheckedContinuation { continuation in
            let begins = state.withLock { state in
                guard hasPlace(lane, state) else {
                    state.waiting[lane]?.append(continuation)
                    return false
                }
                state.working[lane, default: 0] += 1
                return true
            }
            if begins { continuation.resume() }
        }
        defer { end(lane) }
        return try await body()
    }

    private func hasPlace(_ lane: Lane, _ state: State) -> Bool {
        let everybody = state.working[.everybody, default: 0]
        guard everybody + state.working[.staff, default: 0] < atOnce else { return false }
        return lane == .staff || everybody < atOnce - keptForStaff
    }

    private func end(_ lane: Lane) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.working[lane, default: 0] -= 1
            for lane in [Lane.staff, .everybody] where hasPlace(lane, state) {
                guard let next = state.waiting[lane]?.popFirst() else { continue }
                state.working[lane, default: 0] += 1
                return next
            }
            return nil
        }
        next?.resume()
    }

    // MARK: Lanes

    func lane(_ session: String?) -> Lane {
        guard let session else { return .everybody }
        return state.withLock { $0.sessions.contains(Secret.digest(session)) } ? .staff : .everybody
    }

    func note(_ session: String, isGood: Bool) {
        let digest = Secret.digest(session)
        state.withLock { state in
            if !isGood { state.sessions.remove(digest) } else if state.sessions.count < Self.mostSessions { state.sessions.insert(digest) }
        }
    }
}
