import Basics
import Insight

/// A moment of the last days that a reader looks back at: `?at=2026-11-20T14:05`, by the clock of the place.
struct Past: Sendable {
    let at: Instant
    let course: DayCourse
    /// As the address says it.
    let text: String
    /// As it stood at that moment: what figures and lists ask.
    let board: Board
}

extension Call {
    /// The moment asked for; nil for now, and while the board is still loading.
    /// - Throws: a refusal for what is no moment, lies ahead or too far back.
    func past() async throws -> Past? {
        guard let (at, course) = try await moment() else { return nil }
        return Past(at: at, course: course, text: query("at"), board: course.board(at: at))
    }

    /// The same for a tile, which asks no figures.
    func moment() async throws -> (at: Instant, course: DayCourse)? {
        let wish = query("at")
        guard !wish.isEmpty, house.board.isReady else { return nil }
        guard wish.utf8.count == 16, let at = Instant(iso: wish, zone: house.zone), at <= now,
            case let day = at.day(in: house.zone), now.day(in: house.zone) - day < Replays.farthest
        else { throw PlainRefusal("command.replay_range", values: ["days": String(Replays.farthest)]) }
        return (at, try await house.replays.course(of: day, from: house.database, at: now))
    }
}

extension Times {
    /// `2026-11-20T14:05`, as addresses and `datetime-local` fields have it.
    func field(_ instant: Instant) -> String { "\(instant.day(in: zone))T\(clock(instant))" }
}
