import Basics
import Catalog
import Foundation
import Grids
import Store
import Synchronization

/// Proposes a category from the words, the place and what is frequent there.
///
/// A naive Bayes over pairs of characters, learned from the matters that people have classified here; the catalog's own key words
/// count as a few examples each, so that it is of use from the first day.
package final class CategoryModel: Sendable {
    private struct Counts {
        /// pair → category → how often.
        var pairs: [String: [String: Int32]] = [:]
        var pairTotals: [String: Int32] = [:]
        var categories: [String: Int32] = [:]
        /// path of the working grid → category → how often.
        var places: [String: [String: Int32]] = [:]
        /// The catalog's words, by their first two characters (or the only one).
        var keywords: [String: [(word: String, category: String)]] = [:]
    }

    private let counts = Mutex(Counts())

    package init() {}

    /// Depth of the path that counts as "here": root, subdistrict, community, third level.
    private static let placeDepth = 4

    private static func pairs(_ words: String) -> Set<String> {
        let letters = Array(words.lowercased().prefix(400).filter { $0.isLetter || $0.isNumber })
        guard letters.count > 1 else { return Set(letters.map(String.init)) }
        return Set((0..<letters.count - 1).map { String(letters[$0...$0 + 1]) })
    }

    package func learn(_ matter: Matter) {
        guard let category = matter.category else { return }
        learn(words: matter.words, category: category, path: matter.path)
    }

    package func learn(words: String, category: String, path: Path, weight: Int32 = 1) {
        let pairs = Self.pairs(words)
        counts.withLock { counts in
            counts.categories[category, default: 0] += weight
            counts.places[String(path.text.prefix(Path.segmentLength * Self.placeDepth)), default: [:]][category, default: 0] += weight
            for pair in pairs {
                counts.pairs[pair, default: [:]][category, default: 0] += weight
                counts.pairTotals[category, default: 0] += weight
            }
        }
    }

    /// Learns from what is stored; called once at start.
    package func load(_ catalog: Catalog, in tx: Transaction) throws {
        learn(catalog)
        try tx.each(
            """
            SELECT words, category, path_now FROM matter WHERE category IS NOT NULL AND (state <> 'open' OR imported IS NOT NULL)
            ORDER BY opened_at DESC LIMIT 60000
            """
        ) { row in
            learn(words: try row[0], category: try row[1], path: try row[2])
        }
    }

    /// The words of the catalog's categories.
    func learn(_ catalog: Catalog) {
        for category in catalog.categories where !category.retired {
            for word in category.words { learn(words: word, category: category.id, path: Path(""), weight: 3) }
        }
        counts.withLock { counts in
            for category in catalog.categories where !category.retired {
                for word in category.words.map({ $0.lowercased() }) where !word.isEmpty {
                    counts.keywords[String(word.prefix(2)), default: []].append((word, category.id))
                }
            }
        }
    }

    package struct Guess: Sendable {
        package let category: String
        /// Natural logarithm of its likelihood; only differences mean something.
        package let score: Double
        package let byWords: Bool
        /// How often it came up on this land.
        package let frequentHere: Int
        package var byPlace: Bool { frequentHere > 0 }
    }

    /// What a word of the catalog is worth where it stands in the text, as natural logarithm: twenty times as likely, a single character seven.
    private static func worth(_ word: String) -> Double { word.count > 1 ? 3 : 2 }

    /// The likeliest categories, best first.
    package func guess(words: String, at path: Path, limit: Int = 3) -> [Guess] {
        let pairs = Self.pairs(words)
        let text = words.lowercased().prefix(400)
        let beginnings = Set(zip(text, text.dropFirst()).map { String([$0, $1]) } + text.map { String($0) })
        let here = String(path.text.prefix(Path.segmentLength * Self.placeDepth))
        return counts.withLock { counts in
            let all = Double(counts.categories.values.reduce(0, +)) + 1
            let local = counts.places[here] ?? [:]
            let localAll = Double(local.values.reduce(0, +))
            let vocabulary = Double(counts.pairs.count) + 1
            let known = pairs.filter { counts.pairs[$0] != nil }
            var named: [String: Double] = [:]
            for (word, category) in beginnings.flatMap({ counts.keywords[$0] ?? [] }) where text.contains(word) {
                named[category] = max(named[category] ?? 0, Self.worth(word))
            }
            // What a pair says beyond having never been seen with the category: few categories have seen it.
            var said: [String: Double] = [:]
            for pair in known {
                for (category, times) in counts.pairs[pair] ?? [:] where times > 0 {
                    said[category, default: 0] += log((Double(times) + 0.2) / 0.2)
                }
            }
            return counts.categories.keys.sorted().map { category -> Guess in
                let overall = (Double(counts.categories[category] ?? 0) + 0.5) / all
                // The local share pulls in as experience here grows.
                let place = (Double(local[category] ?? 0) + 20 * overall) / (localAll + 20)
                var score = place > 0 ? log(place) : -20
                let total = Double(counts.pairTotals[category] ?? 0)
                score += Double(known.count) * log(0.2 / (total + 0.2 * vocabulary)) + (said[category] ?? 0) + (named[category] ?? 0)
                let hits = named[category] != nil || said[category] != nil
                return Guess(category: category, score: score, byWords: hits, frequentHere: Int(local[category] ?? 0))
            }
            .sorted { ($1.score, $0.category) < ($0.score, $1.category) }
            .prefix(limit).map { $0 }
        }
    }
}
