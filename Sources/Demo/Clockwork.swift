import Basics
import Foundation

/// The clock of one story.
struct Course {
    struct Ended: Error {}

    var now: Instant
    let end: Instant
    let zone: TimeZone
    /// Where it stops, and when it gets there; nil runs as it comes.
    let stage: Stage?
    let arrives: Instant?
    /// When it will be finished.
    var goal: Instant?
    private var gone = 0

    init(now: Instant, end: Instant, zone: TimeZone, stage: Stage?, arrives: Instant?) {
        self.now = now
        self.end = end
        self.zone = zone
        self.stage = stage
        self.arrives = arrives
    }

    /// Minutes later, but never much of the way that is left to the goal. Without a goal nobody works at night: what falls there waits
    /// until the morning.
    mutating func go(_ minutes: Double, share: Double = 0.35) throws {
        var then = now + Span(milliseconds: Int64(minutes * 60_000))
        if let stage {
            // A story with a stage to reach goes fast; its last step comes when it should.
            gone += 1
            then = gone >= stage.steps ? max(arrives ?? now, now) : now + Span(milliseconds: Int64(min(minutes * 0.1, 8) * 60_000))
        } else if let goal {
            then = min(then, now + Span(milliseconds: Int64(Double((goal - now).milliseconds) * share)))
        } else {
            let hour = then.timeOfDay(in: zone).milliseconds / 3_600_000
            if hour >= 21 { then = then + .hours(11) } else if hour < 7 { then = then + .hours(7) }
        }
        guard then < end else { throw Ended() }
        now = then
    }

    /// To the goal, or so much of the way before it. What comes after has none.
    mutating func arrive(but left: Double = 0) throws {
        guard let goal else { return try go(60) }
        let then = max(now, goal - Span(milliseconds: Int64(Double((goal - now).milliseconds) * left)))
        guard then < end else { throw Ended() }
        now = then
        if left == 0 { self.goal = nil }
    }

    mutating func goNaturally(days: Int64) throws {
        guard now + .days(days) < end else { throw Ended() }
        now = now + .days(days)
    }

    func reached(_ stage: Stage) throws { if self.stage == stage { throw Ended() } }
}
