import Basics
import Foundation
import Geo
import Store

/// Rows follow the land of today: at once when it changes today, on the day itself when it was changed for later.
extension Grids: RingsOnTime {
    package var timerSort: String { "land" }

    package func ring(_ timer: DueTimer, at now: Instant, in tx: Transaction) throws {
        let land = try Land.read(levels, today: { .beginning }, in: tx)
        guard let root = land.root else { return }
        try tx.lock(root.id.uuid)
        try settle(land, at: now, in: tx)
        // Whoever has the land in memory takes the new day by itself; the entry is for the history.
        try tx.record(
            Entry(
                id: UUIDv7(high: timer.id.high ^ UInt64(bitPattern: now.milliseconds), low: timer.id.low), at: now,
                actor: .system(timerSort),
                subject: "grid", subjectID: root.id.uuid, verb: "land.turned", path: .root,
                detail: ["day": now.day(in: zone).description]))
    }

    /// Moves what stands on the land from the net it was last moved by to the net of today, and sets the timer for the next turn.
    func settle(_ before: Land, at now: Instant, in tx: Transaction) throws {
        let today = now.day(in: zone)
        let after = try Land.read(levels, today: { today }, in: tx)
        let settled = try tx.meta(Land.settledKey).flatMap { Day($0) } ?? today
        let moves = try LandMoves.between(before.on(settled), after.on(today))
        if !moves.isEmpty {
            for (old, heirs) in moves.successors {
                for heir in heirs {
                    try tx.run(
                        "INSERT INTO succession (old_id, new_id, at) VALUES (\(old), \(heir), \(now)) ON CONFLICT (old_id, new_id) DO NOTHING"
                    )
                }
            }
            for mover in moving { try mover.landMoved(moves, on: today, at: now, in: tx) }
        }
        try tx.setMeta(Land.settledKey, today.description)
        if let root = after.root, let next = after.nextTurn(after: today) {
            try tx.schedule(
                DueTimer(
                    id: UUIDv7(high: root.id.uuid.high, low: root.id.uuid.low ^ 1), at: Instant(next, in: zone), sort: timerSort + ".turn",
                    subject: root.id.uuid))
        }
    }
}
