import Basics
import Catalog
import Foundation
import Geo
import Grids
import Store
import Support
import Testing

@testable import weiwang

@Suite struct A3_Partition {
    typealias T = Town

    /// East of the town: 0301 the western half; 0302 reaches 0.001° into it and leaves the north-eastern quarter to nobody.
    private static let broken = [
        T.feature("0301", T.block(113.64, 34.74, 113.65, 34.76)), T.feature("0302", T.block(113.649, 34.74, 113.66, 34.75)),
    ]
    private static let quarter = Coordinate(lon: 113.655, lat: 34.755)
    private static let both = Coordinate(lon: 113.6495, lat: 34.745)

    private static func district(_ town: Town) async throws {
        try await town.take("subdistrict", [T.feature("03", T.block(113.64, 34.74, 113.66, 34.76))])
    }

    @Test("a broken set is refused with every gap and overlap by place and size; a dry run writes nothing", arguments: Backend.all)
    func refused(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.district(town)
            let before = try await town.landEntries()
            let plan = try await town.plan("community", Self.broken)
            #expect(plan.isRefused && plan.findings.map(\.id) == ["gap-1", "overlap-1"])
            let gap = try #require(plan.findings.first)
            let overlap = try #require(plan.findings.last)
            #expect(abs(gap.area / 1_017_000 - 1) < 0.02 && abs(overlap.width - 91.5) < 1 && overlap.codes == ["0301", "0302"])
            #expect(gap.place.map { Box(west: 113.65, south: 34.75, east: 113.66, north: 34.76).contains($0) } == true)
            #expect(overlap.place.map { Box(west: 113.649, south: 34.74, east: 113.65, north: 34.75).contains($0) } == true)
            let text = FindingText(town.engines.catalog.current.strings)
            for finding in plan.findings {
                let line = text.line(finding)
                let place = try #require(finding.place)
                #expect(
                    line.hasPrefix(finding.id) && line.contains(String(format: "%.6f,%.6f", place.lon, place.lat)) && !line.contains("⟦"))
                #expect(line.contains(String(Int(finding.area.rounded()))))
                #expect(LandDrawing(plan).svg.contains(finding.id))
            }
            await #expect(throws: LandRefusal.unsound(2)) { try await town.apply(plan) }
            #expect(try await town.landEntries() == before)
            #expect(try await town.located(Self.both).codes == ["03"])
        }
    }

    @Test("accepted by name or all: the overlap goes to the smaller code, the gap stays a gap", arguments: Backend.all)
    func accepted(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.district(town)
            #expect(try await town.plan("community", Self.broken) { $0.accept = ["gap-1"] }.isRefused)
            #expect(try await !town.plan("community", Self.broken) { $0.accept = ["all"] }.isRefused)
            let plan = try await town.take("community", Self.broken) { $0.accept = ["gap-1", "overlap-1"] }
            #expect(plan.made == 2 && plan.findings.allSatisfy(\.isAccepted))
            #expect(try await town.located(Self.both).codes == ["03", "0301"])
            #expect(try await town.located(Self.quarter).codes == ["03"])
            // The same file again changes nothing.
            let before = try await town.landEntries()
            let again = try await town.take("community", Self.broken) { $0.accept = ["all"] }
            #expect(again.changesNothing && again.unchanged == 2)
            #expect(try await town.landEntries() == before)
        }
    }

    @Test("a sliver is repaired and listed; with tolerance 0 it refuses", arguments: Backend.all)
    func sliver(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.district(town)
            // Three metres of nobody's land between the two.
            let set = [
                T.feature("0301", T.block(113.64, 34.74, 113.65, 34.76)), T.feature("0302", T.block(113.650033, 34.74, 113.66, 34.76)),
            ]
            #expect(try await town.plan("community", set) { $0.tolerance = 0 }.isRefused)
            let plan = try await town.take("community", set)
            #expect(plan.findings.map(\.sort) == [.sliver] && plan.findings.allSatisfy(\.isRepaired))
            #expect(try await town.located(Coordinate(lon: 113.650016, lat: 34.75)).codes.count == 2)
            #expect(try await town.take("community", set).changesNothing)
        }
    }

    @Test("GCJ-02 given as WGS-84 stops the import and says so; said rightly it goes in", arguments: Backend.all)
    func datum(on backend: Backend) async throws {
        try await inTown(backend) { town in
            try await Self.district(town)
            let sound = [
                T.feature("0301", T.block(113.64, 34.74, 113.65, 34.76)), T.feature("0302", T.block(113.65, 34.74, 113.66, 34.76)),
            ]
            let shifted = sound.map {
                T.feature($0.properties["code"] ?? "", ($0.shape ?? .empty).map { ChineseDatum.gcj02.fromWGS84($0) })
            }
            do {
                _ = try await town.plan("community", shifted) { $0.parent = .code("03") }
                Issue.record("not noticed")
            } catch let refusal as LandRefusal {
                guard case .looksLikeGCJ02(let before, let after) = refusal else { throw refusal }
                #expect(after - before >= 20)
            }
            let plan = try await town.take("community", shifted) {
                $0.parent = .code("03")
                $0.datum = .gcj02
            }
            #expect(plan.made == 2)
            #expect(try await town.located(Self.quarter).codes == ["03", "0302"])
        }
    }
}
