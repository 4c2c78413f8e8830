extension Coverage {
    /// The shapes as they are after repair: slivers go to the neighbour with the longest common border, the wide overlaps that
    /// `settles` accepts go to the first of their shapes, gaps stay. Only shapes that change are in the answer; empty for one that
    /// keeps no land.
    package func repaired(settles: (Finding) -> Bool, topology: Topology) throws -> [Int: MultiPolygon] {
        var holder = owners.map { $0.first ?? -1 }
        var touched: Set<Int> = []
        for finding in findings {
            if finding.isSliver {
                guard let winner = heir(of: finding) else { continue }
                for face in finding.faces { holder[face] = winner }
                touched.formUnion(finding.shapes.filter { finding.sort == .overlap && $0 != winner })
                if finding.sort == .gap { touched.insert(winner) }
            } else if finding.sort == .overlap, settles(finding), let winner = finding.shapes.first {
                for face in finding.faces { holder[face] = winner }
                touched.formUnion(finding.shapes.dropFirst())
            }
        }
        guard !touched.isEmpty else { return [:] }
        var parts: [Int: [MultiPolygon]] = [:]
        for (face, shape) in holder.enumerated() where touched.contains(shape) {
            parts[shape, default: []].append(MultiPolygon([arrangement.faces[face].shape]))
        }
        var result: [Int: MultiPolygon] = [:]
        for shape in touched { result[shape] = try topology.union(parts[shape] ?? []) }
        return result
    }

    /// Who gets a sliver: of an overlap one of its own shapes, a fixed one first; of a gap a neighbour that is not fixed.
    private func heir(of finding: Finding) -> Int? {
        var allowed = finding.shapes
        if finding.sort == .overlap {
            let kept = allowed.filter(fixed.contains)
            if !kept.isEmpty { allowed = kept }
        } else {
            allowed = allowed.filter { !fixed.contains($0) }
        }
        var border: [Int: Double] = [:]
        for face in finding.faces {
            for (other, length) in arrangement.faces[face].neighbours where other >= 0 && owners[other].count == 1 {
                border[owners[other][0], default: 0] += length
            }
        }
        // Lengths are compared to the millimetre, so that the order of adding cannot decide.
        func score(_ shape: Int) -> Double { ((border[shape] ?? 0) * 1000).rounded() }
        return allowed.max { (score($0), -$0) < (score($1), -$1) }
    }
}

extension Coverage {
    package struct Outcome: Sendable {
        package let findings: [Finding]
        /// Shapes that the repair changes; empty for one that keeps no land.
        package let changed: [Int: MultiPolygon]
    }

    /// Finds and repairs until nothing is left to repair: closing one sliver may lay open the end of another.
    package static func settled(
        _ shapes: [MultiPolygon], frames: [MultiPolygon] = [], fixed: Set<Int> = [], tolerance: Double, topology: Topology,
        settles: (Finding) -> Bool
    ) throws -> Outcome {
        var now = shapes
        var findings: [Finding] = []
        var changed: [Int: MultiPolygon] = [:]
        for round in 0..<5 {
            let coverage = try Coverage(now, frames: frames, fixed: fixed, tolerance: tolerance, topology: topology)
            findings += round == 0 ? coverage.findings : coverage.findings.filter(\.isSliver)
            let repaired = try coverage.repaired(settles: settles, topology: topology)
            for (index, shape) in repaired {
                now[index] = shape
                changed[index] = shape
            }
            if repaired.isEmpty { break }
        }
        return Outcome(findings: findings, changed: changed)
    }
}
