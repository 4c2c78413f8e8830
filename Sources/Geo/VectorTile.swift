/// One tile of a map as vectors: layers of polygons, lines and points with a few values each, in the tile's own whole coordinates.
///
/// Source: Mapbox Vector Tile 2.1 (one message type, Protocol Buffers).
package struct VectorTile: Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        case whole(Int64)
        case flag(Bool)
    }

    package enum Shape: Hashable, Sendable {
        case point(TilePoint)
        case lines([[TilePoint]])
        /// Each with its outer ring first, then its holes; not closed, turned as the format wants by the encoder.
        case polygons([[[TilePoint]]])
    }

    /// NB: features are written into one row of bytes as they come, with room that is used again: a tile has thousands of them.
    package struct Layer: Sendable {
        package let name: String
        package private(set) var count = 0
        private var features = ProtocolBuffer()
        private var keys: [String] = []
        private var values = ProtocolBuffer()
        /// The first few, then all.
        private var commonValues: [Value] = []
        private var valueNumbers: [Value: UInt64] = [:]
        private var tags = ProtocolBuffer()
        private var geometry = ProtocolBuffer()

        package init(_ name: String) { self.name = name }

        /// - Parameter values: named; a nil is left out. A shape without a point adds nothing.
        package mutating func add(_ shape: Shape, id: UInt64? = nil, _ values: KeyValuePairs<String, Value?>) {
            geometry.clear()
            let type = TileCommands.write(shape, to: &geometry)
            guard !geometry.bytes.isEmpty else { return }
            tags.clear()
            for (key, value) in values {
                guard let value else { continue }
                tags.varint(number(key))
                tags.varint(number(value))
            }
            let size =
                (id.map { 1 + ProtocolBuffer.size($0) } ?? 0) + ProtocolBuffer.size(field: tags) + 2 + ProtocolBuffer.size(field: geometry)
            features.begin(2, size: size)
            if let id { features.add(1, id) }
            features.add(2, tags)
            features.add(3, type)
            features.add(4, geometry)
            count += 1
        }

        private mutating func number(_ key: String) -> UInt64 {
            // A handful: looking through them is faster than any table.
            if let known = keys.firstIndex(of: key) { return UInt64(known) }
            keys.append(key)
            return UInt64(keys.count - 1)
        }

        private mutating func number(_ value: Value) -> UInt64 {
            // Most layers say the same few things over and over: a mark, a level, yes or no.
            if let known = commonValues.firstIndex(of: value) { return UInt64(known) }
            if let known = valueNumbers[value] { return known }
            let number = UInt64(valueNumbers.count)
            if commonValues.count < 8 { commonValues.append(value) }
            valueNumbers[value] = number
            var message = ProtocolBuffer()
            switch value {
            case .text(let text): message.add(1, text)
            case .whole(let number): message.add(6, ProtocolBuffer.zigzag(number))
            case .flag(let flag): message.add(7, flag ? 1 : 0)
            }
            values.add(4, message)
            return number
        }

        fileprivate var message: ProtocolBuffer {
            var layer = ProtocolBuffer()
            layer.add(15, 2)
            layer.add(1, name)
            layer.append(features)
            for key in keys { layer.add(3, key) }
            layer.append(values)
            layer.add(5, UInt64(TileFrame.extent))
            return layer
        }
    }

    package var layers: [Layer]

    package init(_ layers: [Layer] = []) { self.layers = layers }

    /// Empty for a tile with nothing on it, which is valid too.
    package var bytes: [UInt8] {
        var tile = ProtocolBuffer()
        for layer in layers where layer.count > 0 { tile.add(3, layer.message) }
        return tile.bytes
    }
}

/// The geometry of a feature as commands: MoveTo, LineTo, ClosePath, and steps from point to point.
private struct TileCommands {
    private var at = TilePoint(x: 0, y: 0)

    /// - Returns: the type of the feature. Nothing is written for a shape without a point.
    static func write(_ shape: VectorTile.Shape, to out: inout ProtocolBuffer) -> UInt64 {
        var commands = TileCommands()
        switch shape {
        case .point(let point):
            out.varint(1 << 3 | 1)
            commands.step(to: point, &out)
            return 1
        case .lines(let lines):
            for line in lines where line.count > 1 {
                commands.go(1, line[..<1], &out)
                commands.go(2, line[1...], &out)
            }
            return 2
        case .polygons(let polygons):
            for rings in polygons where rings.first?.count ?? 0 > 2 {
                for (index, ring) in rings.enumerated() where ring.count > 2 {
                    let area = area(ring)
                    // Outer rings are positive where y runs down, holes negative. Without its outer ring a polygon is nothing.
                    if area == 0 { if index == 0 { break } else { continue } }
                    let turned = (area > 0) == (index == 0) ? ring : ring.reversed()
                    commands.go(1, turned[..<1], &out)
                    commands.go(2, turned[1...], &out)
                    out.varint(1 << 3 | 7)
                }
            }
            return 3
        }
    }

    private mutating func go(_ command: UInt64, _ points: ArraySlice<TilePoint>, _ out: inout ProtocolBuffer) {
        out.varint(UInt64(points.count) << 3 | command)
        for point in points { step(to: point, &out) }
    }

    private mutating func step(to point: TilePoint, _ out: inout ProtocolBuffer) {
        out.varint(ProtocolBuffer.zigzag(Int64(point.x - at.x)))
        out.varint(ProtocolBuffer.zigzag(Int64(point.y - at.y)))
        at = point
    }

    /// Twice the area, positive when clockwise on the screen.
    private static func area(_ ring: [TilePoint]) -> Int {
        guard var last = ring.last else { return 0 }
        var sum = 0
        for point in ring {
            sum += last.x * point.y - point.x * last.y
            last = point
        }
        return sum
    }
}
