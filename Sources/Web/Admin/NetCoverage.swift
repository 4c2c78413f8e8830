import Basics
import Grids
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Ledger
import Posts
import Store

/// What is still to fill (row A6), counted for each grid just inside one: a layer of the map.
enum NetCoverage {
    private struct Counts {
        var isLeaderless = false
        var leaderless = 0
        var vacant = 0
        var headless = 0
        var path: Path
    }

    static func show(_ call: Call) async throws -> Response {
        let tree: Tree = try await call.house.database.read { tx in
            let room = try AdminRoom(call, in: tx)
            let scope =
                try call.query("grid").isEmpty
                ? room.top() : GridID(call.query("grid")).flatMap { room.today[$0] } ?? { throw Call.missing }()
            try room.require(scope.path)
            let inner = room.today.children(of: scope.id)
            var counts = Dictionary(uniqueKeysWithValues: inner.map { ($0.path.text, Counts(path: $0.path)) })
            // Paths have segments of one width, so the grid just inside is a prefix of that length.
            let width = scope.path.child(1).text.utf8.count
            func add(_ path: Path, _ change: (inout Counts) -> Void) {
                let key = String(path.text.prefix(width))
                if var found = counts[key] { change(&found); counts[key] = found }
            }
            for item in try room.house.posts.leaderlessGrids(under: scope.path, at: room.now, limit: .max, in: tx).items {
                add(item.path) { if item.path == $0.path { $0.isLeaderless = true } else { $0.leaderless += 1 } }
            }
            for item in try room.house.posts.vacantPosts(under: scope.path, at: room.now, limit: .max, in: tx).items {
                add(item.post.path) { $0.vacant += 1 }
            }
            for item in try room.house.ledger.headlessPlaces(under: scope.path, at: room.now, limit: .max, in: tx).items {
                add(item.path) { $0.headless += 1 }
            }
            return .object(
                inner.compactMap { ref in
                    guard let count = counts[ref.path.text] else { return nil }
                    let words = [
                        count.isLeaderless ? call.say("net.gap.leaderless") : nil,
                        count.leaderless > 0 ? call.say("net.gap.inner", ["count": "\(count.leaderless)"]) : nil,
                        count.vacant > 0 ? call.say("net.gap.vacant", ["count": "\(count.vacant)"]) : nil,
                        count.headless > 0 ? call.say("net.gap.headless", ["count": "\(count.headless)"]) : nil,
                    ].compactMap(\.self)
                    return (
                        ref.id.description,
                        .object([
                            ("grade", .number(count.isLeaderless ? 2 : words.isEmpty ? 0 : 1)),
                            ("words", .list(item: "words", (words.isEmpty ? [call.say("net.gap.none")] : words).map { .text($0) })),
                        ])
                    )
                })
        }
        return call.tree(tree)
    }
}
