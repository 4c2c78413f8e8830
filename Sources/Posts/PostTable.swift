import Basics
import Store

/// Posts and who holds them, in rows: a district has tens of thousands, and a list of its own for each would weigh more than what is in it.
package struct PostTable: Sendable {
    /// By id.
    package let values: [Post]
    private let rows: [PostID: UInt32]
    /// Every holding of a post that is there, by the row of the post, then as they were given.
    let holdings: [Holding]
    /// Where the holdings of each post begin, and one more for the end.
    private let starts: [UInt32]
    /// Rows of holdings, by person.
    private let byPerson: [UInt32]
    /// Rows of the posts of each role, in the order of their paths.
    private let byRole: [RoleID: [UInt32]]

    /// - Parameter holdings: those of other posts are left out.
    init(_ posts: [Post], _ holdings: [Holding]) {
        values = posts.sorted { $0.id < $1.id }
        let rows = Dictionary(values.enumerated().map { ($1.id, UInt32($0)) }) { first, _ in first }
        var starts = [UInt32](repeating: 0, count: values.count + 1)
        for holding in holdings { if let row = rows[holding.post] { starts[Int(row) + 1] += 1 } }
        for row in values.indices { starts[row + 1] += starts[row] }
        let counted = holdings.enumerated().compactMap { place, holding in rows[holding.post].map { ($0, place) } }
        self.holdings = counted.sorted { $0 < $1 }.map { holdings[$0.1] }
        let sorted = self.holdings
        byPerson = sorted.indices.map(UInt32.init).sorted { (sorted[Int($0)].person, $0) < (sorted[Int($1)].person, $1) }
        (self.rows, self.starts) = (rows, starts)
        let ordered = values
        byRole = Dictionary(grouping: ordered.indices.map(UInt32.init)) { ordered[Int($0)].role }.mapValues { rows in
            rows.sorted { (ordered[Int($0)].path, $0) < (ordered[Int($1)].path, $1) }
        }
    }

    /// Of all posts, those that the catalog does not know any more among them.
    var roles: some Collection<RoleID> { byRole.keys }

    package subscript(id: PostID) -> Post? { rows[id].map { values[Int($0)] } }

    /// In the order in which they begin.
    func holdings(of post: PostID) -> ArraySlice<Holding> { rows[post].map { holdings(row: $0) } ?? [] }
    func holdings(row: UInt32) -> ArraySlice<Holding> { holdings[Int(starts[Int(row)])..<Int(starts[Int(row) + 1])] }

    /// Rows of the posts of a role at a path and below it, in the order of the land. To look at a row copies nothing; a city has 400,000.
    func rows(of role: RoleID, below path: Path = .root) -> ArraySlice<UInt32> {
        let rows = byRole[role] ?? []
        let first = rows.firstSorted { values[Int($0)].path >= path }
        return rows[first..<rows[first...].firstSorted { !path.covers(values[Int($0)].path) }]
    }

    func holdings(by person: PersonID) -> [Holding] {
        let first = byPerson.firstSorted { holdings[Int($0)].person >= person }
        return byPerson[first...].lazy.map { holdings[Int($0)] }.prefix { $0.person == person }.map { $0 }
    }
}
