import Foundation
import Geo

/// Where a record lies when a point does not say it: a street's lines, a compound's area; WKB in WGS-84 in the database.
package enum RecordShape: Sendable, Hashable {
    case lines([[Coordinate]])
    case area(MultiPolygon)

    private static let lineString: UInt32 = 2
    private static let multiLineString: UInt32 = 5

    package var wkb: [UInt8] {
        switch self {
        case .area(let shape): return WKB.bytes(of: shape)
        case .lines(let lines):
            var bytes: [UInt8] = [1]
            func word(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
            word(Self.multiLineString)
            word(UInt32(lines.count))
            for line in lines {
                bytes.append(1)
                word(Self.lineString)
                word(UInt32(line.count))
                for point in line {
                    word(point.lon.bitPattern)
                    word(point.lat.bitPattern)
                }
            }
            return bytes
        }
    }

    /// - Throws: `WKB.Malformed`.
    package init(wkb bytes: [UInt8]) throws {
        guard bytes.count >= 9, bytes[0] == 1 else { throw WKB.Malformed() }
        var index = 1
        func word<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
            let size = MemoryLayout<T>.size
            guard index + size <= bytes.count else { throw WKB.Malformed() }
            defer { index += size }
            return bytes[index..<index + size].reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
        }
        guard try word(UInt32.self) == Self.multiLineString else {
            self = .area(try WKB.shape(bytes))
            return
        }
        var lines: [[Coordinate]] = []
        for _ in 0..<(try word(UInt32.self)) {
            guard try word(UInt8.self) == 1, try word(UInt32.self) == Self.lineString else { throw WKB.Malformed() }
            var line: [Coordinate] = []
            for _ in 0..<(try word(UInt32.self)) {
                line.append(Coordinate(lon: Double(bitPattern: try word(UInt64.self)), lat: Double(bitPattern: try word(UInt64.self))))
            }
            lines.append(line)
        }
        self = .lines(lines)
    }

    package var box: Box {
        switch self {
        case .lines(let lines): Box(around: lines.joined())
        case .area(let shape): shape.box
        }
    }

    /// Metres from the shape to a point; 0 inside an area.
    package func distance(to point: Coordinate) -> Double {
        switch self {
        case .area(let shape):
            return shape.contains(point) ? 0 : Self.distance(shape.rings.map(\.points), to: point)
        case .lines(let lines):
            return Self.distance(lines, to: point)
        }
    }

    private static func distance(_ lines: [[Coordinate]], to point: Coordinate) -> Double {
        let plane = LocalPlane(at: point)
        var best = Double.infinity
        for line in lines {
            guard let first = line.first else { continue }
            var a = plane.meters(first)
            best = min(best, (a.x * a.x + a.y * a.y).squareRoot())
            for next in line.dropFirst() {
                let b = plane.meters(next)
                let (dx, dy) = (b.x - a.x, b.y - a.y)
                let length = dx * dx + dy * dy
                let t = length > 0 ? max(0, min(1, -(a.x * dx + a.y * dy) / length)) : 0
                let (x, y) = (a.x + t * dx, a.y + t * dy)
                best = min(best, (x * x + y * y).squareRoot())
                a = b
            }
        }
        return best
    }

    /// The middle point of the middle line, or an area's box: where a point is needed.
    package var middle: Coordinate? {
        switch self {
        case .lines(let lines):
            guard let line = lines.max(by: { $0.count < $1.count }), !line.isEmpty else { return nil }
            return line.count == 2 ? Box(around: line).center : line[line.count / 2]
        case .area(let shape): return shape.isEmpty ? nil : shape.box.center
        }
    }
}
