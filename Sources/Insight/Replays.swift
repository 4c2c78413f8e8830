import Basics
import Catalog
import Foundation
import Matters
import Store

/// The days that are being looked back at. Read once for all who look, since a replay asks for each moment of the same day.
package actor Replays {
    /// How far back a day can be replayed.
    package static let farthest = 14
    private static let most = 3

    private let board: Board
    private let matters: Matters
    private var known: [Day: (course: Task<DayCourse, any Error>, until: Instant)] = [:]

    package init(board: Board, matters: Matters) {
        self.board = board
        self.matters = matters
    }

    /// - Parameter now: today goes on, so its course is read again after some seconds; a day that is over stays for minutes.
    package func course(of day: Day, from database: Database, at now: Instant) async throws -> DayCourse {
        if let known = known[day], known.until > now { return try await known.course.value }
        let (board, matters) = (board, matters)
        let zone = matters.catalog.current.platform.zone
        let isOver = day < now.day(in: zone)
        let task = Task {
            let base = board.snapshot
            let rewinds = try await database.read { tx in
                try matters.rewinds(since: Instant(day, in: zone), before: Instant(day + 1, in: zone), in: tx)
            }
            return DayCourse(rewinds, on: day, base: base, catalog: board.catalog)
        }
        known[day] = (task, now + (isOver ? .minutes(10) : .seconds(20)))
        if known.count > Self.most, let oldest = known.min(by: { $0.value.until < $1.value.until })?.key, oldest != day {
            known[oldest] = nil
        }
        do { return try await task.value } catch {
            known[day] = nil
            throw error
        }
    }
}
