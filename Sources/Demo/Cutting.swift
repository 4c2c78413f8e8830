import Foundation

/// Finds where a face is best cut by a bent street: in two by a given share, into pieces as round as can be.
struct Cutting {
    /// Metres the street swings to either side.
    var bend: Double
    /// Spread of the direction, in radians.
    var jitter: Double
    /// A junction this near an end is taken as the end, so that streets cross.
    var reach: Double
    /// Metres between the points of a street.
    var step: Double

    /// Half-edges of the face whose origins the cut joins; with a spot, the half-edge is split there first.
    struct End {
        var half: Int
        var spot: Spot?
    }

    struct Plan {
        var first: End
        var last: End
        var via: [Spot]
        var score: Double
    }

    /// The grain of the town: streets turn slowly from one end to the other.
    static func grain(_ spot: Spot) -> Double { 0.06 + 0.16 * sin(spot.x / 2600 + 0.7) + 0.12 * cos(spot.y / 1900 - 0.4) }

    func plan(_ map: Arrangement, face: Int, share: Double, _ chance: inout Seeded) -> Plan? {
        let halves = map.halves(of: face)
        let outline = Outline(points: halves.map { map.nodes[map.origin[$0]] })
        var best: Plan?
        for attempt in 0..<48 {
            if attempt >= 10, best != nil { break }
            let spread = jitter * (attempt < 10 ? 1 : 4)
            let swing = bend * (attempt < 16 ? 1 : attempt < 32 ? 0.4 : 0)
            guard let plan = candidate(map, halves, outline, share, spread, swing, &chance) else { continue }
            if plan.score > best?.score ?? -.infinity { best = plan }
        }
        return best
    }

    private func candidate(
        _ map: Arrangement, _ halves: [Int], _ outline: Outline, _ share: Double, _ spread: Double, _ swing: Double, _ chance: inout Seeded
    ) -> Plan? {
        let middle = outline.centroid
        var angle = Self.grain(middle) + spread * chance.normal()
        let long = extent(outline, angle)
        let wide = extent(outline, angle + .pi / 2)
        if long > wide * (chance.chance(0.3) ? 1.3 : 1.0) { angle += .pi / 2 }
        let u = Spot(x: cos(angle), y: sin(angle))
        let n = Spot(x: -u.y, y: u.x)
        let length = min(long, wide)
        let wave = 2 * .pi / (length * chance.between(0.9, 2.2))
        let phase = chance.between(0, 2 * .pi)
        let tall = swing * chance.between(0.4, 1)
        func bent(_ s: Double) -> Double { tall * sin(s * wave + phase) }
        // A shear keeps areas, so the share is found with a straight line in the sheared picture.
        let flat = outline.points.map { point -> Spot in
            let s = (point - middle).dot(u)
            return Spot(x: s, y: (point - middle).dot(n) - bent(s))
        }
        guard let level = level(flat, share) else { return nil }
        var ends: [(end: End, at: Spot, node: Int?)] = []
        for index in flat.indices {
            let after = (index + 1) % flat.count
            guard (flat[index].y < level) != (flat[after].y < level) else { continue }
            let part = (level - flat[index].y) / (flat[after].y - flat[index].y)
            ends.append(self.end(map, halves, index, after, part))
        }
        guard ends.count == 2, ends[0].at != ends[1].at else { return nil }
        // From the left end to the right one, the low side lies right of the cut and becomes the new face.
        let swap = (ends[0].at - middle).dot(u) > (ends[1].at - middle).dot(u)
        let from = swap ? ends[1] : ends[0]
        let to = swap ? ends[0] : ends[1]
        let s0 = (from.at - middle).dot(u)
        let s1 = (to.at - middle).dot(u)
        let off0 = (from.at - middle).dot(n) - level - bent(s0)
        let off1 = (to.at - middle).dot(n) - level - bent(s1)
        let pieces = max(2, Int(((s1 - s0) / step).rounded()))
        let via = (1..<pieces).map { piece -> Spot in
            let t = Double(piece) / Double(pieces)
            let s = s0 + (s1 - s0) * t
            return Plane.snapped(middle + u * s + n * (level + bent(s) + off0 + (off1 - off0) * t))
        }
        guard isClear(outline, from.at, via, to.at) else { return nil }
        let sides = sides(halves, outline, from.end, to.end, from.at, via, to.at)
        let low = Outline(points: sides.right)
        let high = Outline(points: sides.left)
        let missed = abs(low.area / outline.area - share)
        guard low.area > 0, high.area > 0, missed < 0.12 * min(share, 1 - share) + 0.03 else { return nil }
        let junctions = (from.node == nil ? 0 : 0.02) + (to.node == nil ? 0 : 0.02)
        let score = min(low.roundness, high.roundness) + 0.25 * (low.roundness + high.roundness) - missed + junctions
        return Plan(first: from.end, last: to.end, via: via, score: score)
    }

    private func extent(_ outline: Outline, _ angle: Double) -> Double {
        let u = Spot(x: cos(angle), y: sin(angle))
        let along = outline.points.map { $0.dot(u) }
        return (along.max() ?? 0) - (along.min() ?? 0)
    }

    /// The height below which the given share of the area lies.
    private func level(_ flat: [Spot], _ share: Double) -> Double? {
        guard var low = flat.map(\.y).min(), var high = flat.map(\.y).max() else { return nil }
        let whole = Outline(points: flat).area
        for _ in 0..<26 {
            let middle = (low + high) / 2
            var sum = 0.0
            var first: Spot?
            var last: Spot?
            func add(_ point: Spot) {
                if let last { sum += last.cross(point) } else { first = point }
                last = point
            }
            for index in flat.indices {
                let a = flat[index]
                let b = flat[(index + 1) % flat.count]
                if a.y < middle { add(a) }
                if (a.y < middle) != (b.y < middle) { add(a.toward(b, (middle - a.y) / (b.y - a.y))) }
            }
            if let first, let last { sum += last.cross(first) }
            if sum / 2 < share * whole { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private func end(_ map: Arrangement, _ halves: [Int], _ index: Int, _ after: Int, _ part: Double) -> (end: End, at: Spot, node: Int?) {
        let a = map.nodes[map.origin[halves[index]]]
        let b = map.nodes[map.origin[halves[after]]]
        let spot = Plane.snapped(a.toward(b, part))
        // The nearest junction along the outline within reach, else a node too near to make another.
        var best: (index: Int, distance: Double)?
        for step in -4...4 {
            let place = (index + step + halves.count) % halves.count
            let node = map.origin[halves[place]]
            let distance = map.nodes[node].distance(spot)
            let near = map.degree[node] > 2 ? reach : 6
            if distance < near, distance < best?.distance ?? .infinity { best = (place, distance) }
        }
        if let best {
            return (End(half: halves[best.index], spot: nil), map.nodes[map.origin[halves[best.index]]], map.origin[halves[best.index]])
        }
        return (End(half: halves[index], spot: spot), spot, nil)
    }

    /// No piece of the street touches the outline except at its two ends, and none runs along it.
    private func isClear(_ outline: Outline, _ from: Spot, _ via: [Spot], _ to: Spot) -> Bool {
        let line = [from] + via + [to]
        for (index, spot) in via.enumerated() {
            let reach = min(spot.distance(from), spot.distance(to))
            guard outline.contains(spot), outline.distance(spot) > min(9, 0.4 * reach) else { return false }
            _ = index
        }
        for piece in 0..<line.count - 1 {
            let (a, b) = (line[piece], line[piece + 1])
            for index in outline.points.indices {
                let (c, d) = (outline.points[index], outline.points[(index + 1) % outline.points.count])
                let touches = [from, to].contains { end in end.distance(from: c, to: d) < 0.05 }
                if touches {
                    // An edge at an end: the street must leave it at an angle.
                    if piece == 0, from.distance(from: c, to: d) < 0.05, isNarrow(from, b, c, d) { return false }
                    if piece == line.count - 2, to.distance(from: c, to: d) < 0.05, isNarrow(to, a, c, d) { return false }
                    if piece > 0, piece < line.count - 2, crosses(a, b, c, d) { return false }
                } else if crosses(a, b, c, d) {
                    return false
                }
            }
        }
        return true
    }

    private func isNarrow(_ end: Spot, _ away: Spot, _ c: Spot, _ d: Spot) -> Bool {
        let street = away - end
        return [c, d].contains { corner in
            let edge = corner - end
            guard edge.length > 0.5 else { return false }
            return street.dot(edge) / (street.length * edge.length) > 0.9
        }
    }

    private func crosses(_ a: Spot, _ b: Spot, _ c: Spot, _ d: Spot) -> Bool {
        let one = (b - a).cross(c - a), two = (b - a).cross(d - a)
        let three = (d - c).cross(a - c), four = (d - c).cross(b - c)
        return (one >= 0) != (two >= 0) && (three >= 0) != (four >= 0)
    }

    private func sides(
        _ halves: [Int], _ outline: Outline, _ first: End, _ last: End, _ from: Spot, _ via: [Spot], _ to: Spot
    ) -> (left: [Spot], right: [Spot]) {
        func walk(_ begin: End, _ end: End) -> [Spot] {
            // Points strictly after `begin` up to and including the last before `end`.
            guard let start = halves.firstIndex(of: begin.half), let stop = halves.firstIndex(of: end.half) else { return [] }
            var points: [Spot] = []
            var index = (start + 1) % halves.count
            let final = end.spot == nil ? stop : (stop + 1) % halves.count
            while index != final {
                points.append(outline.points[index])
                index = (index + 1) % halves.count
            }
            return points
        }
        return ([from] + via + [to] + walk(last, first), [to] + via.reversed() + [from] + walk(first, last))
    }
}
