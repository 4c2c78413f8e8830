import Basics
import Store

/// Keeps the board in step with the journal: re-reads what it names.
package struct BoardFollower: NodeFollower {
    package static let name = "board"
    package var name: String { Self.name }
    private let board: Board

    package init(_ board: Board) { self.board = board }

    package func follow(_ entries: [Entry], from database: Database) async throws {
        // Rows read while it loads would be overwritten by what the load saw before.
        while !board.isReady { try await Task.sleep(for: .milliseconds(50)) }
        var matters: Set<UUIDv7> = []
        var lands: Set<Path> = []
        var all = false
        for entry in entries {
            switch entry.subject {
            case "matter": matters.insert(entry.subjectID)
            case "grid": lands.insert(entry.path)
            case "import": all = true
            default: break
            }
            // Entries about a part, a report or a clock name their matter.
            if let id = entry.detail["matter"].flatMap({ UUIDv7($0) }) { matters.insert(id) }
            if let id = entry.detail["merged_into"].flatMap({ UUIDv7($0) }) { matters.insert(id) }
        }
        if all || lands.count > 8 {
            try await board.load(from: database)
            return
        }
        for land in lands where !lands.contains(where: { $0 != land && $0.covers(land) }) {
            try await board.reread(below: land.parent ?? land, from: database)
        }
        if !matters.isEmpty { try await board.reread(matters.sorted { $0 < $1 }, from: database) }
    }
}
