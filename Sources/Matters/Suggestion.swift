import Basics
import Catalog
import Geo
import Grids
import Posts
import Store

/// A category found, not asked, with the reason to show beside it.
package struct Suggestion: Sendable {
    package let category: String
    package let `class`: String
    package let urgency: String
    package let byWords: Bool
    package let byPlace: Bool
    /// How many of the same the surrounding working grid had in the last 90 days.
    package let frequentHere: Int
}

/// An open matter near a point that may be the same.
package struct Twin: Sendable {
    package let matter: Matter
    package let meters: Double
    package let photo: String?
}

extension Matters {
    /// Likely categories, best first; empty only where nothing was ever classified and nothing is in the catalog.
    package func suggest(words: String, at path: Path, limit: Int = 3, in tx: Transaction) throws -> [Suggestion] {
        let catalog = catalog.current
        return try model.guess(words: words, at: path, limit: limit).compactMap { guess in
            guard let category = catalog.category(guess.category) else { return nil }
            let here = Path(String(path.text.prefix(Path.segmentLength * 4)))
            let frequent = try tx.count(
                "SELECT COUNT(*) FROM (SELECT 1 FROM matter m WHERE \(sql: here.covers("m.path_now")) AND m.category = \(category.id) LIMIT 99) x"
            )
            return Suggestion(
                category: category.id, class: category.class, urgency: category.urgency, byWords: guess.byWords, byPlace: guess.byPlace,
                frequentHere: frequent)
        }
    }

    /// Open matters within `meters` of a point, nearest first; the same category (or group) before others.
    package func twins(
        near point: Coordinate, category: String?, except: MatterID? = nil, meters: Double = 80, limit: Int = 5, publicOnly: Bool,
        in tx: Transaction
    ) throws -> [Twin] {
        let box = Box(around: [point]).grown(meters: meters)
        var found: [Matter] = []
        for range in Cell.ranges(for: box) {
            found += try tx.all(
                """
                SELECT \(sql: Matter.columns) FROM matter m
                WHERE m.cell >= \(range.lowerBound) AND m.cell <= \(range.upperBound) AND m.state = 'open' LIMIT 200
                """, Matter.init)
        }
        let group = category.flatMap { catalog.current.category($0)?.group }
        let kinds = try kinds()
        let near = found.compactMap { matter -> (Matter, Double, Int)? in
            guard matter.id != except, let place = matter.point else { return nil }
            if publicOnly, matter.privacy != .open || kinds[matter.kind].shows.shown == .never { return nil }
            let distance = place.distance(to: point)
            guard distance <= meters else { return nil }
            let kinship =
                matter.category == category && category != nil
                ? 0 : (group != nil && matter.category.flatMap { catalog.current.category($0)?.group } == group ? 1 : 2)
            return (matter, distance, kinship)
        }
        return try near.sorted { ($0.2, $0.1) < ($1.2, $1.1) }.prefix(limit).map { matter, distance, _ in
            Twin(matter: matter, meters: distance, photo: try firstPhoto(of: matter.id, in: tx))
        }
    }

    package func firstPhoto(of matter: MatterID, in tx: Transaction) throws -> String? {
        try tx.first(
            """
            SELECT COALESCE(f.small, p.digest) AS digest FROM photo p JOIN file f ON f.digest = p.digest
            WHERE p.matter_id = \(matter) AND p.state = 'here' ORDER BY p.at, p.id LIMIT 1
            """
        ) { try $0["digest"] }
    }
}
