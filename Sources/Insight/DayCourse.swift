import Basics
import Catalog
import Foundation
import Geo
import Matters
import Posts
import Store

/// One day as it went: every matter that was open on it, with each of its turns. Map, figures and lists of an instant of that day are told
/// from here, so they are one count.
package struct DayCourse: Sendable {
    /// How a matter stood from an instant on.
    struct Version: Sendable {
        let from: Instant
        let mark: Mark
        let state: Matter.State
        let line: BoardTable<MatterShape>.Line
    }

    struct Track: Sendable {
        let id: MatterID
        let place: Coordinate?
        let cell: Int64
        let row: ScopeRow
        let openedAt: Instant
        /// Nothing was done to it since the day began: the board has it as it was.
        let isSteady: Bool
        /// In order; the first begins with the day or with the matter.
        let versions: [Version]

        func at(_ instant: Instant) -> Version? { versions.last { $0.from <= instant } }
    }

    package let day: Day
    package let start: Instant
    package let end: Instant
    /// By cell, so that a tile finds its own.
    let tracks: [Track]
    private let places: [MatterID: Int]
    private let base: Board.State
    private let catalog: LiveCatalog

    /// - Parameter base: the board as it was *before* the rewinds were read: whatever changed since is among them.
    init(_ rewinds: [Rewind], on day: Day, base: Board.State, catalog: LiveCatalog) {
        let zone = catalog.current.platform.zone
        let (start, end) = (Instant(day, in: zone), Instant(day + 1, in: zone))
        var days = DayReckoner(zone)
        var tracks: [Track] = []
        tracks.reserveCapacity(rewinds.count)
        for rewind in rewinds {
            let matter = rewind.matter
            var versions: [Version] = []
            for turn in [max(start, matter.openedAt)] + rewind.turns where turn >= start && turn < end && turn >= matter.openedAt {
                guard versions.last.map({ $0.from < turn }) ?? true, let then = rewind.at(turn) else { continue }
                let line = MatterFacts(then, wasLate: rewind.wasLate(at: turn)).line(&days)
                versions.append(Version(from: turn, mark: then.mark, state: then.state, line: line))
            }
            guard !versions.isEmpty else { continue }
            tracks.append(
                Track(
                    id: matter.id, place: matter.point, cell: matter.point.map { Cell($0).code } ?? .max, row: rewind.row,
                    openedAt: matter.openedAt, isSteady: rewind.isSteady(since: start), versions: versions))
        }
        tracks.sort { ($0.cell, $0.id) < ($1.cell, $1.id) }
        self.day = day
        self.start = start
        self.end = end
        self.tracks = tracks
        self.base = base
        self.catalog = catalog
        places = Dictionary(tracks.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// Every mark that changes on this day, by its instant: what a replay shows and how long.
    package var turns: Int { tracks.reduce(0) { $0 + $1.versions.count - 1 } }

    // MARK: An instant of it

    /// The board as it stood: all measures of matters can be asked of it, with that instant as now. It holds no parts.
    package func board(at instant: Instant) -> Board {
        var matters = base.matters
        let hidden = MatterShape(state: "void")
        matters.hide(after: day, hidden)
        for track in tracks where !track.isSteady && (matters.holds(track.row.id ?? track.id.uuid) || track.openedAt <= instant) {
            if let version = track.at(instant) {
                matters.put(version.line)
            } else if let first = track.versions.first {
                var line = first.line
                line.shape = hidden
                matters.put(line)
            }
        }
        let board = Board(catalog: catalog)
        let filled = matters
        board.change { state in
            state.matters = filled
            state.ready = true
        }
        return board
    }

    /// The marks in a tile, as `Matters.marks` gives them for now: what was open, and what was opened on the day and done.
    package func marks(in tile: Tile, for scope: Scope, at instant: Instant) -> [MapMark] {
        guard tile.exists else { return [] }
        let cells = tile.cells
        var (low, high) = (0, tracks.count)
        while low < high {
            let middle = (low + high) / 2
            if tracks[middle].cell < cells.lowerBound { low = middle + 1 } else { high = middle }
        }
        var marks: [MapMark] = []
        for track in tracks[low...] {
            guard track.cell <= cells.upperBound else { break }
            guard let place = track.place, let then = track.at(instant), scope.admits(track.row) else { continue }
            let isEnded = then.state == .done || then.state == .closed
            guard then.state == .open || (isEnded && track.openedAt >= start) else { continue }
            marks.append(
                MapMark(
                    id: track.id, place: place, mark: then.mark, isLate: then.state == .open && then.line.due.map { $0 < instant } ?? false)
            )
        }
        return marks.sorted { $0.id < $1.id }
    }

    /// How one matter stood: its mark, and the limit that ran.
    package func standing(_ id: MatterID, at instant: Instant) -> (mark: Mark, isOpen: Bool, due: Instant?)? {
        guard let place = places[id], let then = tracks[place].at(instant) else { return nil }
        return (then.mark, then.state == .open, then.line.due)
    }
}
