import Basics
import Catalog
import Posts
import Store

/// How much stands on a piece of land: things that should have a head, and the homes in them.
package struct Tally: Sendable, Equatable {
    package var buildings = 0
    package var households = 0

    package init() {}
}

extension Ledger {
    /// The element that a building says its homes in: the word by which levels say how many a grid should have.
    private static let homes = "households"

    /// Buildings below a path, and the homes that are on record for them.
    package func tally(under path: Path, on day: Day, in tx: Transaction) throws -> Tally {
        var tally = Tally()
        for register in Set(try posts.book(in: tx).roles.placeRoles.map(\.register)).sorted() {
            try tx.each(
                """
                SELECT fields FROM record
                WHERE register = \(register) AND \(sql: path.covers("path_now")) AND from_day <= \(day) AND to_day > \(day)
                """
            ) { row in
                tally.buildings += 1
                let facts: [String: Fact] = try row.json("fields")
                if case .number(let homes)? = facts[Self.homes]?.value { tally.households += Int(max(0, min(homes, 100_000))) }
            }
        }
        return tally
    }
}
