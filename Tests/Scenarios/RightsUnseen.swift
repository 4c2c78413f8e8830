import Basics
import Catalog
import Foundation
import Geo
import Grids
import Matters
import Posts
import Store
import Support
import Testing

@testable import Web
@testable import weiwang

/// What somebody does not see changes nothing that he is shown: the same pages, lists, counts, searches, suggestions, tables, exports,
/// tiles and streams, byte for byte, before and after it happens.
@Suite struct RightsUnseen {
    static let word = "无人可见"

    @Test("ASVS-8.2.2 what one does not see changes no answer, no count, no tile, no export, no stream", arguments: Backend.all)
    func nothingChanges(on backend: Backend) async throws {
        try await inTown(backend) { town in
            let cast = try await RightsCast.set(town)
            let category = try #require(town.engines.catalog.current.categories.first { $0.department == "sanitation" }?.id)
            var looks: [Look] = []
            for visitor in RightsCast.visitors { looks.append(try await Look(town, visitor, cast)) }
            var (compared, seen) = (0, 0)
            // Read twice before, so that what an answer changes by itself is known and left out.
            var before = try await steady(looks)
            for isNear in [false, true] {
                for privacy in [Privacy.inside, .confidential] {
                    let ears = try await Ears(town, looks)
                    let born = try await happen(town, isNear, privacy, category)
                    try await town.settle()
                    let after = try await all(looks)
                    let told = await ears.end()
                    let what = "\(privacy.rawValue) \(isNear ? "near" : "far")"
                    for (index, look) in looks.enumerated() {
                        let (sees, counts) = try await look.relation(to: born)
                        #expect(told[index].contains("event matter") == sees, "\(look.visitor.title) hears of \(what): \(told[index])")
                        seen += sees ? 1 : 0
                        guard !sees else { continue }
                        for (path, answer) in after[index] {
                            guard let known = before[index][path], !(counts && Self.isFigure(path)) else { continue }
                            compared += 1
                            #expect(answer == known, "\(look.visitor.title) \(path) shows \(what): \(Self.difference(known, answer))")
                        }
                    }
                    for index in looks.indices { before[index] = after[index].filter { before[index][$0.key] != nil } }
                }
            }
            #expect(compared > 1500 && seen > 4)
            print("unseen", compared, "seen by", seen)
        }
    }

    /// A confidential matter on one's land is counted there, and nowhere else to be found.
    private static func isFigure(_ path: String) -> Bool { path.hasPrefix("/command") }

    private static func difference(_ a: [UInt8], _ b: [UInt8]) -> String {
        let (a, b) = (String(decoding: a, as: UTF8.self), String(decoding: b, as: UTF8.self))
        let (x, y) = (a.split(separator: "\n"), b.split(separator: "\n"))
        let at = zip(x, y).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        return at.map { "\(x[$0].prefix(300)) ≠ \(y[$0].prefix(300))" } ?? "\(x.count) lines, \(y.count) lines"
    }

    private func happen(_ town: Town, _ isNear: Bool, _ privacy: Privacy, _ category: String) async throws -> Matter {
        let place = isNear ? Town.micro : Town.otherSubdistrict
        let id = ReportID(at: .systemNow)
        let (now, engine) = (town.clock.time.now, town.engines.matters)
        let number = try await engine.nextNumber(at: now, from: town.engines.database)
        var new = NewReport(id: id, number: number, channel: "portal", queryCode: "123456")
        new.words = "\(Self.word)，井盖松动"
        new.point = place
        new.category = category
        new.contact["phone"] = "13812345678"
        let report = new
        let act = Act(id: id.uuid.derived("open"), at: now, actor: .stranger)
        // As hidden as it is from its first moment.
        return try await town.engines.database.write { tx in
            let opened = try engine.open(report, act: act, in: tx)
            try tx.run("UPDATE matter SET privacy = \(privacy.rawValue) WHERE id = \(opened.matter.id)")
            return opened.matter
        }
    }

    private func all(_ looks: [Look]) async throws -> [[String: [UInt8]]] {
        var found: [[String: [UInt8]]] = []
        for look in looks { found.append(try await look.answers()) }
        return found
    }

    /// What two readings of a town at rest agree on.
    private func steady(_ looks: [Look]) async throws -> [[String: [UInt8]]] {
        let (one, two) = (try await all(looks), try await all(looks))
        return zip(one, two).map { one, two in one.filter { two[$0.key] == $0.value } }
    }
}
