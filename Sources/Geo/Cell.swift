import Foundation

/// A square of the earth, named by the Morton code of its place at zoom 26 of the web map (about 0.6 m): the space index of every table.
package struct Cell: Hashable, Comparable, Sendable {
    package static let zoom = 26

    /// 0 ..< 4^26: bits of column (even) and row (odd) in turn.
    package let code: Int64

    package init(code: Int64) { self.code = code }

    /// Places beyond ±85.05° of latitude count as the outermost cell.
    package init(_ place: Coordinate) {
        let (x, y) = Tile.position(of: place, zoom: Self.zoom)
        code = Self.interleave(x, y)
    }

    package static func < (a: Cell, b: Cell) -> Bool { a.code < b.code }

    static func interleave(_ x: Int, _ y: Int) -> Int64 { spread(UInt64(x)) | spread(UInt64(y)) << 1 }

    private static func spread(_ value: UInt64) -> Int64 {
        var v = value & 0xFFFF_FFFF
        v = (v | v << 16) & 0x0000_FFFF_0000_FFFF
        v = (v | v << 8) & 0x00FF_00FF_00FF_00FF
        v = (v | v << 4) & 0x0F0F_0F0F_0F0F_0F0F
        v = (v | v << 2) & 0x3333_3333_3333_3333
        v = (v | v << 1) & 0x5555_5555_5555_5555
        return Int64(v)
    }

    /// At most `max` ranges of codes that together hold every cell of the box, and somewhat more; ascending, never touching.
    /// What they give must still be held against the box.
    package static func ranges(for box: Box, max limit: Int = 16) -> [ClosedRange<Int64>] {
        guard !box.isEmpty else { return [] }
        let low = Tile.position(of: Coordinate(lon: box.west, lat: box.north), zoom: zoom)
        let high = Tile.position(of: Coordinate(lon: box.east, lat: box.south), zoom: zoom)
        var whole: [ClosedRange<Int64>] = []
        // The few tiles as large as the box: above them each tile has few children that matter.
        let levels = min(zoom, Int.bitWidth - max(high.x - low.x, high.y - low.y).leadingZeroBitCount)
        var open: [Tile] = []
        for x in (low.x >> levels)...(high.x >> levels) {
            for y in (low.y >> levels)...(high.y >> levels) { open.append(Tile(z: zoom - levels, x: x, y: y)) }
        }
        if merged(open.map(\.cells)).count > limit { open = [smallest(holding: low, high)] }
        while let first = open.first, first.z < zoom {
            var next: [Tile] = []
            var done: [ClosedRange<Int64>] = []
            for tile in open {
                for child in tile.children {
                    let shift = zoom - child.z
                    let (west, north) = (child.x << shift, child.y << shift)
                    let (east, south) = (west + (1 << shift) - 1, north + (1 << shift) - 1)
                    if east < low.x || west > high.x || south < low.y || north > high.y { continue }
                    if west >= low.x && east <= high.x && north >= low.y && south <= high.y {
                        done.append(child.cells)
                    } else {
                        next.append(child)
                    }
                }
            }
            if merged(whole + done + next.map(\.cells)).count > max(1, limit) { break }
            whole += done
            open = next
        }
        return merged(whole + open.map(\.cells))
    }

    /// The smallest tile that holds both corners.
    private static func smallest(holding low: (x: Int, y: Int), _ high: (x: Int, y: Int)) -> Tile {
        let levels = Int.bitWidth - ((low.x ^ high.x) | (low.y ^ high.y)).leadingZeroBitCount
        return Tile(z: zoom - levels, x: low.x >> levels, y: low.y >> levels)
    }

    private static func merged(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        var result: [ClosedRange<Int64>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, last.upperBound + 1 >= range.lowerBound {
                result[result.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}
