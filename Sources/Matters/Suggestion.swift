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
    /// How many of the same the surrounding working grid had, of those that were learned from.
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
    package func suggest(words: String, at path: Path, limit: Int = 3) -> [Suggestion] {
        let catalog = catalog.current
        let guesses = model.guess(words: words, at: path, limit: limit).compactMap { guess in
            catalog.category(guess.category).map { (guess, $0) }
        }
        return guesses.map { guess, category in
            Suggestion(
                category: category.id, class: category.class, urgency: category.urgency, byWords: guess.byWords, byPlace: guess.byPlace,
                frequentHere: guess.frequentHere)
        }
    }

    /// What a report is taken for when nobody says.
    func likeliest(words: String, at path: Path) -> Category? {
        model.guess(words: words, at: path, limit: 1).first.flatMap { catalog.current.category($0.category) }
    }

    /// Open matters within `meters` of a point, nearest first; the same category (or group) before others.
    package func twins(
        near point: Coordinate, category: String?, except: MatterID? = nil, meters: Double = 80, limit: Int = 5, publicOnly: Bool,
        in tx: Transaction
    ) throws -> [Twin] {
        let box = Box(around: [point]).grown(meters: meters)
        let found = try tx.all(
            "SELECT \(sql: Matter.columns) FROM matter m WHERE m.state = 'open' AND (\(sql: Self.cells(box))) LIMIT 1000", Matter.init)
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
        let nearest = near.sorted { ($0.2, $0.1) < ($1.2, $1.1) }.prefix(limit)
        let shown = try nearest.map(\.0).filter { try !publicOnly || kinds[$0.kind].shows.photo && isLookedAt($0.id, in: tx) }
        let photos = try firstPhotos(of: shown.map(\.id), in: tx)
        return nearest.map { matter, distance, _ in Twin(matter: matter, meters: distance, photo: photos[matter.id]) }
    }

    /// Strangers see a photo once somebody has taken the matter up: until then nobody has looked at what is on it.
    func isLookedAt(_ matter: MatterID, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM part WHERE matter_id = \(matter) AND taken_at IS NOT NULL")
    }

    /// Digests of the little pictures, the first of each matter.
    package func firstPhotos(of matters: [MatterID], in tx: Transaction) throws -> [MatterID: String] {
        guard !matters.isEmpty else { return [:] }
        var first: [MatterID: String] = [:]
        try tx.each(
            """
            SELECT p.matter_id, COALESCE(f.small, p.digest) AS digest FROM photo p JOIN file f ON f.digest = p.digest
            WHERE p.matter_id IN (\(list: matters)) AND p.state = 'here' ORDER BY p.at DESC, p.id DESC
            """
        ) { first[try $0["matter_id"]] = try $0["digest"] as String }
        return first
    }
}
