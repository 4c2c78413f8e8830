/// Well-known binary (OGC 06-103): little-endian out; both byte orders, and EWKB flags, in.
package enum WKB {
    package struct Malformed: Error, Sendable {
        package init() {}
    }

    /// A MultiPolygon.
    package static func bytes(of shape: MultiPolygon) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(9 + shape.polygons.count * 13 + shape.pointCount * 16)
        head(6, count: shape.polygons.count, to: &out)
        for polygon in shape.polygons {
            let rings = polygon.rings
            head(3, count: rings.count, to: &out)
            for ring in rings {
                put(UInt32(ring.points.count), to: &out)
                for point in ring.points {
                    put(point.lon.bitPattern, to: &out)
                    put(point.lat.bitPattern, to: &out)
                }
            }
        }
        return out
    }

    /// The polygons of a Polygon, a MultiPolygon or a GeometryCollection; points and lines in it are passed over.
    /// - Throws: `Malformed`.
    package static func shape(_ bytes: [UInt8]) throws -> MultiPolygon {
        try bytes.withUnsafeBytes { raw in
            var reader = Reader(raw: raw)
            var polygons: [Polygon] = []
            try reader.geometry(into: &polygons)
            return MultiPolygon(polygons)
        }
    }

    private static func head(_ type: UInt32, count: Int, to out: inout [UInt8]) {
        out.append(1)
        put(type, to: &out)
        put(UInt32(count), to: &out)
    }

    private static func put(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { out.append(contentsOf: $0) }
    }

    private struct Reader {
        let raw: UnsafeRawBufferPointer
        var at = 0

        mutating func number<T: FixedWidthInteger>(_: T.Type, little: Bool) throws(Malformed) -> T {
            guard at + MemoryLayout<T>.size <= raw.count else { throw Malformed() }
            let value = raw.loadUnaligned(fromByteOffset: at, as: T.self)
            at += MemoryLayout<T>.size
            return little ? T(littleEndian: value) : T(bigEndian: value)
        }

        mutating func count(_ little: Bool, least: Int) throws(Malformed) -> Int {
            let value = Int(try number(UInt32.self, little: little))
            guard value * least <= raw.count - at else { throw Malformed() }
            return value
        }

        mutating func geometry(into polygons: inout [Polygon], depth: Int = 0) throws(Malformed) {
            guard depth < 16 else { throw Malformed() }
            let little = try number(UInt8.self, little: true) == 1
            let word = try number(UInt32.self, little: little)
            if word & 0x2000_0000 != 0 { _ = try number(UInt32.self, little: little) }
            let plain = word & 0x0FFF_FFFF
            var size = 2
            if word & 0x8000_0000 != 0 || [1, 3].contains(plain / 1000) { size += 1 }
            if word & 0x4000_0000 != 0 || [2, 3].contains(plain / 1000) { size += 1 }
            switch plain % 1000 {
            case 1: at += size * 8
            case 2: at += try count(little, least: size * 8) * size * 8
            case 3:
                var rings: [Ring] = []
                for _ in 0..<(try count(little, least: 4)) { rings.append(try ring(little, size: size)) }
                if let outer = rings.first { polygons.append(Polygon(outer: outer, holes: Array(rings.dropFirst()))) }
            case 4...7:
                for _ in 0..<(try count(little, least: 5)) { try geometry(into: &polygons, depth: depth + 1) }
            default: throw Malformed()
            }
            guard at <= raw.count else { throw Malformed() }
        }

        private mutating func ring(_ little: Bool, size: Int) throws(Malformed) -> Ring {
            var points: [Coordinate] = []
            let count = try count(little, least: size * 8)
            points.reserveCapacity(count)
            for _ in 0..<count {
                let lon = Double(bitPattern: try number(UInt64.self, little: little))
                let lat = Double(bitPattern: try number(UInt64.self, little: little))
                points.append(Coordinate(lon: lon, lat: lat))
                at += (size - 2) * 8
            }
            return Ring(points)
        }
    }
}
