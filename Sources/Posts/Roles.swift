import Catalog
import Store

package typealias Reach = Role.Reach

/// What a right is about: the groups of verbs that a role's `rights` in the catalog name (`Role.verbs`).
package enum VerbGroup: String, Sendable, CaseIterable {
    /// Matters and lists, live map and tiles included.
    case see
    /// Figures and what they open to.
    case figures
    /// Open matters for others: calls, visitors, letters.
    case report
    /// Act on a matter, in the ways its kind allows.
    case act
    /// Give parts to others, from above.
    case direct
    /// Follow a matter by name and press for it.
    case supervise
    case `import`, export
    /// Units, posts, holders, remits, grids.
    case administer
    /// Accounts and keys.
    case security
    /// The journal.
    case audit
    case ledger
    /// What is shown to others without an account: screens on walls.
    case publish
}

/// The roles of one catalog, as posts ask for them.
package struct Roles: Sendable {
    package let byID: [RoleID: Role]
    private let reaches: [RoleID: [VerbGroup: Set<Reach>]]
    /// Tag of a remit → the categories it stands for.
    package let tagged: [String: [String]]

    package init(_ catalog: Catalog) {
        byID = Dictionary(catalog.roles.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        reaches = byID.mapValues { role in
            Dictionary(uniqueKeysWithValues: VerbGroup.allCases.map { ($0, role.reaches($0.rawValue)) })
        }
        tagged = Dictionary(grouping: catalog.categories.filter { $0.department != nil }, by: { $0.department ?? "" }).mapValues {
            $0.map(\.id)
        }
    }

    package subscript(id: RoleID) -> Role? { byID[id] }

    /// The turn in which posts of a role answer in place of others: of grid roles the catalog's number; at units whoever may act,
    /// after those with a number; nil never.
    package func turn(_ role: RoleID) -> Int? {
        guard let known = byID[role] else { return nil }
        if let number = known.answersFor { return number }
        guard case .unit = known.seat, !reaches(role, .act).isEmpty else { return nil }
        return .max
    }

    package func reaches(_ role: RoleID, _ group: VerbGroup) -> Set<Reach> { reaches[role]?[group] ?? [] }

    /// Categories a remit's subject stands for: itself and, of a tag, those that name it.
    package func categories(of subject: String) -> [String] { [subject] + (tagged[subject] ?? []) }

    /// Roles that answer for something at such a seat, the first one first.
    package func answering(at seat: Role.Seat) -> [Role] {
        byID.values.filter { $0.seat == seat && $0.answersFor != nil }.sorted { ($0.answersFor ?? 0, $0.id) < ($1.answersFor ?? 0, $1.id) }
    }

    /// Registers whose every record should have a filled post: role → register.
    package var placeRoles: [(role: Role, register: String)] {
        byID.values.sorted { $0.id < $1.id }.compactMap { role in
            if case .place(let register) = role.seat { (role, register) } else { nil }
        }
    }
}
