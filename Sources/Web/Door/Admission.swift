import Basics
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// How many requests are worked on at once. Beyond it a few wait in the order they came, the rest are told at once to come back, so that
/// whoever is let in is answered soon. Places are kept for the staff, who go first.
package final class Admission: Sendable {
    enum Lane: Hashable { case everybody, staff }

    static let crowded = PlainRefusal("web.crowded", sort: .busy)

    private struct State {
        var working: [Lane: Int] = [:]
        var waiting: [Lane: CircularBuffer<CheckedContinuation<Void, Never>>] = [.everybody: [], .staff: []]
        /// Sessions that were good when last looked up, to tell the lane before the database is asked.
        var sessions: Set<[UInt8]> = []
    }

    private static let mostSessions = 50_000

    private let atOnce: Int
    private let keptForStaff: Int
    private let mayWait: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - keptForStaff: of those at once, the places that only the staff get.
    ///   - mayWait: in each lane.
    package init(atOnce: Int = 128, keptForStaff: Int = 32, mayWait: Int = 256) {
        (self.atOnce, self.keptForStaff, self.mayWait) = (atOnce, keptForStaff, mayWait)
    }

    /// Does the work when there is a place.
    /// - Parameter promised: whoever was let in with a body to read waits for as long as it takes.
    /// - Throws: `crowded`, at once.
    func work<T>(_ lane: Lane, promised: Bool = false, _ body: () async throws -> T) async throws -> T {
        guard promised || !isCrowded(lane) else { throw Self.crowded }
        await withCheckedContinuation { continuation in
            let begins = state.withLock { state in
                guard has(place: lane, state) else {
                    state.waiting[lane]?.append(continuation)
                    return false
                }
                state.working[lane, default: 0] += 1
                return true
            }
            if begins { continuation.resume() }
        }
        defer { leave(lane) }
        return try await body()
    }

    func isCrowded(_ lane: Lane) -> Bool {
        state.withLock { state in !has(place: lane, state) && state.waiting[lane, default: []].count >= mayWait }
    }

    private func has(place lane: Lane, _ state: State) -> Bool {
        let everybody = state.working[.everybody, default: 0]
        guard everybody + state.working[.staff, default: 0] < atOnce else { return false }
        return lane == .staff || everybody < atOnce - keptForStaff
    }

    private func leave(_ lane: Lane) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.working[lane, default: 0] -= 1
            for lane in [Lane.staff, .everybody] where has(place: lane, state) {
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

/// Lets a request in, or not. One that brings a body gets its place when the body is there (`WebApp.answer`, `Open311Posting`): a slow
/// sender keeps nobody out.
struct AdmissionDoor: RouterMiddleware {
    let house: House

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        // What stands in memory; and whoever watches over us must hear even then.
        if request.uri.path.hasPrefix("/assets/") || request.uri.path == "/health" { return try await next(request, context) }
        var context = context
        context.lane = house.admission.lane(CookieNames.read(request)[house.cookies.session])
        guard request.method == .get || request.method == .head else {
            guard !house.admission.isCrowded(context.lane) else { throw Admission.crowded }
            return try await next(request, context)
        }
        return try await house.admission.work(context.lane) { try await next(request, context) }
    }
}
