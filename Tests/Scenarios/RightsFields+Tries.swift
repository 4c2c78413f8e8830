import Basics
import Matters
import Posts
import Support
import Testing
import Web

@testable import weiwang

extension RightsFields {
    /// Forms that nobody of the town can fill in so that they are accepted.
    private static let closed: Set<String> = [
        "/sign-in",  // the town's people have sessions and no passwords
        "/r/:token/photo",  // a photo, and no field that names a thing
        "dispute", "hand_over",  // no place of the town lies on a border
    ]

    private static func together(_ trials: [FieldTrial], _ body: @escaping @Sendable (FieldTrial) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            for trial in trials { group.addTask { try await body(trial) } }
            try await group.waitForAll()
        }
    }

    @Test("ASVS-8.2.2 ASVS-8.4.1 another's thing in any field: refused or without effect, and nothing is told", arguments: Backend.all)
    func everyField(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let triers = try await Self.triers(town)
            let key = try await town.key(verbs: ["report"])
            try await town.settle()
            // All at once, but nobody reads while somebody acts.
            var trials: [FieldTrial] = []
            for trier in triers { trials.append(try await FieldTrial(town, trier, key: key)) }
            // The journal is read first: who is refused a page stands in it.
            for trial in trials where trial.trier.opens.contains(.audit) { try await trial.reading() }
            try await Self.together(trials.filter { !$0.trier.opens.contains(.audit) }) { try await $0.reading() }
            try await Self.together(trials) { try await $0.acting() }
            let tries = trials.reduce(into: FieldTries()) { $0.add($1.tries) }
            #expect(Set(Self.carrying.keys).subtracting(tries.names).isEmpty, "fields that carry an id and were put to no test")
            let all = tries.sent.union(try FieldTries.acts(town))
            #expect(
                all.subtracting(tries.sound).sorted() == Self.closed.sorted(), "forms that were refused before anything was tried in them")
            print("fields", tries.names.count, "routes and acts with each", tries.pairs.count, "answers", tries.asked, backend)
            #expect(tries.pairs.count > 750 && tries.asked > 2000)
        }
    }
}

/// What was tried.
struct FieldTries {
    /// Answers looked at.
    var asked = 0
    /// Route, verb and field.
    var pairs: Set<[String]> = []
    var names: Set<String> { Set(pairs.map { $0[2] }) }
    /// Routes and their verbs whose form, with nothing of another's in it, was accepted, and all that were sent.
    var sound: Set<String> = []
    var sent: Set<String> = []

    mutating func add(_ other: FieldTries) {
        asked += other.asked
        pairs.formUnion(other.pairs)
        sound.formUnion(other.sound)
        sent.formUnion(other.sent)
    }

    mutating func note(_ route: Route, _ verb: String, _ way: String, isSound: Bool) {
        let name =
            route.names(":verb") ? verb : [route.path.replacing(":act", with: verb), way].filter { !$0.isEmpty }.joined(separator: " ")
        sent.insert(name)
        if isSound { sound.insert(name) }
    }

    /// Every act of the matters that there are.
    static func acts(_ town: Town) throws -> [String] { try town.engines.matters.kinds().byID.values.flatMap(\.actions).map(\.id) }
}

/// One field with another's thing, and with one that is not there.
struct FieldItem {
    let name: String
    let sort: RightsFields.Sort
    let value: String
    let absent: String

    /// Names of which a handler may take one before the other: they are never sent together.
    private static let rivals: [Set<String>] = [
        ["posts", "units", "desk"], ["other", "number", "m", "open"], ["grid", "path", "under", "parent", "find_grid", "was_find_grid"],
        ["q", "who", "list"], ["person", "holding"], ["at", "view"], ["call", "join"], ["back", "next", "did"],
    ]

    private func isRival(of other: FieldItem) -> Bool {
        name == other.name || Self.rivals.contains { $0.contains(name) && $0.contains(other.name) }
    }

    static func all(_ names: some Sequence<String>, _ foreign: RightsForeign) throws -> [FieldItem] {
        try names.sorted().flatMap { name in
            try (RightsFields.carrying[name] ?? []).map { sort in
                FieldItem(name: name, sort: sort, value: try #require(foreign.values[sort]), absent: try #require(foreign.absent[sort]))
            }
        }
    }

    /// In as few forms as may be without rivals in one form.
    static func groups(_ items: [FieldItem], alone: Set<String>) -> [[FieldItem]] {
        var groups: [[FieldItem]] = []
        for item in items where !alone.contains(item.name) {
            if let at = groups.firstIndex(where: { !$0.contains(where: item.isRival) }) {
                groups[at].append(item)
            } else {
                groups.append([item])
            }
        }
        return groups + items.filter { alone.contains($0.name) }.map { [$0] }
    }
}
