import Basics
import Geo

extension LandDay {
    /// Every gap, overlap, sliver and faulty outline of the land as it stands, level by level; a level's grids should fill each parent
    /// that has any of them.
    package func findings(tolerance: Double = 5) throws -> [(level: String, findings: [LandFinding])] {
        let topology = try Topology()
        var byLevel: [Int: [Int]] = [:]
        for (index, ref) in refs.enumerated() where ref.rank > 0 && !shapes[index].isEmpty { byLevel[ref.rank, default: []].append(index) }
        return try byLevel.keys.sorted().map { rank in
            let members = (byLevel[rank] ?? []).sorted { refs[$0].code.utf8.lexicographicallyPrecedes(refs[$1].code.utf8) }
            var found: [LandFinding] = []
            var sound: [Int] = []
            for member in members {
                if let fault = try topology.fault(of: shapes[member]) {
                    found.append(
                        LandFinding(
                            .invalid, codes: [refs[member].code], place: fault.place ?? shapes[member].labelPoint,
                            area: shapes[member].area,
                            outline: shapes[member], detail: fault.reason))
                } else {
                    sound.append(member)
                }
            }
            let parents = Set(sound.compactMap { refs[$0].parent }).sorted()
            let coverage = try Coverage(
                sound.map { shapes[$0] }, frames: parents.map { shape(of: $0) }.filter { !$0.isEmpty }, tolerance: tolerance,
                topology: topology)
            let codes = sound.map { refs[$0].code }
            found += coverage.findings.map { LandFinding($0, codes: codes, mends: false) }
            return (members.first.map { refs[$0].level } ?? "", LandFinding.numbered(found, accept: []))
        }
    }
}
